/* history.h
 * What the capture showed before an exchange and what follows from that for its answer: the lock
 * in the way, findings that need more than one exchange.
 *
 * It is determined once, when the exchanges come by in order for the first time, and kept with
 * them, so that later passes show the same in any order.
 *
 * Ownership: history_end() frees everything, with all exchanges of the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HISTORY_H
#define MULTISTATUS_HISTORY_H

#include "exchange.h"
#include "locks.h"
#include "multistatus.h"

/** A capture begins, and ends. */
exchange_capture *history_begin(void);
void history_end(exchange_capture *of);

/** A response came, whatever its status.
 *  @param body  NULL if it has none, or is not at hand */
void history_answered(exchange *of, const uint8_t *body, size_t length);

/** Are the values of its properties compared with others? To be asked before the document for
 *  history_judge() is made. */
bool history_wants_values(const exchange *of);

/** A Multi-Status came: determines what the rest of the capture says about it. Only the first call
 *  for an exchange does. */
void history_judge(exchange *of, const ms_document *document);

/** Adds the findings to the document of a Multi-Status, and removes the habits that have already
 *  been reported for its server (MS_PER_SERVER). */
void history_add_findings(const exchange *of, ms_document *document);

/** The lock in the way of a resource, NULL if it is not known. */
const lock *history_lock(const exchange *of, uint32_t response);

#endif /* MULTISTATUS_HISTORY_H */
