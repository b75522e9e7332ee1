/* Writing messages that were counted: header, fill bits, septets packed or an octet each, UTF-16BE.
 *
 * Septets are first laid out an octet each, a segment at a time. A header takes whole septets, fill bits included, so the
 * text is packed as if the header's septets stood before it: after the group of eight that the header ends in, every
 * group of eight septets is seven octets, whatever the header.
 *
 * Reference: 3GPP TS 23.038, 6.1.2.1.1, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.16 and 9.2.3.24.1
 */
#include <string.h>

#include "internal.h"

enum { MOST_SEPTETS = 160, MOST_SEGMENTS = 255, ESC = 0x1B, SLACK = SMSCODEC_BLOCK };

typedef struct {
    const smscodec_scans *scans;
    const void *data;
    size_t length;
    size_t at;      /* code units that are done */
    int32_t code;   /* why no more can be */
} source;

static inline unsigned code_of(const smscodec_style *style, uint32_t character)
{
    if (character > 0xFFFF)
        return SMSCODEC_NO_CODE;
    return style->codes[256 * (size_t)style->pages[character >> 8] + (character & 0xFF)];
}

/* One character through the codes: gives the code units that it takes, 0 where it cannot be written or no longer fits. */
SMSCODEC_INLINE unsigned lay_out_one(int kind, const smscodec_style *style, source *text, unsigned room, uint8_t *septets,
                                   unsigned *used)
{
    uint32_t character;
    const unsigned taken = smscodec_character_at(kind, text->data, text->length, text->at, &character);
    const unsigned code = taken ? code_of(style, character) : SMSCODEC_NO_CODE;
    if (code == SMSCODEC_NO_CODE) {
        text->code = taken ? SMSCODEC_FOREIGN : SMSCODEC_INVALID_UTF8;
        return 0;
    }
    if (code > 0x7F) {
        if (*used + 2 > room)
            return 0;
        septets[(*used)++] = ESC;
    }
    septets[(*used)++] = code & 0x7F;
    text->at += taken;
    return taken;
}

/* Lays out septets of a text of octets, block by block: runs of plain ASCII are copied as they were looked up, what stands
 * between them goes one by one. A whole block is copied each time. */
SMSCODEC_INLINE unsigned lay_out_octets(int kind, const smscodec_style *style, source *text, unsigned room, uint8_t *septets)
{
    unsigned used = 0;
    while (text->at < text->length && used < room) {
        const size_t left = text->length - text->at;
        const unsigned count = left < SMSCODEC_BLOCK ? (unsigned)left : SMSCODEC_BLOCK;
        uint8_t looked_up[2 * SMSCODEC_BLOCK];
        const uint8_t *input = (const uint8_t *)text->data + text->at;
        const uint64_t others = text->scans->look_up(style->plain, input, count, looked_up);
        for (unsigned at = 0; at < count && used < room;) {
            const uint64_t ahead = others >> at;
            const unsigned run = ahead ? smscodec_lowest(ahead) : count - at, most = room - used < run ? room - used : run;
            memcpy(septets + used, looked_up + at, SMSCODEC_BLOCK);
            used += most;
            at += most;
            text->at += most;
            if (at == count || used == room)
                break;
            const unsigned taken = lay_out_one(kind, style, text, room, septets, &used);
            if (!taken)
                return used;
            at += taken;
        }
    }
    return used;
}

/* Lays out septets of the text, for as long as a character still fits the room, and gives how many. */
SMSCODEC_INLINE unsigned lay_out(int kind, const smscodec_style *style, source *text, unsigned room, uint8_t *septets)
{
    if (kind <= 1)
        return lay_out_octets(kind, style, text, room, septets);
    unsigned used = 0;
    while (text->at < text->length && used < room && lay_out_one(kind, style, text, room, septets, &used))
        ;
    return used;
}

static inline void put_unit(uint8_t *octets, unsigned used, uint32_t unit)
{
    octets[2 * used] = (uint8_t)(unit >> 8);
    octets[2 * used + 1] = (uint8_t)unit;
}

size_t smscodec_units_scalar(const uint8_t *data, size_t length, unsigned room, uint8_t *octets, unsigned *used)
{
    size_t at = 0;
    while (*used < room && length - at >= 4 && data[at] < 0xF0) {
        const uint32_t lead = data[at], second = data[at + 1] & 0x3F;
        if (lead < 0x80) {
            put_unit(octets, (*used)++, lead);
            at++;
        } else if (lead < 0xE0) {
            put_unit(octets, (*used)++, (lead & 0x1F) << 6 | second);
            at += 2;
        } else {
            put_unit(octets, (*used)++, (lead & 0x0F) << 12 | second << 6 | (data[at + 2] & 0x3F));
            at += 3;
        }
    }
    return at;
}

