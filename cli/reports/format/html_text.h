/* html_text.h
 * Text from the wire in HTML.
 *
 * Ownership: what is appended to stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_TEXT_H
#define MULTISTATUS_HTML_TEXT_H

#include <glib.h>

/** Appends text from the wire as it may stand in HTML, also between double quotes. */
void html_append(GString *to, const char *text);

#endif /* MULTISTATUS_HTML_TEXT_H */
