/* http2_settings.h
 * How each side of HTTP/2 begins, the client after its preface: with a SETTINGS frame (RFC 9113
 * section 3.4).
 *
 * Ownership: bytes are only looked at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTTP2_SETTINGS_H
#define MULTISTATUS_HTTP2_SETTINGS_H

#include "octets.h"

/** Do these bytes begin like SETTINGS, or like the acknowledgement of them (RFC 9113 sections 4.1
 *  and 6.5)? Hardly ten are registered. */
static inline bool http2_is_settings(const uint8_t *at, size_t length)
{
    enum { HEADER = 9, SETTINGS = 4, SETTING = 6, MOST = 16 };

    return length >= HEADER && at[0] == 0 && at[3] == SETTINGS && at[4] <= 1 &&
           octets_32(at + 5) == 0 && octets_16(at + 1) % SETTING == 0 &&
           octets_16(at + 1) <= MOST * SETTING;
}

/** ... and like those with which a side begins: they acknowledge nothing. */
static inline bool http2_begins(const uint8_t *at, size_t length)
{
    return http2_is_settings(at, length) && at[4] == 0;
}

#endif /* MULTISTATUS_HTTP2_SETTINGS_H */
