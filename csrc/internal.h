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

/* For functions that are written once over the kind of text, and made anew for each. */
#ifdef __GNUC__
#define SMSCODEC_INLINE static inline __attribute__((always_inline))
#else
#define SMSCODEC_INLINE static inline
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

/* Octets of the sequence that begins at data and its character; 0 where it would end past the data or is above U+10FFFF,
 * so that whatever octets there are, nothing beyond them and no entry beyond a table is touched. */
static inline unsigned smscodec_next_character(const uint8_t *data, size_t left, uint32_t *character)
{
    const uint32_t lead = data[0];
    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    if (lead < 0xE0) {
        if (left < 2)
            return 0;
        *character = (lead & 0x1F) << 6 | (data[1] & 0x3F);
        return 2;
    }
    if (lead < 0xF0) {
        if (left < 3)
            return 0;
        *character = (lead & 0x0F) << 12 | (uint32_t)(data[1] & 0x3F) << 6 | (data[2] & 0x3F);
        return 3;
    }
    if (left < 4)
        return 0;
    *character = (lead & 0x07) << 18 | (uint32_t)(data[1] & 0x3F) << 12 | (uint32_t)(data[2] & 0x3F) << 6 |
                 (data[3] & 0x3F);
    return *character < SMSCODEC_CODE_POINTS ? 4 : 0;
}

/* The character at a place in code units of a kind, 0 for UTF-8, and how many of them it takes; 0 where it is cut off. */
SMSCODEC_INLINE unsigned smscodec_character_at(int kind, const void *data, size_t length, size_t at, uint32_t *character)
{
    if (kind == 0)
        return smscodec_next_character((const uint8_t *)data + at, length - at, character);
    *character = kind == 1   ? ((const uint8_t *)data)[at]
                 : kind == 2 ? ((const uint16_t *)data)[at]
                             : ((const uint32_t *)data)[at];
    return 1;
}

/* Integers of up to eight octets, the lowest first; and eight lanes of eight bits pushed together to seven, and apart. */
static inline uint64_t smscodec_get_octets(const uint8_t *octets, size_t count)
{
    uint64_t word = 0;
    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)octets[i] << 8 * i;
    return word;
}

static inline void smscodec_put_octets(uint8_t *octets, size_t count, uint64_t word)
{
    for (size_t i = 0; i < count; i++)
        octets[i] = (uint8_t)(word >> 8 * i);
}

static inline uint64_t smscodec_together(uint64_t lanes)
{
    lanes = (lanes & 0x007F007F007F007F) | (lanes & 0x7F007F007F007F00) >> 1;
    lanes = (lanes & 0x00003FFF00003FFF) | (lanes & 0x3FFF00003FFF0000) >> 2;
    return (lanes & 0x000000000FFFFFFF) | (lanes & 0x0FFFFFFF00000000) >> 4;
}

static inline uint64_t smscodec_apart(uint64_t bits)
{
    bits = (bits & 0x000000000FFFFFFF) | (bits << 4 & 0x0FFFFFFF00000000);
    bits = (bits & 0x00003FFF00003FFF) | (bits << 2 & 0x3FFF00003FFF0000);
    return (bits & 0x007F007F007F007F) | (bits << 1 & 0x7F007F007F007F00);
}

/* The place of the lowest bit that is set, of which there is one. */
static inline unsigned smscodec_lowest(uint64_t bits)
{
#ifdef __GNUC__
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned place = 0;
    while (!(bits >> place & 1))
        place++;
    return place;
#endif
}

static inline bool smscodec_is_null(const uint8_t *validity, int64_t bit)
{
    return validity && !(validity[bit / 8] >> bit % 8 & 1);
}

static inline void smscodec_put_offset(void *offsets, int width, uint64_t index, int64_t offset)
{
    if (width == 8) {
        memcpy((char *)offsets + 8 * index, &offset, 8);
    } else {
        const int32_t narrow = (int32_t)offset;
        memcpy((char *)offsets + 4 * index, &narrow, 4);
    }
}

/* A message of so many octets and as many septets is one segment under the plain rooms. */
enum { SMSCODEC_SHORT = 160 };