/* Lays out UTF-16BE, for as long as a character still fits the room, and gives how many units. */
SMSCODEC_INLINE unsigned lay_out_units(int kind, source *text, unsigned room, uint8_t *octets)
{
    unsigned used = 0;
    while (text->at < text->length) {
        uint32_t character;
        if (kind == 0) {
            const uint8_t *data = (const uint8_t *)text->data + text->at;
            text->at += text->scans->units(data, text->length - text->at, room, octets, &used);
        }
        if (used == room || text->at == text->length)
            break;
        const unsigned taken = smscodec_character_at(kind, text->data, text->length, text->at, &character);
        if (!taken || character - 0xD800 < 0x800 || character >= SMSCODEC_CODE_POINTS) {
            text->code = taken ? SMSCODEC_LONE_SURROGATE : SMSCODEC_INVALID_UTF8;
            break;
        }
        if (character > 0xFFFF) {
            if (used + 2 > room)
                break;
            put_unit(octets, used++, 0xD800 + ((character - 0x10000) >> 10));
            character = 0xDC00 + (character & 0x3FF);
        }
        put_unit(octets, used++, character);
        text->at += taken;
    }
    return used;
}

/* Packs septets, with zeros after them, behind a header of so many octets; gives the septets of both. */
static unsigned pack_behind(const source *text, unsigned header, uint8_t *septets, unsigned count, uint8_t *octets)
{
    const unsigned before = (8 * header + 6) / 7, total = before + count, into = before % 8;
    uint8_t *group = octets + before / 8 * 7;
    memset(septets + count, 0, 8);
    if (into) {
        const uint64_t bits = smscodec_together(smscodec_get_octets(septets, 8)) << 7 * into;
        const unsigned kept = header - before / 8 * 7; /* octets of the header in this group */
        smscodec_put_octets(group, 7, bits | smscodec_get_octets(group, kept));
        group += 7;
        septets += 8 - into;
        count = count > 8 - into ? count - (8 - into) : 0;
    }
    text->scans->groups(septets, (count + 7) / 8, group);
    return total;
}

/* Writes the rest of a segment behind its header, and gives TP-UDL; length becomes that of all its octets. */
SMSCODEC_INLINE unsigned write_segment(int kind, const smscodec_style *style, source *text, unsigned room,
                                     unsigned header, uint8_t *octets, unsigned *length)
{
    if (style->alphabet == SMSCODEC_UCS2)
        return *length = header + 2 * lay_out_units(kind, text, room, octets + header);
    uint8_t septets[MOST_SEPTETS + SLACK];
    if (style->unpacked) {
        const unsigned count = lay_out(kind, style, text, room, octets + header);
        *length = header + count;
        return (8 * header + 6) / 7 + count;
    }
    const unsigned count = lay_out(kind, style, text, room, septets);
    const unsigned total = pack_behind(text, header, septets, count, octets);
    *length = (7 * total + 7) / 8;
    return total;
}

/* Fills in which segment this is: UDHL, identifier and length of the element stand before it. */
static inline void number_segment(uint8_t *header, const smscodec_style *style, int32_t reference, unsigned total,
                                  unsigned sequence)
{
    header += 3;
    if (style->wide)
        *header++ = (uint8_t)(reference >> 8);
    header[0] = (uint8_t)reference;
    header[1] = (uint8_t)total;
    header[2] = (uint8_t)sequence;
}

