/* The kernels of smscodec in plain C11: pure functions over buffers of the caller, no allocation, no globals but const
 * tables. They count, cut and move bits; which alphabet or table is offered, and what an error is called, is decided in
 * Python. A result is a code and where it happened.
 *
 * Reference: 3GPP TS 23.038, 6.1.2.1, 6.2.1 and 6.2.3; 3GPP TS 23.040, 9.2.3.24.1
 */
#ifndef SMSCODEC_H
#define SMSCODEC_H

#include <stddef.h>
#include <stdint.h>

/* Alphabets, by their numbers in dcs.Alphabet. */
enum { SMSCODEC_GSM_7BIT = 0, SMSCODEC_UCS2 = 2 };

/* Codes of results. */
enum {
    SMSCODEC_OK = 0,
    SMSCODEC_LONE_SURROGATE = 1, /* position: index of the character */
    SMSCODEC_INVALID_UTF8 = 2,   /* position: octet of the message where the sequence begins that is none */
    SMSCODEC_BAD_OFFSETS = 3,    /* offsets of a row run backwards or past the data */
    SMSCODEC_NOT_TEXT = 4,       /* no exact str, or one that is not in its final form (CPython 3.11) */
    SMSCODEC_TOO_LONG = 5,       /* more units than 32 bits hold */
    SMSCODEC_MISCOUNTED = 6      /* joined texts are not as many as the caller said: one holds a NUL */
};

/* Ways through the same kernels. All give the same answers; the caller names one that smscodec_has_path() admits. */
enum { SMSCODEC_SCALAR = 0, SMSCODEC_SSE41 = 1, SMSCODEC_AVX2 = 2, SMSCODEC_NEON = 3, SMSCODEC_PATHS = 4 };

int smscodec_has_path(int path);
int smscodec_best_path(void);

typedef struct {
    int32_t code;
    int64_t row;      /* of a column: the message that was refused, or how many were counted */
    int64_t position; /* within the message */
} smscodec_result;

/* What a text weighs: units are septets or UTF-16 code units, doubles the characters that take two of them. */
typedef struct {
    int32_t code;
    int32_t alphabet;
    int64_t units;
    int64_t doubles;
    int64_t position;
} smscodec_load;

/* Units that fit a message of one segment, and each segment of a longer one: GSM 7-bit single, limit, UCS-2 single,
 * limit. Each is at least 2. */
typedef uint32_t smscodec_rooms[4];

/* One element a message. */
typedef struct {
    uint8_t *alphabets;
    uint32_t *units;
    uint32_t *segments;
} smscodec_columns;

/* Code unit strings: kind is 1 (Latin-1), 2 (UCS-2) or 4 (UCS-4, below 2^31) octets a character, data aligned to it. A
 * surrogate in them is a lone one. */
smscodec_load smscodec_scan(int path, int kind, const void *data, size_t length);

/* Segments of a scanned text that fits neither one segment nor the quotient for certain, by walking it. */
int64_t smscodec_segments(const smscodec_load *load, const uint32_t *rooms, int kind, const void *data, size_t length);
int64_t smscodec_segments_utf8(const smscodec_load *load, const uint32_t *rooms, const uint8_t *data, size_t length);

/* Units that stay empty before cuts where segments of limit units, at least 2, are filled with a scanned text. */
int64_t smscodec_waste(int32_t alphabet, int64_t limit, int kind, const void *data, size_t length);

/* UTF-8: one message, of whose buffer readable octets may be read from data on. */
smscodec_load smscodec_scan_utf8(int path, const uint8_t *data, size_t length, size_t readable);

/* rows messages between rows + 1 signed native offsets of 4 or 8 octets, at any alignment. A clear bit in validity (bit
 * validity_offset is that of row 0; NULL: all valid) is a null, which counts 0, 0, 0. Stops at the first refused row. */
smscodec_result smscodec_count_utf8(int path, const uint8_t *data, size_t data_length, const void *offsets,
                                    int offset_width, int64_t rows, const uint8_t *validity, int64_t validity_offset,
                                    const uint32_t *rooms, const smscodec_columns *columns);

/* rows messages of together length UCS-4 code units, aligned to them, or octets of UTF-8, a NUL between two, into rows
 * from row on. */
smscodec_result smscodec_count_joined(int path, const void *data, size_t length, int64_t row, int64_t rows,
                                      const uint32_t *rooms, const smscodec_columns *columns);
smscodec_result smscodec_count_joined_utf8(int path, const uint8_t *data, size_t length, int64_t row, int64_t rows,
                                           const uint32_t *rooms, const smscodec_columns *columns);

/* Septets, each at most 0x7F, to (fill_bits + 7 * count + 7) / 8 octets, and back from as many; fill_bits is 0-6. */
void smscodec_pack(const uint8_t *septets, size_t count, unsigned fill_bits, uint8_t *octets);
void smscodec_unpack(const uint8_t *octets, size_t count, unsigned fill_bits, uint8_t *septets);

/* Messages in UTF-8 that were counted before, as smscodec_count_utf8 has them. */
typedef struct {
    const uint8_t *data;
    size_t data_length;
    const void *offsets;
    int32_t offset_width;
    int64_t rows;
} smscodec_utf8;

enum { SMSCODEC_CODE_POINTS = 0x110000 };

/* Of a code point: the weights of the messages that hold it, and the number of the last of them; 0: none yet. */
typedef struct {
    uint64_t total;
    uint64_t last;
} smscodec_count;

/* Adds, for each row whose octet in chosen is not 0, its weight (NULL: 1) to the total of each code point outside the
 * default alphabet in it. Row 0 is message number first, at least 1 and above those of earlier calls. counts has an entry
 * a code point, seen room for as many; each is written there when it is first seen, after the seen_before ones of
 * earlier calls. position: how many are there now. */
smscodec_result smscodec_tally(const smscodec_utf8 *column, const uint8_t *chosen, const uint32_t *weights,
                               uint64_t first, smscodec_count *counts, uint32_t *seen, int64_t seen_before);

/* What becomes of a code point outside the default alphabet where texts are mended. */
enum {
    SMSCODEC_STAYS = 1,   /* and keeps its text in UCS-2 */
    SMSCODEC_DEPENDS = 2, /* on what stands around it */
};

typedef struct {
    uint8_t marks;   /* 0: something takes its place whatever stands around it */
    uint8_t septets; /* of that */
    uint8_t units;   /* left at the least in a text that stays in UCS-2 */
} smscodec_trait;

/* Segments that mending saves in each row, by traits, an entry a code point: 0 but for rows in UCS-2 of several segments,
 * and for those of which the sums do not tell. These are listed in unsure, which has room for all. position: how many. */
smscodec_result smscodec_savings(const smscodec_utf8 *column, const uint8_t *alphabets, const uint32_t *segments,
                                 const smscodec_trait *traits, const uint32_t *rooms, uint32_t *saved, int64_t *unsure);

#endif
