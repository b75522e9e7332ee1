/* The vector scans with SSE4.1: 16 octets a step. */
#include "internal.h"
#include "tables.h"

#if SMSCODEC_HAS_X86
#include <immintrin.h>

#define TARGET __attribute__((target("sse4.1,popcnt")))
#define NAME(name) name##_sse41
#define WIDTH 16

typedef __m128i vector;

TARGET static inline vector zero(void) { return _mm_setzero_si128(); }
TARGET static inline vector load(const uint8_t *data) { return _mm_loadu_si128((const __m128i *)data); }
TARGET static inline vector table(const uint8_t *sixteen) { return load(sixteen); }
TARGET static inline vector splat(uint8_t octet) { return table(SMSCODEC_SPLATS[octet]); }
TARGET static inline vector and_(vector a, vector b) { return _mm_and_si128(a, b); }
TARGET static inline vector or_(vector a, vector b) { return _mm_or_si128(a, b); }
TARGET static inline vector xor_(vector a, vector b) { return _mm_xor_si128(a, b); }
TARGET static inline vector without(vector a, vector b) { return _mm_andnot_si128(b, a); }
TARGET static inline vector equal(vector a, vector b) { return _mm_cmpeq_epi8(a, b); }
TARGET static inline vector above(vector a, vector b) { return _mm_cmpgt_epi8(a, b); } /* both under 0x80 */
TARGET static inline vector continuation(vector v) { return _mm_cmpgt_epi8(splat(0xC0), v); }
TARGET static inline vector minus(vector a, vector b) { return _mm_sub_epi8(a, b); }
TARGET static inline vector saturating_minus(vector a, vector b) { return _mm_subs_epu8(a, b); }
TARGET static inline vector look_up(vector sixteen, vector indices) { return _mm_shuffle_epi8(sixteen, indices); }
TARGET static inline vector look_up_or_zero(vector sixteen, vector indices) /* zero from index 16 on */
{
    return _mm_shuffle_epi8(sixteen, _mm_adds_epu8(indices, splat(0x70)));
}
TARGET static inline vector low_octets(vector a, vector b)
{
    const vector low = _mm_set1_epi16(0x00FF);
    return _mm_packus_epi16(and_(a, low), and_(b, low));
}
TARGET static inline vector high_octets(vector a, vector b)
{
    return _mm_packus_epi16(_mm_srli_epi16(a, 8), _mm_srli_epi16(b, 8));
}
TARGET static inline vector surrogates(vector units) /* not zero where one is */
{
    return _mm_cmpeq_epi16(_mm_and_si128(units, _mm_set1_epi16((short)0xF800)), _mm_set1_epi16((short)0xD800));
}
TARGET static inline vector surrogates_4(vector v) /* the same of code points */
{
    return _mm_cmpeq_epi32(_mm_and_si128(v, _mm_set1_epi32((int)0xFFFFF800)), _mm_set1_epi32(0xD800));
}
TARGET static inline vector astral_4(vector v) { return _mm_cmpgt_epi32(v, _mm_set1_epi32(0xFFFF)); }
TARGET static inline vector units(const uint32_t *data)
{
    return _mm_packus_epi32(load((const uint8_t *)data), load((const uint8_t *)(data + 4)));
}
TARGET static inline vector in_order(vector v) { return v; }
TARGET static inline vector high_halves(vector v) { return and_(_mm_srli_epi16(v, 4), splat(0x0F)); }
TARGET static inline vector down_1(vector v) { return _mm_srli_epi64(v, 1); }
TARGET static inline vector down_2(vector v) { return _mm_srli_epi64(v, 2); }
TARGET static inline vector down_4(vector v) { return _mm_srli_epi64(v, 4); }
TARGET static inline void store(uint8_t *data, vector v) { _mm_storeu_si128((__m128i *)data, v); }
TARGET static inline void store_sevens(uint8_t *data, vector v) { store(data, v); }
TARGET static inline vector up_1(vector v) { return _mm_slli_epi64(v, 1); }
TARGET static inline vector up_2(vector v) { return _mm_slli_epi64(v, 2); }
TARGET static inline vector up_4(vector v) { return _mm_slli_epi64(v, 4); }
TARGET static inline vector load_sevens(const uint8_t *data) { return load(data); }

/* The block moved up by so many octets, with the last ones of the block before in front. */
TARGET static inline vector shifted_1(vector before, vector v) { return _mm_alignr_epi8(v, before, 15); }
TARGET static inline vector shifted_2(vector before, vector v) { return _mm_alignr_epi8(v, before, 14); }
TARGET static inline vector shifted_3(vector before, vector v) { return _mm_alignr_epi8(v, before, 13); }

TARGET static inline bool any_high(vector v) { return _mm_movemask_epi8(v) != 0; }
TARGET static inline uint64_t bits(vector v) { return (uint32_t)_mm_movemask_epi8(v); }
TARGET static inline bool any(vector v) { return !_mm_testz_si128(v, v); }
TARGET static inline int64_t sum(vector v)
{
    __m128i halves = _mm_sad_epu8(v, zero());
    return _mm_cvtsi128_si32(halves) + _mm_extract_epi32(halves, 2);
}

#include "vector_scan.h"

/* UTF-8 to UTF-16BE, eight octets a step: where each octet stands the code unit is made that would begin there, and those
 * that a continuation makes are left out, as is all from a character of four octets on. A step may begin inside a character
 * that the one before has written. */
TARGET size_t smscodec_units_sse41(const uint8_t *data, size_t length, unsigned room, uint8_t *octets, unsigned *used)
{
    const vector six = _mm_set1_epi16(0x3F), five = _mm_set1_epi16(0x1F);
    size_t at = 0, step = 8;
    for (; step == 8 && length - at >= 16 && room - *used >= 8; at += step) {
        const vector all = load(data + at), first = _mm_cvtepu8_epi16(all);
        const vector second = and_(_mm_cvtepu8_epi16(_mm_srli_si128(all, 1)), six);
        const vector third = and_(_mm_cvtepu8_epi16(_mm_srli_si128(all, 2)), six);
        const vector two = or_(_mm_slli_epi16(and_(first, five), 6), second);
        const vector three = or_(or_(_mm_slli_epi16(first, 12), _mm_slli_epi16(second, 6)), third);
        const vector beyond_one = _mm_cmpgt_epi16(first, _mm_set1_epi16(0x7F));
        const vector beyond_two = _mm_cmpgt_epi16(first, _mm_set1_epi16(0xDF));
        const vector unit = _mm_blendv_epi8(_mm_blendv_epi8(first, two, beyond_one), three, beyond_two);
        const uint64_t four = bits(equal(_mm_max_epu8(all, splat(0xF0)), all)) | 1 << 8;
        const uint64_t kept = ~bits(continuation(all)) & below_first(four) & 0xFF;
        store(octets + 2 * *used, look_up(unit, load(SMSCODEC_UNITS_KEPT[kept])));
        *used += (unsigned)ones(kept);
        step = smscodec_lowest(four);
    }
    while (at && at < length && (data[at] & 0xC0) == 0x80)
        at++;
    return at + smscodec_units_scalar(data + at, length - at, room, octets, used);
}
#else
typedef int nothing_here;
#endif
