/* order.h
 * In which order the dissectors see the frames of a connection.
 *
 * Dissectors that keep a state for a connection (TLS, HTTP/2, SOCKS) take its packets as they come:
 * where two taps, a SPAN port or a merged capture has put the answer before its question, they lose
 * their way for good. So does Wireshark itself where a SYN comes behind bytes of its direction: it
 * sees another connection begin. The numbers in the segments tell in which order they were sent:
 * within a direction what acknowledges less came first, and of that what ends first; between the
 * directions nothing was sent before what it acknowledges. As long as that is also the order of the
 * capture nothing is noted. Otherwise the frames change places among themselves, and with no
 * others.
 *
 * Ownership: order_new() returns what order_free() releases; an order_of_flow is zero at first and
 * released by order_finish() or order_forget().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_ORDER_H
#define MULTISTATUS_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "sieve_packet.h"

/** A frame that is seen in the place of another one. */
typedef struct {
    uint32_t place;  /**< ... whose number this is */
    uint32_t number; /**< its own */
    int64_t offset;  /**< where it is in the file */
} order_move;

/** A frame of the capture. */
typedef struct {
    uint32_t number;
    int64_t offset; /**< where it is in the file */
} order_frame;

typedef struct order order;

order *order_new(void);
void order_free(order *of);

/** A direction of a connection. The SYN counts as one of its numbers, and so does the FIN. */
typedef struct {
    uint32_t next;  /**< the number behind all that came without a gap */
    uint32_t heard; /**< the other side has acknowledged all before this */
    uint32_t start;
    bool known;
    bool seen;   /**< something of it came */
    bool syn;    /**< ... its SYN */
    bool fin;    /**< ... its FIN */
    bool awaits; /**< its SYN may come yet */
} order_side;

typedef struct order_held order_held;

/** What is out of order in a connection right now. */
typedef struct {
    order_side sides[2];
    order_held *held; /**< since the last moment at which all was in order; NULL if it is */
    bool matters;     /**< to the dissectors of this connection */
    bool spoken;      /**< its first bytes came */
    bool begun;       /**< ... and are those with which a connection begins to which it matters */
} order_of_flow;

/** The order matters to what this segment carries, or will.
 *  @param keys  somebody may have keys for TLS */
bool order_matters(const sieve_packet *segment, bool keys);

/** Takes the next segment of a connection.
 *  @param matters  order_matters() of it
 *  @param frames   in which it is: several of them if it was cut in fragments
 *  @return false if it is the first of another connection between the same sockets, whose handshake
 *          was not captured: dissectors that keep a state would go on with that of the old one */
bool order_segment(order *of, order_of_flow *in, unsigned forward, const sieve_packet *segment,
                   bool matters, const order_frame *frames, unsigned n_frames);

/** Nothing more will come of it: what was out of order is put in order. */
void order_finish(order *of, order_of_flow *in);
/** ... or nobody will see it. */
void order_forget(order *of, order_of_flow *in);

/** All that change places, by place. The order's own. */
const GArray *order_moves(order *of);

/** No more frames follow: what is still out of order is put in order as far as it is known. */
void order_ends(order *of);

/** The frame with which it became certain what is seen in that place: mostly itself, and UINT32_MAX
 *  where more was still to come at the end. */
uint32_t order_settled(order *of, uint32_t place);

/** Who is seen in that place; NULL if it is the frame itself. Once order_moves() was called. */
const order_move *order_at(const GArray *moves, uint32_t place);

/** How often a reader who goes from move to move goes back by more than so many bytes. */
unsigned order_returns(const GArray *moves, int64_t bytes);

#endif /* MULTISTATUS_ORDER_H */
