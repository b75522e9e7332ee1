/* Which ways through the kernels this processor has, and the table of them. Nothing is remembered: the caller asks once
 * and names the path in each call. */
#include "internal.h"

#if SMSCODEC_HAS_X86
#define X86_SCANS(path) {smscodec_latin1_##path, smscodec_ucs2_##path, smscodec_utf8_##path, smscodec_plain_rows_##path}
#else
#define X86_SCANS(path) {smscodec_latin1_scalar, smscodec_ucs2_scalar, smscodec_utf8_scalar, NULL}
#endif
#if SMSCODEC_HAS_NEON
#define NEON_SCANS {smscodec_latin1_neon, smscodec_ucs2_neon, smscodec_utf8_neon, smscodec_plain_rows_neon}
#else
#define NEON_SCANS {smscodec_latin1_scalar, smscodec_ucs2_scalar, smscodec_utf8_scalar, NULL}
#endif

const smscodec_scans SMSCODEC_SCANS[SMSCODEC_PATHS] = {
    [SMSCODEC_SCALAR] = {smscodec_latin1_scalar, smscodec_ucs2_scalar, smscodec_utf8_scalar, NULL},
    [SMSCODEC_SSE41] = X86_SCANS(sse41),
    [SMSCODEC_AVX2] = X86_SCANS(avx2),
    [SMSCODEC_NEON] = NEON_SCANS,
};

int smscodec_has_path(int path)
{
#if SMSCODEC_HAS_X86
    __builtin_cpu_init(); /* for compilers that leave it to the caller */
#endif
    switch (path) {
    case SMSCODEC_SCALAR:
        return 1;
#if SMSCODEC_HAS_X86
    case SMSCODEC_SSE41:
        return __builtin_cpu_supports("sse4.1") != 0;
    case SMSCODEC_AVX2:
        return __builtin_cpu_supports("avx2") != 0;
#endif
#if SMSCODEC_HAS_NEON
    case SMSCODEC_NEON:
        return 1;
#endif
    default:
        return 0;
    }
}

int smscodec_best_path(void)
{
    int path = SMSCODEC_PATHS - 1;
    while (!smscodec_has_path(path))
        path--;
    return path;
}
