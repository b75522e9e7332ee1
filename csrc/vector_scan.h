/* The vector scans, written once over a few operations: WIDTH octets in a `vector`, and zero, splat, load, table, and_,
 * or_, xor_, without, equal, minus, saturating_minus, look_up, high_halves, shifted_1 to _3, continuation, any_high,
 * any, sum, low_octets and high_octets of two vectors of 16-bit units (in any order, but in the same), plus TARGET and
 * NAME(x). Included by one file for each instruction set.
 *
 * ASCII takes two look-ups by half octets. Beyond it the same vector is checked to be UTF-8 (what is wrong between two
 * neighbouring octets by three look-ups, where third and fourth octets must be by looking two and three back), its
 * continuations and four-octet leads are counted in octet lanes, and while the default alphabet is still possible its
 * letters are looked up. The octets past the end of a message are replaced by blanks, which count nothing.
 */
#include <string.h>

#define SMSCODEC_VECTOR_TABLES
#include "tables.h"

/* Blocks after which the lanes that count must be emptied: each lane grows by at most one a block. */
enum { SPAN = 255 * WIDTH };

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

/* Latin-1: octets above 0x7F are letters of the alphabet or not, and take one septet. */
TARGET smscodec_load NAME(smscodec_latin1)(const uint8_t *data, size_t length)
{
    const int64_t characters = (int64_t)length;
    vector classes = zero(), foreign = zero();
    int64_t doubles = 0;
    for (size_t i = 0; i < length;) {
        const size_t stop = length - i > SPAN ? i + SPAN : length;
        vector counted = zero();
        for (; i < stop; i += WIDTH) {
            vector octets = stop - i >= WIDTH ? load(data + i) : own_tail(data, length, stop - i);
            vector found = ascii_classes(octets);
            classes = or_(classes, found);
            counted = minus(counted, escaped(found));
            if (any_high(octets))
                foreign = or_(foreign, and_(look_up(table(SMSCODEC_LATIN1_LOW), and_(octets, splat(0x0F))),
                                            look_up(table(SMSCODEC_LATIN1_HIGH), high_halves(octets))));
        }
        if (any_foreign(classes) || any(foreign))
            return smscodec_ucs2_load(characters, 0);
        doubles += sum(counted);
    }
    return smscodec_gsm_load(characters, doubles);
}

/* Code units by their low and high octets: all bits where one takes two septets; zero in `belongs` where it is not in
 * the alphabet. */
TARGET static inline vector two_septets(vector low, vector high, vector *belongs)
{
    const vector half = and_(low, splat(0x0F)), upper = high_halves(low);
    vector latin = equal(high, zero()), classes = and_(ascii_classes(low), latin);
    vector foreign = or_(and_(classes, splat(SMSCODEC_ESCAPED - 1)),
                         and_(look_up(table(SMSCODEC_LATIN1_LOW), half), look_up(table(SMSCODEC_LATIN1_HIGH), upper)));
    vector letter = and_(look_up(table(SMSCODEC_PAGE_LOW), half), look_up(table(SMSCODEC_PAGE_HIGH), upper));
    vector euro = and_(equal(high, splat(SMSCODEC_EURO_PAGE)), equal(low, splat(SMSCODEC_EURO_LOW)));
    *belongs = or_(and_(latin, equal(foreign, zero())),
                   or_(without(equal(high, splat(SMSCODEC_LETTER_PAGE)), equal(letter, zero())), euro));
    return or_(escaped(classes), euro);
}

/* UCS-2: two vectors of code units at a time, until one is not in the alphabet. */
TARGET smscodec_load NAME(smscodec_ucs2)(const uint16_t *data, size_t length)
{
    int64_t doubles = 0;
    for (size_t i = 0; i < length;) {
        const size_t stop = length - i > SPAN ? i + SPAN : length;
        vector counted = zero();
        for (; i < stop; i += WIDTH) {
            uint16_t copy[WIDTH];
            const uint16_t *units = data + i;
            if (stop - i < WIDTH) {
                for (size_t j = 0; j < WIDTH; j++)
                    copy[j] = i + j < stop ? data[i + j] : ' ';
                units = copy;
            }
            vector first = load((const uint8_t *)units), second = load((const uint8_t *)units + WIDTH), belongs;
            vector twice = two_septets(low_octets(first, second), high_octets(first, second), &belongs);
            if (any(equal(belongs, zero())))
                return smscodec_units_ucs2(data, length);
            counted = minus(counted, twice);
        }
        doubles += sum(counted);
    }
    return smscodec_gsm_load((int64_t)length, doubles);
}

