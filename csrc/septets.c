/* Septets to octets and back, eight septets a step: neighbouring lanes of a 64-bit word are pushed together or apart.
 *
 * Reference: 3GPP TS 23.038, 6.1.2.1.1
 */
#include "internal.h"

void smscodec_pack(const uint8_t *septets, size_t count, unsigned fill_bits, uint8_t *octets)
{
    uint64_t carried = 0;
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        uint64_t bits = carried | smscodec_together(smscodec_get_octets(septets, 8)) << fill_bits;
        smscodec_put_octets(octets, 7, bits);
        carried = bits >> 56;
    }
    uint64_t bits = carried | smscodec_together(smscodec_get_octets(septets, count)) << fill_bits;
    smscodec_put_octets(octets, (fill_bits + 7 * count + 7) / 8, bits);
}

void smscodec_unpack(const uint8_t *octets, size_t count, unsigned fill_bits, uint8_t *septets)
{
    for (; count >= 8; count -= 8, septets += 8, octets += 7) {
        uint64_t bits = smscodec_get_octets(octets, fill_bits ? 8 : 7) >> fill_bits;
        smscodec_put_octets(septets, 8, smscodec_apart(bits));
    }
    if (count) {
        uint64_t bits = smscodec_get_octets(octets, (fill_bits + 7 * count + 7) / 8) >> fill_bits;
        smscodec_put_octets(septets, count, smscodec_apart(bits));
    }
}

uint64_t smscodec_look_up_scalar(const uint8_t *entries, const uint8_t *input, size_t count, uint8_t *output)
{
    uint64_t others = 0;
    for (size_t i = 0; i < count; i++) {
        output[i] = entries[input[i] & 0x7F];
        others |= (uint64_t)((output[i] | input[i]) >> 7) << i;
    }
    return others;
}

void smscodec_groups_scalar(const uint8_t *septets, size_t groups, uint8_t *octets)
{
    for (; groups; groups--, septets += 8, octets += 7)
        smscodec_put_octets(octets, 8, smscodec_together(smscodec_get_octets(septets, 8)));
}

void smscodec_ungroup_scalar(const uint8_t *octets, size_t groups, uint8_t *septets)
{
    for (; groups; groups--, septets += 8, octets += 7)
        smscodec_put_octets(septets, 8, smscodec_apart(smscodec_get_octets(octets, 7)));
}
