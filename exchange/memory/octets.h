/* octets.h
 * A stretch of bytes of which the capture may hold only the first part, and numbers in network byte
 * order.
 *
 * Ownership: a stretch points into bytes that it does not own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OCTETS_H
#define MULTISTATUS_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

typedef struct {
    const uint8_t *start; /**< of the packet */
    const uint8_t *at;
    size_t captured; /**< from `at` on */
    size_t reported; /**< likewise, as it was sent */
} octets;

static inline uint16_t octets_16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t octets_32(const uint8_t *at)
{
    return (uint32_t)octets_16(at) << 16 | octets_16(at + 2);
}

/** Skips that many bytes; returns false and stays where it is if there are not that many. */
static inline bool octets_skip(octets *of, size_t length)
{
    if (of->captured < length || of->reported < length)
        return false;
    of->at += length;
    of->captured -= length;
    of->reported -= length;
    return true;
}

/** Limits it to that many bytes: what follows is something else. */
static inline void octets_limit(octets *of, size_t reported)
{
    of->reported = reported;
    of->captured = MIN(of->captured, reported);
}

#endif /* MULTISTATUS_OCTETS_H */
