/* scan.h
 * A second opinion on where the elements of a body are: a scanner of a few lines that shares no
 * code with the decoder. It reads well-formed bodies that declare no entities.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef UNIT_SCAN_H
#define UNIT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#define SCAN_NO_PARENT (-1)

/** An element; all places are byte offsets in the text. */
typedef struct {
    size_t start;   /**< of its "<" */
    size_t content; /**< one past the ">" of its start tag */
    size_t close;   /**< of its end tag; `content` for an empty element */
    size_t end;     /**< one past its last ">"; the end of the text if it is not closed */
    bool closed;
    bool dav;   /**< has the prefix that the root binds to DAV: */
    char *name; /**< without its prefix */
    int parent; /**< index, SCAN_NO_PARENT for the root */
} scan_element;

/** The elements of a text in document order, as GArray of scan_element; release it with
 *  g_array_unref(). */
GArray *scan_elements(const char *text, size_t length);

/** The same text with another prefix for DAV:, "" for the default namespace. Release it with
 *  g_free(). */
char *scan_with_prefix(const char *text, size_t length, const char *prefix);

#endif /* UNIT_SCAN_H */
