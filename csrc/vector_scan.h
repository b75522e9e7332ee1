/* The vector scans, written once over a few operations and included by one file for each instruction set, which defines
 * TARGET, NAME(x), WIDTH (octets in a `vector`) and:
 *
 * - zero, splat, load, table, and_, or_, xor_, without, equal, above, minus, saturating_minus, any, sum, and bits: one
 *   for each lane, its highest;
 * - look_up by indices below 16, look_up_or_zero by any, high_halves, continuation, any_high, and shifted_1 to _3;
 * - of 16-bit units, low_octets and high_octets of two vectors, in any order, but in the same, and surrogates;
 * - of code points, units: two vectors as one of 16-bit units, in which what is above U+FFFF is that, in_order: octets of
 *   such units in the order of the code points, surrogates_4 and astral_4;
 * - of lanes of 64 bits, down_1, down_2, down_4, up_1, up_2 and up_4: moved by so many bits; store, and store_sevens: 14
 *   octets of each 16, one after the other, and two octets that mean nothing after the last; load_sevens the same way.
 *
 * A character is looked up by the half octets of what it is written with. The octets past the end of a text are replaced
 * by blanks, which cost what any letter does and end no sequence.
 */
#include <string.h>

/* A row of all bits before a row of none: loaded at WIDTH - n, it keeps the first n lanes. */
static const uint8_t KEEP[2 * WIDTH] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
#if WIDTH == 32
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
#endif
};

/* The last count octets, 1 to WIDTH, of a message, and blanks after them. */
TARGET static inline vector tail(const uint8_t *data, size_t count, size_t readable)
{
    vector keep = load(KEEP + WIDTH - count), octets;
    if (readable >= WIDTH) {
        octets = load(data);
    } else { /* reading on could leave the caller's buffer */
        uint8_t copy[WIDTH] = {0};
        memcpy(copy, data, count);
        octets = load(copy);
    }
    return or_(and_(octets, keep), without(splat(' '), keep));
}

/* The same of a message that has its buffer to itself: where it is long enough, its last WIDTH octets without those that
 * were loaded before. */
TARGET static inline vector own_tail(const uint8_t *data, size_t length, size_t count)
{
    if (length < WIDTH)
        return tail(data, count, 0);
    vector loaded_before = load(KEEP + count);
    return or_(without(load(data + length - WIDTH), loaded_before), and_(splat(' '), loaded_before));
}

TARGET static inline vector ascii_classes(vector octets)
{
    return and_(look_up(table(SMSCODEC_ASCII_LOW), and_(octets, splat(0x0F))),
                look_up(table(SMSCODEC_ASCII_HIGH), high_halves(octets)));
}

/* All bits where an octet takes two septets, zero elsewhere. */
TARGET static inline vector escaped(vector classes)
{
    return above(classes, splat(SMSCODEC_ESCAPED - 1));
}

TARGET static inline bool any_foreign(vector classes)
{
    return any(and_(classes, splat(SMSCODEC_ESCAPED - 1)));
}

TARGET static inline int64_t ones(uint64_t bits)
{
    return __builtin_popcountll(bits);
}

#include "vector_units.h"
#include "vector_utf8.h"

#include "vector_octets.h"
