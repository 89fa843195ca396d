/* quic_number.h
 * Numbers of QUIC and HTTP/3: as many bytes as the first two bits say.
 *
 * RFC 9000 section 16.
 *
 * Ownership: numbers are plain values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_QUIC_NUMBER_H
#define MULTISTATUS_QUIC_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/** How many bytes the number is that begins with that one. */
static inline size_t quic_number_length(uint8_t first)
{
    return (size_t)1 << (first >> 6);
}

/** The number that begins there.
 *  @return how many bytes it is; 0 if there are not so many */
static inline size_t quic_number(const uint8_t *bytes, size_t length, uint64_t *to)
{
    size_t needed = length > 0 ? quic_number_length(bytes[0]) : 0;

    if (needed == 0 || needed > length)
        return 0;
    *to = bytes[0] & 0x3f;
    for (size_t i = 1; i < needed; i++)
        *to = *to << 8 | bytes[i];
    return needed;
}

#endif /* MULTISTATUS_QUIC_NUMBER_H */
