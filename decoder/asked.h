/* asked.h
 * What the request of a batch asked for, and what of it the answer does not mention.
 *
 * Ownership: what is asked for belongs to the caller; a document is changed in place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_ASKED_H
#define MS_ASKED_H

#include "batches.h"
#include "notes.h"

/** How many bytes of the body of a request are worth keeping for the judgement of its answer: 0 if
 *  it asks for no batch.
 *  @param context  method, uri, amz_target and batches, and the content_type of the request */
size_t ms_asked_bytes(const ms_context *context);

/** What a request asks for, with the same context; NULL if that is no batch, or not clear.
 *  ms_asked_free() releases it. */
ms_asked *ms_asked_read(const void *body, size_t length, const ms_context *context);

/** Gives the rows of an answer that is there to its end the names that its request has for them,
 *  and adds a row for each that was asked for and is not in it: done, where only what failed is
 *  answered, else unknown. Where it is not clear which row answers what, it adds none. */
void ms_asked_compare(ms_document *document, const ms_notes *notes, const ms_batch *batch,
                      const ms_context *context);

#endif /* MS_ASKED_H */
