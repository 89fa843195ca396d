/* request_tree.h
 * The request side: what a WebDAV request asked for, shown in the request's own frame.
 *
 * Ownership: the exchange stays the capture's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REQUEST_TREE_H
#define MULTISTATUS_REQUEST_TREE_H

#include <epan/packet.h>

#include "exchange.h"

/** Registers the protocol of requests with its fields. Call it once, at registration. */
void request_tree_register(void);

/** Is that protocol enabled? */
bool request_tree_enabled(void);

/** Draws one request.
 *  @param tvb       its body; where there is none, an empty buffer
 *  @param has_body  also draw what the body asks for */
void request_tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const exchange *of,
                       bool has_body);

#endif /* MULTISTATUS_REQUEST_TREE_H */
