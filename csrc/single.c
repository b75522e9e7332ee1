/* One message as a caller in Python has it: its octets in UTF-8 after str.encode(), or its code points. */
#include "single.h"

int64_t smscodec_scan_octets(const uint8_t *data, size_t length)
{
    const smscodec_load load = smscodec_scan_utf8(smscodec_best_path(), data, length, length);
    return smscodec_in_one(&load);
}

int64_t smscodec_count_octets(const uint8_t *data, size_t length)
{
    const smscodec_load load = smscodec_scan_utf8(smscodec_best_path(), data, length, length);
    return load.code ? SMSCODEC_ASK : smscodec_segments_utf8(&load, SMSCODEC_PLAIN, data, length);
}

int64_t smscodec_scan_characters(const uint32_t *text, size_t length)
{
    const smscodec_load load = smscodec_scan(smscodec_best_path(), 4, text, length);
    return smscodec_in_one(&load);
}

int64_t smscodec_count_characters(const uint32_t *text, size_t length)
{
    const smscodec_load load = smscodec_scan(smscodec_best_path(), 4, text, length);
    return load.code ? SMSCODEC_ASK : smscodec_segments(&load, SMSCODEC_PLAIN, 4, text, length);
}
