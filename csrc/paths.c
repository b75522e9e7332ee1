/* Which ways through the kernels this processor has, and the table of them. Nothing is remembered: a caller with
 * many messages asks once and names the path. */
#include "internal.h"

#define SCANS(path, plain_rows, ucs2_rows, units)                                                                  \
    {smscodec_latin1_##path, smscodec_ucs2_##path, smscodec_ucs4_##path, smscodec_joined_##path, smscodec_utf8_##path,  \
     plain_rows, ucs2_rows, smscodec_look_up_##path, units, smscodec_groups_##path, smscodec_ungroup_##path}
#define VECTOR_SCANS(path, units) SCANS(path, smscodec_plain_rows_##path, smscodec_ucs2_rows_##path, units)
#define SCALAR_SCANS SCANS(scalar, NULL, NULL, smscodec_units_scalar)
#if SMSCODEC_HAS_X86
#define X86_SCANS(path) VECTOR_SCANS(path, smscodec_units_sse41)
#else
#define X86_SCANS(path) SCALAR_SCANS
#endif
#if SMSCODEC_HAS_NEON
#define NEON_SCANS VECTOR_SCANS(neon, smscodec_units_scalar)
#else
#define NEON_SCANS SCALAR_SCANS
#endif

const smscodec_scans SMSCODEC_SCANS[SMSCODEC_PATHS] = {
    [SMSCODEC_SCALAR] = SCALAR_SCANS,
    [SMSCODEC_SSE41] = X86_SCANS(sse41),
    [SMSCODEC_AVX2] = X86_SCANS(avx2),
    [SMSCODEC_NEON] = NEON_SCANS,
};

static inline bool has_path(int path)
{
    switch (path) {
    case SMSCODEC_SCALAR:
        return true;
#if SMSCODEC_HAS_X86
    case SMSCODEC_SSE41:
        return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("popcnt");
    case SMSCODEC_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
#endif
#if SMSCODEC_HAS_NEON
    case SMSCODEC_NEON:
        return true;
#endif
    default:
        return false;
    }
}

static inline void ask_processor(void)
{
#if SMSCODEC_HAS_X86
    __builtin_cpu_init(); /* for compilers that leave it to the caller */
#endif
}

int smscodec_has_path(int path)
{
    ask_processor();
    return has_path(path);
}

int smscodec_best_path(void)
{
    int path = SMSCODEC_PATHS - 1;
    ask_processor();
    while (!has_path(path))
        path--;
    return path;
}
