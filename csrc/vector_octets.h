/* Octets of ASCII and septets through a table, and septets packed and unpacked. Included by vector_scan.h. */

TARGET uint64_t NAME(smscodec_look_up)(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output)
{
    uint8_t copy[SMSCODEC_BLOCK];
    uint64_t others = 0;
    if (count < SMSCODEC_BLOCK) { /* reading on could leave the caller's buffer */
        memcpy(copy, input, count);
        input = copy;
    }
    for (size_t i = 0; i < count; i += WIDTH) {
        const vector octets = load(input + i);
        vector found = zero();
        for (unsigned row = 0; row < 0x80; row += 16)
            found = or_(found, look_up_or_zero(table(entries + row), minus(octets, splat((uint8_t)row))));
        store(output + i, found);
        others |= bits(or_(found, octets)) << i;
    }
    return count < SMSCODEC_BLOCK ? others & (((uint64_t)1 << count) - 1) : others;
}

#define LANES(...) {__VA_ARGS__, __VA_ARGS__}
static const uint8_t BY_ONE[2][16] = {LANES(0x7F, 0, 0x7F, 0, 0x7F, 0, 0x7F, 0), LANES(0, 0x7F, 0, 0x7F, 0, 0x7F, 0, 0x7F)};
static const uint8_t BY_TWO[2][16] = {LANES(0xFF, 0x3F, 0, 0, 0xFF, 0x3F, 0, 0), LANES(0, 0, 0xFF, 0x3F, 0, 0, 0xFF, 0x3F)};
static const uint8_t BY_FOUR[2][16] = {LANES(0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 0), LANES(0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x0F)};
static const uint8_t EIGHT[16] = {0, 1, 2, 3, 4, 5, 6, 0x80, 7, 8, 9, 10, 11, 12, 13, 0x80};
static const uint8_t SEVEN[16] = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 0x80, 0x80};
#undef LANES

/* As smscodec_together, in each lane of 64 bits, and then without the octet that is left over. */
TARGET static inline vector packed(vector septets)
{
    septets = or_(and_(septets, table(BY_ONE[0])), down_1(and_(septets, table(BY_ONE[1]))));
    septets = or_(and_(septets, table(BY_TWO[0])), down_2(and_(septets, table(BY_TWO[1]))));
    septets = or_(and_(septets, table(BY_FOUR[0])), down_4(and_(septets, table(BY_FOUR[1]))));
    return look_up(septets, table(SEVEN));
}

TARGET void NAME(smscodec_groups)(const uint8_t *septets, size_t groups, uint8_t *octets)
{
    for (size_t group = 0; group < groups; group += WIDTH / 8)
        store_sevens(octets + 7 * group, packed(load(septets + 8 * group)));
}

/* The reverse. */
TARGET static inline vector unpacked(vector octets)
{
    vector bits = look_up(octets, table(EIGHT));
    bits = or_(and_(bits, table(BY_FOUR[0])), and_(up_4(bits), table(BY_FOUR[1])));
    bits = or_(and_(bits, table(BY_TWO[0])), and_(up_2(bits), table(BY_TWO[1])));
    return or_(and_(bits, table(BY_ONE[0])), and_(up_1(bits), table(BY_ONE[1])));
}

TARGET void NAME(smscodec_ungroup)(const uint8_t *octets, size_t groups, uint8_t *septets)
{
    for (size_t group = 0; group < groups; group += WIDTH / 8)
        store(septets + 8 * group, unpacked(load_sevens(octets + 7 * group)));
}
