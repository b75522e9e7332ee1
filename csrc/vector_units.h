/* Code unit strings: Latin-1, UCS-2, UCS-4, and texts of code points that are joined. Included by vector_scan.h. */

/* Vectors after which the lanes that count must be emptied: each lane grows by at most one a vector. */
enum { SPAN = 255 * WIDTH };

/* Latin-1: all bits where an octet takes two septets; not zero in `foreign` where it is not in the alphabet. Once a text
 * has shown more than ASCII there is no telling where it will again: the branch is then always taken. */
TARGET static inline vector two_septets_latin1(vector octets, bool *beyond_ascii, vector *foreign)
{
    vector classes = ascii_classes(octets);
    *foreign = and_(classes, splat(SMSCODEC_ESCAPED - 1));
    if (*beyond_ascii || (*beyond_ascii = any_high(octets)))
        *foreign = or_(*foreign, and_(look_up(table(SMSCODEC_LATIN1_LOW), and_(octets, splat(0x0F))),
                                      look_up(table(SMSCODEC_LATIN1_HIGH), high_halves(octets))));
    return escaped(classes);
}

TARGET smscodec_load NAME(smscodec_latin1)(const uint8_t *data, size_t length)
{
    vector foreign = zero(), found;
    bool beyond_ascii = false;
    int64_t doubles = 0;
    for (size_t i = 0; i < length;) {
        const size_t stop = length - i > SPAN ? i + SPAN : length;
        vector counted = zero();
        for (; i < stop; i += WIDTH) {
            vector octets = stop - i >= WIDTH ? load(data + i) : own_tail(data, length, stop - i);
            counted = minus(counted, two_septets_latin1(octets, &beyond_ascii, &found));
            foreign = or_(foreign, found);
        }
        if (any(foreign))
            return smscodec_ucs2_load((int64_t)length, 0);
        doubles += sum(counted);
    }
    return smscodec_gsm_load((int64_t)length, doubles);
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

/* A text that is UCS-2 for certain, with no surrogate before code unit i: one surrogate is a lone one. */
TARGET static smscodec_load NAME(units_ucs2)(const uint16_t *data, size_t i, size_t length)
{
    vector found = zero();
    for (; length - i >= WIDTH / 2; i += WIDTH / 2)
        found = or_(found, surrogates(load((const uint8_t *)(data + i))));
    bool lone = any(found);
    for (; i < length; i++)
        lone |= (data[i] & 0xF800) == 0xD800;
    return lone ? smscodec_units_ucs2(data, length) : smscodec_ucs2_load((int64_t)length, 0);
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
            const uint16_t *text = data + i;
            if (stop - i < WIDTH) {
                for (size_t j = 0; j < WIDTH; j++)
                    copy[j] = i + j < stop ? data[i + j] : ' ';
                text = copy;
            }
            vector first = load((const uint8_t *)text), second = load((const uint8_t *)text + WIDTH), belongs;
            vector twice = two_septets(low_octets(first, second), high_octets(first, second), &belongs);
            if (any(equal(belongs, zero())))
                return NAME(units_ucs2)(data, i, length);
            counted = minus(counted, twice);
        }
        doubles += sum(counted);
    }
    return smscodec_gsm_load((int64_t)length, doubles);
}

/* WIDTH code points, or as many as are left and NULs after them. */
TARGET static inline const uint32_t *whole(const uint32_t *data, size_t left, uint32_t *copy)
{
    if (left >= WIDTH)
        return data;
    memset(copy, 0, sizeof *copy * WIDTH);
    memcpy(copy, data, sizeof *copy * left);
    return copy;
}

/* A bit for each of WIDTH code points. */
typedef struct {
    uint64_t nul;
    uint64_t twice;   /* two septets */
    uint64_t foreign; /* not in the alphabet, as a NUL is not */
    uint64_t surrogate;
    uint64_t far; /* U+FFFF or above it */
} NAME(points);

TARGET static inline NAME(points) points_of(const uint32_t *characters, bool *beyond_ascii)
{
    const vector first = units(characters), second = units(characters + WIDTH / 2);
    const vector low = in_order(low_octets(first, second)), pages = high_octets(first, second);
    vector found;
    NAME(points) points = {0, 0, 0, 0, 0};
    if (!any(pages)) {
        points.twice = bits(two_septets_latin1(low, beyond_ascii, &found));
        points.foreign = bits(above(found, zero()));
        points.nul = bits(equal(low, zero()));
    } else {
        const vector high = in_order(pages);
        points.twice = bits(two_septets(low, high, &found));
        points.foreign = bits(equal(found, zero()));
        points.nul = bits(equal(or_(low, high), zero()));
        points.surrogate = bits(equal(and_(high, splat(0xF8)), splat(0xD8)));
        points.far = bits(equal(and_(low, high), splat(0xFF)));
    }
    return points;
}

/* The bits below the lowest that is set, all of them where none is. */
static inline uint64_t below_first(uint64_t bits)
{
    return (bits & (0 - bits)) - 1;
}

/* One of several texts of code points with a NUL after each but the last. */
TARGET smscodec_load NAME(smscodec_joined)(const uint32_t *data, size_t left, size_t *length)
{
    int64_t astral = 0, doubles = 0;
    uint64_t foreign = 0;
    bool beyond_ascii = false;
    for (size_t i = 0;; i += WIDTH) {
        uint32_t copy[WIDTH];
        const uint32_t *characters = whole(data + i, left - i, copy);
        const NAME(points) points = points_of(characters, &beyond_ascii);
        const uint64_t kept = below_first(points.nul);
        if (points.surrogate & kept)
            return smscodec_refused(SMSCODEC_LONE_SURROGATE, i + (size_t)ones(below_first(points.surrogate)));
        doubles += ones(points.twice & kept);
        foreign |= points.foreign & kept;
        for (unsigned j = 0; points.far & kept && j < WIDTH; j++)
            astral += characters[j] > 0xFFFF && kept >> j & 1;
        if (points.nul) {
            *length = i + (size_t)ones(kept);
            break;
        }
    }
    return foreign ? smscodec_ucs2_load((int64_t)*length, astral) : smscodec_gsm_load((int64_t)*length, doubles);
}

/* A text of code points: with one above U+FFFF, as each str of four octets a character has one, it is UCS-2 for certain. */
TARGET smscodec_load NAME(smscodec_ucs4)(const uint32_t *data, size_t length)
{
    vector found = zero();
    int64_t astral = 0;
    size_t i = 0;
    for (; length - i >= WIDTH / 4; i += WIDTH / 4) {
        const vector characters = load((const uint8_t *)(data + i));
        found = or_(found, surrogates_4(characters));
        astral += ones(bits(astral_4(characters))) / 4;
    }
    bool lone = any(found);
    for (; i < length; i++) {
        lone |= data[i] - 0xD800 < 0x800;
        astral += data[i] > 0xFFFF;
    }
    if (lone)
        return smscodec_ucs4_scalar(data, length);
    if (astral)
        return smscodec_ucs2_load((int64_t)length, astral);
    size_t taken = 0;
    const smscodec_load load = NAME(smscodec_joined)(data, length, &taken);
    return taken == length ? load : smscodec_ucs2_load((int64_t)length, 0); /* no alphabet has a NUL */
}
