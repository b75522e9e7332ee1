/* Counting UTF-8: one message, columns between offsets, and messages joined with NUL. The scalar scan is the reference
 * for the vector ones, and tells all of them where invalid UTF-8 begins.
 *
 * Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
 */
#include <string.h>

#include "internal.h"
#include "tables.h"

static inline bool is_continuation(uint8_t octet)
{
    return (octet & 0xC0) == 0x80;
}

/* Octets of the sequence that begins at data, and its character, or of four octets the first of the 4,096 that it is among;
 * 0 where it is not UTF-8. */
static unsigned decode(const uint8_t *data, size_t left, uint32_t *character)
{
    uint8_t lead = data[0];
    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    if (lead < 0xC2 || left < 2 || !is_continuation(data[1]))
        return 0;
    if (lead < 0xE0) {
        *character = (uint32_t)(lead & 0x1F) << 6 | (data[1] & 0x3F);
        return 2;
    }
    if (left < 3 || !is_continuation(data[2]))
        return 0;
    if (lead < 0xF0) {
        *character = (uint32_t)(lead & 0x0F) << 12 | (uint32_t)(data[1] & 0x3F) << 6 | (data[2] & 0x3F);
        return *character >= 0x800 && (*character & 0xF800) != 0xD800 ? 3 : 0;
    }
    if (left < 4 || !is_continuation(data[3]))
        return 0;
    /* The lowest bits decide neither whether it is a character nor what it costs; a lead above 0xF4 makes it too high. */
    *character = (uint32_t)(lead & 0x0F) << 18 | (uint32_t)(data[1] & 0x3F) << 12;
    return *character >= 0x10000 && *character < SMSCODEC_CODE_POINTS ? 4 : 0;
}

/* Whether eight octets are ASCII. */
static inline bool are_ascii(const uint8_t *data)
{
    uint64_t octets;
    memcpy(&octets, data, sizeof octets);
    return !(octets & 0x8080808080808080);
}

smscodec_load smscodec_utf8_scalar(const uint8_t *data, size_t length, size_t readable)
{
    (void)readable;
    int64_t characters = 0, escaped = 0, astral = 0;
    unsigned foreign = 0;
    for (size_t i = 0; i < length;) {
        const size_t start = i;
        for (; length - i >= 8 && are_ascii(data + i); i += 8) {
            unsigned kinds = 0;
            for (size_t j = 0; j < 8; j++)
                kinds += SMSCODEC_ASCII_KINDS[data[i + j]];
            escaped += kinds % 16;
            foreign |= kinds / 16;
        }
        for (; i < length && data[i] < 0x80; i++) {
            escaped += SMSCODEC_ASCII_KINDS[data[i]] % 16;
            foreign |= SMSCODEC_ASCII_KINDS[data[i]] / 16;
        }
        characters += (int64_t)(i - start);
        for (; i < length && data[i] >= 0x80; characters++) {
            uint32_t character;
            unsigned octets = decode(data + i, length - i, &character);
            if (!octets)
                return smscodec_refused(SMSCODEC_INVALID_UTF8, i);
            if (!foreign) {
                unsigned cost = smscodec_septets(character);
                foreign = cost == 0;
                escaped += cost == 2;
            }
            astral += octets == 4;
            i += octets;
        }
    }
    return foreign ? smscodec_ucs2_load(characters, astral) : smscodec_gsm_load(characters, escaped);
}

smscodec_load smscodec_scan_utf8(int path, const uint8_t *data, size_t length, size_t readable)
{
    return SMSCODEC_SCANS[path].utf8(data, length, readable);
}

int64_t smscodec_segments_utf8(const smscodec_load *load, const uint32_t *rooms, const uint8_t *data, size_t length)
{
    const int64_t segments = smscodec_segments_by_sums(load, rooms);
    if (segments)
        return segments;
    const bool ucs2 = load->alphabet == SMSCODEC_UCS2;
    const uint8_t *units = ucs2 ? SMSCODEC_OCTET_UNITS : SMSCODEC_OCTET_SEPTETS;
    smscodec_fill fill = {1, 0};
    for (size_t i = 0; i < length; i++)
        smscodec_place(&fill, units[data[i]], rooms[ucs2 ? 3 : 1]);
    return fill.segments;
}

