/* label.h
 * Text from the wire on its way into what a person reads: labels, columns, messages, names of
 * statistics and of files. None of it may pass for our own words.
 *
 * Fields keep the exact text, so that filters match; only what is drawn for them is made safe to
 * show.
 *
 * Ownership: texts live as long as the pool.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LABEL_H
#define MULTISTATUS_LABEL_H

#include <epan/packet.h>

/** Bytes for which there is room in a label of the tree; in the message of an expert info, which
 *  follows "Expert Info (Warning/Undecoded): "; in what we add to the Info column; in a name in
 *  statistics. */
#define LABEL_MOST (ITEM_LABEL_LENGTH - 1u)
#define MESSAGE_MOST 200u
#define INFO_MOST 400u
#define STATISTICS_MOST 500u

/** A text in one line with nothing hidden in it, of at most that many bytes; a note says what was
 *  cut off (visible.h). NULL stays NULL. */
const char *label_text(wmem_allocator_t *pool, const char *text, size_t most);

/** The message of an expert info. */
const char *label_message(const packet_info *pinfo, const char *text);

/** A string field with an exact value and a safe label, which has room for its name and so many
 * bytes of the text; LABEL_MOST: as many as there are. */
proto_item *label_add_string(proto_tree *tree, int field, tvbuff_t *tvb, int offset, int length,
                             const char *text, size_t most);

/** Appends a text, introduced by our own words, to a label in which that many bytes are left. */
void label_append(proto_item *item, const char *before, const char *text, size_t left);

/** Bytes that are left in the label of a string field, for what is appended. */
size_t label_left(int field, const char *text, size_t most);

#endif /* MULTISTATUS_LABEL_H */
