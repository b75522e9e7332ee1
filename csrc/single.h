/* The result of a scan of one message in one integer, because a call from Python that returns a number costs a third of
 * one that fills a structure: bits 0-29 units, 30-59 two-unit characters, 60 set for UCS-2. It is negative if the caller
 * must ask the reference: for lone surrogates, longer texts, and objects other than an exact str. */
#ifndef SMSCODEC_SINGLE_H
#define SMSCODEC_SINGLE_H

#include "internal.h"

enum { SMSCODEC_ASK = -1 };

static const smscodec_rooms SMSCODEC_PLAIN = {160, 153, 70, 67};

static inline int64_t smscodec_in_one(const smscodec_load *load)
{
    if (load->code || load->units >> 30)
        return SMSCODEC_ASK;
    return (int64_t)(load->alphabet == SMSCODEC_UCS2) << 60 | load->doubles << 30 | load->units;
}

#endif
