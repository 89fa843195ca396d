/* html_text.h
 * Text from the wire in HTML, and the few pieces of markup that every part of the report uses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_TEXT_H
#define MULTISTATUS_HTML_TEXT_H

#include <stdint.h>

#include <glib.h>

/** Appends text, with what controls or hides made visible and what is markup escaped. It is safe
 *  in content and within quoted attributes. */
void html_append(GString *to, const char *text);

/** Appends an element of that class with that text. */
void html_element(GString *to, const char *element, const char *class, const char *text);

/** Appends a status, in the colour of failures if it is one.
 *  @param words  "423 Locked" */
void html_status(GString *to, int64_t status, const char *words);

/** Appends the attributes of a link that filters the failed exchanges; without scripts it leads to
 *  them. The filter asks for exactly that value.
 *  @param field  one that report.js knows */
void html_filter_link(GString *to, const char *field, const char *value);

/** Appends a link from a thing to itself, to be sent to somebody.
 *  @param id    of the thing
 *  @param name  what it is */
void html_self_link(GString *to, const char *id, const char *name);

#endif /* MULTISTATUS_HTML_TEXT_H */
