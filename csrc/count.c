/* Counting strings of Latin-1, UCS-2 and UCS-4 code units: alphabet, units, two-unit characters, segments. The scalar
 * scans are the reference for the vector ones.
 *
 * Reference: 3GPP TS 23.038, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
 */
#include "internal.h"
#include "tables.h"

smscodec_load smscodec_latin1_scalar(const uint8_t *data, size_t length)
{
    size_t septets = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned cost = SMSCODEC_SEPTETS_00[data[i]];
        if (!cost)
            return smscodec_ucs2_load((int64_t)length, 0);
        septets += cost;
    }
    return smscodec_gsm_load((int64_t)length, (int64_t)(septets - length));
}

/* The wide scans look for the default alphabet first, which a text in another script leaves at once, and then count
 * code units in blocks that a compiler can vectorise. */
enum { BLOCK = 64 };

smscodec_load smscodec_units_ucs2(const uint16_t *data, size_t length)
{
    for (size_t i = 0; i < length; i += BLOCK) {
        size_t end = length - i < BLOCK ? length : i + BLOCK;
        unsigned surrogates = 0;
        for (size_t j = i; j < end; j++)
            surrogates |= (uint16_t)(data[j] - 0xD800) < 0x800;
        for (size_t j = i; surrogates && j < end; j++)
            if ((data[j] & 0xF800) == 0xD800)
                return smscodec_refused(SMSCODEC_LONE_SURROGATE, j);
    }
    return smscodec_ucs2_load((int64_t)length, 0);
}

static smscodec_load utf16_units_ucs4(const uint32_t *data, size_t length)
{
    int64_t astral = 0;
    for (size_t i = 0; i < length; i += BLOCK) {
        size_t end = length - i < BLOCK ? length : i + BLOCK;
        uint32_t surrogates = 0, pairs = 0;
        for (size_t j = i; j < end; j++) {
            surrogates |= data[j] - 0xD800 < 0x800;
            pairs += data[j] > 0xFFFF;
        }
        for (size_t j = i; surrogates && j < end; j++)
            if (data[j] - 0xD800 < 0x800)
                return smscodec_refused(SMSCODEC_LONE_SURROGATE, j);
        astral += pairs;
    }
    return smscodec_ucs2_load((int64_t)length, astral);
}

smscodec_load smscodec_ucs2_scalar(const uint16_t *data, size_t length)
{
    size_t septets = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned cost = smscodec_septets(data[i]);
        if (!cost)
            return smscodec_units_ucs2(data, length);
        septets += cost;
    }
    return smscodec_gsm_load((int64_t)length, (int64_t)(septets - length));
}

smscodec_load smscodec_ucs4_scalar(const uint32_t *data, size_t length)
{
    const smscodec_load wide = utf16_units_ucs4(data, length);
    if (wide.code || wide.doubles) /* as it is with every str of four octets a character */
        return wide;
    size_t septets = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned cost = smscodec_septets(data[i]);
        if (!cost)
            return wide;
        septets += cost;
    }
    return smscodec_gsm_load((int64_t)length, (int64_t)(septets - length));
}

smscodec_load smscodec_joined_scalar(const uint32_t *data, size_t left, size_t *length)
{
    size_t end = 0;
    while (end < left && data[end])
        end++;
    *length = end;
    return smscodec_ucs4_scalar(data, end);
}

smscodec_result smscodec_count_joined(int path, const void *data, size_t length, int64_t row, int64_t rows,
                                      const uint32_t *rooms, const smscodec_columns *columns)
{
    const smscodec_scans *scans = &SMSCODEC_SCANS[path];
    const int64_t end = row + rows;
    size_t start = 0;
    for (; row < end; row++) {
        const uint32_t *text = (const uint32_t *)data + start;
        size_t taken = 0;
        const smscodec_load load = scans->joined(text, length - start, &taken);
        if (load.code)
            return (smscodec_result){load.code, row, load.position};
        if ((start + taken == length) != (row == end - 1))
            return (smscodec_result){SMSCODEC_MISCOUNTED, row, 0};
        if (!smscodec_write(columns, row, &load, smscodec_segments(&load, rooms, 4, text, taken)))
            return (smscodec_result){SMSCODEC_TOO_LONG, row, 0};
        start += taken + 1;
    }
    return (smscodec_result){SMSCODEC_OK, end, 0};
}

smscodec_load smscodec_scan(int path, int kind, const void *data, size_t length)
{
    if (kind == 1)
        return SMSCODEC_SCANS[path].latin1(data, length);
    return kind == 2 ? SMSCODEC_SCANS[path].ucs2(data, length) : SMSCODEC_SCANS[path].ucs4(data, length);
}

static inline uint32_t character_at(int kind, const void *data, size_t index)
{
    if (kind == 1)
        return ((const uint8_t *)data)[index];
    return kind == 2 ? ((const uint16_t *)data)[index] : ((const uint32_t *)data)[index];
}

typedef struct {
    smscodec_fill fill;
    int64_t units;
} walked;

static inline int64_t units_at(int32_t alphabet, int kind, const void *data, size_t index)
{
    const uint32_t character = character_at(kind, data, index);
    return (alphabet == SMSCODEC_UCS2 ? character > 0xFFFF : smscodec_septets(character) == 2) ? 2 : 1;
}

static walked walk(int32_t alphabet, int64_t limit, int kind, const void *data, size_t length)
{
    walked text = {{1, 0}, 0};
    for (size_t i = 0; i < length; i++) {
        const int64_t units = units_at(alphabet, kind, data, i);
        smscodec_place(&text.fill, units, limit);
        text.units += units;
    }
    return text;
}

int64_t smscodec_segments(const smscodec_load *load, const uint32_t *rooms, int kind, const void *data, size_t length)
{
    int64_t segments = smscodec_segments_by_sums(load, rooms);
    if (segments)
        return segments;
    return walk(load->alphabet, rooms[load->alphabet == SMSCODEC_UCS2 ? 3 : 1], kind, data, length).fill.segments;
}

int64_t smscodec_waste(int32_t alphabet, int64_t limit, int kind, const void *data, size_t length)
{
    const walked text = walk(alphabet, limit, kind, data, length);
    return (text.fill.segments - 1) * limit + text.fill.used - text.units;
}

size_t smscodec_cuts(int32_t alphabet, int64_t limit, int kind, const void *data, size_t length, uint32_t *cuts,
                     size_t most)
{
    smscodec_fill fill = {1, 0};
    size_t found = 0;
    for (size_t i = 0; i < length; i++)
        if (smscodec_place(&fill, units_at(alphabet, kind, data, i), limit)) {
            if (found < most)
                cuts[found] = (uint32_t)i;
            found++;
        }
    return found;
}
