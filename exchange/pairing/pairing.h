/* pairing.h
 * Which request a response of HTTP/1 answers, according to the streams of the two directions.
 *
 * RFC 9112 section 9.3.2, RFC 9293 section 3.4. The order of packets in a capture says little; the
 * numbers in them say much. A response r can answer a request q only if
 *     acknowledged(q) <= start(r)        the client had not seen r when it sent q
 *     header_end(q) <= acknowledged(r)   the server had q's header when it began r
 * As long as nothing is missing, the n-th final response answers the n-th request. After missing
 * bytes the count is lost, until a request and a response are found between which there can be
 * nothing else:
 *     start(r) = acknowledged(q)         but for interim responses
 *     acknowledged(r) <= end(q)          the server had nothing behind q when it began r
 * That is proof for a client that waits for its answers. For one that always has a request open and
 * is only captured from the middle on, the numbers prove nothing; so whatever rests on them is
 * withdrawn as soon as the client turns out not to wait, or there is one response too many.
 *
 * Ownership: a pairing borrows the messages that it is given: each response until its pair is
 * final, each request until `done` is called for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PAIRING_H
#define MULTISTATUS_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

/** Where a message is in the streams. Places that are not known are NO_PLACE (stream.h). */
typedef struct {
    int64_t start;      /**< of its first byte; of a response, of the first of the interim responses
                             before it */
    int64_t begin;      /**< of the first byte of the message itself */
    int64_t header_end; /**< after its header, as far as that was seen */
    int64_t end;        /**< after its last byte; INT64_MAX as long as that is not known */
    int64_t acknowledged; /**< what its sender had received from the other direction when it sent
                             `begin` */
    bool sure; /**< nothing is missing between it and the previous message or the beginning of the
                  connection */
    bool unasked; /**< of a response: servers send these without a request (408) */
    bool hasty;   /**< of a request: others were sent before it, and the server had not been heard
                     from */
} message_places;

/** Why a response has no request. */
typedef enum {
    PAIR_NAMED,
    PAIR_ASSUMED,      /**< named, but it rests on the client's waiting, and nothing has confirmed
                            that the count is right */
    PAIR_OPEN,         /**< its request may still come */
    PAIR_NOT_HELD,     /**< the capture does not hold its request */
    PAIR_UNDECIDED,    /**< bytes are missing, and what is there does not tell which one it is */
    PAIR_CONTRADICTED, /**< the same: the request that seemed to be the one cannot be */
    PAIR_UNREADABLE    /**< it is known which one it is, but not what it says (HTTP/3) */
} pair_state;

/** That in plain words; NULL for a pair, and for an open one; of one that is assumed, why it is not
 *  certain. */
const char *pair_reason(pair_state state);

typedef struct pairing pairing;

/** Called for each response as soon as something is known, and again if that changes.
 *  @param request  NULL unless PAIR_NAMED or PAIR_ASSUMED
 *  @param final    this will not change */
typedef void (*pairing_told)(void *data, void *response, void *request, pair_state state,
                             bool final);

/** A request will never be named again. */
typedef void (*pairing_done)(void *data, void *request);

pairing *pairing_new(pairing_told told, pairing_done done, void *data);
void pairing_free(pairing *of);

/** The next request of the connection. */
void pairing_request(pairing *of, const message_places *at, void *request);

/** Where the newest request, or response, ends. */
void pairing_request_ends(pairing *of, int64_t end);
void pairing_response_ends(pairing *of, int64_t end);

/** The next final response. */
void pairing_response(pairing *of, const message_places *at, void *response);

/** What the newest response says confirms that it answers its request; so the count is right. */
void pairing_confirm(pairing *of);

/** The client's bytes were read, or given up for lost, up to there. */
void pairing_client_read(pairing *of, int64_t to);

/** Requests may be missing after the newest one. */
void pairing_client_lost(pairing *of);

/** Nothing more will come: what is open stays open. */
void pairing_end(pairing *of);

#endif /* MULTISTATUS_PAIRING_H */
