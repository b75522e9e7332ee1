/* Reading TP-UD as a lenient receiver does: header, concatenation, shift tables, text as UTF-8.
 *
 * Reference: 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24; 3GPP TS 23.038, 6.1.2.1, 6.2.1 and 6.2.3
 */
#include <string.h>

#include "internal.h"

enum { ESC = 0x1B, REPLACEMENT = 0xFFFD, MOST_OCTETS = 255, SLACK = 40 };

/* Identifiers of information elements. */
enum {
    CONCATENATION = 0x00,
    INDICATION = 0x01,
    PORTS = 0x04,
    WIDE_PORTS = 0x05,
    WIDE_CONCATENATION = 0x08,
    SINGLE_SHIFT = 0x24,
    LOCKING_SHIFT = 0x25
};

/* What a header says that matters to the text. */
typedef struct {
    unsigned length; /* octets, UDHL among them */
    unsigned locking;
    unsigned single;
    uint16_t reference;
    uint8_t total;
    uint8_t sequence;
    bool wide;
    bool leniently;
} header;

static const header NO_HEADER = {0, 0, 0, 0, 0, 0, false, false};

static inline bool is_language(uint32_t languages, unsigned language)
{
    return language && language < SMSCODEC_ALPHABETS && languages >> language & 1;
}

/* One element of so many octets: of each kind the last that a receiver may use is in force. */
static void read_element(header *found, unsigned identifier, const uint8_t *content, unsigned length,
                         const smscodec_alphabets *alphabets)
{
    const bool wide = identifier == WIDE_CONCATENATION;
    bool used = false;
    switch (identifier) {
    case CONCATENATION:
    case WIDE_CONCATENATION:
        if (length == 3u + wide && content[wide + 2] && content[wide + 2] <= content[wide + 1]) {
            found->reference = wide ? (uint16_t)(content[0] << 8 | content[1]) : content[0];
            found->total = content[wide + 1];
            found->sequence = content[wide + 2];
            found->wide = wide;
            used = true;
        }
        break;
    case SINGLE_SHIFT:
        if (length == 1 && is_language(alphabets->single_tables, content[0])) {
            found->single = content[0];
            used = true;
        }
        break;
    case LOCKING_SHIFT:
        if (length == 1 && is_language(alphabets->main_tables, content[0])) {
            found->locking = content[0];
            used = true;
        }
        break;
    case INDICATION:
    case PORTS:
    case WIDE_PORTS: /* of which strict reading refuses some */
        break;
    default:
        used = true;
    }
    found->leniently |= !used;
}

/* A header whose elements do not fill it exactly is passed over, and text still begins after it; one that passes the end
 * leaves no text. */
static header read_header(const uint8_t *octets, unsigned length, const smscodec_alphabets *alphabets)
{
    header found = NO_HEADER;
    const unsigned end = 1u + octets[0];
    unsigned at = 1;
    while (at + 2 <= end && end <= length) {
        const unsigned after = at + 2 + octets[at + 1];
        if (after > end)
            break;
        read_element(&found, octets[at], octets + at + 2, octets[at + 1], alphabets);
        at = after;
    }
    if (at != end) {
        found = NO_HEADER;
        found.leniently = true;
    }
    found.length = end <= length ? end : length;
    return found;
}

static inline uint8_t *put_character(uint8_t *at, uint32_t character)
{
    if (character < 0x80) {
        at[0] = (uint8_t)character;
        return at + 1;
    }
    if (character < 0x800) {
        at[0] = (uint8_t)(0xC0 | character >> 6);
        at[1] = (uint8_t)(0x80 | (character & 0x3F));
        return at + 2;
    }
    if (character < 0x10000) {
        at[0] = (uint8_t)(0xE0 | character >> 12);
        at[1] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
        at[2] = (uint8_t)(0x80 | (character & 0x3F));
        return at + 3;
    }
    at[0] = (uint8_t)(0xF0 | character >> 18);
    at[1] = (uint8_t)(0x80 | (character >> 12 & 0x3F));
    at[2] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
    at[3] = (uint8_t)(0x80 | (character & 0x3F));
    return at + 4;
}

