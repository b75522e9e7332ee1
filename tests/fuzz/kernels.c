/* A libFuzzer harness for the C kernels: every path must answer as the scalar one does, on the input as UTF-8, as code
 * units and as a column cut anywhere; packing must come back. Every buffer has exactly its size or stands between
 * canaries, so that AddressSanitizer sees a read or write of one octet too many.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Icsrc \
 *         tests/fuzz/kernels.c csrc/[!_]*.c -o fuzz-kernels
 *
 * Built with -DWITHOUT_LIBFUZZER it is a program of its own that tries random input: ./fuzz-kernels [inputs]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smscodec.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#define EACH_PATH(path)                                                                                                \
    for (int path = 0; path < SMSCODEC_PATHS; path++)                                                                  \
        if (smscodec_has_path(path))

enum { CANARY = 0xA5, FENCE = 16 };

static const uint32_t ROOMS[4] = {160, 153, 70, 67};

static void *copy_of(const void *data, size_t size)
{
    void *copy = malloc(size ? size : 1);
    CHECK(copy);
    if (size)
        memcpy(copy, data, size);
    return copy;
}

static uint8_t *fenced(size_t size)
{
    uint8_t *buffer = malloc(size + 2 * FENCE);
    CHECK(buffer);
    memset(buffer, CANARY, size + 2 * FENCE);
    return buffer;
}

static void check_fences(const uint8_t *buffer, size_t size)
{
    for (size_t i = 0; i < FENCE; i++)
        CHECK(buffer[i] == CANARY && buffer[FENCE + size + i] == CANARY);
}

static int same(smscodec_load a, smscodec_load b)
{
    return a.code == b.code && a.alphabet == b.alphabet && a.units == b.units && a.doubles == b.doubles &&
           a.position == b.position;
}

/* The same as a row of a column, after rows that make a path look for more of their kind. */
static void check_row(int path, smscodec_load expected, const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"a", "\xd0\xb6"};
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        const size_t before = strlen(kinds[kind]), length = 3 * before + size;
        const int64_t offsets[5] = {0, (int64_t)before, 2 * (int64_t)before, 3 * (int64_t)before, (int64_t)length};
        uint8_t alphabets[4], *column = malloc(length);
        uint32_t units[4], segments[4];
        const smscodec_columns columns = {alphabets, units, segments};
        CHECK(column);
        for (size_t row = 0; row < 3; row++)
            memcpy(column + row * before, kinds[kind], before);
        memcpy(column + 3 * before, data, size);
        smscodec_result result = smscodec_count_utf8(path, column, length, offsets, 8, 4, NULL, 0, ROOMS, &columns);
        CHECK(result.code == expected.code && result.row == (expected.code ? 3 : 4));
        if (expected.code)
            CHECK(result.position == expected.position);
        else
            CHECK(alphabets[3] == expected.alphabet && units[3] == expected.units &&
                  segments[3] == smscodec_segments_utf8(&expected, ROOMS, data, size));
        free(column);
    }
}

static void check_texts(const uint8_t *data, size_t size)
{
    static const int kinds[] = {1, 2, 4};
    uint8_t *exact = copy_of(data, size);
    uint32_t *points = copy_of(data, size / 4 * 4);
    for (size_t i = 0; i < size / 4; i++)
        points[i] &= 0x1FFFFF; /* all code points, and some more */
    smscodec_load utf8 = smscodec_scan_utf8(SMSCODEC_SCALAR, exact, size, size);
    EACH_PATH(path) {
        CHECK(same(utf8, smscodec_scan_utf8(path, exact, size, size)));
        check_row(path, utf8, exact, size);
        for (size_t shift = 0; shift < size && shift < 3; shift++) { /* as the middle of a longer buffer */
            size_t length = size - shift > 40 ? size - shift - 40 : 0;
            CHECK(same(smscodec_scan_utf8(SMSCODEC_SCALAR, exact + shift, length, size - shift),
                       smscodec_scan_utf8(path, exact + shift, length, size - shift)));
        }
        for (int i = 0; i < 3; i++) {
            size_t length = size / (size_t)kinds[i];
            const void *text = kinds[i] == 4 ? (const void *)points : exact;
            smscodec_load load = smscodec_scan(path, kinds[i], text, length);
            CHECK(same(smscodec_scan(SMSCODEC_SCALAR, kinds[i], text, length), load));
            if (load.code || length > 20000)
                continue;
            CHECK(smscodec_segments(&load, ROOMS, kinds[i], text, length) >= 1);
        }
    }
    free(points);
    free(exact);
}

/* The octets as texts of 16- and 32-bit units that nearly fit the default alphabet: ASCII is itself, the rest letters in
 * it, beside it and far from it. */
