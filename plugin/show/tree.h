/* tree.h
 * What a person sees and can filter on: fields, expert infos, the tree of one body.
 *
 * Ownership: the record stays the dissector's; words live in the scope that is given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TREE_H
#define MULTISTATUS_TREE_H

#include <epan/packet.h>

#include "locks.h"
#include "multistatus-tap.h"

/** Registers fields, subtrees and expert infos of `proto`. */
void tree_register(int proto);

/** Draws one body. `tvb` is the body, decoded from transfer and content codings; it is empty where
 *  there was none. */
void tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
               const multistatus_record *record, const ms_context *context);

/** An answer in one line: "DELETE /coll/: 2 of 12 failed (423 Locked)", with at most that many
 *  bytes of the Request-URI. Where the request is not known, its result alone. */
const char *tree_summary(packet_info *pinfo, const multistatus_record *record, size_t most);

/** A lock in words, for a hint: "the lock's root is /coll/a, taken in frame 120 by ...". */
char *tree_lock_words(wmem_allocator_t *scope, const lock *of);

/** A span of a body as Wireshark needs it: within the buffer, whatever was cut off. */
void tree_place(tvbuff_t *tvb, ms_span span, int *offset, int *length);

#endif /* MULTISTATUS_TREE_H */
