/* h3_dialogue.h
 * A connection of HTTP/3: bytes of its streams in, messages and their pairs out.
 *
 * RFC 9114. A stream is a request and its response, so it tells by itself what belongs together.
 * What is finished is forgotten but for its number.
 *
 * Ownership: a connection owns its messages; they are valid from `begins` until `gone`.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_H3_DIALOGUE_H
#define MULTISTATUS_H3_DIALOGUE_H

#include "dialogue.h"

/** Streams of a connection that are open at the same time. Servers allow some 100. */
#define H3_LIMIT_STREAMS 1024u
/** ... and of all connections of a capture. */
#define H3_LIMIT_ALL_STREAMS 65536u
/** Header sections of a direction that wait for the table at the same time. Most allow 16 to 100.
 */
#define H3_LIMIT_BLOCKED 128u
/** Bytes that wait for others before them, in all connections of a capture. */
#define H3_LIMIT_WAITING (64u * 1024 * 1024)
/** Bytes of bodies that are being gathered, in all connections of a capture. */
#define H3_LIMIT_KEPT (128u * 1024 * 1024)

/** What all connections of a capture keep. Zeroed at first; it outlives them. */
typedef struct {
    size_t waiting, kept; /**< bytes */
    unsigned streams;
} h3_budget;

/** The sender of what comes. */
enum { H3_CLIENT, H3_SERVER };

/** What a STREAM frame carries (RFC 9000 section 19.8). */
typedef struct {
    unsigned direction; /**< H3_CLIENT or H3_SERVER */
    uint64_t stream;
    uint64_t at; /**< offset of the first byte */
    const uint8_t *bytes;
    size_t length;
    bool fin; /**< the stream ends behind them */
    arrival when;
} h3_bytes;

typedef struct h3_dialogue h3_dialogue;

h3_dialogue *h3_dialogue_new(const dialogue_listener *listener, h3_budget *budget);

/** Without telling anybody. */
void h3_dialogue_free(h3_dialogue *of);

/** How many STREAM frames of the connection may come before bytes that are missing are given up. */
void h3_dialogue_set_patience(h3_dialogue *of, uint32_t frames);

void h3_dialogue_add(h3_dialogue *of, const h3_bytes *came);

/** RESET_STREAM: the direction of a stream ends where it is. */
void h3_dialogue_reset(h3_dialogue *of, unsigned direction, uint64_t stream, const arrival *when);

/** How many bytes of its streams were given up, because they did not come.
 *  @param unread  set: how many header sections could not be read, mostly for that */
uint64_t h3_dialogue_missing(const h3_dialogue *of, uint64_t *unread);

/** Nothing more will come of it.
 *  @param when  NULL if the capture ends */
void h3_dialogue_finish(h3_dialogue *of, ending how, const arrival *when);

#endif /* MULTISTATUS_H3_DIALOGUE_H */