int64_t smscodec_plain_rows_sse41(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                  int64_t row, int64_t rows, const smscodec_columns *columns);
int64_t smscodec_plain_rows_avx2(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                 int64_t row, int64_t rows, const smscodec_columns *columns);
int64_t smscodec_plain_rows_neon(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                 int64_t row, int64_t rows, const smscodec_columns *columns);
int64_t smscodec_ucs2_rows_sse41(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                    int64_t row, int64_t rows, const uint32_t *rooms, const smscodec_columns *columns);
int64_t smscodec_ucs2_rows_avx2(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                   int64_t row, int64_t rows, const uint32_t *rooms, const smscodec_columns *columns);
int64_t smscodec_ucs2_rows_neon(const uint8_t *data, size_t data_length, const void *offsets, int offset_width,
                                   int64_t row, int64_t rows, const uint32_t *rooms, const smscodec_columns *columns);

/* A block of ASCII octets, or septets, through a table of 128 entries. */
enum { SMSCODEC_BLOCK = 64 };

/* Looks up count of them, at most a block, and gives a bit for each that has no entry of its own: SMSCODEC_NOT_PLAIN, or no
 * ASCII. A whole block of output is written, of which what stands past count has no meaning. */
uint64_t smscodec_look_up_scalar(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output);
uint64_t smscodec_look_up_sse41(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output);
uint64_t smscodec_look_up_avx2(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output);
uint64_t smscodec_look_up_neon(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output);

/* UTF-8 to UTF-16BE for as long as that goes fast, never beyond room: gives the octets of whole characters that are done, and
 * adds to the units. 16 octets more of output may be written. */
size_t smscodec_units_scalar(const uint8_t *data, size_t length, unsigned room, uint8_t *octets, unsigned *used);
size_t smscodec_units_sse41(const uint8_t *data, size_t length, unsigned room, uint8_t *octets, unsigned *used);

/* Septets in whole groups of eight to seven octets each, and back; 32 octets more are read and written than that. */
void smscodec_groups_scalar(const uint8_t *septets, size_t groups, uint8_t *octets);
void smscodec_groups_sse41(const uint8_t *septets, size_t groups, uint8_t *octets);
void smscodec_groups_avx2(const uint8_t *septets, size_t groups, uint8_t *octets);
void smscodec_groups_neon(const uint8_t *septets, size_t groups, uint8_t *octets);
void smscodec_ungroup_scalar(const uint8_t *octets, size_t groups, uint8_t *septets);
void smscodec_ungroup_sse41(const uint8_t *octets, size_t groups, uint8_t *septets);
void smscodec_ungroup_avx2(const uint8_t *octets, size_t groups, uint8_t *septets);
void smscodec_ungroup_neon(const uint8_t *octets, size_t groups, uint8_t *septets);

/* Writes one message of so many segments behind what is in the output, or nothing of it; kind is 0 (UTF-8), 1, 2 or 4.
 * Gives a code, and where there is a position that. */
int32_t smscodec_encode_message(int path, int kind, const void *data, size_t length, const smscodec_orders *orders,
                               int64_t row, smscodec_output *output, int64_t *position);

/* The vector scans of each path, or the scalar ones where this processor's family has no such path. */
typedef struct {
    smscodec_load (*latin1)(const uint8_t *data, size_t length);
    smscodec_load (*ucs2)(const uint16_t *data, size_t length);
    smscodec_load (*ucs4)(const uint32_t *data, size_t length);
    smscodec_load (*joined)(const uint32_t *data, size_t left, size_t *length);
    smscodec_load (*utf8)(const uint8_t *data, size_t length, size_t readable);
    int64_t (*plain_rows)(const uint8_t *data, size_t data_length, const void *offsets, int offset_width, int64_t row,
                          int64_t rows, const smscodec_columns *columns); /* NULL: no quicker than scans */
    int64_t (*ucs2_rows)(const uint8_t *data, size_t data_length, const void *offsets, int offset_width, int64_t row,
                         int64_t rows, const uint32_t *rooms, const smscodec_columns *columns); /* the same */
    uint64_t (*look_up)(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output);
    size_t (*units)(const uint8_t *data, size_t length, unsigned room, uint8_t *octets, unsigned *used);
    void (*groups)(const uint8_t *septets, size_t groups, uint8_t *octets);
    void (*ungroup)(const uint8_t *octets, size_t groups, uint8_t *septets);
} smscodec_scans;

extern const smscodec_scans SMSCODEC_SCANS[SMSCODEC_PATHS];

#endif