static void check_letters(const uint8_t *data, size_t size)
{
    static const uint16_t letters[] = {0x20AC, 0x394, 0x3A9, 0x3A0, 0xE9, 0xE0, 0x20AD, 0x395, 0x2122, 0x4E00, 0xE7, 0xD800};
    uint16_t *units = malloc(size ? 2 * size : 1);
    uint32_t *wide = malloc(size ? 4 * size : 1);
    CHECK(units && wide);
    for (size_t i = 0; i < size; i++) {
        size_t letter = data[i] & 0x7F;
        if (data[i] >= 0x80) /* most of them letters of the alphabet, or no text would be counted to its end */
            letter = letters[letter < 0x78 ? letter % 6 : letter % (sizeof letters / sizeof *letters)];
        units[i] = (uint16_t)letter;
        wide[i] = (uint32_t)letter;
    }
    smscodec_load expected = smscodec_scan(SMSCODEC_SCALAR, 4, wide, size);
    EACH_PATH(path) {
        CHECK(same(expected, smscodec_scan(path, 2, units, size)));
        CHECK(same(expected, smscodec_scan(path, 4, wide, size)));
    }
    free(wide);
    free(units);
}

static smscodec_result count_joined(int kind, int path, const void *data, size_t length, int64_t row, int64_t rows,
                                    const smscodec_columns *columns)
{
    return kind == 4 ? smscodec_count_joined(path, data, length, row, rows, ROOMS, columns)
                     : smscodec_count_joined_utf8(path, data, length, row, rows, ROOMS, columns);
}

/* So many texts joined with NULs, of code points or in UTF-8, into rows from 1 on: every path leaves what the scalar one
 * does, and refuses another number of texts. */
static void check_rows_joined(int kind, const void *exact, size_t length, int64_t rows)
{
    const int32_t refusal = kind == 4 ? SMSCODEC_LONE_SURROGATE : SMSCODEC_INVALID_UTF8;
    const size_t total = 9 * (size_t)(rows + 1);
    uint8_t *expected = NULL;
    smscodec_result first = {0, 0, 0};
    EACH_PATH(path) {
        uint8_t *out = fenced(total);
        uint32_t *units = (uint32_t *)(void *)(out + FENCE), *segments = units + rows + 1;
        smscodec_columns columns = {(uint8_t *)(segments + rows + 1), units, segments};
        smscodec_result result = count_joined(kind, path, exact, length, 1, rows, &columns);
        check_fences(out, total);
        CHECK(result.code == SMSCODEC_OK || result.code == refusal);
        if (!expected) {
            first = result;
            expected = copy_of(out + FENCE, total);
        } else {
            CHECK(result.code == first.code && result.row == first.row && result.position == first.position);
            CHECK(memcmp(expected, out + FENCE, total) == 0);
        }
        CHECK(count_joined(kind, path, exact, length, 0, rows + 1, &columns).code);
        CHECK(rows == 1 || count_joined(kind, path, exact, length, 0, rows - 1, &columns).code);
        check_fences(out, total);
        free(out);
    }
    free(expected);
}

/* The octets as they are but for a NUL in place of each 0, and as code points: ASCII is itself, the rest as in
 * check_letters or far above it. */
static void check_joined(const uint8_t *data, size_t size)
{
    static const uint32_t letters[] = {0x20AC, 0x394, 0xE9, 0, 0xE0, 0x1F600, 0xE7, 0, 0x10FFFF, 0xFFFF, 0xDFFF, 0xD800};
    uint8_t *octets = copy_of(data, size);
    uint32_t *points = malloc(size ? 4 * size : 1);
    int64_t octet_rows = 1, point_rows = 1;
    CHECK(points);
    for (size_t i = 0; i < size; i++) {
        octets[i] = data[i] == '0' ? 0 : data[i];
        octet_rows += octets[i] == 0;
        points[i] = data[i] < 0x80 ? data[i] : letters[data[i] < 0xE0 ? data[i] % 9 : data[i] % 12];
        point_rows += points[i] == 0;
    }
    check_rows_joined(1, octets, size, octet_rows);
    check_rows_joined(4, points, size, point_rows);
    free(points);
    free(octets);
}

