/* summary.h
 * A body in one line.
 *
 * Ownership: the caller frees the line with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_SUMMARY_H
#define MS_SUMMARY_H

#include "model.h"

/** One line for a person: "2 of 12 failed (423 Locked: 2), 1 more only because of them". The
 *  caller frees it with g_free(). */
char *ms_summary(const ms_document *document);

#endif /* MS_SUMMARY_H */
