/* message.h
 * One HTTP message of a frame, as it is shown.
 *
 * Ownership: a message belongs to the capture, what it points to to the packet unless it says
 * otherwise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MESSAGE_H
#define MULTISTATUS_MESSAGE_H

#include <epan/packet.h>

#include "exchange.h"

typedef struct {
    exchange *exchange;
    bool request;
    uint32_t frame;       /**< that shows it in later passes */
    tvbuff_t *body;       /**< as it was handed over, codings undone; in this pass only */
    unsigned body_call;   /**< as which body of the frame it came, from 1; 0 if none came */
    const uint8_t *plain; /**< its body, codings undone; belongs to the packet at first */
    uint32_t plain_length;
    const uint8_t
        *coded; /**< with its content codings; on the first pass, NULL if there are none */
    uint32_t coded_length;
    bool kept_body;         /**< `plain` belongs to the capture */
    int64_t content_length; /**< -1 if not given */
    const char *missing; /**< why there is not all of the body; NULL if nothing special is known */
    bool keep;           /**< a Multi-Status: later passes will ask for it */
    bool shown;          /**< this pass drew it */
    bool fresh;          /**< learned in this very pass, and the history was not told of it */
    bool early;          /**< shown from what Wireshark hands over: bytes before it are missing, so
                              that its place in the connection is not known yet */
    bool begun;          /**< only its beginning is in this frame */
    bool deferred;       /**< to be drawn when the frame is dissected: its stream is known then */
} http_message;

typedef struct frame_messages frame_messages;

#endif /* MULTISTATUS_MESSAGE_H */