/* The first octet says how many rows, the next ones where they end, the rest is the data. */
static void check_columns(const uint8_t *data, size_t size)
{
    int64_t rows = size ? data[0] % 16 : 0;
    if (size < (size_t)rows + 1)
        return;
    size_t length = size - (size_t)rows - 1;
    int32_t offsets[17] = {0};
    for (int64_t row = 0; row < rows; row++)
        offsets[row + 1] = data[1 + row] == 0xFF ? -1 : offsets[row] + data[1 + row] % 64;
    int32_t *exact_offsets = copy_of(offsets, sizeof(int32_t) * (size_t)(rows + 1));
    uint8_t *exact = copy_of(data + 1 + rows, length), *validity = copy_of(data, (size_t)(rows + 7) / 8 + 1);
    uint8_t *expected = NULL;
    smscodec_result first = {0, 0, 0};
    EACH_PATH(path) {
        size_t total = 9 * (size_t)rows;
        uint8_t *out = fenced(4 * (size_t)rows), *out2 = fenced(4 * (size_t)rows), *out3 = fenced((size_t)rows);
        smscodec_columns columns = {out3 + FENCE, (uint32_t *)(void *)(out + FENCE), (uint32_t *)(void *)(out2 + FENCE)};
        smscodec_result result = smscodec_count_utf8(path, exact, length, exact_offsets, 4, rows,
                                                     size % 2 ? validity : NULL, 3, ROOMS, &columns);
        check_fences(out, 4 * (size_t)rows);
        check_fences(out2, 4 * (size_t)rows);
        check_fences(out3, (size_t)rows);
        uint8_t *all = malloc(total + 1);
        CHECK(all && result.row <= rows);
        size_t counted = (size_t)result.row;
        memcpy(all, out + FENCE, 4 * counted);
        memcpy(all + 4 * counted, out2 + FENCE, 4 * counted);
        memcpy(all + 8 * counted, out3 + FENCE, counted);
        if (!expected) {
            first = result;
            expected = all;
        } else {
            CHECK(result.code == first.code && result.row == first.row && result.position == first.position);
            CHECK(memcmp(expected, all, 9 * counted) == 0);
            free(all);
        }
        free(out);
        free(out2);
        free(out3);
    }
    free(expected);
    free(validity);
    free(exact);
    free(exact_offsets);
}

/* ASCII of each length with one other code point at one of its last places, where no whole vector reaches. */
static void check_points(const uint8_t *data, size_t size)
{
    static const uint32_t others[] = {0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0, 0xFFFF, 0x10000, 0x20AC, 0x4E00, 0xD7FF, 0xE000};
    if (size < 3)
        return;
    const size_t length = size - 2, back = 1 + data[0] % (length < 40 ? length : 40);
    uint32_t *points = malloc(4 * length);
    CHECK(points);
    for (size_t i = 0; i < length; i++)
        points[i] = 'a' + data[2 + i] % 26;
    points[length - back] = others[data[1] % (sizeof others / sizeof *others)];
    smscodec_load expected = smscodec_scan(SMSCODEC_SCALAR, 4, points, length);
    EACH_PATH(path)
        CHECK(same(expected, smscodec_scan(path, 4, points, length)));
    free(points);
}

static void check_packing(const uint8_t *data, size_t size)
{
    unsigned fill_bits = size ? (unsigned)(data[0] + size) % 7 : 0; /* each of them with each length */
    uint8_t *septets = copy_of(data, size);
    for (size_t i = 0; i < size; i++)
        septets[i] &= 0x7F;
    size_t length = (fill_bits + 7 * size + 7) / 8;
    uint8_t *octets = fenced(length), *back = fenced(size);
    smscodec_pack(septets, size, fill_bits, octets + FENCE);
    check_fences(octets, length);
    uint8_t *exact = copy_of(octets + FENCE, length);
    smscodec_unpack(exact, size, fill_bits, back + FENCE);
    check_fences(back, size);
    CHECK(memcmp(septets, back + FENCE, size) == 0);
    free(exact);
    free(back);
    free(octets);
    free(septets);
}

/* A pair of tables of no language: a septet, an escaped one or none for each code point of three pages, as seed has it. */
typedef struct {
    uint8_t plain[128];
    uint8_t pages[256];
    uint16_t codes[4 * 256];
    uint8_t header[24];
    smscodec_style style;
} alphabet_of;

static void make_style(alphabet_of *made, int alphabet, unsigned seed, int wide, int unpacked)
{
    const unsigned extra = seed % 8, several = (wide ? 7 : 6) + extra;
    memset(made, 0, sizeof *made);
    for (unsigned i = 0; i < 256; i++) {
        made->codes[i] = SMSCODEC_NO_CODE;
        for (unsigned page = 1; page < 4; page++) {
            const unsigned kind = (i * 7 + page * 13 + seed) % 11, septet = (i * 31 + page + seed) % 0x80;
            made->codes[256 * page + i] =
                (uint16_t)(kind == 0 && seed % 3 ? SMSCODEC_NO_CODE : kind == 1 ? 0x1B00 | septet : septet);
        }
    }
    for (unsigned i = 0; i < 128; i++)
        made->plain[i] = made->codes[256 + i] > 0x7F ? SMSCODEC_NOT_PLAIN : (uint8_t)made->codes[256 + i];
    made->pages[0] = 1;
    made->pages[3] = 2;
    made->pages[0x20] = 3;
    made->header[0] = (uint8_t)(several - 1);
    made->header[1] = wide ? 8 : 0;
    made->header[2] = wide ? 4 : 3;
    made->style = (smscodec_style){alphabet, unpacked, wide, {0, 0}, {extra, several}, {made->header, made->header},
                                   made->plain, made->pages, made->codes};
    for (unsigned i = 0; i < 2; i++) {
        const unsigned octets = 140 - made->style.header_lengths[i];
        made->style.rooms[i] = alphabet == SMSCODEC_UCS2 ? octets / 2 : 8 * octets / 7;
    }
}

