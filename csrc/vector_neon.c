/* The vector scans with NEON, which every 64-bit Arm processor has: 16 octets a step. */
#include "internal.h"
#include "tables.h"

#if SMSCODEC_HAS_NEON
#include <arm_neon.h>

#define TARGET
#define NAME(name) name##_neon
#define WIDTH 16

typedef uint8x16_t vector;

static inline vector zero(void) { return vdupq_n_u8(0); }
static inline vector load(const uint8_t *data) { return vld1q_u8(data); }
static inline vector table(const uint8_t *sixteen) { return vld1q_u8(sixteen); }
static inline vector splat(uint8_t octet) { return table(SMSCODEC_SPLATS[octet]); }
static inline vector and_(vector a, vector b) { return vandq_u8(a, b); }
static inline vector or_(vector a, vector b) { return vorrq_u8(a, b); }
static inline vector xor_(vector a, vector b) { return veorq_u8(a, b); }
static inline vector without(vector a, vector b) { return vbicq_u8(a, b); }
static inline vector equal(vector a, vector b) { return vceqq_u8(a, b); }
static inline vector above(vector a, vector b) { return vcgtq_u8(a, b); }
static inline vector continuation(vector v) { return vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(-64)); }
static inline vector minus(vector a, vector b) { return vsubq_u8(a, b); }
static inline vector saturating_minus(vector a, vector b) { return vqsubq_u8(a, b); }
static inline vector look_up(vector sixteen, vector indices) { return vqtbl1q_u8(sixteen, indices); }
static inline vector look_up_or_zero(vector sixteen, vector indices) { return vqtbl1q_u8(sixteen, indices); }
static inline vector low_octets(vector a, vector b) { return vuzp1q_u8(a, b); }
static inline vector high_octets(vector a, vector b) { return vuzp2q_u8(a, b); }
static inline vector surrogates(vector units) /* not zero where one is */
{
    uint16x8_t high = vandq_u16(vreinterpretq_u16_u8(units), vdupq_n_u16(0xF800));
    return vreinterpretq_u8_u16(vceqq_u16(high, vdupq_n_u16(0xD800)));
}
static inline vector surrogates_4(vector v) /* the same of code points */
{
    uint32x4_t high = vandq_u32(vreinterpretq_u32_u8(v), vdupq_n_u32(0xFFFFF800));
    return vreinterpretq_u8_u32(vceqq_u32(high, vdupq_n_u32(0xD800)));
}
static inline vector astral_4(vector v)
{
    return vreinterpretq_u8_u32(vcgtq_u32(vreinterpretq_u32_u8(v), vdupq_n_u32(0xFFFF)));
}
static inline vector units(const uint32_t *data)
{
    return vreinterpretq_u8_u16(vcombine_u16(vqmovn_u32(vld1q_u32(data)), vqmovn_u32(vld1q_u32(data + 4))));
}
static inline vector in_order(vector v) { return v; }
static inline vector high_halves(vector v) { return vshrq_n_u8(v, 4); }
static inline vector down_1(vector v) { return vreinterpretq_u8_u64(vshrq_n_u64(vreinterpretq_u64_u8(v), 1)); }
static inline vector down_2(vector v) { return vreinterpretq_u8_u64(vshrq_n_u64(vreinterpretq_u64_u8(v), 2)); }
static inline vector down_4(vector v) { return vreinterpretq_u8_u64(vshrq_n_u64(vreinterpretq_u64_u8(v), 4)); }
static inline void store(uint8_t *data, vector v) { vst1q_u8(data, v); }
static inline void store_sevens(uint8_t *data, vector v) { store(data, v); }
static inline vector up_1(vector v) { return vreinterpretq_u8_u64(vshlq_n_u64(vreinterpretq_u64_u8(v), 1)); }
static inline vector up_2(vector v) { return vreinterpretq_u8_u64(vshlq_n_u64(vreinterpretq_u64_u8(v), 2)); }
static inline vector up_4(vector v) { return vreinterpretq_u8_u64(vshlq_n_u64(vreinterpretq_u64_u8(v), 4)); }
static inline vector load_sevens(const uint8_t *data) { return load(data); }

/* The block moved up by so many octets, with the last ones of the block before in front. */
static inline vector shifted_1(vector before, vector v) { return vextq_u8(before, v, 15); }
static inline vector shifted_2(vector before, vector v) { return vextq_u8(before, v, 14); }
static inline vector shifted_3(vector before, vector v) { return vextq_u8(before, v, 13); }

static inline bool any_high(vector v) { return vmaxvq_u8(v) >= 0x80; }
static inline uint64_t bits(vector v)
{
    const vector weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    vector set = vandq_u8(vcltzq_s8(vreinterpretq_s8_u8(v)), weights);
    return vaddv_u8(vget_low_u8(set)) | (uint64_t)vaddv_u8(vget_high_u8(set)) << 8;
}
static inline bool any(vector v) { return vmaxvq_u8(v) != 0; }
static inline int64_t sum(vector v) { return vaddlvq_u8(v); }

#include "vector_scan.h"
#else
typedef int nothing_here;
#endif
