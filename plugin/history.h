/* history.h
 * What the capture showed before an exchange and what follows from that for its answer: the lock
 * in the way, findings that need more than one exchange.
 *
 * It is found out once, when the frames pass by in order for the first time, and kept with the
 * exchange: later passes show the same in whatever order.
 *
 * Ownership: everything lives in wmem_file_scope().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HISTORY_H
#define MULTISTATUS_HISTORY_H

#include "exchange.h"
#include "locks.h"
#include "multistatus.h"

/** Call it at handoff. */
void history_init(void);

/** A response came, whatever its status.
 *  @param body  NULL if it has none, or is not at hand */
void history_answered(exchange *of, tvbuff_t *body);

/** A Multi-Status came: finds out what the capture has to say about it. Only the first call for an
 *  exchange does. */
void history_judge(exchange *of, const ms_document *document);

/** Adds the findings to the document of a Multi-Status. */
void history_add_findings(const exchange *of, ms_document *document);

/** The lock in the way of a resource, NULL if it is not known. */
const lock *history_lock(const exchange *of, uint32_t response);

/** That lock in words, for a hint: "the lock's root is /coll/a, taken in frame 120 by ...". */
char *history_lock_words(wmem_allocator_t *scope, const lock *of);

#endif /* MULTISTATUS_HISTORY_H */
