/* learn.h
 * Inside messages.c and its two teachers: what a frame's messages are learned from.
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
    exchange *begun;            /**< the response whose status line starts the frame's payload */
    bool cut;                   /**< the snap length took the end of that payload */
};

/** Makes sure that a tap's queue is filled, and returns its id. */
int learn_listen_to(const char *tap);

/** A message more in this frame. */
http_message *learn_message(frame_messages *frame);

/** All messages of the frame so far are complete: what they tell is known to whatever comes next.
 */
void learn_settle(frame_messages *frame);

/** A request's body was seen: what it asks for matters when the answer is judged. */
void learn_request_body(exchange *of, tvbuff_t *body);

/** Does this pass serve taps at all? Known for packets over TCP. */
bool learn_is_tapped(void);

void learn_http1_init(void);

/** Is there something in the tap queues that this teacher has to say about the frame? */
bool learn_http1_knows(void);

/** At the first look at a frame. */
void learn_http1_segment(packet_info *pinfo, frame_messages *frame);

/** What has come since the last call. */
void learn_http1(packet_info *pinfo, frame_messages *frame);

/** What HTTP/1 believes, where there is no tap to learn from. */
exchange *learn_http1_belief(packet_info *pinfo);

void learn_http2_init(void);
bool learn_http2_knows(void);

/** A body was handed over. */
void learn_http2_body(packet_info *pinfo, frame_messages *frame, tvbuff_t *body);

/** The frame is dissected. */
void learn_http2(packet_info *pinfo, frame_messages *frame);

#endif /* MULTISTATUS_LEARN_H */
