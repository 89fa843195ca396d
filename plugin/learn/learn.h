/* learn.h
 * Inside messages.c and its two teachers: what a frame's messages are learned from.
 *
 * Ownership: messages and buffers belong to the packet, what is kept of them to the capture
 * (messages.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LEARN_H
#define MULTISTATUS_LEARN_H

#include "messages.h"

/** A body that HTTP/2 handed over: its stream is known when the frame is dissected. */
typedef struct {
    tvbuff_t *body;
    unsigned entry; /**< the tap entry that tells the stream */
    unsigned call;  /**< like http_message.body_call */
} http2_body;

struct frame_messages {
    wmem_array_t *messages; /**< of http_message * */
    bool first;             /**< the messages are being learned, not looked up */
    bool from_taps;
    unsigned consumed;          /**< entries of "http_follow" that have been read */
    unsigned consumed_h2;       /**< entries of "http2_follow" that have been read */
    unsigned bodies;            /**< bodies that HTTP has handed over so far */
    wmem_array_t *http2_bodies; /**< of http2_body; NULL without any */
    wmem_array_t *http2_begun;  /**< of exchange *: the 207s that begin in it; NULL without any */
    exchange *begun;            /**< the response whose status line starts the frame's payload */
    bool cut;                   /**< the snap length took the end of the first payload */
};

typedef struct {
    const uint8_t *at;
    size_t length;
} http_bytes;

/** A response's body with its content codings undone; sets message->missing if that did not give
 *  all of it.
 *  @param parent  the buffer that it comes from
 *  @return NULL if nothing can be had of it */
tvbuff_t *learn_undone(http_message *message, tvbuff_t *parent, http_bytes coded);

/** How many bytes of a body are wanted at most when its content codings are undone. */
size_t learn_most_bytes(void);

/** A body that HTTP handed over; undone, if it still has a content coding on it. */
tvbuff_t *learn_plain_body(packet_info *pinfo, http_message *message, tvbuff_t *body);

/** Memory that is given back when the packet is done with. */
arena *learn_arena(packet_info *pinfo);

/** Makes sure that a tap's queue is filled, and returns its id. */
int learn_listen_to(const char *tap);

/** A message more in this frame. */
http_message *learn_message(frame_messages *frame);

/** All messages of the frame so far are complete: what they tell is known to whatever comes next.
 */
void learn_settle(frame_messages *frame);

/** The frame's messages, made if nothing of it was known. */
frame_messages *learn_frame(packet_info *pinfo);

/** A request's body was seen: what it asks for matters when the answer is judged. */
void learn_request_body(exchange *of, const uint8_t *bytes, size_t length);

void learn_segments_init(void);

/** Does this pass serve taps at all? Known for packets over TCP. */
bool learn_is_tapped(void);

/** The direction of the connection that the frame belongs to; only compared. NULL if unknown. */
const void *learn_connection(void);

/** Does the frame begin with something that HTTP may not show? */
bool learn_segments_know(void);

/** At the first look at a frame. */
void learn_segments_first(packet_info *pinfo, frame_messages *frame);

/** The frame is dissected, and what HTTP says of it is learned.
 *  @param frame  NULL if that is nothing */
void learn_segments(packet_info *pinfo, frame_messages *frame);

void learn_http1_init(void);

/** Is there something in the tap queues that this teacher has to say about the frame? */
bool learn_http1_knows(void);

/** What has come since the last call. */
void learn_http1(packet_info *pinfo, frame_messages *frame);

/** The frame is dissected: the bodies that HTTP/1 handed to nobody. */
void learn_http1_hidden(frame_messages *frame);

/** What HTTP/1 believes, where there is no tap to learn from. */
exchange *learn_http1_belief(packet_info *pinfo);

void learn_http2_init(void);
bool learn_http2_knows(void);

/** A body was handed over. */
void learn_http2_body(packet_info *pinfo, frame_messages *frame, tvbuff_t *body);

/** The frame is dissected. */
void learn_http2(packet_info *pinfo, frame_messages *frame);

#endif /* MULTISTATUS_LEARN_H */