/* Octets of the sequence that begins at data, which is UTF-8. */
static size_t utf8_of(const uint8_t *data, uint32_t *character)
{
    const size_t octets = data[0] < 0x80 ? 1 : data[0] < 0xE0 ? 2 : data[0] < 0xF0 ? 3 : 4;
    *character = octets == 1 ? data[0] : data[0] & (0x7F >> octets);
    for (size_t i = 1; i < octets; i++)
        *character = *character << 6 | (data[i] & 0x3F);
    return octets;
}

/* Septets or octets of UTF-16BE of one message, and how many segments take them, each with the header of several in cut; 0
 * where the tables lack a character. */
static uint32_t expected_units(const smscodec_style *style, const uint8_t *data, size_t size, uint8_t *units,
                               size_t *length, uint32_t *cut)
{
    uint32_t used = 0, used_cut = 0, character;
    *length = 0;
    *cut = 1;
    for (size_t i = 0; i < size;) {
        i += utf8_of(data + i, &character);
        uint32_t takes = character > 0xFFFF ? 2 : 1;
        if (style->alphabet == SMSCODEC_UCS2) {
            const uint32_t high = 0xD7C0 + (character >> 10), pair[2] = {takes == 2 ? high : character, 0xDC00 | (character & 0x3FF)};
            for (uint32_t unit = 0; unit < takes; unit++) {
                units[(*length)++] = (uint8_t)(pair[unit] >> 8);
                units[(*length)++] = (uint8_t)pair[unit];
            }
        } else {
            const unsigned code = character > 0xFFFF ? SMSCODEC_NO_CODE : style->codes[256 * style->pages[character >> 8] + character % 256];
            if (code == SMSCODEC_NO_CODE)
                return 0;
            takes = code > 0x7F ? 2 : 1;
            if (takes == 2)
                units[(*length)++] = 0x1B;
            units[(*length)++] = code & 0x7F;
        }
        used += takes;
        used_cut += takes;
        if (used_cut > style->rooms[1]) {
            (*cut)++;
            used_cut = takes;
        }
    }
    return used <= style->rooms[0] ? 1 : *cut;
}

/* What was written holds the units of the message, segment after segment, and is numbered. */
static void check_segments(const smscodec_style *style, uint32_t segments, const uint8_t *octets, const int64_t *ends,
                           const uint8_t *tp_udl, const uint8_t *units, size_t length)
{
    const unsigned header = style->header_lengths[segments > 1], before = (8 * header + 6) / 7;
    size_t taken = 0, start = 0;
    for (uint32_t i = 0; i < segments; start = (size_t)ends[i++]) {
        const size_t size = (size_t)ends[i] - start;
        uint8_t septets[256] = {0};
        CHECK(size <= (style->unpacked ? 160 : 140) && size >= header);
        if (segments > 1)
            CHECK(octets[start + 4 + style->wide] == segments && octets[start + 5 + style->wide] == i + 1);
        if (style->alphabet == SMSCODEC_UCS2 || style->unpacked) {
            const size_t here = size - header;
            CHECK(taken + here <= length && memcmp(octets + start + header, units + taken, here) == 0);
            CHECK(tp_udl[i] == (style->alphabet == SMSCODEC_UCS2 ? size : before + here));
            taken += here;
        } else {
            CHECK((7 * tp_udl[i] + 7u) / 8 == size && tp_udl[i] >= before);
            smscodec_unpack(octets + start + header, tp_udl[i] - before, 7 * before - 8 * header, septets);
            CHECK(taken + tp_udl[i] - before <= length && memcmp(septets, units + taken, tp_udl[i] - before) == 0);
            taken += tp_udl[i] - before;
        }
    }
    CHECK(taken == length);
}

/* One message under tables that nobody knows: every path writes what a naive writer does and nothing beside it, a number of
 * segments that is not right is refused, and where room is short nothing is written. */
