/* sieve.h
 * The sieve: a first pass over the raw packets of a capture, which finds out what Wireshark's
 * dissectors need not see.
 *
 * Most packets of most captures can never be part of an exchange with a Multi-Status body. A flow
 * (all TCP segments between two sockets) is left out only if that is certain: no dissector could
 * make an exchange of it, and none would learn anything from it that concerns another flow. What is
 * not understood stays in. Frame numbers, times, TCP stream numbers and all else in the records are
 * the same as without the sieve.
 *
 * Ownership: a sieve is made and freed by its user; it keeps nothing of the packets it was shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIEVE_H
#define MULTISTATUS_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "coverage.h"

/** May it be used? */
typedef enum {
    SIEVE_OFF,  /**< something may make Wireshark see HTTP where the sieve does not */
    SIEVE_OPEN, /**< yes, but there may be keys for TLS */
    SIEVE_ON
} sieve_use;

typedef enum {
    SIEVE_LEAVES_OUT, /**< what cannot matter */
    SIEVE_ORDERS,     /**< leaves nothing out, and puts in order what is captured out of order */
    SIEVE_COUNTS      /**< leaves nothing out, and is shown all frames only for sieve_notes() */
} sieve_purpose;

/** What it is made for. */
typedef struct {
    sieve_purpose purpose;
    bool keys;  /**< somebody may have keys for TLS: then it is not closed */
    bool http3; /**< ... nor is QUIC, as this build reads HTTP/3 */
} sieve_task;

typedef struct sieve sieve;

typedef struct {
    uint32_t frames;
    uint32_t kept_frames;   /**< that the dissectors see */
    uint32_t unread_frames; /**< of these, the ones of no flow */
    uint32_t flows;
    uint32_t kept_flows;
} sieve_counts;

sieve *sieve_new(sieve_task task);
void sieve_free(sieve *of);

/** Shows it the next frame.
 *  @param encapsulation  wiretap's WTAP_ENCAP_ of a packet, -1 for a record of another kind
 *  @param offset         where the frame is in the file */
void sieve_show(sieve *of, int encapsulation, const uint8_t *bytes, size_t captured,
                size_t reported, int64_t offset);

/** Keys turned up in the capture itself. */
void sieve_has_keys(sieve *of);

/** All frames were shown: decides.
 *  @return false if nothing can be left out of this capture */
bool sieve_decide(sieve *of);

/** What the connections carry. Of a sieve that has decided, those that it leaves out are done with.
 * The caller frees it with flow_notes_free().
 *  @param all_dissected  nothing is left out in the end */
flow_notes *sieve_notes(sieve *of, bool all_dissected);

sieve_counts sieve_count(const sieve *of);

/** The next frame that the dissectors must see. Where the segments of a connection are captured out
 *  of order, and its dissectors would lose their way, its frames change places (order.h).
 *  @param[in,out] frame   the place of the one before it, 0 at first; numbers start at 1
 *  @param[out]    offset  where it is in the file
 *  @return false behind the last */
bool sieve_next(sieve *of, uint32_t *frame, int64_t *offset);

/** Does any frame change its place? Then frames have to be fetched by their offsets. */
bool sieve_moves(const sieve *of);

/** Does any connection begin between the sockets of an earlier one, without a handshake that would
 *  tell it to the dissectors? */
bool sieve_divides(const sieve *of);

/** The sockets of the connection that begins so with the frame that is seen in that place, or NULL.
 */
const flow_key *sieve_beginning(const sieve *of, uint32_t frame);

/** After a decision: how often would sieve_next() go back in the file by more than so much? */
unsigned sieve_returns(const sieve *of, int64_t bytes);

/** No frame changes its place after all. */
void sieve_stay(sieve *of);

/** The own number of the frame that is seen in that place. */
uint32_t sieve_real_number(const sieve *of, uint32_t number);

/** Are there any frames that the sieve has not read to their inside, beside flows to leave out? */
bool sieve_has_unread(const sieve *of);

/** The next of these, like sieve_next(). Both count on their own. */
bool sieve_next_unread(sieve *of, uint32_t *frame, int64_t *offset);

/** Must be asked about every frame of sieve_next_unread(), before anything is left out: does it
 *  carry packets of a flow that is to be left out? Then nothing can be left out of this capture. */
bool sieve_is_refuted(const sieve *of, int encapsulation, const uint8_t *bytes, size_t captured,
                      size_t reported);

/** Once it has decided: the frame with which it became certain what is seen in that place, as
 *  order_settled() has it. */
uint32_t sieve_settled_at(const sieve *of, uint32_t number);

/** Is already certain that only Wireshark can read it, whatever comes? */
bool sieve_is_beyond(const sieve *of);

/** Can all that is kept be read without Wireshark? Its flows are on a port of HTTP and in segments
 * of TCP that the sieve understands, nothing tells that they are anything but HTTP/1, and nothing
 * else is kept. */
bool sieve_is_readable(const sieve *of);

/** The number of the TCP stream that a frame of sieve_next() belongs to, if all is readable. To be
 *  called for each of them. */
uint32_t sieve_stream(sieve *of, uint32_t frame);

/** sieve_next() begins anew, with all that counts on it. */
void sieve_rewind(sieve *of);

/** How many TCP streams that were left out Wireshark would have numbered before this frame. */
uint32_t sieve_streams_before(sieve *of, uint32_t frame);

#endif /* MULTISTATUS_SIEVE_H */
