/* visible.h
 * Text from the wire made fit to print: one line, nothing hidden, bounded.
 *
 * Ownership: texts are appended to a GString that stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_VISIBLE_H
#define MULTISTATUS_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/** Appends a text of any bytes, as much of it as fits in `most` bytes of output.
 *
 *  What controls a terminal, ends a line, or makes a text look like another one (Unicode TR 36) is
 *  shown as an escape: \n \r \t, \x1b, \u202e, \U000e0001; a byte that is not UTF-8 as \xff. Within
 *  the same bytes, a note says what was left out: "… (2,310 bytes)" gives the length of the whole
 *  text.
 * The work is linear in `most`, except that the length of a text that is cut has to be found. */
void ms_append_visible(GString *to, const char *text, size_t most);

/** Does the character control a terminal, end a line, or is it invisible, or does it turn the
 *  direction of others? */
bool ms_is_unsafe(gunichar c);

/** Would the text be appended as it is? */
bool ms_is_visible(const char *text, size_t most);

#endif /* MULTISTATUS_VISIBLE_H */