static void check_message(const uint8_t *data, size_t size, const smscodec_style *style)
{
    uint8_t *exact = copy_of(data, size), *units = malloc(4 * size + 8);
    size_t length = 0;
    CHECK(units);
    uint32_t cut, segments = expected_units(style, exact, size, units, &length, &cut);
    const uint32_t wanted = segments ? segments : 1;
    const int64_t offsets[2] = {0, (int64_t)size};
    const uint8_t number = 0;
    const int32_t reference = style->wide ? 0xABCD : 0xAB;
    EACH_PATH(path) {
        for (uint32_t claimed = wanted > 1 ? wanted - 1 : 1; claimed <= wanted + 1 && claimed <= 255; claimed++) {
            const size_t total = (size_t)claimed * SMSCODEC_RESERVE;
            uint8_t *octets = fenced(total), *tp_udl = fenced(claimed), *ends = fenced(8 * (size_t)claimed);
            int32_t first = 0;
            const smscodec_orders orders = {style, &number, &claimed, &reference, 0, NULL};
            smscodec_output output = {octets + FENCE, tp_udl + FENCE, ends + FENCE, &first, 8, 0, 0, total - 1, claimed, 0, 0};
            smscodec_result result = smscodec_encode(path, 0, exact, size, offsets, 8, 0, 1, &orders, &output);
            CHECK(result.code == SMSCODEC_FULL && output.octet_count == 0 && output.segment_count == 0);
            output.octet_capacity = total;
            result = smscodec_encode(path, 0, exact, size, offsets, 8, 0, 1, &orders, &output);
            check_fences(octets, total);
            check_fences(tp_udl, claimed);
            check_fences(ends, 8 * (size_t)claimed);
            CHECK((result.code == SMSCODEC_OK) == (segments && claimed == (claimed > 1 ? cut : segments)));
            CHECK(output.segment_count == (result.code ? 0 : claimed) && first == (int32_t)output.segment_count);
            if (!result.code)
                check_segments(style, claimed, octets + FENCE, (int64_t *)(void *)(ends + FENCE), tp_udl + FENCE, units, length);
            free(ends);
            free(tp_udl);
            free(octets);
        }
    }
    free(units);
    free(exact);
}

/* One message of code points, cut at its bounds or at any others: slots hold what the writer of many wrote, and nothing is
 * written beside them, whatever the bounds are. */
static void check_one(const uint8_t *data, size_t size, const smscodec_style *style)
{
    uint32_t *points = malloc(4 * size + 4), bounds[256] = {0}, segments = 1, used = 0;
    size_t length = 0;
    CHECK(points);
    for (size_t i = 0; i < size;)
        i += utf8_of(data + i, &points[length++]);
    for (size_t i = 0; i < length && segments < 255; i++) {
        const unsigned code = points[i] > 0xFFFF ? 0 : style->codes[256 * style->pages[points[i] >> 8] + points[i] % 256];
        const uint32_t takes = style->alphabet == SMSCODEC_UCS2 ? (points[i] > 0xFFFF) + 1u : (code > 0x7F) + 1u;
        used += takes;
        if (used > style->rooms[1]) {
            bounds[segments++] = (uint32_t)i;
            used = takes;
        }
    }
    bounds[segments] = (uint32_t)length;
    uint8_t *slots = fenced((size_t)segments * SMSCODEC_SLOT);
    const int32_t reference = style->wide ? 0xABCD : 0xAB;
    const int32_t code = smscodec_encode_one(4, points, length, style, bounds, segments, reference, slots + FENCE);
    check_fences(slots, (size_t)segments * SMSCODEC_SLOT);
    if (!code) {
        uint8_t *octets = malloc((size_t)segments * SMSCODEC_RESERVE), tp_udl[255];
        int64_t ends[255], offsets[2] = {0, (int64_t)length};
        const uint8_t number = 0;
        int32_t first = 0;
        const smscodec_orders orders = {style, &number, &segments, &reference, 0, NULL};
        smscodec_output output = {octets, tp_udl, ends, &first, 8, 0, 0, (uint64_t)segments * SMSCODEC_RESERVE, 255, 0, 0};
        CHECK(octets);
        smscodec_encode(SMSCODEC_SCALAR, 4, points, length, offsets, 8, 0, 1, &orders, &output);
        CHECK(output.segment_count == segments);
        for (uint32_t i = 0; i < segments; i++) {
            const uint8_t *slot = slots + FENCE + (size_t)i * SMSCODEC_SLOT;
            const int64_t start = i ? ends[i - 1] : 0;
            CHECK(slot[0] == tp_udl[i] && slot[1] == ends[i] - start && !memcmp(slot + 2, octets + start, slot[1]));
        }
        free(octets);
    }
    for (uint32_t i = 0; i <= segments; i++)
        bounds[i] = size ? (uint32_t)(data[i % size] * length / 200) : i;
    smscodec_encode_one(4, points, length, style, bounds, segments, reference, slots + FENCE);
    check_fences(slots, (size_t)segments * SMSCODEC_SLOT);
    free(slots);
    free(points);
}

/* Styles of each kind under each of the seeds that differ, made when they are first asked for. */
static const smscodec_style *style_of(unsigned kind, unsigned seed)
{
    enum { STYLES = 6, SEEDS = 24 };
    static alphabet_of made[STYLES][SEEDS];
    alphabet_of *of = &made[kind % STYLES][seed % SEEDS];
    if (!of->style.rooms[0])
        make_style(of, kind % 3 == 2 ? SMSCODEC_UCS2 : SMSCODEC_GSM_7BIT, seed % SEEDS, kind % STYLES >= 3, kind % 3 == 1);
    return &of->style;
}

/* The first octets choose a style, the rest is a message: as it is where it is UTF-8, else as Latin-1 put into UTF-8; and as
 * it is once more, where C must find out that it is not what was counted. */
