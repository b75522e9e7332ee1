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
    SMSCODEC_INVALID_UTF8 = 2,   /* position: octet of the message where an invalid sequence begins */
    SMSCODEC_BAD_OFFSETS = 3,    /* offsets of a row run backwards or past the data */
    SMSCODEC_NOT_TEXT = 4,       /* not an exact str, or one that is not in its final form (CPython 3.11) */
    SMSCODEC_TOO_LONG = 5,       /* more units than 32 bits hold */
    SMSCODEC_MISCOUNTED = 6,     /* not as many joined texts or segments as the caller said */
    SMSCODEC_FULL = 7,           /* there may be no room for what this row gives: take what is there, and call again */
    SMSCODEC_SEGMENTS = 8,       /* more than 255 segments */
    SMSCODEC_REFERENCE = 9,      /* several segments without a reference, or a reference that does not fit */
    SMSCODEC_FOREIGN = 10        /* position: of the character that the tables lack, in code units of the message */
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

/* The indices at which segments but the first begin in a scanned text, filled with limit units each, at least 2. Gives how
 * many there are, and writes no more than most of them. */
size_t smscodec_cuts(int32_t alphabet, int64_t limit, int kind, const void *data, size_t length, uint32_t *cuts,
                     size_t most);

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

/* How a message is written: in which alphabet, with which pair of shift tables, behind which header. Headers are whole,
 * UDHL and shift elements included; one of several segments begins with a concatenation element, whose reference, total
 * and number of the segment are filled in. Header and room fit TP-UD together. */
typedef struct {
    int32_t alphabet;
    int32_t unpacked; /* septets are written an octet each, as SMPP has them */
    int32_t wide;     /* the reference has 16 bits */
    uint32_t rooms[2]; /* units in a message of one segment, and in each of several */
    uint32_t header_lengths[2];
    const uint8_t *headers[2];
    const uint8_t *plain;  /* of ASCII: its septet, or SMSCODEC_NOT_PLAIN; 128 entries */
    const uint8_t *pages;  /* of the high octet of a code point below 0x10000: its page of codes; 256 entries */
    const uint16_t *codes; /* of 256 code points a page: a septet, ESC and a septet, or SMSCODEC_NO_CODE */
} smscodec_style;

enum { SMSCODEC_NOT_PLAIN = 0x80, SMSCODEC_NO_CODE = 0xFFFF, SMSCODEC_NO_REFERENCE = INT32_MIN };

/* What is to be done with messages that were counted before, one element a message. */
typedef struct {
    const smscodec_style *styles;
    const uint8_t *style_of;
    const uint32_t *segments; /* 0: a null, of which nothing is written */
    const int32_t *references;
    int64_t reference_step; /* 0 where there is one reference for all, else 1 */
    const uint32_t *bounds; /* where the segments of the one message begin, and its end, in code units; NULL: fill greedily */
} smscodec_orders;

/* Where it goes, and how much is there. TP-UDL is an octet a segment; ends has where the segment ends in the octets,
 * counted from first_octet on, in integers of 4 or 8 octets; firsts, an element a message from row on, the number of the
 * first segment after it, counted from first_segment on. */
typedef struct {
    uint8_t *octets;
    uint8_t *tp_udl;
    void *ends;
    int32_t *firsts;
    int32_t end_width;
    int64_t first_octet;
    int64_t first_segment;
    uint64_t octet_capacity;
    uint64_t segment_capacity;
    uint64_t octet_count;
    uint64_t segment_count;
} smscodec_output;

/* Octets that must be free for each segment of a message; no segment fills them. */
enum { SMSCODEC_RESERVE = 256 };

/* Writes messages from row to end, which lie between signed native offsets as for smscodec_count_utf8, in octets of UTF-8
 * (kind 0) or code points (kind 4), and tells in row how many are done. Stops before a message that cannot be written, and
 * before one that could pass a capacity: nothing of it is written. */
smscodec_result smscodec_encode(int path, int kind, const void *data, size_t data_length, const void *offsets,
                               int offset_width, int64_t row, int64_t end, const smscodec_orders *orders,
                               smscodec_output *output);

/* Octets for each segment of one message: TP-UDL, how many octets it has, and those. */
enum { SMSCODEC_SLOT = SMSCODEC_RESERVE };

