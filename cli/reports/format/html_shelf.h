/* html_shelf.h
 * Pieces of markup that occur again and again, each written once: of ten thousand exchanges most
 * is the same. What is put on the shelf is an attribute's value that report.js makes markup of:
 * "<!N>" in it is the piece N, in base 36. Markup of the report never has "<!" itself.
 *
 * Ownership: html_shelf_new() returns an object that html_shelf_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_SHELF_H
#define MULTISTATUS_HTML_SHELF_H

#include <glib.h>

typedef struct html_shelf html_shelf;

html_shelf *html_shelf_new(void);
void html_shelf_free(html_shelf *shelf);

/** Appends markup as an attribute's value, with numbers for pieces that occurred before. */
void html_shelf_add(GString *to, html_shelf *shelf, const char *markup);

/** Appends the element that has the pieces. */
void html_shelf_end(GString *to, const html_shelf *shelf);

#endif /* MULTISTATUS_HTML_SHELF_H */
