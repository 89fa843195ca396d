/* apply.h
 * The rules, applied to a document.
 *
 * Ownership: the findings are the document's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_APPLY_H
#define MS_APPLY_H

#include "notes.h"

/** Adds what the rules find to the document's findings. The outcomes and the verdict are there. */
void ms_apply_rules(ms_document *document, const ms_notes *notes, const ms_context *context);

/** The same for a response without a body that could be decoded (ms_document.undecoded says why):
 *  what there is to say about that and about the header.
 *  @param rule  the one that says it: MS_RULE_UNDECODED or MS_RULE_CODING */
void ms_apply_header_rules(ms_document *document, const ms_context *context, unsigned rule);

#endif /* MS_APPLY_H */
