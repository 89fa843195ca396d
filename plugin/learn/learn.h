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

#include "framing.h"
#include "message.h"
#include "talks.h"

/** A body that HTTP/2 handed over: its stream is known when the frame is dissected. */
typedef struct {
    tvbuff_t *body;
    unsigned entry; /**< the tap entry that tells the stream */
    unsigned call;  /**< like http_message.body_call */
} http2_body;

struct frame_messages {
    GPtrArray *messages;        /**< of http_message * */
    bool first;                 /**< the messages are being learned, not looked up */
    unsigned consumed_h2;       /**< entries of "http2_follow" that have been read */
    unsigned bodies;            /**< bodies that HTTP has handed over so far */
    wmem_array_t *http2_bodies; /**< of http2_body; NULL without any */
    wmem_array_t *http2_begun;  /**< of exchange *: the 207s that begin in it; NULL without any */
};

/** Call it at handoff.
 *  @param proto  our own protocol, under which frames keep their messages */
void learn_init(int proto);

/** A body that HTTP handed over; undone, if it still has a content coding on it. */
tvbuff_t *learn_plain_body(packet_info *pinfo, http_message *message, tvbuff_t *body);

/** Memory that is given back when the packet is done with. */
arena *learn_arena(packet_info *pinfo);

/** Makes sure that a tap's queue is filled, and returns its id. */
int learn_listen_to(const char *tap);

/** A message more in this frame. */
http_message *learn_message(frame_messages *frame);

/** The frame's messages, if this packet has them already; else NULL. */
frame_messages *learn_found_frame(packet_info *pinfo);

/** The packet has none any more. */
void learn_forget_frame(packet_info *pinfo);

/** The packet has none yet: these are its messages. */
frame_messages *learn_new_frame(packet_info *pinfo);

/** The frame's messages, made if nothing of it was known. */
frame_messages *learn_frame(packet_info *pinfo);

/** Of a talk whose messages are learned from frames. */
extern const talk_watcher learn_watcher;

/** Messages that are told of from now on end in that packet. @param pinfo  NULL outside of frames
 */
void learn_happens_in(packet_info *pinfo);

/** The names of both sides of a talk, from the packet that one of them sent, unless they are known.
 */
void learn_name_sides(talk *of, packet_info *pinfo, unsigned direction);

/** A response that is Multi-Status has ended: it is to be shown, in this frame or where its last
 * byte was.
 *  @param plain    its body, content codings undone
 *  @param missing  why that is not all of it; or NULL */
void learn_response_shown(packet_info *pinfo, exchange *of, const http1_message *from,
                          const GByteArray *plain, const char *missing);

void learn_http2_init(void);
bool learn_http2_knows(void);

/** A body was handed over. */
void learn_http2_body(packet_info *pinfo, frame_messages *frame, tvbuff_t *body);

/** A body that was handed over, without what Wireshark puts before it: it tells the bodies of two
 *  connections between the same sockets apart by nothing, so what is left over of a stream of the
 *  first one stands before the body of the second one's stream of that number. The frames of the
 *  stream itself tell what it carries. */
tvbuff_t *learn_own_body(packet_info *pinfo, const exchange *of, bool request, tvbuff_t *body);

/** The frame is dissected. */
void learn_http2(packet_info *pinfo, frame_messages *frame);

#endif /* MULTISTATUS_LEARN_H */
