/* Runs one path of the kernels over the lines of a file, so that valgrind can count the instructions it takes:
 * ./instructions FILE PATH ROUNDS. Prints the sum of segments, which must not depend on the path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smscodec.h"

static const uint32_t ROOMS[4] = {160, 153, 70, 67};

int main(int count, char **arguments)
{
    static uint8_t data[1 << 20], alphabets[2000], packed[160], septets[160];
    static uint32_t units[2000], segments[2000];
    static int32_t offsets[2001];
    static uint16_t wide[1 << 20]; /* the file as UCS-2, a euro sign for each octet beyond ASCII */
    static uint32_t joined[1 << 20]; /* the same as code points, a NUL for each end of a line */
    if (count != 4)
        return 2;
    FILE *file = fopen(arguments[1], "rb");
    if (!file)
        return 1;
    size_t size = fread(data, 1, sizeof data, file);
    int64_t rows = 0, sum = 0;
    int path = atoi(arguments[2]);
    smscodec_columns columns = {alphabets, units, segments};
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
    for (int round = atoi(arguments[3]); round > 0; round--) {
        smscodec_count_joined(path, joined, (size_t)offsets[rows] - 1, 0, rows, ROOMS, &columns);
        for (int64_t row = 0; row < rows; row++)
            sum += segments[row];
        smscodec_count_utf8(path, data, size, offsets, 4, rows, NULL, 0, ROOMS, &columns);
        for (int64_t row = 0; row < rows; row++) {
            size_t length = (size_t)(offsets[row + 1] - offsets[row]);
            sum += segments[row] + smscodec_scan(path, 1, data + offsets[row], length).alphabet;
            sum += smscodec_scan(path, 2, wide + offsets[row], length).units;
        }
        smscodec_pack(data, 160, 1, packed);
        smscodec_unpack(packed, 160, 1, septets);
    }
    printf("%lld\n", (long long)sum);
    return 0;
}
