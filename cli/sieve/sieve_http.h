/* sieve_http.h
 * What the sieve looks for in the bytes of a TCP connection: everything without which no dissector
 * can make an exchange of them.
 *
 * Whatever Multi-Status body Wireshark decodes from a connection that is not encrypted, its
 * response begins with "HTTP/" in plain bytes (a preface of HTTP/2 holds these bytes too), or with
 * the "ICY" of Shoutcast. So a connection without them is of no interest, and on one with them each
 * such place is read: a request by its method and header, a response by status, header and the
 * beginning of its body.
 *
 * Ownership: a sieve_message is released by sieve_message_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIEVE_HTTP_H
#define MULTISTATUS_SIEVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    SIEVE_NOTHING, /**< of no interest */
    SIEVE_MORE,    /**< that depends on bytes that are not here yet */
    SIEVE_KEEP     /**< may be, or may be needed for, an exchange */
} sieve_answer;

/** The first "HTTP/" in these bytes, NULL if there is none. */
const uint8_t *sieve_http_find(const uint8_t *bytes, size_t length);

/** Do the bytes of a segment begin with a status line without "HTTP/"? */
bool sieve_http_begins_unmarked(const uint8_t *bytes, size_t length);

/** Bytes of which what stands before or behind them is not known: may they begin, or end, with a
 *  part of "HTTP/"? Of two parts of five bytes one has three of them, so only such parts count, and
 *  shorter ones where the bytes are nothing else. */
bool sieve_http_begins_split(const uint8_t *bytes, size_t length);
bool sieve_http_ends_split(const uint8_t *bytes, size_t length);

/** The last bytes of a stream, as many as may belong to a "HTTP/" that goes on behind them. */
typedef struct {
    uint8_t bytes[4];
    uint8_t length;
} sieve_tail;

/** Adds the bytes that follow in the stream.
 *  @return whether they complete a "HTTP/" that began before them */
bool sieve_tail_add(sieve_tail *tail, const uint8_t *bytes, size_t length);

/** Judges one "HTTP/" at `at` in the bytes of a segment that are from `start` to `end`.
 *  @return SIEVE_MORE if a message begins here of which more must be seen: ask
 *  sieve_message_judge() */
sieve_answer sieve_http_judge(const uint8_t *start, const uint8_t *at, const uint8_t *end);

/** Is this "HTTP/" at the end of a request of which nothing is learned, but which may change
 * something that others tell of? */
bool sieve_http_may_change(const uint8_t *start, const uint8_t *at);

/** Do the bytes of a segment begin with the whole first line of a message of HTTP/1? */
bool sieve_http_is_start(const uint8_t *bytes, size_t length);

/** A message of which the segment that began it does not hold enough. */
typedef struct sieve_message sieve_message;

/** Looks at a message, from "HTTP/" on, as far as it is here.
 *  @param ended  nothing more will come */
sieve_answer sieve_message_judge(const uint8_t *bytes, size_t length, bool ended);

sieve_message *sieve_message_new(const uint8_t *bytes, size_t length);
void sieve_message_free(sieve_message *message);

/** The next bytes of it. */
sieve_answer sieve_message_feed(sieve_message *message, const uint8_t *bytes, size_t length,
                                bool ended);

#endif /* MULTISTATUS_SIEVE_HTTP_H */
