/* parse.h
 * From the bytes of a body to the model, before anything is judged.
 *
 * Ownership: the document and the notes are the caller's; the encoded body and the context are
 * only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_PARSE_H
#define MS_PARSE_H

#include "notes.h"
#include "store.h"

/** Fills `document` (its store must exist) and `notes`. The document's arrays are published.
 *  `notes` borrows `encoded`. */
void ms_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
              const ms_context *context);

#endif /* MS_PARSE_H */