static void check_encoding(const uint8_t *data, size_t size)
{
    if (size < 2)
        return;
    const smscodec_style *style = style_of(data[0], data[1]);
    data += 2;
    size -= 2;
    uint8_t *text = malloc(2 * size + 1);
    size_t length = 0;
    CHECK(text);
    if (smscodec_scan_utf8(SMSCODEC_SCALAR, data, size, size).code == SMSCODEC_OK) {
        memcpy(text, data, length = size);
    } else {
        for (size_t i = 0; i < size; i++) {
            if (data[i] >= 0x80)
                text[length++] = (uint8_t)(0xC0 | data[i] >> 6);
            text[length++] = data[i] < 0x80 ? data[i] : (uint8_t)(0x80 | (data[i] & 0x3F));
        }
    }
    check_message(text, length, style);
    check_one(text, length, style);
    free(text);
    const int64_t offsets[2] = {0, (int64_t)size};
    const uint8_t number = 0;
    const uint32_t segments = 1 + (uint32_t)(size / 100);
    const int32_t reference = 1;
    uint8_t *exact = copy_of(data, size);
    EACH_PATH(path) {
        const size_t total = (size_t)segments * SMSCODEC_RESERVE;
        uint8_t *octets = fenced(total), tp_udl[64];
        int64_t ends[64];
        int32_t first;
        const smscodec_orders orders = {style, &number, &segments, &reference, 0, NULL};
        smscodec_output output = {octets + FENCE, tp_udl, ends, &first, 8, 0, 0, total, 64, 0, 0};
        smscodec_encode(path, 0, exact, size, offsets, 8, 0, 1, &orders, &output);
        check_fences(octets, total);
        free(octets);
    }
    free(exact);
}

/* Any octets as TP-UD of any length: every path gives the same UTF-8 and nothing beside it. */
static void check_decoding(const uint8_t *data, size_t size)
{
    static uint16_t tables[3][SMSCODEC_ALPHABETS * 128];
    static uint8_t plain[SMSCODEC_ALPHABETS * 128];
    const smscodec_alphabets alphabets = {tables[0], tables[1], tables[2], plain, 0x3FFB, 0x3FFF};
    int64_t rows = size ? data[0] % 16 : 0;
    if (size < 3 * (size_t)rows + 1)
        return;
    if (!tables[0][0])
        for (unsigned i = 0; i < SMSCODEC_ALPHABETS * 128; i++) {
            for (unsigned table = 0; table < 3; table++)
                tables[table][i] = (uint16_t)((i + table) % 5 == 4 ? SMSCODEC_NO_CHARACTER : 1 + (i * 769 + table) % 0x30FF);
            plain[i] = tables[0][i] < 0x80 && i % 128 != 0x1B ? (uint8_t)tables[0][i] : SMSCODEC_NOT_PLAIN;
        }
    size_t length = size - 3 * (size_t)rows - 1;
    int32_t offsets[17] = {0};
    uint8_t kinds[16] = {0}, headed[16] = {0}, tp_udl[16] = {0};
    for (int64_t row = 0; row < rows; row++) {
        offsets[row + 1] = data[1 + row] == 0xFF ? -1 : offsets[row] + data[1 + row];
        tp_udl[row] = data[1 + rows + row];
        kinds[row] = data[1 + 2 * rows + row] % 4;
        headed[row] = data[1 + 2 * rows + row] >> 2 & 1;
    }
    uint8_t *exact = copy_of(data + 1 + 3 * rows, length), *expected = NULL;
    const smscodec_user_data column = {exact, length, offsets, 4, size % 3 ? NULL : data, 1, tp_udl, kinds, headed, size % 2};
    smscodec_result first = {0, 0, 0};
    EACH_PATH(path) {
        const size_t total = (size_t)rows * SMSCODEC_READ_RESERVE;
        uint8_t *octets = fenced(total), fields[3][16] = {{0}}, states[16] = {0};
        uint16_t references[16] = {0};
        int32_t ends[16] = {0};
        smscodec_texts texts = {octets + FENCE, ends, 4, 0, total, 0, references, fields[0], fields[1], fields[2], states};
        smscodec_result result = smscodec_decode(path, &column, 0, rows, &alphabets, &texts);
        check_fences(octets, total);
        CHECK(result.code == SMSCODEC_OK || result.code == SMSCODEC_BAD_OFFSETS);
        CHECK(smscodec_scan_utf8(SMSCODEC_SCALAR, octets + FENCE, texts.octet_count, texts.octet_count).code == SMSCODEC_OK);
        if (!expected) {
            first = result;
            expected = copy_of(octets + FENCE, total);
        } else {
            CHECK(first.code == result.code && first.row == result.row);
            CHECK(memcmp(expected, octets + FENCE, texts.octet_count) == 0);
        }
        free(octets);
    }
    free(expected);
    free(exact);
}

/* What one message costs under a pair of tables, counted naively; 0 segments where a character is in neither or there is no
 * room. */
