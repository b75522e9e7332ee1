/* Runs one path of the kernels over the lines of a file, so that valgrind can count the instructions it takes:
 * ./instructions FILE TABLES PATH ROUNDS. TABLES holds those of the default alphabet and of all languages, as
 * instructions.py writes them. Prints a sum over what was counted, written, read and chosen, which must not depend on the path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smscodec.h"

static const uint32_t ROOMS[4] = {160, 153, 70, 67};

enum { PAGES = 4, CELLS = 128 * SMSCODEC_ALPHABETS };

/* What the file of tables holds, in this order. */
static struct {
    uint8_t plain[128];
    uint8_t pages[256];
    uint16_t codes[256 * PAGES];
    uint16_t cells[3][CELLS];
    uint8_t plain_cells[CELLS];
    uint8_t class_pages[256];
    uint8_t classes[256 * 16];
    uint32_t holders[64];
} tables;

enum { ROWS = 2000, SEGMENTS = 8000, OCTETS = 4 << 20 };

/* Writes all messages, reads all segments, and gives what sums to the same on every path. */
static int64_t write_and_read(int path, const uint8_t *data, size_t size, const int32_t *offsets, int64_t rows,
                              const smscodec_columns *counts)
{
    static uint8_t octets[OCTETS], text[OCTETS], tp_udl[SEGMENTS], alphabets[SEGMENTS], headed[SEGMENTS];
    static uint8_t totals[SEGMENTS], sequences[SEGMENTS], wide[SEGMENTS], states[SEGMENTS];
    static uint8_t concatenation[] = {5, 0, 3, 0, 0, 0};
    static int32_t firsts[ROWS], text_ends[SEGMENTS], ends[SEGMENTS + 1];
    static uint16_t references[SEGMENTS];
    const smscodec_style gsm = {SMSCODEC_GSM_7BIT, 0, 0, {160, 153}, {0, 6}, {concatenation, concatenation},
                                tables.plain, tables.pages, tables.codes};
    smscodec_style styles[3] = {gsm, gsm, gsm};
    const int32_t reference = 7;
    styles[2].alphabet = SMSCODEC_UCS2;
    styles[2].rooms[0] = 70;
    styles[2].rooms[1] = 67;
    const smscodec_orders orders = {styles, counts->alphabets, counts->segments, &reference, 0};
    smscodec_output output = {octets, tp_udl, ends + 1, firsts, 4, 0, 0, OCTETS, SEGMENTS, 0, 0};
    smscodec_encode(path, 0, data, size, offsets, 4, 0, rows, &orders, &output);
    for (int64_t row = 0, segment = 0; row < rows; row++)
        for (; segment < firsts[row]; segment++) {
            alphabets[segment] = counts->alphabets[row];
            headed[segment] = counts->segments[row] > 1;
        }
    const smscodec_alphabets all = {tables.cells[0], tables.cells[1], tables.cells[2], tables.plain_cells, 0x3FFB, 0x3FFF};
    const smscodec_user_data column = {octets, output.octet_count, ends, 4, NULL, 0, tp_udl, alphabets, headed, 1};
    smscodec_texts texts = {text, text_ends, 4, 0, OCTETS, 0, references, totals, sequences, wide, states};
    smscodec_decode(path, &column, 0, (int64_t)output.segment_count, &all, &texts);
    return (int64_t)(output.octet_count + output.segment_count + texts.octet_count);
}

int main(int count, char **arguments)
{
    static uint8_t data[1 << 20], alphabets[2000], pairs[2000], packed[160], septets[160];
    static uint32_t units[2000], segments[2000];
    static int32_t offsets[2001];
    static uint16_t wide[1 << 20]; /* the file as UCS-2, a euro sign for each octet beyond ASCII */
    static uint32_t joined[1 << 20]; /* the same as code points, a NUL for each end of a line */
    if (count != 5)
        return 2;
    FILE *file = fopen(arguments[1], "rb");
    if (!file)
        return 1;
    size_t size = fread(data, 1, sizeof data, file);
    int64_t rows = 0, sum = 0;
    int path = atoi(arguments[3]);
    smscodec_columns columns = {alphabets, units, segments};
    const smscodec_languages languages = {tables.class_pages, tables.classes, tables.holders, 0x3FFB, 0x3FFF,
                                          {{160, 153}, {155, 149}, {152, 146}}};
    fclose(file);
    file = fopen(arguments[2], "rb");
    if (!file || fread(&tables, sizeof tables, 1, file) != 1)
        return 1;
    fclose(file);
    for (size_t i = 0; i < size && rows < 2000; i++)
        if (data[i] == '\n')
            offsets[++rows] = (int32_t)i + 1;
    for (size_t i = 0; i < size; i++) {
        wide[i] = data[i] < 0x80 ? data[i] : 0x20AC;
        joined[i] = wide[i] == '\n' ? 0 : wide[i];
    }
    if (!smscodec_has_path(path))
        return 3;
    for (int round = atoi(arguments[4]); round > 0; round--) {
        smscodec_count_joined(path, joined, (size_t)offsets[rows] - 1, 0, rows, ROOMS, &columns);
        for (int64_t row = 0; row < rows; row++)
            sum += segments[row];
        smscodec_count_utf8(path, data, size, offsets, 4, rows, NULL, 0, ROOMS, &columns);
        for (int64_t row = 0; row < rows; row++) {
            size_t length = (size_t)(offsets[row + 1] - offsets[row]);
            sum += segments[row] + smscodec_scan(path, 1, data + offsets[row], length).alphabet;
            sum += smscodec_scan(path, 2, wide + offsets[row], length).units;
        }
        sum += write_and_read(path, data, size, offsets, rows, &columns);
        smscodec_choose(0, data, size, offsets, 4, rows, &languages, &columns, pairs);
        for (int64_t row = 0; row < rows; row++)
            sum += segments[row];
        smscodec_pack(data, 160, 1, packed);
        smscodec_unpack(packed, 160, 1, septets);
    }
    printf("%lld\n", (long long)sum);
    return 0;
}