typedef struct {
    vector previous; /* the block before, whose last octets this one continues */
    vector invalid;
    vector classes;
    vector escaped;
    vector continuations;
    vector astral; /* leads of four octets, counted where the next octet is: the last of a block with the next block */
    bool careful;  /* the block before held more than letters of two octets */
    bool foreign;
} NAME(state);

/* All bits where an octet leads a sequence that long: it is at least so much. */
TARGET static inline vector leads(vector least, vector octets)
{
    return equal(saturating_minus(least, octets), zero());
}

TARGET static inline vector third_of_euro(NAME(state) * state, vector octets, vector before_1)
{
    return and_(and_(equal(octets, splat(SMSCODEC_EURO_2)), equal(before_1, splat(SMSCODEC_EURO_1))),
                equal(shifted_2(state->previous, octets), splat(SMSCODEC_EURO_0)));
}

TARGET static inline void validate(NAME(state) * state, vector octets, vector before_1)
{
    vector breaks = and_(and_(look_up(table(SMSCODEC_FIRST_HIGH), high_halves(before_1)),
                              look_up(table(SMSCODEC_FIRST_LOW), and_(before_1, splat(0x0F)))),
                         look_up(table(SMSCODEC_SECOND_HIGH), high_halves(octets)));
    /* The highest bit where the octet two back leads three or four, or the one three back leads four. */
    vector third = saturating_minus(shifted_2(state->previous, octets), splat(0xE0 - 0x80));
    vector fourth = saturating_minus(shifted_3(state->previous, octets), splat(0xF0 - 0x80));
    vector expected = and_(or_(third, fourth), splat(0x80));
    state->invalid = or_(state->invalid, xor_(expected, breaks));
}

/* A block of a text known to be UCS-2. */
TARGET static inline void ucs2_block(NAME(state) * state, vector octets)
{
    vector before_1 = shifted_1(state->previous, octets);
    validate(state, octets, before_1);
    state->continuations = minus(state->continuations, continuation(octets));
    state->astral = minus(state->astral, leads(splat(0xF0), before_1));
    state->previous = octets;
}

/* A block of a text that may still fit the default alphabet. Where each lead is followed by a continuation and the two
 * are a letter of the alphabet, the block is UTF-8 without further proof; anything else is looked at with care, and so
 * is the next block, which may have to end what this one began. */
TARGET static inline void gsm_block(NAME(state) * state, vector octets)
{
    const vector low = splat(0x0F);
    vector before_1 = shifted_1(state->previous, octets), before_high = high_halves(before_1);
    vector continuations = continuation(octets), high = high_halves(octets), half = and_(octets, low);
    vector letter = and_(and_(look_up(table(SMSCODEC_LETTER_LOW), half), look_up(table(SMSCODEC_LETTER_HIGH), high)),
                         and_(look_up(table(SMSCODEC_LETTER_LEAD), and_(before_1, low)), equal(before_high, splat(0x0C))));
    vector found = and_(look_up(table(SMSCODEC_ASCII_LOW), half), look_up(table(SMSCODEC_ASCII_HIGH), high));
    vector no_letter = and_(continuations, equal(letter, zero()));
    bool unusual = any(or_(no_letter, xor_(continuations, leads(splat(0xC0), before_1))));
    state->classes = or_(state->classes, found);
    state->escaped = minus(state->escaped, escaped(found));
    state->continuations = minus(state->continuations, continuations);
    if (unusual || state->careful) {
        vector second = and_(equal(octets, splat(SMSCODEC_EURO_1)), equal(before_1, splat(SMSCODEC_EURO_0)));
        vector third = third_of_euro(state, octets, before_1);
        validate(state, octets, before_1);
        state->escaped = minus(state->escaped, third);
        state->astral = minus(state->astral, leads(splat(0xF0), before_1));
        state->foreign = any(without(no_letter, or_(second, third)));
    }
    state->careful = unusual;
    state->previous = octets;
}