SMSCODEC_INLINE int32_t write_message(int path, int kind, const void *data, size_t length, const smscodec_orders *orders,
                                    int64_t row, smscodec_output *output, int64_t *position)
{
    const smscodec_style *style = &orders->styles[orders->style_of[row]];
    const uint32_t segments = orders->segments[row];
    const bool several = segments > 1;
    const int32_t reference = orders->references[orders->reference_step * row];
    if (!segments)
        return SMSCODEC_OK;
    if (segments > MOST_SEGMENTS)
        return SMSCODEC_SEGMENTS;
    if (several && (reference < 0 || reference > (style->wide ? 0xFFFF : 0xFF)))
        return SMSCODEC_REFERENCE;
    if (output->octet_capacity - output->octet_count < (uint64_t)segments * SMSCODEC_RESERVE ||
        output->segment_capacity - output->segment_count < segments)
        return SMSCODEC_FULL;
    const unsigned header = style->header_lengths[several], room = style->rooms[several];
    const uint32_t *bounds = orders->bounds;
    source text = {&SMSCODEC_SCANS[path], data, length, bounds ? bounds[0] : 0, SMSCODEC_OK};
    uint64_t octets = output->octet_count, segment = output->segment_count;
    for (uint32_t sequence = 1; sequence <= segments; sequence++, segment++) {
        uint8_t *start = output->octets + octets;
        unsigned written = 0;
        if (bounds) {
            if (bounds[sequence] < text.at || bounds[sequence] > length)
                return SMSCODEC_MISCOUNTED;
            text.length = bounds[sequence];
        }
        memcpy(start, style->headers[several], header);
        if (several)
            number_segment(start, style, reference, segments, sequence);
        output->tp_udl[segment] = (uint8_t)write_segment(kind, style, &text, room, header, start, &written);
        octets += written;
        smscodec_put_offset(output->ends, output->end_width, segment, output->first_octet + (int64_t)octets);
        if (text.code) {
            *position = (int64_t)text.at;
            return text.code;
        }
        if (bounds ? text.at < text.length : sequence < segments && text.at == length)
            return SMSCODEC_MISCOUNTED;
    }
    if (text.at < length)
        return SMSCODEC_MISCOUNTED;
    output->octet_count = octets;
    output->segment_count = segment;
    return SMSCODEC_OK;
}

int32_t smscodec_encode_message(int path, int kind, const void *data, size_t length, const smscodec_orders *orders,
                               int64_t row, smscodec_output *output, int64_t *position)
{
    switch (kind) {
    case 0:
        return write_message(path, 0, data, length, orders, row, output, position);
    case 1:
        return write_message(path, 1, data, length, orders, row, output, position);
    case 2:
        return write_message(path, 2, data, length, orders, row, output, position);
    default:
        return write_message(path, 4, data, length, orders, row, output, position);
    }
}

smscodec_result smscodec_encode(int path, int kind, const void *data, size_t data_length, const void *offsets,
                               int offset_width, int64_t row, int64_t end, const smscodec_orders *orders,
                               smscodec_output *output)
{
    for (; row < end; row++) {
        if (orders->segments[row]) {
            const int64_t start = smscodec_offset(offsets, offset_width, row);
            const int64_t stop = smscodec_offset(offsets, offset_width, row + 1);
            if (start < 0 || stop < start || (uint64_t)stop > data_length)
                return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, 0};
            const void *text = (const uint8_t *)data + (kind ? (size_t)kind : 1) * (size_t)start;
            int64_t position = 0;
            const int32_t code =
                smscodec_encode_message(path, kind, text, (size_t)(stop - start), orders, row, output, &position);
            if (code)
                return (smscodec_result){code, row, position};
        }
        *output->firsts++ = (int32_t)(output->first_segment + (int64_t)output->segment_count);
    }
    return (smscodec_result){SMSCODEC_OK, row, 0};
}

int32_t smscodec_encode_one(int kind, const void *data, size_t length, const smscodec_style *style, const uint32_t *bounds,
                            uint32_t segments, int32_t reference, uint8_t *slots)
{
    const uint8_t style_of = 0;
    uint8_t tp_udl[MOST_SEGMENTS];
    int32_t ends[MOST_SEGMENTS];
    int64_t position;
    const smscodec_orders orders = {style, &style_of, &segments, &reference, 0, bounds};
    smscodec_output output = {slots, tp_udl, ends, NULL, 4, 0, 0, (uint64_t)segments * SMSCODEC_SLOT, MOST_SEGMENTS, 0, 0};
    if (!segments)
        return SMSCODEC_SEGMENTS;
    const int32_t code = smscodec_encode_message(smscodec_best_path(), kind, data, length, &orders, 0, &output, &position);
    if (code)
        return code;
    /* Segments lie one after the other: from the last on, each moves back into its slot. */
    for (uint32_t segment = segments; segment-- > 0;) {
        const int32_t start = segment ? ends[segment - 1] : 0, count = ends[segment] - start;
        uint8_t *slot = slots + (size_t)segment * SMSCODEC_SLOT;
        memmove(slot + 2, slots + start, (size_t)count);
        slot[0] = tp_udl[segment];
        slot[1] = (uint8_t)count;
    }
    return SMSCODEC_OK;
}
