/* stream.h
 * One direction of a connection: its bytes in order, whatever the order in which segments come.
 *
 * RFC 9293 section 3.4. Places are offsets of 64 bits, so that nothing wraps: 0 is the first byte
 * behind the SYN, or where the capture first saw the direction. What is read is gone: a stream
 * keeps only what waits behind a hole, and that is bounded.
 *
 * Ownership: a stream owns copies of what waits in it; what it hands out is valid until its next
 * call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_STREAM_H
#define MULTISTATUS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/** What waits behind a hole: some windows of TCP. */
#define STREAM_LIMIT_BYTES (4u * 1024 * 1024)
#define STREAM_LIMIT_PIECES 65536u

/** No place, where none is known. */
#define NO_PLACE INT64_MIN

/** When something came. */
typedef struct {
    uint32_t frame;
    int32_t nanoseconds;
    int64_t seconds;
} arrival;

/** Bytes that came in one piece. */
typedef struct {
    int64_t at; /**< place of the first byte */
    const uint8_t *bytes;
    size_t length;
    size_t reported;      /**< how many there were before the snap length took some */
    int64_t acknowledged; /**< what its sender had received in order by then; NO_PLACE if unknown */
    arrival when;
    bool begins; /**< a segment begins here, so that a message may */
} stream_piece;

typedef struct {
    int64_t next;         /**< the byte that is read next */
    int64_t begin;        /**< where the direction is known to begin; NO_PLACE if it was not seen */
    int64_t end;          /**< where it is known to end (FIN); likewise */
    int64_t furthest;     /**< behind the last byte that was seen */
    bool known;           /**< anything is known of it: places mean something */
    bool started;         /**< where reading begins is known, by a SYN or by bytes */
    uint32_t sequence;    /**< private: of the byte at `counted` */
    int64_t counted;      /**< private */
    stream_piece now;     /**< private: the piece that came last, as far as it is not read */
    GSequence *waiting;   /**< private: of piece, behind a hole; NULL at first */
    size_t waiting_bytes; /**< private */
    stream_piece *current; /**< private: taken off `waiting` */
} byte_stream;

/** The place of a sequence number; 0 for the first that is asked for. */
int64_t stream_place(byte_stream *of, uint32_t sequence);

/** The sequence number of a place. */
uint32_t stream_sequence(const byte_stream *of, int64_t place);

/** A SYN came: its data, if any, begins at that place. */
void stream_begins(byte_stream *of, int64_t at);

/** A FIN came. */
void stream_ends(byte_stream *of, int64_t at);

/** What was read before it was known where the direction begins is read again from there: all that
 *  came has to be added again. */
void stream_again(byte_stream *of);

/** A piece came: bytes of it that were read or are there already are ignored. It need not stay. */
void stream_add(byte_stream *of, const stream_piece *came);

/** The piece at the next byte. False if that byte is not there.
 *  @param to  valid until the next call of stream_take() */
bool stream_peek(byte_stream *of, stream_piece *to);

/** So many bytes of the piece are read. */
void stream_take(byte_stream *of, size_t length);

/** Reads on at a later place, whether the bytes before it are there or not. */
void stream_skip(byte_stream *of, int64_t to);

/** A copy of what came and cannot be read yet is kept until it can. To be called when nothing more
 *  is read for now, at the latest before the bytes that came go. */
void stream_keep(byte_stream *of);

/** The same, also of what could be read and was not. */
void stream_hold(byte_stream *of);

/** How many bytes are missing before the first that wait; 0 if none wait. */
int64_t stream_hole(const byte_stream *of);

/** Does more wait than is kept? */
bool stream_is_full(const byte_stream *of);

void stream_clear(byte_stream *of);

#endif /* MULTISTATUS_STREAM_H */
