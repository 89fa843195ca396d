/* foreign.h
 * Bodies that are no Multi-Status at all: what they are instead, in plain words.
 *
 * RFC 4918 section 13: the body of a 207 has the root element multistatus. A gateway, a login page
 * or a script that failed sends something else under the status that it was given.
 *
 * Ownership: the reason is kept by the document's store.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FOREIGN_H
#define MULTISTATUS_FOREIGN_H

#include "notes.h"

/** Looks at a body that was read as XML, or as JSON, and sets document.undecoded where it is
 *  something else: empty, text, bytes, HTML (also with the mistakes that HTML allows), another XML
 *  document. Such a body is not broken and not cut off: document.error is taken back. A multistatus
 *  that follows something else, or whose start is all there is, is not foreign.
 *  @param body  its bytes as they were handed in; of those, notes.encoded is the text */
void ms_find_foreign(ms_document *document, const ms_notes *notes, const void *body, size_t length);

#endif /* MULTISTATUS_FOREIGN_H */
