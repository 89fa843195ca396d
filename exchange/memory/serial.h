/* serial.h
 * 32-bit numbers that wrap around, as TCP's sequence numbers do.
 *
 * RFC 9293 section 3.4.
 *
 * Ownership: numbers are plain values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SERIAL_H
#define MULTISTATUS_SERIAL_H

#include <stdint.h>

/** How far `to` is after `from`; negative if it is before it. */
static inline int32_t serial_distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

#endif /* MULTISTATUS_SERIAL_H */
