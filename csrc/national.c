/* National tables for messages that were counted: which pair of those permitted takes fewest segments.
 *
 * A character matters only by the tables that hold it. Characters that the same tables hold are a class, of which there
 * are a few dozen, so a text is read once, to count its characters by class; what each pair costs is then a sum over the
 * classes that came up. The text is walked again only where a cut may leave a septet empty.
 *
 * Reference: 3GPP TS 23.038, 6.2.1.2; 3GPP TS 23.040, 9.2.3.24.15 and 9.2.3.24.16
 */
#include "internal.h"

enum { CLASSES = 256, TABLES = 16 };

typedef struct {
    const void *data;
    size_t length; /* code units */
} source;

/* The class of the next character; 0 where no table holds it, or it is cut off. */
SMSCODEC_INLINE unsigned next_class(int kind, const smscodec_languages *languages, const source *text, size_t *at)
{
    uint32_t character;
    const unsigned taken = smscodec_character_at(kind, text->data, text->length, *at, &character);
    *at += taken;
    return taken && character <= 0xFFFF ? languages->classes[256 * (size_t)languages->pages[character >> 8] + (character & 0xFF)]
                                        : 0;
}

/* Characters by their class, and which classes came up. */
typedef struct {
    uint32_t of_class[CLASSES];
    uint8_t found[CLASSES];
    unsigned classes;
    int64_t characters;
} tally;

static void forget(tally *counted)
{
    for (unsigned i = 0; i < counted->classes; i++)
        counted->of_class[counted->found[i]] = 0;
    counted->classes = 0;
    counted->characters = 0;
}

/* Says whether each character is in some table. */
SMSCODEC_INLINE bool count_classes(int kind, const smscodec_languages *languages, const source *text, tally *counted)
{
    for (size_t at = 0; at < text->length; counted->characters++) {
        const unsigned class = next_class(kind, languages, text, &at);
        if (!class)
            return false;
        if (!counted->of_class[class]++)
            counted->found[counted->classes++] = (uint8_t)class;
    }
    return true;
}

/* What a message costs under a pair of tables. A plan of fewer segments is better, then one of fewer shift elements, then
 * of fewer septets; of those that are alike the first. */
typedef struct {
    int64_t segments;
    int64_t elements;
    int64_t units;
    unsigned pair;
} plan;

static inline bool is_better(const plan *a, const plan *b)
{
    if (a->segments != b->segments)
        return a->segments < b->segments;
    return a->elements != b->elements ? a->elements < b->elements : a->units < b->units;
}

static inline int64_t fewest(int64_t units, const uint32_t *room)
{
    return units <= (int64_t)room[0] || room[1] < 2 ? 1 : (units + room[1] - 1) / room[1];
}

SMSCODEC_INLINE int64_t walked(int kind, const smscodec_languages *languages, const source *text, unsigned main, int64_t limit)
{
    smscodec_fill fill = {1, 0};
    for (size_t at = 0; at < text->length;) {
        const unsigned class = next_class(kind, languages, text, &at);
        if (!class)
            break;
        smscodec_place(&fill, languages->holders[class] >> main & 1 ? 1 : 2, limit);
    }
    return fill.segments;
}

/* The plan with a main table and the first single table that holds all that the main one lacks; false where there is none
 * that takes fewer segments than so many. */
SMSCODEC_INLINE bool plan_with(int kind, const smscodec_languages *languages, const source *text, const tally *counted,
                               unsigned main, int64_t segments, plan *found)
{
    uint32_t singles = languages->singles;
    int64_t doubles = 0;
    for (unsigned i = 0; i < counted->classes && singles; i++) {
        const uint32_t holders = languages->holders[counted->found[i]];
        if (!(holders >> main & 1)) {
            singles &= holders >> TABLES;
            doubles += counted->of_class[counted->found[i]];
        }
    }
    if (!singles || (!main && singles & 1)) /* the default alphabet is not a national plan */
        return false;
    const unsigned single = smscodec_lowest(singles);
    const smscodec_load load = smscodec_gsm_load(counted->characters, doubles);
    found->elements = !!main + !!single;
    found->units = load.units;
    found->pair = main << 4 | single;
    const uint32_t *room = languages->rooms[found->elements];
    if (fewest(load.units, room) >= segments)
        return false;
    if (load.units <= (int64_t)room[0] && room[0] >= 2) {
        found->segments = 1;
        return true;
    }
    if (room[1] < 2)
        return false;
    found->segments = smscodec_segments_by_sums(&load, room);
    if (!found->segments)
        found->segments = walked(kind, languages, text, main, room[1]);
    return found->segments < segments;
}

SMSCODEC_INLINE bool best_plan(int kind, const smscodec_languages *languages, const source *text, tally *counted,
                               int64_t segments, plan *best)
{
    *best = (plan){.segments = segments}; /* than which every plan is better */
    if (!count_classes(kind, languages, text, counted))
        return false;
    for (uint32_t mains = languages->mains; mains; mains &= mains - 1) {
        plan found;
        if (plan_with(kind, languages, text, counted, smscodec_lowest(mains), segments, &found) && is_better(&found, best))
            *best = found;
    }
    return best->segments < segments;
}

/* The least septets that a message can take: as many as it has characters. */
SMSCODEC_INLINE int64_t least_units(int kind, const source *text, int32_t alphabet, int64_t units)
{
    if (alphabet == SMSCODEC_UCS2) /* no table holds a character of two code units */
        return units;
    if (kind)
        return (int64_t)text->length;
    const int8_t *octets = text->data;
    int64_t characters = 0;
    for (size_t i = 0; i < text->length; i++)
        characters += octets[i] >= -0x40;
    return characters;
}

SMSCODEC_INLINE void choose(int kind, const void *data, size_t data_length, const void *offsets, int offset_width, int64_t rows,
                            const smscodec_languages *languages, const smscodec_columns *columns, uint8_t *pairs)
{
    tally counted = {.classes = 0};
    for (int64_t row = 0; row < rows; row++) {
        const int64_t segments = columns->segments[row];
        pairs[row] = 0;
        if (segments < 2)
            continue;
        const int64_t start = smscodec_offset(offsets, offset_width, row);
        const int64_t end = smscodec_offset(offsets, offset_width, row + 1);
        if (start < 0 || end < start || (uint64_t)end > data_length)
            continue;
        const source text = {(const uint8_t *)data + (kind ? (size_t)kind : 1) * (size_t)start, (size_t)(end - start)};
        plan best;
        if (fewest(least_units(kind, &text, columns->alphabets[row], columns->units[row]), languages->rooms[1]) >= segments)
            continue;
        if (best_plan(kind, languages, &text, &counted, segments, &best) && best.units <= (int64_t)UINT32_MAX) {
            columns->alphabets[row] = SMSCODEC_GSM_7BIT;
            columns->units[row] = (uint32_t)best.units;
            columns->segments[row] = (uint32_t)best.segments;
            pairs[row] = (uint8_t)best.pair;
        }
        forget(&counted);
    }
}

void smscodec_choose(int kind, const void *data, size_t data_length, const void *offsets, int offset_width, int64_t rows,
                     const smscodec_languages *languages, const smscodec_columns *columns, uint8_t *pairs)
{
    if (kind == 0)
        choose(0, data, data_length, offsets, offset_width, rows, languages, columns, pairs);
    else
        choose(4, data, data_length, offsets, offset_width, rows, languages, columns, pairs);
}