/* What an escaped code shows; strict reading wants the table itself to have it. */
static uint32_t escaped_character(const smscodec_alphabets *alphabets, const header *in_force, unsigned code,
                                  bool *leniently)
{
    uint32_t character = alphabets->single[128 * in_force->single + code];
    if (character != SMSCODEC_NO_CHARACTER)
        return character;
    *leniently = true;
    if (code == ESC)
        return ' ';
    character = alphabets->field[128 * in_force->single + code];
    return character != SMSCODEC_NO_CHARACTER ? character : alphabets->main[128 * in_force->locking + code];
}

/* One septet that is not plain, or an escape and the code after it; gives the septets that it takes. */
static unsigned put_one(const smscodec_alphabets *alphabets, const header *in_force, const uint8_t *septets, unsigned left,
                        uint8_t **at, bool *leniently)
{
    uint32_t character = ' ';
    unsigned taken = 1;
    if (septets[0] != ESC) {
        character = alphabets->main[128 * in_force->locking + septets[0]];
    } else if (left > 1) {
        character = escaped_character(alphabets, in_force, septets[1], leniently);
        taken = 2;
    } else {
        *leniently = true;
    }
    if (character == SMSCODEC_NO_CHARACTER) {
        character = REPLACEMENT;
        *leniently = true;
    }
    *at = put_character(*at, character);
    return taken;
}

/* Block by block: runs of plain septets are copied as they were looked up, what stands between them goes one by one. */
static uint8_t *put_septets(const smscodec_scans *scans, const smscodec_alphabets *alphabets, const header *in_force,
                            const uint8_t *septets, unsigned count, uint8_t *at, bool *leniently)
{
    const uint8_t *plain = alphabets->plain + 128 * in_force->locking;
    for (unsigned start = 0, i = 0; start < count; start = i) {
        const unsigned size = count - start < SMSCODEC_BLOCK ? count - start : SMSCODEC_BLOCK;
        uint8_t looked_up[2 * SMSCODEC_BLOCK];
        const uint64_t others = scans->look_up(plain, septets + start, size, looked_up);
        while (i < start + size) {
            const uint64_t ahead = others >> (i - start);
            const unsigned run = ahead ? smscodec_lowest(ahead) : start + size - i;
            memcpy(at, looked_up + (i - start), SMSCODEC_BLOCK);
            at += run;
            i += run;
            if (i < start + size)
                i += put_one(alphabets, in_force, septets + i, count - i, &at, leniently);
        }
    }
    return at;
}

/* The text of septets behind a header: as many as TP-UDL counts and the octets hold. */
static uint8_t *put_gsm(const smscodec_scans *scans, const smscodec_alphabets *alphabets, const header *in_force,
                        const uint8_t *octets, unsigned length, unsigned tp_udl, uint8_t *at, bool *leniently)
{
    uint8_t septets[MOST_OCTETS + 2 * SLACK];
    const unsigned before = (8 * in_force->length + 6) / 7, held = 8 * length / 7;
    const unsigned end = tp_udl < held ? tp_udl : held, first = before / 8 * 8;
    *leniently |= tp_udl < before;
    if (end <= before)
        return at;
    const uint8_t *group = octets + before / 8 * 7;
    scans->ungroup(group, (end - first + 7) / 8, septets + first);
    return put_septets(scans, alphabets, in_force, septets + before, end - before, at, leniently);
}

static inline uint32_t unit_at(const uint8_t *octets, bool little)
{
    return little ? (uint32_t)(octets[1] << 8 | octets[0]) : (uint32_t)(octets[0] << 8 | octets[1]);
}

