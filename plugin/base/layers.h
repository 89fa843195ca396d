/* layers.h
 * What the protocols that Wireshark found in a frame say about what could be looked into.
 *
 * Ownership: a key is a plain value. Of connections of QUIC, which do not show from outside whether
 * they were decrypted, it is kept until layers_forget().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LAYERS_H
#define MULTISTATUS_LAYERS_H

#include <stdbool.h>

#include <epan/packet_info.h>

#include "coverage.h"
#include "multistatus-tap.h"

typedef struct {
    unsigned found; /**< FOUND_ flags of the connection; 0 if there are none, or no connection */
    flow_key key;   /**< of the connection, if something was found in it */
    bool closed; /**< it carries something that no dissector opens: a closed tunnel, an unknown link
                    type */
} frame_layers;

/** @param pinfo  of a frame that was dissected */
frame_layers layers_read(const packet_info *pinfo);

/** The connection that the frame belongs to is read, though no layer of it says so: QUIC that was
 *  decrypted, or HTTP that Wireshark keeps back or makes nothing of.
 *  @param udp    as in layers_key()
 *  @param found  FOUND_ flags */
void layers_note_read(const packet_info *pinfo, bool udp, unsigned found);

/** So many bytes of a connection of QUIC that was read are not in the capture. */
void layers_note_holes(uint64_t bytes);

/** Another capture begins. */
void layers_forget(void);

/** What is switched off, so that nothing can be found in it, and what layers_note_holes() was told.
 */
coverage_terms layers_terms(bool keys);

/** Both sockets of the frame's innermost connection.
 *  @param udp  it is one of UDP, not of TCP
 *  @return false if its addresses are not those of IP */
bool layers_key(const packet_info *pinfo, bool udp, flow_key *key);

#endif /* MULTISTATUS_LAYERS_H */