static uint32_t planned(const smscodec_languages *languages, const uint32_t *points, size_t length, unsigned main,
                        unsigned single, uint32_t *units)
{
    const uint32_t *room = languages->rooms[!!main + !!single];
    uint32_t segments = 1, used = 0;
    *units = 0;
    for (size_t i = 0; i < length; i++) {
        const uint32_t page = points[i] > 0xFFFF ? 0 : languages->pages[points[i] >> 8];
        const uint32_t holders = languages->holders[languages->classes[256 * page + points[i] % 256]];
        const uint32_t takes = holders >> main & 1 ? 1 : holders >> (16 + single) & 1 ? 2 : 0;
        if (!takes)
            return 0;
        *units += takes;
        used += takes;
        if (used > room[1]) {
            segments++;
            used = takes;
        }
    }
    if (*units <= room[0] && room[0] >= 2)
        return 1;
    return room[1] < 2 ? 0 : segments;
}

/* A message under tables that nobody knows, as UTF-8 and as code points: the pair that is chosen is the best of all pairs. */
static void check_choice(const uint8_t *data, size_t size)
{
    enum { KINDS_OF_CHARACTERS = 12, LIMIT = 600 };
    uint8_t pages[256] = {1, 0, 0, 2}, classes[256 * 3] = {0}, octets[4 * LIMIT];
    uint32_t holders[KINDS_OF_CHARACTERS] = {0}, points[LIMIT], seed = (uint32_t)size;
    size_t length = 0, octet_count = 0;
    if (size < 8)
        return;
    for (size_t i = 0; i < 8; i++)
        seed = seed * 31 + data[i];
    for (unsigned i = 1; i < KINDS_OF_CHARACTERS; i++) { /* most are in most tables, or there would be no plan */
        seed = seed * 1664525 + 1013904223;
        holders[i] = seed >> 8 | seed << 7 | 1u << (16 + seed % 14);
    }
    for (unsigned i = 0; i < 512; i++)
        classes[256 + i] = (uint8_t)(i % 64 == 63 ? 0 : 1 + (i * 7 >> (seed % 5)) % (KINDS_OF_CHARACTERS - 1));
    for (size_t i = 8; i < size && length < LIMIT; i++, length++) {
        uint32_t c = points[length] = data[i] == 0xFF ? 0x1F600 : data[i] < 0x80 ? data[i] : 0x300 + data[i];
        if (c < 0x80) {
            octets[octet_count++] = (uint8_t)c;
        } else if (c < 0x800) {
            octets[octet_count++] = (uint8_t)(0xC0 | c >> 6);
            octets[octet_count++] = (uint8_t)(0x80 | (c & 0x3F));
        } else {
            memcpy(octets + octet_count, "\xf0\x9f\x98\x80", 4);
            octet_count += 4;
        }
    }
    smscodec_languages languages = {pages, classes, holders, 1 | (seed >> 3 & 0x3FFF), 1 | (seed >> 9 & 0x3FFF), {{0, 0}}};
    const unsigned room = 3 + (seed >> 17) % 60;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned j = 0; j < 2; j++)
            languages.rooms[i][j] = room > 4 * i + 7 * j ? room - 4 * i - 7 * j : 0;
    const uint32_t before = 2 + data[7] % 9;
    uint32_t best[4] = {before, 3, 0, 0};
    for (unsigned main = 0; main < 14; main++)
        for (unsigned single = 0; single < 14; single++) {
            uint32_t units, elements = !!main + !!single;
            if (!main && (!single || planned(&languages, points, length, 0, 0, &units))) /* what needs no element */
                continue;
            if (!(languages.mains >> main & 1) || !(languages.singles >> single & 1))
                continue;
            const uint32_t segments = planned(&languages, points, length, main, single, &units);
            if (!segments || segments > best[0] || (segments == before))
                continue;
            if (segments == best[0] && (elements > best[1] || (elements == best[1] && units >= best[2])))
                continue;
            memcpy(best, (uint32_t[]){segments, elements, units, main << 4 | single}, sizeof best);
        }
    for (int kind = 0; kind <= 4; kind += 4) {
        const int64_t offsets[2] = {0, (int64_t)(kind ? length : octet_count)};
        uint8_t *exact = kind ? copy_of(points, 4 * length) : copy_of(octets, octet_count);
        const uint8_t counted = seed % 3 ? SMSCODEC_UCS2 : SMSCODEC_GSM_7BIT;
        uint8_t alphabet = counted, pair = CANARY;
        uint32_t units = (uint32_t)length, segments = before;
        const smscodec_columns columns = {&alphabet, &units, &segments};
        smscodec_choose(kind, exact, (size_t)offsets[1], offsets, 8, 1, &languages, &columns, &pair);
        CHECK(pair == best[3] && segments == best[0] && units == (pair ? best[2] : length));
        CHECK(alphabet == (pair ? SMSCODEC_GSM_7BIT : counted));
        free(exact);
    }
}

