/* One message of UTF-8, as a caller in Python has it after str.encode(). */
#include "single.h"

int64_t smscodec_scan_octets(int path, const uint8_t *data, size_t length)
{
    smscodec_load load = smscodec_scan_utf8(path, data, length, length);
    return smscodec_in_one(&load);
}

int64_t smscodec_count_octets(int path, const uint8_t *data, size_t length)
{
    smscodec_load load = smscodec_scan_utf8(path, data, length, length);
    return load.code ? SMSCODEC_ASK : smscodec_segments_utf8(&load, SMSCODEC_PLAIN, data, length);
}
