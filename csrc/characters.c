/* The characters outside the default alphabet in columns of UTF-8 that were counted before: how many messages hold each,
 * and what a message saves once they are replaced, by a table of the caller's, who knows what each makes way for.
 *
 * Reference: 3GPP TS 23.038, 6.2.1
 */
#include "internal.h"
#include "tables.h"

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

/* Septets of an octet of ASCII; 0 for one outside the alphabet and for what is no ASCII. */
static inline unsigned ascii_septets(uint8_t octet)
{
    return octet < 0x80 ? SMSCODEC_SEPTETS_00[octet] : 0;
}

smscodec_result smscodec_tally(const smscodec_utf8 *column, const uint8_t *chosen, const uint32_t *weights,
                               uint64_t first, smscodec_count *counts, uint32_t *seen, int64_t seen_before)
{
    for (int64_t row = 0; row < column->rows; row++) {
        bounds message;
        if (!chosen[row] || (weights && !weights[row]))
            continue;
        if (!bounds_of(column, row, &message))
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, seen_before};
        const uint64_t number = first + (uint64_t)row, weight = weights ? weights[row] : 1;
        for (size_t at = message.start; at < message.end;) {
            if (ascii_septets(column->data[at])) {
                at++;
                continue;
            }
            uint32_t character;
            const unsigned octets = smscodec_next_character(column->data + at, message.end - at, &character);
            if (!octets)
                return (smscodec_result){SMSCODEC_INVALID_UTF8, row, seen_before};
            at += octets;
            if (smscodec_septets(character))
                continue;
            smscodec_count *count = &counts[character];
            const uint64_t last = count->last; /* no jump depends on it but the rare one: letters come again at random */
            if (!last)
                seen[seen_before++] = character;
            count->last = number;
            count->total += last == number ? 0 : weight;
        }
    }
    return (smscodec_result){SMSCODEC_OK, column->rows, seen_before};
}

/* What the characters of a message add up to. */
typedef struct {
    unsigned marks;
    int64_t septets;
    int64_t pairs; /* at the most: two septets that belong together */
    int64_t units;
} sums;

static bool weigh(const uint8_t *data, size_t length, const smscodec_trait *traits, sums *message)
{
    for (size_t at = 0; at < length;) {
        unsigned septets = ascii_septets(data[at]), units = 1, octets = 1;
        if (!septets) {
            uint32_t character;
            octets = smscodec_next_character(data + at, length - at, &character);
            if (!octets)
                return false;
            septets = smscodec_septets(character);
            if (!septets) {
                const smscodec_trait *trait = &traits[character];
                message->marks |= trait->marks;
                septets = trait->septets;
                units = trait->units;
            }
        }
        at += octets;
        message->septets += septets;
        message->pairs += septets / 2;
        message->units += units;
    }
    return true;
}

/* The segments that are saved for certain, -1 where the sums do not tell. */
static int64_t saved_by_sums(const sums *message, const uint32_t *rooms, int64_t segments)
{
    if (message->marks & SMSCODEC_STAYS) {
        const smscodec_load least = smscodec_ucs2_load(message->units, 0);
        return smscodec_segments_by_sums(&least, rooms) < segments ? -1 : 0;
    }
    if (message->marks & SMSCODEC_DEPENDS)
        return -1;
    const smscodec_load mended = smscodec_gsm_load(message->septets - message->pairs, message->pairs);
    const int64_t left = smscodec_segments_by_sums(&mended, rooms);
    return !left ? -1 : left < segments ? segments - left : 0;
}

smscodec_result smscodec_savings(const smscodec_utf8 *column, const uint8_t *alphabets, const uint32_t *segments,
                                 const smscodec_trait *traits, const uint32_t *rooms, uint32_t *saved, int64_t *unsure)
{
    int64_t count = 0;
    for (int64_t row = 0; row < column->rows; row++) {
        bounds message;
        saved[row] = 0;
        if (!alphabets[row] || segments[row] < 2)
            continue;
        sums total = {0, 0, 0, 0};
        if (!bounds_of(column, row, &message))
            return (smscodec_result){SMSCODEC_BAD_OFFSETS, row, count};
        if (!weigh(column->data + message.start, message.end - message.start, traits, &total))
            return (smscodec_result){SMSCODEC_INVALID_UTF8, row, count};
        const int64_t certain = saved_by_sums(&total, rooms, segments[row]);
        if (certain < 0)
            unsure[count++] = row;
        else
            saved[row] = (uint32_t)certain;
    }
    return (smscodec_result){SMSCODEC_OK, column->rows, count};
}
