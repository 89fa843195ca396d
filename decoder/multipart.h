/* multipart.h
 * Multi-Status bodies in several parts: XML, JSON, and HTTP responses (batches), also in parts of
 * parts. The rows of all parts are the rows of the body.
 *
 * RFC 2046 section 5.1; RFC 9112 section 10.2 (application/http).
 *
 * Ownership: the document and the notes are the caller's; parts are the reader's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_MULTIPART_H
#define MS_MULTIPART_H

#include "parse.h"

/** Is this a multipart media type? */
bool ms_multipart_suits(const char *content_type);

/** Decodes a part as a body of its own, without parts. The caller frees the document. */
typedef ms_document *(*ms_multipart_decoder)(const void *body, size_t length,
                                             const ms_context *context);

/** Fills `document` and `notes`, with every row judged. Sets document.undecoded if the body has no
 *  parts. */
void ms_multipart_parse(ms_document *document, ms_notes *notes, const void *body, size_t length,
                        const ms_context *context, ms_multipart_decoder decode);

/** The same for requests (application/http) in a body that is one itself: a row for each, with its
 *  Content-ID or its place, and with its method and URI.
 *  @param[out] nested  parts are within parts
 *  @return false if a part is something else */
bool ms_multipart_parse_asked(ms_document *document, ms_notes *notes, const void *body,
                              size_t length, const char *content_type, bool *nested);

#endif /* MS_MULTIPART_H */
