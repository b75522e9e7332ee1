/* UTF-8: one message, and short ASCII rows of a column. Included by vector_scan.h.
 *
 * ASCII takes two look-ups by half octets. Beyond it the same vector is checked to be UTF-8 (what is wrong between two
 * neighbouring octets by three look-ups, where third and fourth octets must be by looking two and three back), and while
 * the default alphabet is still possible its letters are looked up.
 */

/* A bit for each lane. */
#define ALL (((uint64_t)1 << WIDTH) - 1)

typedef struct {
    vector previous; /* the block before, whose last octets this one continues */
    vector invalid;
    vector classes;
    int64_t escaped;
    int64_t continuations;
    int64_t astral; /* fourth octets */
    bool led;       /* the block before ends with a lead */
    bool careful;   /* it held more than letters of two octets */
    bool foreign;
} NAME(state);

/* Checks that a block goes on with what came before, and counts its continuations and its fourth octets. */
TARGET static inline void validate(NAME(state) * state, vector octets, vector before_1)
{
    /* Where the highest bit is set, the octet is a continuation, follows another one, must be a third or a fourth one. */
    vector second = look_up(table(SMSCODEC_SECOND_HIGH), high_halves(octets));
    vector breaks = and_(and_(look_up(table(SMSCODEC_FIRST_HIGH), high_halves(before_1)),
                              look_up(table(SMSCODEC_FIRST_LOW), and_(before_1, splat(0x0F)))),
                         second);
    vector third = saturating_minus(shifted_2(state->previous, octets), splat(0xE0 - 0x80));
    vector fourth = saturating_minus(shifted_3(state->previous, octets), splat(0xF0 - 0x80));
    vector expected = and_(or_(third, fourth), splat(0x80));
    state->invalid = or_(state->invalid, xor_(expected, breaks));
    state->continuations += ones(bits(second));
    state->astral += ones(bits(fourth));
}

/* Not zero where a lead is one of no letter in the default alphabet: proof that the text is UCS-2, though others are too. */
TARGET static inline vector foreign_leads(vector octets)
{
    return and_(look_up(table(SMSCODEC_FOREIGN_LOW), and_(octets, splat(0x0F))),
                look_up(table(SMSCODEC_FOREIGN_HIGH), high_halves(octets)));
}

/* A block of a text known to be UCS-2. */
TARGET static inline void ucs2_block(NAME(state) * state, vector octets)
{
    validate(state, octets, shifted_1(state->previous, octets));
    state->previous = octets;
}

/* All that gsm_block does not expect: the euro sign is a letter of three octets, any other ends the default alphabet. */
TARGET static inline void unusual_block(NAME(state) * state, vector octets, vector before_1, vector no_letter)
{
    vector second = and_(equal(octets, splat(SMSCODEC_EURO_1)), equal(before_1, splat(SMSCODEC_EURO_0)));
    /* After another first octet the second one has been foreign. */
    vector third = and_(equal(octets, splat(SMSCODEC_EURO_2)), equal(before_1, splat(SMSCODEC_EURO_1)));
    validate(state, octets, before_1);
    state->escaped += ones(bits(third));
    state->foreign = any(without(no_letter, or_(second, third)));
}

/* A block of a text that may still fit the default alphabet. Where each lead is followed by a continuation and the two
 * are a letter of the alphabet, the block is UTF-8 without further proof; anything else is looked at with care, and so
 * is the next block, which may have to end what this one began. */
TARGET static inline void gsm_block(NAME(state) * state, vector octets)
{
    vector before_1 = shifted_1(state->previous, octets), classes = ascii_classes(octets);
    vector letter = and_(and_(look_up(table(SMSCODEC_LETTER_LOW), and_(octets, splat(0x0F))),
                              look_up(table(SMSCODEC_LETTER_HIGH), high_halves(octets))),
                         look_up_or_zero(table(SMSCODEC_LETTER_LEAD), minus(before_1, splat(0xC0))));
    vector continuations = continuation(octets), no_letter = and_(continuations, equal(letter, zero()));
    const uint64_t follow = bits(continuations), lead = bits(octets) & ~follow;
    const bool usual = ((lead << 1 | state->led) & ALL) == follow && !any(no_letter);
    state->classes = or_(state->classes, classes);
    state->escaped += ones(bits(escaped(classes)));
    if (usual && !state->careful)
        state->continuations += ones(follow);
    else
        unusual_block(state, octets, before_1, no_letter);
    state->led = lead >> (WIDTH - 1);
    state->careful = !usual;
    state->previous = octets;
}

