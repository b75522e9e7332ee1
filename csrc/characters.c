/* What the characters outside the default alphabet are, and what those of a message add up to: over columns of UTF-8
 * that have been counted before, and by tables of the caller's, who knows what each character means.
 *
 * Reference: 3GPP TS 23.038, 6.2.1
 */
#include "internal.h"
#include "tables.h"

/* Octets of the sequence that begins at data and its character; 0 where it would end past the data or is above U+10FFFF,
 * so that whatever octets there are, nothing beyond them and no entry beyond a table is touched. */
static inline unsigned next_character(const uint8_t *data, size_t left, uint32_t *character)
{
    const uint32_t lead = data[0];
    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    if (lead < 0xE0) {
        if (left < 2)
            return 0;
        *character = (lead & 0x1F) << 6 | (data[1] & 0x3F);
        return 2;
    }
    if (lead < 0xF0) {
        if (left < 3)
            return 0;
        *character = (lead & 0x0F) << 12 | (uint32_t)(data[1] & 0x3F) << 6 | (data[2] & 0x3F);
        return 3;
    }
    if (left < 4)
        return 0;
    *character = (lead & 0x07) << 18 | (uint32_t)(data[1] & 0x3F) << 12 | (uint32_t)(data[2] & 0x3F) << 6 |
                 (data[3] & 0x3F);
    return *character < SMSCODEC_CODE_POINTS ? 4 : 0;
}

typedef struct {
    size_t start;
    size_t end;
} bounds;

static inline bool bounds_of(const smscodec_utf8 *column, int64_t row, bounds *message)
{
    int64_t start = smscodec_offset(column->offsets, column->offset_width, row);
    int64_t end = smscodec_offset(column->offsets, column->offset_width, row + 1);
    *message = (bounds){(size_t)start, (size_t)end};
    return start >= 0 && start <= end && (uint64_t)end <= column->data_length;
}

smscodec_result smscodec_tally(const smscodec_utf8 *column, const uint8_t *chosen, const uint32_t *weights,
                               uint64_t first, smscodec_count *counts, uint32_t *seen, int64_t seen_before)
{
    for (int64_t row = 0; row < column->rows; row++) {
        bounds message;
        if (!chosen[row])
            continue;
        if (!bounds_of(column, row, &message))
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, seen_before};
        const uint64_t stamp = first + (uint64_t)row, weight = weights ? weights[row] : 1;
        for (size_t at = message.start; at < message.end;) {
            uint32_t character;
            unsigned octets = next_character(column->data + at, message.end - at, &character);
            if (!octets)
                return (smscodec_result){SMSCODEC_INVALID_UTF8, row, seen_before};
            at += octets;
            smscodec_count *count = &counts[character];
            if (smscodec_septets(character) || count->last == stamp)
                continue;
            if (!count->last)
                seen[seen_before++] = character;
            count->last = stamp;
            count->total += weight;
        }
    }
    return (smscodec_result){SMSCODEC_OK, column->rows, seen_before};
}

static bool weigh_message(const uint8_t *data, size_t length, const smscodec_trait *traits, smscodec_weight *weight)
{
    for (size_t at = 0; at < length;) {
        uint32_t character;
        unsigned octets = next_character(data + at, length - at, &character);
        if (!octets)
            return false;
        at += octets;
        const unsigned septets = smscodec_septets(character);
        if (septets) {
            weight->septets += septets;
            weight->units++;
            continue;
        }
        const smscodec_trait *trait = &traits[character];
        weight->marks |= trait->marks;
        weight->septets += trait->septets;
        weight->units += trait->units;
    }
    return true;
}

smscodec_result smscodec_weigh(const smscodec_utf8 *column, const uint8_t *alphabets, const uint32_t *segments,
                               const smscodec_trait *traits, smscodec_weight *weights)
{
    int64_t weighed = 0;
    for (int64_t row = 0; row < column->rows; row++) {
        bounds message;
        if (!alphabets[row] || segments[row] < 2)
            continue;
        if (!bounds_of(column, row, &message))
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, weighed};
        weights[weighed] = (smscodec_weight){row, 0, 0, 0};
        if (!weigh_message(column->data + message.start, message.end - message.start, traits, &weights[weighed]))
            return (smscodec_result){SMSCODEC_INVALID_UTF8, row, weighed};
        weighed++;
    }
    return (smscodec_result){SMSCODEC_OK, column->rows, weighed};
}
