/* record_hint.h
 * What --explain knows of records: the decoder's hints, locks in the way, habits of servers.
 *
 * Ownership: what is returned belongs to the record, or is a constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_HINT_H
#define MULTISTATUS_RECORD_HINT_H

#include "hints.h"
#include "record.h"

/** What the status of a resource means and what to look at next; NULL if there is nothing to say.
 */
const ms_hint *record_hint(const exchange_record *record, const record_response *response);

/** The lock in the way of a resource, where the capture saw it taken; NULL if it did not. */
const record_lock *record_lock_of(const exchange_record *record, const record_response *response);

/** That lock in words, as ms_lock_words(). The caller frees them with g_free(). */
char *record_lock_words(const record_lock *held);

/** What a condition of a resource names, in words, with commas between them: "unbind on /papers/".
 *  Not the resource itself. NULL if that is nothing. The caller frees it with g_free(). */
char *record_detail_words(const exchange_record *record, const record_response *response,
                          const char *condition);

/** A finding that is a known habit of the server's product, in words; NULL for other findings, and
 *  where the one before it says the same. */
const char *record_habit(const exchange_record *record, uint32_t finding);

#endif /* MULTISTATUS_RECORD_HINT_H */
