/* multistatus.h
 * The decoder: the bytes of one Multi-Status body become a model, an outcome for every resource,
 * a verdict for the body and a list of findings.
 *
 * RFC 4918 sections 13, 14 and 16; RFC 5689 section 3; RFC 4791 section 5.3.1; RFC 6578 section 6.
 *
 * Ownership: ms_decode() returns a document that owns everything reachable from it;
 * ms_document_free() releases all of it at once. Nothing in a document points into the body or the
 * context it was made from. Strings are NUL-terminated, valid UTF-8, and never hold a NUL of their
 * own. Threads: no function keeps state of its own; documents may be used from one thread at a
 * time. Failure: out of memory ends the process (GLib's habit). Everything else that can be wrong
 * with a body is data in the document, never an error code, never a message on stderr.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_H
#define MULTISTATUS_H

#include "asked.h"
#include "batches.h"
#include "model.h"
#include "sniff.h"
#include "summary.h"

/** Does a body that ms_sniff() let pass have one of the three roots, in the right namespace? In
 * any, if the method of the request wants just that root. */
bool ms_has_multistatus_root(const void *body, size_t length, const ms_context *context);

/** Could a body that begins so be ours although its status is not 207? By its root, if those are
 *  wanted, or as a batch (batches.h). Looks at MS_SNIFF_WINDOW bytes at most; false positives are
 *  possible. */
bool ms_may_be_ours(const void *body, size_t length, const ms_context *context, bool by_root);

/** Is a body ours although its status is not 207? */
bool ms_is_ours(const void *body, size_t length, const ms_context *context, bool by_root);

/** Decodes a body and judges it. Never fails; never returns NULL. */
ms_document *ms_decode(const void *body, size_t length, const ms_context *context);

/** A document for a response whose body could not be had, with verdict "undecoded".
 *  @param reason  plain words, copied */
ms_document *ms_undecoded(const char *reason, const ms_context *context);

#endif /* MULTISTATUS_H */
