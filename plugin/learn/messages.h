/* messages.h
 * The HTTP messages of the frame that is being dissected, and what later passes need of them.
 *
 * Wireshark shows a dissector of HTTP bodies little of the message around them: not the request,
 * not the header, nothing at all of a message without body. The tap "http_follow" shows every
 * header block and body; its queue can be read while the frame is still being dissected
 * (fetch_tapped_data), so all of it is known when it is needed. Frames pass by in order with taps
 * once; what that pass found out is kept per frame for every later one, in whatever order.
 *
 * Ownership: frame_messages belong to the packet, messages that are kept to the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MESSAGES_H
#define MULTISTATUS_MESSAGES_H

#include "message.h"

/** Registers the taps. Call it at handoff.
 *  @param proto  our own protocol, under which frames keep their messages */
void messages_init(int proto);

/** The message that a body belongs to which HTTP has just handed over, NULL if it is not the body
 * of an HTTP/1 message (a part of a multipart body, say). To be called once for each body.
 *  @param[in,out] body  its content codings are undone if they were still on it */
http_message *messages_of_body(packet_info *pinfo, tvbuff_t **body, bool is_response);

/** The frame is dissected: all its messages, with the response that only begins in it. */
frame_messages *messages_of_whole_frame(packet_info *pinfo);

unsigned messages_count(const frame_messages *frame);
http_message *messages_nth(const frame_messages *frame, unsigned n);

/** Are the messages being learned in this pass, so that what comes later is not known yet? */
bool messages_are_new(const frame_messages *frame);

/** Its body belongs to the capture from now on, not to the packet. */
void messages_keep_body(http_message *message);

/** The frame is done with: keep what is worth it, forget the rest. */
void messages_finish(packet_info *pinfo, frame_messages *frame);

/** Does a request wait for its answer, not longer than for a minute, on a connection that has not
 *  ended? */
bool messages_are_waiting(const nstime_t *now);

/** See multistatus_number_frames(). */
void messages_number_frames(uint32_t (*real)(const void *data, uint32_t place), const void *data);

#endif /* MULTISTATUS_MESSAGES_H */