/* From the first block on that is not ASCII; doubles were counted before it. */
TARGET static smscodec_load beyond_ascii(const uint8_t *data, size_t length, size_t readable, size_t i, vector classes,
                                         int64_t doubles)
{
    NAME(state) state = {zero(), zero(), classes, zero(), zero(), zero(), false, false};
    int64_t continuations = 0, astral = 0;
    while (i < length) {
        const size_t stop = length - i > SPAN ? i + SPAN : length;
        for (; !state.foreign && i < stop; i += WIDTH)
            gsm_block(&state, stop - i >= WIDTH ? load(data + i) : tail(data + i, stop - i, readable - i));
        for (; i < stop; i += WIDTH)
            ucs2_block(&state, stop - i >= WIDTH ? load(data + i) : tail(data + i, stop - i, readable - i));
        continuations += sum(state.continuations);
        astral += sum(state.astral);
        doubles += sum(state.escaped);
        state.continuations = state.astral = state.escaped = zero();
    }
    if (length % WIDTH == 0) /* no blank has followed the last octet */
        validate(&state, splat(' '), shifted_1(state.previous, splat(' ')));
    if (any(state.invalid))
        return smscodec_utf8_scalar(data, length, readable);
    const int64_t characters = (int64_t)length - continuations;
    if (state.foreign || any_foreign(state.classes))
        return smscodec_ucs2_load(characters, astral);
    return smscodec_gsm_load(characters, doubles);
}

TARGET smscodec_load NAME(smscodec_utf8)(const uint8_t *data, size_t length, size_t readable)
{
    const size_t stop = length < SPAN ? length : SPAN;
    vector classes = zero(), counted = zero();
    size_t i = 0;
    for (; i < stop; i += WIDTH) {
        vector octets = stop - i >= WIDTH ? load(data + i) : tail(data + i, stop - i, readable - i);
        if (any_high(octets))
            return beyond_ascii(data, length, readable, i, classes, sum(counted));
        vector found = ascii_classes(octets);
        classes = or_(classes, found);
        counted = minus(counted, escaped(found));
    }
    if (length > SPAN)
        return beyond_ascii(data, length, readable, i, classes, sum(counted));
    if (!any(classes))
        return smscodec_gsm_load((int64_t)length, 0);
    if (any_foreign(classes))
        return smscodec_ucs2_load((int64_t)length, 0);
    return smscodec_gsm_load((int64_t)length, sum(counted));
}

/* Counts rows from `row` on for as long as they are short ASCII of one septet a character, and tells the first that is
 * not. There is no branch that depends on a length: octets past the end of a message are loaded and left out. */
TARGET int64_t NAME(smscodec_plain_rows)(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                         int64_t row, int64_t rows, const smscodec_columns *columns)
{
    int64_t end = smscodec_offset(offsets, offset_width, row);
    for (; row < rows; row++) {
        const int64_t start = end;
        end = smscodec_offset(offsets, offset_width, row + 1);
        if (start < 0 || end < start || end - start > SMSCODEC_SHORT || (uint64_t)start + SMSCODEC_SHORT > data_length)
            return row;
        const size_t length = (size_t)(end - start);
        vector kept = zero(), classes = zero();
        for (size_t i = 0; i < SMSCODEC_SHORT; i += WIDTH) {
            size_t left = length > i ? length - i : 0;
            vector keep = load(KEEP + WIDTH - (left < WIDTH ? left : WIDTH));
            vector octets = and_(load(data + start + i), keep);
            kept = or_(kept, octets);
            classes = or_(classes, and_(ascii_classes(octets), keep));
        }
        if (any_high(kept) || any(classes))
            return row;
        columns->alphabets[row] = SMSCODEC_GSM_7BIT;
        columns->units[row] = (uint32_t)length;
        columns->segments[row] = 1;
    }
    return row;
}
