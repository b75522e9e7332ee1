/* What the kernels share among themselves: the boundary rule, the small choices of a result, and the vector scans. */
#ifndef SMSCODEC_INTERNAL_H
#define SMSCODEC_INTERNAL_H

#include <stdbool.h>
#include <string.h>

#include "smscodec.h"

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define SMSCODEC_HAS_X86 1
#elif defined(__GNUC__) && defined(__aarch64__) && defined(__AARCH64EL__)
#define SMSCODEC_HAS_NEON 1
#endif

static inline smscodec_load smscodec_gsm_load(int64_t characters, int64_t doubles)
{
    return (smscodec_load){SMSCODEC_OK, SMSCODEC_GSM_7BIT, characters + doubles, doubles, 0};
}

static inline smscodec_load smscodec_ucs2_load(int64_t characters, int64_t doubles)
{
    return (smscodec_load){SMSCODEC_OK, SMSCODEC_UCS2, characters + doubles, doubles, 0};
}

static inline smscodec_load smscodec_refused(int32_t code, size_t position)
{
    return (smscodec_load){code, SMSCODEC_UCS2, 0, 0, (int64_t)position};
}

/* The boundary rule: segments fill greedily, and a character of two units is never split. Says whether a new segment
 * begins with this character. */
typedef struct {
    int64_t segments;
    int64_t used;
} smscodec_fill;

static inline bool smscodec_place(smscodec_fill *fill, int64_t units, int64_t limit)
{
    fill->used += units;
    if (fill->used <= limit)
        return false;
    fill->segments++;
    fill->used = units;
    return true;
}

/* Segments where the sums decide, 0 where only a walk can tell: each segment but the last wastes at most one unit, and
 * only before a two-unit character, so that the quotient is right if that much waste still fits. */
static inline int64_t smscodec_segments_by_sums(const smscodec_load *load, const uint32_t *rooms)
{
    rooms += load->alphabet == SMSCODEC_UCS2 ? 2 : 0;
    if (load->units <= (int64_t)rooms[0])
        return 1;
    int64_t limit = rooms[1];
    int64_t segments = (load->units + limit - 1) / limit;
    int64_t waste = load->doubles < segments - 1 ? load->doubles : segments - 1;
    return load->units + waste <= segments * limit ? segments : 0;
}

/* Writes a row; says whether it fits the columns. */
static inline bool smscodec_write(const smscodec_columns *columns, int64_t row, const smscodec_load *load,
                                  int64_t segments)
{
    columns->alphabets[row] = (uint8_t)load->alphabet;
    columns->units[row] = (uint32_t)load->units;
    columns->segments[row] = (uint32_t)segments;
    return load->units <= (int64_t)UINT32_MAX;
}

smscodec_load smscodec_latin1_scalar(const uint8_t *data, size_t length);
smscodec_load smscodec_latin1_sse41(const uint8_t *data, size_t length);
smscodec_load smscodec_latin1_avx2(const uint8_t *data, size_t length);
smscodec_load smscodec_latin1_neon(const uint8_t *data, size_t length);
smscodec_load smscodec_ucs2_scalar(const uint16_t *data, size_t length);
smscodec_load smscodec_ucs2_sse41(const uint16_t *data, size_t length);
smscodec_load smscodec_ucs2_avx2(const uint16_t *data, size_t length);
smscodec_load smscodec_ucs2_neon(const uint16_t *data, size_t length);
smscodec_load smscodec_utf8_scalar(const uint8_t *data, size_t length, size_t readable);
smscodec_load smscodec_utf8_sse41(const uint8_t *data, size_t length, size_t readable);
smscodec_load smscodec_utf8_avx2(const uint8_t *data, size_t length, size_t readable);
smscodec_load smscodec_utf8_neon(const uint8_t *data, size_t length, size_t readable);

smscodec_load smscodec_ucs4_scalar(const uint32_t *data, size_t length);
smscodec_load smscodec_ucs4_sse41(const uint32_t *data, size_t length);
smscodec_load smscodec_ucs4_avx2(const uint32_t *data, size_t length);
smscodec_load smscodec_ucs4_neon(const uint32_t *data, size_t length);
smscodec_load smscodec_joined_scalar(const uint32_t *data, size_t left, size_t *length);
smscodec_load smscodec_joined_sse41(const uint32_t *data, size_t left, size_t *length);
smscodec_load smscodec_joined_avx2(const uint32_t *data, size_t left, size_t *length);
smscodec_load smscodec_joined_neon(const uint32_t *data, size_t left, size_t *length);

/* The units of a text that is UCS-2 for certain. */
smscodec_load smscodec_units_ucs2(const uint16_t *data, size_t length);

/* Offsets come from outside and may lie at any alignment. */
static inline int64_t smscodec_offset(const void *offsets, int width, int64_t index)
{
    if (width == 8) {
        int64_t offset;
        memcpy(&offset, (const char *)offsets + 8 * index, 8);
        return offset;
    }
    int32_t offset;
    memcpy(&offset, (const char *)offsets + 4 * index, 4);
    return offset;
}

/* A message of so many octets and as many septets is one segment under the plain rooms. */
enum { SMSCODEC_SHORT = 160 };

int64_t smscodec_plain_rows_sse41(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                  int64_t row, int64_t rows, const smscodec_columns *columns);
int64_t smscodec_plain_rows_avx2(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                 int64_t row, int64_t rows, const smscodec_columns *columns);
int64_t smscodec_plain_rows_neon(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                 int64_t row, int64_t rows, const smscodec_columns *columns);

/* The vector scans of each path, or the scalar ones where this processor's family has no such path. */
typedef struct {
    smscodec_load (*latin1)(const uint8_t *data, size_t length);
    smscodec_load (*ucs2)(const uint16_t *data, size_t length);
    smscodec_load (*ucs4)(const uint32_t *data, size_t length);
    smscodec_load (*joined)(const uint32_t *data, size_t left, size_t *length);
    smscodec_load (*utf8)(const uint8_t *data, size_t length, size_t readable);
    int64_t (*plain_rows)(const uint8_t *data, size_t data_length, const void *offsets, int offset_width, int64_t row,
                          int64_t rows, const smscodec_columns *columns); /* NULL: no quicker than scans */
} smscodec_scans;

extern const smscodec_scans SMSCODEC_SCANS[SMSCODEC_PATHS];

#endif
