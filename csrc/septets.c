/* Septets to octets and back, eight septets a step: neighbouring lanes of a 64-bit word are pushed together or apart.
 *
 * Reference: 3GPP TS 23.038, 6.1.2.1.1
 */
#include "smscodec.h"

static uint64_t read_octets(const uint8_t *octets, size_t count)
{
    uint64_t word = 0;
    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)octets[i] << 8 * i;
    return word;
}

static void write_octets(uint8_t *octets, size_t count, uint64_t word)
{
    for (size_t i = 0; i < count; i++)
        octets[i] = (uint8_t)(word >> 8 * i);
}

static uint64_t together(uint64_t lanes)
{
    lanes = (lanes & 0x007F007F007F007F) | (lanes & 0x7F007F007F007F00) >> 1;
    lanes = (lanes & 0x00003FFF00003FFF) | (lanes & 0x3FFF00003FFF0000) >> 2;
    return (lanes & 0x000000000FFFFFFF) | (lanes & 0x0FFFFFFF00000000) >> 4;
}

static uint64_t apart(uint64_t bits)
{
    bits = (bits & 0x000000000FFFFFFF) | (bits << 4 & 0x0FFFFFFF00000000);
    bits = (bits & 0x00003FFF00003FFF) | (bits << 2 & 0x3FFF00003FFF0000);
    return (bits & 0x007F007F007F007F) | (bits << 1 & 0x7F007F007F007F00);
}

void smscodec_pack(const uint8_t *septets, size_t count, unsigned fill_bits, uint8_t *octets)
{
    uint64_t carried = 0;
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        uint64_t bits = carried | together(read_octets(septets, 8)) << fill_bits;
        write_octets(octets, 7, bits);
        carried = bits >> 56;
    }
    uint64_t bits = carried | together(read_octets(septets, count)) << fill_bits;
    write_octets(octets, (fill_bits + 7 * count + 7) / 8, bits);
}

void smscodec_unpack(const uint8_t *octets, size_t count, unsigned fill_bits, uint8_t *septets)
{
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        uint64_t bits = read_octets(octets, fill_bits ? 8 : 7) >> fill_bits;
        write_octets(septets, 8, apart(bits));
    }
    if (count) {
        uint64_t bits = read_octets(octets, (fill_bits + 7 * count + 7) / 8) >> fill_bits;
        write_octets(septets, count, apart(bits));
    }
}