/* The text of UTF-16BE, or of UTF-16LE behind a byte order mark that says so; an octet that is left over is dropped. */
static uint8_t *put_ucs2(const uint8_t *octets, unsigned length, bool marks, uint8_t *at, bool *leniently)
{
    const bool little = marks && length >= 2 && octets[0] == 0xFF && octets[1] == 0xFE;
    *leniently |= length % 2;
    for (unsigned i = little ? 2 : 0; i + 2 <= length; i += 2) {
        uint32_t character = unit_at(octets + i, little);
        if ((character & 0xF800) == 0xD800) {
            const uint32_t low = character < 0xDC00 && i + 4 <= length ? unit_at(octets + i + 2, little) - 0xDC00 : 0x400;
            if (low < 0x400) {
                character = 0x10000 + ((character - 0xD800) << 10) + low;
                i += 2;
            } else {
                character = REPLACEMENT;
                *leniently = true;
            }
        }
        at = put_character(at, character);
    }
    return at;
}

/* Reads one row into place number `to` of the columns. */
static void read_row(int path, const smscodec_user_data *column, int64_t row, const uint8_t *data, size_t length,
                     const smscodec_alphabets *alphabets, smscodec_texts *texts, int64_t to)
{
    uint8_t octets[MOST_OCTETS + SLACK];
    const unsigned tp_udl = column->tp_udl[row], alphabet = column->alphabets[row];
    const unsigned covered = alphabet == SMSCODEC_GSM_7BIT ? (7 * tp_udl + 7) / 8 : tp_udl;
    const unsigned held = length < covered ? (unsigned)length : covered;
    memcpy(octets, data, held); /* groups of seven octets are read whole, past the end too */
    memset(octets + held, 0, SLACK);
    const header in_force = column->headed[row] && held ? read_header(octets, held, alphabets) : NO_HEADER;
    bool leniently = in_force.leniently || length != covered;
    uint8_t *start = texts->octets + texts->octet_count, *end = start;
    texts->references[to] = in_force.reference;
    texts->totals[to] = in_force.total;
    texts->sequences[to] = in_force.sequence;
    texts->wide[to] = in_force.wide;
    if (alphabet == SMSCODEC_GSM_7BIT) {
        end = put_gsm(&SMSCODEC_SCANS[path], alphabets, &in_force, octets, held, tp_udl, start, &leniently);
    } else if (alphabet == SMSCODEC_UCS2) {
        end = put_ucs2(octets + in_force.length, held - in_force.length, column->marks, start, &leniently);
    } else {
        texts->states[to] = SMSCODEC_UNREADABLE;
        return;
    }
    texts->states[to] = leniently ? SMSCODEC_LENIENTLY : SMSCODEC_READ;
    texts->octet_count += (uint64_t)(end - start);
}

smscodec_result smscodec_decode(int path, const smscodec_user_data *column, int64_t row, int64_t end,
                              const smscodec_alphabets *alphabets, smscodec_texts *texts)
{
    for (int64_t to = 0; row < end; row++, to++) {
        const int64_t start = smscodec_offset(column->offsets, column->offset_width, row);
        const int64_t stop = smscodec_offset(column->offsets, column->offset_width, row + 1);
        if (texts->octet_capacity - texts->octet_count < SMSCODEC_READ_RESERVE)
            return (smscodec_result){SMSCODEC_FULL, row, 0};
        if (start < 0 || stop < start || (uint64_t)stop > column->data_length)
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, 0};
        if (smscodec_is_null(column->validity, column->validity_offset + row)) {
            texts->references[to] = 0;
            texts->totals[to] = texts->sequences[to] = texts->wide[to] = 0;
            texts->states[to] = SMSCODEC_NULL;
        } else {
            read_row(path, column, row, column->data + start, (size_t)(stop - start), alphabets, texts, to);
        }
        smscodec_put_offset(texts->ends, texts->end_width, (uint64_t)to, texts->first_octet + (int64_t)texts->octet_count);
    }
    return (smscodec_result){SMSCODEC_OK, row, 0};
}