static void (*const CHECKS[])(const uint8_t *, size_t) = {
    check_texts,   check_letters,  check_joined,   check_points, check_columns,
    check_packing, check_encoding, check_decoding, check_choice,
};
enum { KINDS = sizeof CHECKS / sizeof *CHECKS };

/* The first octet says what the rest is for: an input that is for everything finds little in long time. Built with
 * -DONLY=check_packing or another, the whole input is for that check. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
#ifdef ONLY
    ONLY(data, size);
#else
    if (size)
        CHECKS[data[0] % KINDS](data + 1, size - 1);
#endif
    return 0;
}

#ifdef WITHOUT_LIBFUZZER
static void check_text(const char *text, int alphabet, int64_t units, int64_t segments)
{
    size_t length = strlen(text);
    EACH_PATH(path) {
        smscodec_load load = smscodec_scan_utf8(path, (const uint8_t *)text, length, length);
        CHECK(load.code == SMSCODEC_OK && load.alphabet == alphabet && load.units == units);
        CHECK(smscodec_segments_utf8(&load, ROOMS, (const uint8_t *)text, length) == segments);
    }
}

/* Answers that anyone can check by hand, for processors of another order of octets and size of words. */
static void check_known(void)
{
    const uint16_t greek[] = {'a', 0x394, 0x20AC}, lone[] = {'a', 0xD800};
    const uint32_t astral[] = {'a', 0x1F600};
    char cut[320];
    uint8_t octets[16];
    check_text("hello", SMSCODEC_GSM_7BIT, 5, 1);
    check_text("\xe2\x82\xac{\xc3\xa9\xce\x94", SMSCODEC_GSM_7BIT, 6, 1);
    check_text("\xc3\xa7", SMSCODEC_UCS2, 1, 1);
    check_text("\xf0\x9f\x98\x80\xd0\xb6", SMSCODEC_UCS2, 3, 1);
    memset(cut, 'a', sizeof cut);
    memcpy(cut + 152, "{", 1);
    cut[305] = 0;
    check_text(cut, SMSCODEC_GSM_7BIT, 306, 3);
    memset(cut, 'a', sizeof cut);
    for (int path = 0; path < SMSCODEC_PATHS; path++)
        for (size_t lane = 0; smscodec_has_path(path) && lane < 64; lane++) { /* two octets of a euro, then ASCII */
            memcpy(cut + lane, "\xe2\x82", 2);
            smscodec_load load = smscodec_scan_utf8(path, (const uint8_t *)cut, 100, 100);
            CHECK(load.code == SMSCODEC_INVALID_UTF8 && load.position == (int64_t)lane);
            memset(cut + lane, 'a', 2);
        }
    CHECK(smscodec_scan(SMSCODEC_SCALAR, 2, greek, 3).units == 4);
    CHECK(smscodec_scan(SMSCODEC_SCALAR, 2, lone, 2).position == 1);
    CHECK(smscodec_scan(SMSCODEC_SCALAR, 4, astral, 2).units == 3);
    smscodec_pack((const uint8_t *)"hellohello", 10, 0, octets);
    CHECK(memcmp(octets, "\xe8\x32\x9b\xfd\x46\x97\xd9\xec\x37", 9) == 0);
}

/* Pieces of text, broken ones among them, in random order. */
int main(int count, char **arguments)
{
    static const char *const pieces[] = {"a",  "some text ",    "{",        "\xe2\x82\xac", "\xc3\xa9", "\xce\x94", "\xc3\xa7",
                                         "\n", "\xd0\xb6",      "\xf0\x9f", "\x98\x80",     "\xe2\x82", "\x80",     "\xc3",
                                         "`",  "\xed\xa0\x80",  "\xff",     "\xf0\x9f\x98\x80", "0123456789abcdef0123456789abcdef",
                                         "\xf8", "\xf9", "\xfa", "\xfb"}; /* for check_letters and check_joined */
    static const char *const names[SMSCODEC_PATHS] = {"scalar", "SSE4.1", "AVX2", "NEON"};
    long inputs = count > 1 ? atol(arguments[1]) : 100000;
    uint32_t seed = 23038;
    check_known();
    for (long input = 0; input < inputs; input++) {
        uint8_t data[512];
        size_t size = 0, wanted;
        seed = seed * 1664525 + 1013904223;
        wanted = (seed >> 8) % 400;
        unsigned kinds = 1 + (seed >> 20) % (sizeof pieces / sizeof *pieces);
        while (size < wanted) {
            seed = seed * 1664525 + 1013904223;
            const char *piece = pieces[(seed >> 12) % kinds];
            memcpy(data + size, piece, strlen(piece));
            size += strlen(piece);
        }
        for (size_t kind = 0; kind < KINDS; kind++)
            CHECKS[kind](data, size);
    }
    printf("%ld inputs, paths:", inputs);
    EACH_PATH(path)
        printf(" %s", names[path]);
    printf("\n");
    return 0;
}
#endif
