/* judge.h
 * Outcomes and verdict: the one place where it is decided what a status means.
 *
 * Ownership: the document is the caller's; the context is only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_JUDGE_H
#define MS_JUDGE_H

#include "model.h"

/** Decides the outcome of every propstat and resource and the verdict of the document, finds
 *  the causes of collateral ones, and counts.
 *  @param stopped  a limit ended the parse before the body's end */
void ms_judge(ms_document *document, const ms_context *context, bool stopped);

/** Decides the outcome of a row that has nothing but a status. */
void ms_judge_row(ms_response *response);

#endif /* MS_JUDGE_H */