/* Writes one message of code units, as for smscodec_scan, into a slot for each of its segments, between whose bounds it is
 * cut (NULL: it is one segment). Gives a code. */
int32_t smscodec_encode_one(int kind, const void *data, size_t length, const smscodec_style *style, const uint32_t *bounds,
                            uint32_t segments, int32_t reference, uint8_t *slots);

/* National tables that are permitted. Characters that the same tables hold are a class; of each class, a bit for each main
 * table that holds it, from bit 16 on for each single shift table. Bits of mains and singles say which may be used, 0 being
 * the default ones; rooms are the septets of a message of one segment, and of each of several, behind so many shift elements. */
typedef struct {
    const uint8_t *pages;    /* of the high octet of a code point below 0x10000: its page of classes; 256 entries */
    const uint8_t *classes;  /* of 256 code points a page; class 0 is in no table */
    const uint32_t *holders; /* of each class */
    uint32_t mains;
    uint32_t singles;
    uint32_t rooms[3][2];
} smscodec_languages;

/* Chooses national tables for those of rows messages, in octets of UTF-8 (kind 0) or code points (kind 4) as for
 * smscodec_encode, that take fewer segments with them than the columns say, and puts what they cost there; pairs become
 * 16 times the main table and the single one, or 0 where there is none. Among pairs of as few segments: fewer shift
 * elements, fewer septets, the lower main table, the lower single one. */
void smscodec_choose(int kind, const void *data, size_t data_length, const void *offsets, int offset_width, int64_t rows,
                     const smscodec_languages *languages, const smscodec_columns *columns, uint8_t *pairs);

/* TP-UD to be read, an element a row: octets between offsets, TP-UDL, the alphabet, whether a header comes first. */
typedef struct {
    const uint8_t *data;
    size_t data_length;
    const void *offsets;
    int32_t offset_width;
    const uint8_t *validity; /* as for smscodec_count_utf8 */
    int64_t validity_offset;
    const uint8_t *tp_udl;
    const uint8_t *alphabets;
    const uint8_t *headed;
    int32_t marks; /* a byte order mark at the start of UCS-2 says that it is little-endian; else it is text */
} smscodec_user_data;

/* The tables of all languages, by their identifiers: 14 of 128 code points each, below 0x10000, SMSCODEC_NO_CHARACTER
 * where there is none. An escaped code without a character shows what receivers in the field show, or that of the main
 * table. Bits of main_tables and single_tables say which tables an element may ask for. plain has the ASCII of each main
 * table, SMSCODEC_NOT_PLAIN for all else. */
typedef struct {
    const uint16_t *main;
    const uint16_t *single;
    const uint16_t *field;
    const uint8_t *plain;
    uint32_t main_tables;
    uint32_t single_tables;
} smscodec_alphabets;

enum { SMSCODEC_NO_CHARACTER = 0xFFFE, SMSCODEC_ALPHABETS = 14 };

/* How a row was read. */
enum {
    SMSCODEC_READ = 0,
    SMSCODEC_LENIENTLY = 1,  /* something was ignored or replaced, which strict reading may refuse */
    SMSCODEC_NULL = 2,       /* it was a null */
    SMSCODEC_UNREADABLE = 3, /* the alphabet holds no text */
};

/* Where texts go: UTF-8, ends as in smscodec_output, and an element a row of reference, total, sequence (0: not
 * concatenated), whether the reference has 16 bits, and how the row was read. */
typedef struct {
    uint8_t *octets;
    void *ends;
    int32_t end_width;
    int64_t first_octet;
    uint64_t octet_capacity;
    uint64_t octet_count;
    uint16_t *references;
    uint8_t *totals;
    uint8_t *sequences;
    uint8_t *wide;
    uint8_t *states;
} smscodec_texts;

/* Octets of UTF-8 that must be free for each row: TP-UDL counts at most 255 septets, of at most three each, and whole blocks
 * are written. */
enum { SMSCODEC_READ_RESERVE = 832 };

/* Reads rows from row to end as a lenient receiver does, and says in row how many are done. Stops at invalid offsets, and
 * before a row whose text could pass the capacity. The columns of the texts begin with that of row. */
smscodec_result smscodec_decode(int path, const smscodec_user_data *column, int64_t row, int64_t end,
                              const smscodec_alphabets *alphabets, smscodec_texts *texts);

enum { SMSCODEC_CODE_POINTS = 0x110000 };

#endif