/* From the first block on that is not ASCII, and may be foreign; so many octets before it take two septets. */
TARGET static smscodec_load beyond_ascii(const uint8_t *data, size_t length, size_t readable, size_t i, vector classes,
                                         int64_t doubles, bool foreign)
{
    NAME(state) state = {zero(), zero(), classes, doubles, 0, 0, false, false, foreign};
    for (; !state.foreign && i < length; i += WIDTH)
        gsm_block(&state, length - i >= WIDTH ? load(data + i) : tail(data + i, length - i, readable - i));
    for (; i < length; i += WIDTH)
        ucs2_block(&state, length - i >= WIDTH ? load(data + i) : tail(data + i, length - i, readable - i));
    if (length % WIDTH == 0) /* no blank has followed the last octet */
        ucs2_block(&state, splat(' '));
    if (any(state.invalid))
        return smscodec_utf8_scalar(data, length, readable);
    const int64_t characters = (int64_t)length - state.continuations;
    if (state.foreign || any_foreign(state.classes))
        return smscodec_ucs2_load(characters, state.astral);
    return smscodec_gsm_load(characters, state.escaped);
}

TARGET smscodec_load NAME(smscodec_utf8)(const uint8_t *data, size_t length, size_t readable)
{
    vector classes = zero();
    int64_t doubles = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        vector octets = length - i >= WIDTH ? load(data + i) : tail(data + i, length - i, readable - i);
        if (any_high(octets))
            return beyond_ascii(data, length, readable, i, classes, doubles,
                                any(foreign_leads(octets)));
        vector found = ascii_classes(octets);
        classes = or_(classes, found);
        doubles += ones(bits(escaped(found)));
    }
    return any_foreign(classes) ? smscodec_ucs2_load((int64_t)length, 0)
                                : smscodec_gsm_load((int64_t)length, doubles);
}

/* How far ahead of a message to prefetch while it is counted: columns are read faster than a processor prefetches by
 * itself. An address past the end does no harm. */
enum { AHEAD = 1024, LINE = 64, SOON = 32 };

static inline void fetch(const uint8_t *data, int64_t start)
{
    const uintptr_t ahead = (uintptr_t)data + (uintptr_t)start + AHEAD;
    for (unsigned line = 0; line < 3; line++)
        __builtin_prefetch((const void *)(ahead + LINE * line));
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
        fetch(data, start);
        vector kept = zero(), classes = zero();
        for (size_t i = 0; i < SMSCODEC_SHORT; i += WIDTH) {
            size_t left = length > i ? length - i : 0;
            vector keep = load(KEEP + WIDTH - (left < WIDTH ? left : WIDTH));
            vector octets = and_(load(data + start + i), keep);
            kept = or_(kept, octets);
            classes = or_(classes, and_(ascii_classes(octets), keep));
            if (i == SOON && any_high(kept)) /* most rows that are not ASCII show it so early */
                return row;
        }
        if (any_high(kept) || any(classes))
            return row;
        columns->alphabets[row] = SMSCODEC_GSM_7BIT;
        columns->units[row] = (uint32_t)length;
        columns->segments[row] = 1;
    }
    return row;
}

/* Counts rows from `row` on for as long as they have a foreign lead, and tells the first that has none or that only
 * smscodec_utf8 can judge. Where all rows are in another script, or all have emoji, to look for the default alphabet first
 * would take half as long again. */
TARGET int64_t NAME(smscodec_ucs2_rows)(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                        int64_t row, int64_t rows, const uint32_t *rooms, const smscodec_columns *columns)
{
    int64_t end = smscodec_offset(offsets, offset_width, row);
    for (; row < rows; row++) {
        const int64_t start = end;
        end = smscodec_offset(offsets, offset_width, row + 1);
        if (start < 0 || end < start || (uint64_t)end > data_length)
            return row;
        const size_t length = (size_t)(end - start), readable = data_length - (size_t)start;
        const uint8_t *text = data + start;
        NAME(state) state = {zero(), zero(), zero(), 0, 0, 0, false, false, true};
        vector foreign = zero();
        for (size_t i = 0; i < length; i += WIDTH) {
            const vector octets = length - i >= WIDTH ? load(text + i) : tail(text + i, length - i, readable - i);
            foreign = or_(foreign, foreign_leads(octets));
            ucs2_block(&state, octets);
        }
        if (length % WIDTH == 0) /* no blank has followed the last octet */
            ucs2_block(&state, splat(' '));
        const smscodec_load load = smscodec_ucs2_load((int64_t)length - state.continuations, state.astral);
        const int64_t segments = smscodec_segments_by_sums(&load, rooms);
        if (any(state.invalid) || !any(foreign) || !segments || !smscodec_write(columns, row, &load, segments))
            return row;
    }
    return row;
}
