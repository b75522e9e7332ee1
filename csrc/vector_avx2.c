/* The vector scans with AVX2: 32 octets a step. */
#include "internal.h"
#include "tables.h"

#if SMSCODEC_HAS_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,popcnt")))
#define NAME(name) name##_avx2
#define WIDTH 32

typedef __m256i vector;

TARGET static inline vector zero(void) { return _mm256_setzero_si256(); }
TARGET static inline vector load(const uint8_t *data) { return _mm256_loadu_si256((const __m256i *)data); }
TARGET static inline vector table(const uint8_t *sixteen)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)sixteen));
}
TARGET static inline vector splat(uint8_t octet) { return table(SMSCODEC_SPLATS[octet]); }
TARGET static inline vector and_(vector a, vector b) { return _mm256_and_si256(a, b); }
TARGET static inline vector or_(vector a, vector b) { return _mm256_or_si256(a, b); }
TARGET static inline vector xor_(vector a, vector b) { return _mm256_xor_si256(a, b); }
TARGET static inline vector without(vector a, vector b) { return _mm256_andnot_si256(b, a); }
TARGET static inline vector equal(vector a, vector b) { return _mm256_cmpeq_epi8(a, b); }
TARGET static inline vector above(vector a, vector b) { return _mm256_cmpgt_epi8(a, b); } /* both under 0x80 */
TARGET static inline vector continuation(vector v) { return _mm256_cmpgt_epi8(splat(0xC0), v); }
TARGET static inline vector minus(vector a, vector b) { return _mm256_sub_epi8(a, b); }
TARGET static inline vector saturating_minus(vector a, vector b) { return _mm256_subs_epu8(a, b); }
TARGET static inline vector look_up(vector sixteen, vector indices) { return _mm256_shuffle_epi8(sixteen, indices); }
TARGET static inline vector look_up_or_zero(vector sixteen, vector indices) /* zero from index 16 on */
{
    return _mm256_shuffle_epi8(sixteen, _mm256_adds_epu8(indices, splat(0x70)));
}
TARGET static inline vector low_octets(vector a, vector b)
{
    const vector low = _mm256_set1_epi16(0x00FF);
    return _mm256_packus_epi16(and_(a, low), and_(b, low));
}
TARGET static inline vector high_octets(vector a, vector b)
{
    return _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
}
TARGET static inline vector surrogates(vector units) /* not zero where one is */
{
    return _mm256_cmpeq_epi16(_mm256_and_si256(units, _mm256_set1_epi16((short)0xF800)), _mm256_set1_epi16((short)0xD800));
}
TARGET static inline vector surrogates_4(vector v) /* the same of code points */
{
    return _mm256_cmpeq_epi32(_mm256_and_si256(v, _mm256_set1_epi32((int)0xFFFFF800)), _mm256_set1_epi32(0xD800));
}
TARGET static inline vector astral_4(vector v) { return _mm256_cmpgt_epi32(v, _mm256_set1_epi32(0xFFFF)); }
TARGET static inline vector units(const uint32_t *data)
{
    return _mm256_packus_epi32(load((const uint8_t *)data), load((const uint8_t *)(data + 8)));
}
TARGET static inline vector in_order(vector v) /* after units and low_octets or high_octets, which take halves by turns */
{
    return _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}
TARGET static inline vector high_halves(vector v) { return and_(_mm256_srli_epi16(v, 4), splat(0x0F)); }
TARGET static inline vector down_1(vector v) { return _mm256_srli_epi64(v, 1); }
TARGET static inline vector down_2(vector v) { return _mm256_srli_epi64(v, 2); }
TARGET static inline vector down_4(vector v) { return _mm256_srli_epi64(v, 4); }
TARGET static inline void store(uint8_t *data, vector v) { _mm256_storeu_si256((__m256i *)data, v); }
TARGET static inline void store_sevens(uint8_t *data, vector v)
{
    _mm_storeu_si128((__m128i *)data, _mm256_castsi256_si128(v));
    _mm_storeu_si128((__m128i *)(data + 14), _mm256_extracti128_si256(v, 1));
}
TARGET static inline vector up_1(vector v) { return _mm256_slli_epi64(v, 1); }
TARGET static inline vector up_2(vector v) { return _mm256_slli_epi64(v, 2); }
TARGET static inline vector up_4(vector v) { return _mm256_slli_epi64(v, 4); }
TARGET static inline vector load_sevens(const uint8_t *data)
{
    return _mm256_loadu2_m128i((const __m128i *)(data + 14), (const __m128i *)data);
}

/* The block moved up by so many octets, with the last ones of the block before in front. */
#define SHIFTED(before, v, count) _mm256_alignr_epi8(v, _mm256_permute2x128_si256(before, v, 0x21), 16 - (count))
TARGET static inline vector shifted_1(vector before, vector v) { return SHIFTED(before, v, 1); }
TARGET static inline vector shifted_2(vector before, vector v) { return SHIFTED(before, v, 2); }
TARGET static inline vector shifted_3(vector before, vector v) { return SHIFTED(before, v, 3); }

TARGET static inline bool any_high(vector v) { return _mm256_movemask_epi8(v) != 0; }
TARGET static inline uint64_t bits(vector v) { return (uint32_t)_mm256_movemask_epi8(v); }
TARGET static inline bool any(vector v) { return !_mm256_testz_si256(v, v); }
TARGET static inline int64_t sum(vector v)
{
    __m256i quarters = _mm256_sad_epu8(v, zero());
    __m128i halves = _mm_add_epi64(_mm256_castsi256_si128(quarters), _mm256_extracti128_si256(quarters, 1));
    return _mm_cvtsi128_si32(halves) + _mm_extract_epi32(halves, 2);
}

#include "vector_scan.h"
#else
typedef int nothing_here;
#endif