/* Counts one message into a row of the columns. */
static inline int32_t count_row(const smscodec_scans *scans, const uint8_t *data, size_t length, size_t readable,
                                const uint32_t *rooms, const smscodec_columns *columns, int64_t row, int64_t *position)
{
    const smscodec_load load = scans->utf8(data, length, readable);
    if (load.code) {
        *position = load.position;
        return load.code;
    }
    return smscodec_write(columns, row, &load, smscodec_segments_utf8(&load, rooms, data, length)) ? SMSCODEC_OK
                                                                                                   : SMSCODEC_TOO_LONG;
}

/* Rows of UCS-2 to let pass after one that was taken for a run of them in vain: typographic quotes have no foreign lead. */
enum { PATIENCE = 16 };

smscodec_result smscodec_count_utf8(int path, const uint8_t *data, size_t data_length, const void *offsets,
                                    int offset_width, int64_t rows, const uint8_t *validity, int64_t validity_offset,
                                    const uint32_t *rooms, const smscodec_columns *columns)
{
    const smscodec_scans *scans = &SMSCODEC_SCANS[path];
    const bool by_runs = scans->plain_rows && !validity && rooms[0] >= SMSCODEC_SHORT;
    int64_t position = 0;
    /* To look for runs where there are none takes a fifth of the time of short rows, and half of that of others. */
    int64_t others = 0; /* rows since a plain one */
    int64_t ucs2 = 0;   /* rows of UCS-2 since another; below 0 after one that no lead gave away */
    for (int64_t row = 0; row < rows; row++) {
        if (by_runs && others < 2) {
            const int64_t first = row;
            row = scans->plain_rows(data, data_length, offsets, offset_width, row, rows, columns);
            if (row == rows)
                break;
            if (row > first)
                others = 0;
        }
        if (ucs2 >= 2 && scans->ucs2_rows && !validity) {
            const int64_t first = row;
            row = scans->ucs2_rows(data, data_length, offsets, offset_width, row, rows, rooms, columns);
            if (row == rows)
                break;
            ucs2 = row > first ? 1 : -PATIENCE;
        }
        int64_t start = smscodec_offset(offsets, offset_width, row);
        int64_t end = smscodec_offset(offsets, offset_width, row + 1);
        if (start < 0 || end < start || (uint64_t)end > data_length)
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, 0};
        if (smscodec_is_null(validity, validity_offset + row)) {
            columns->alphabets[row] = 0;
            columns->units[row] = columns->segments[row] = 0;
            continue;
        }
        int32_t code = count_row(scans, data + start, (size_t)(end - start), data_length - (size_t)start, rooms, columns,
                                 row, &position);
        if (code)
            return (smscodec_result){code, row, position};
        others = columns->units[row] == (uint32_t)(end - start) ? 0 : others + 1;
        if (columns->alphabets[row] == SMSCODEC_UCS2)
            ucs2++;
        else if (ucs2 > 0)
            ucs2 = 0;
    }
    return (smscodec_result){SMSCODEC_OK, rows, 0};
}

smscodec_result smscodec_count_joined_utf8(int path, const uint8_t *data, size_t length, int64_t row, int64_t rows,
                                           const uint32_t *rooms, const smscodec_columns *columns)
{
    const smscodec_scans *scans = &SMSCODEC_SCANS[path];
    const int64_t end = row + rows;
    int64_t position = 0;
    size_t start = 0;
    for (; row < end; row++) {
        const uint8_t *nul = length > start ? memchr(data + start, 0, length - start) : NULL;
        if (!nul != (row == end - 1))
            return (smscodec_result){SMSCODEC_MISCOUNTED, row, 0};
        const size_t stop = nul ? (size_t)(nul - data) : length;
        const int32_t code =
            count_row(scans, data + start, stop - start, length - start, rooms, columns, row, &position);
        if (code)
            return (smscodec_result){code, row, position};
        start = stop + 1;
    }
    return (smscodec_result){SMSCODEC_OK, end, 0};
}
