/* objects.h
 * File > Export Objects > Multi-Status, and tshark --export-objects multistatus,FOLDER: the bodies
 * with all codings undone.
 *
 * Ownership: what is kept is a copy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OBJECTS_H
#define MULTISTATUS_OBJECTS_H

#include <epan/packet.h>

#include "multistatus-tap.h"

/** @param proto  the protocol whose objects they are */
void objects_register(int proto);

/** One body. Does nothing unless somebody exports. */
void objects_offer(tvbuff_t *body, packet_info *pinfo, const multistatus_record *record);

#endif /* MULTISTATUS_OBJECTS_H */
