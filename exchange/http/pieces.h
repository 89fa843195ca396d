/* pieces.h
 * The pieces of a stream of bytes in order, whatever the order in which they come.
 *
 * Ownership: `pieces` own the bytes that wait, until pieces_clear(); what comes is copied where it
 * has to wait.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PIECES_H
#define MULTISTATUS_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/** What waits behind a hole: a window of TCP without scaling many times over, and not so many
 *  pieces that sorting them in costs anything. */
#define PIECES_LIMIT_BYTES (1024u * 1024)
#define PIECES_LIMIT 1024u

typedef struct {
    uint32_t sequence; /**< of the first byte */
    const uint8_t *bytes;
    size_t length;
    size_t reported; /**< how many there were before the snap length took some */
} piece;

/** All zero but `next` is an empty one. */
typedef struct {
    uint32_t next;  /**< sequence number of the byte that is needed next */
    bool cut;       /**< the snap length took that byte: nothing more will come */
    GQueue waiting; /**< of piece * with bytes of their own: what is behind a hole, in order */
    size_t bytes;   /**< in them */
} pieces;

/** Takes bytes that are in order; false if it wants no more. */
typedef bool (*pieces_sink)(const uint8_t *bytes, size_t length, void *data);

/** A piece came: hands over what is in order now. Bytes that were there before are ignored. */
void pieces_add(pieces *stream, const piece *came, pieces_sink sink, void *data);

/** How many bytes are missing before the first piece that waits; 0 if none waits. */
uint32_t pieces_hole(const pieces *stream);

void pieces_clear(pieces *stream);

#endif /* MULTISTATUS_PIECES_H */
