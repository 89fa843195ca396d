/* objects.h
 * File > Export Objects > Multi-Status, and tshark --export-objects multistatus,FOLDER: the bodies
 * as they are when all codings are undone.
 *
 * Ownership: what is offered is copied where it is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OBJECTS_H
#define MULTISTATUS_OBJECTS_H

#include <epan/packet.h>

#include "multistatus-tap.h"

/** @param proto  the protocol whose objects they are */
void objects_register(int proto);

/** One body. Does nothing while nobody exports. */
void objects_offer(tvbuff_t *body, packet_info *pinfo, const multistatus_record *record);

#endif /* MULTISTATUS_OBJECTS_H */
