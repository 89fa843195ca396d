/* record_build.h
 * What is needed to make records: memory, and the fields that are derived from others.
 *
 * Ownership: everything that is allocated here belongs to the record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_BUILD_H
#define MULTISTATUS_RECORD_BUILD_H

#include "record_shape.h"

/** What replaces the user and password of a URI (RFC 3986 section 3.2.1): no record ever holds
 *  them. */
#define RECORD_NO_CREDENTIALS "***"

/** The largest status: as sent, it is a number of up to four digits. */
#define RECORD_STATUS_MOST 9999

/** A record with one reference, all zero. */
exchange_record *exchange_record_empty(void);

/** Memory, all zero. */
void *record_allocate(exchange_record *record, size_t size);

/** A copy of a text, made valid UTF-8, without credentials in URIs. NULL stays NULL. */
const char *record_keep_text(exchange_record *record, const char *text);

/** The same for a name that occurs many times: it is kept once. Not NULL. */
const char *record_keep_name(exchange_record *record, const char *name);

/** record_response.code: the status that decided the outcome, from status, outcome and propstats.
 *  The one place for it: records of captures and records that were read have the same. */
int record_deciding_status(const record_response *response);

/** What is to be done with an object of a list once its fields have been read: what can be derived
 *  from them is filled in.
 *  @return what is wrong with its first key, as the end of a sentence; NULL if nothing is */
const char *record_complete(exchange_record *record, const record_shape *shape, void *objects,
                            uint32_t index);

/** Counts the list of responses: all, ok, failed, collateral. The counts of a new record are 0. */
void record_count_outcomes(exchange_record *record);

#endif /* MULTISTATUS_RECORD_BUILD_H */
