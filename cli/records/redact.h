/* redact.h
 * --redact: records that can be shared. What names people, places and things becomes a pseudonym;
 * what is needed to see what went wrong stays.
 *
 * Replaced: hrefs and URIs (the depth of a path and a usual extension stay), hosts and addresses
 * (ports stay), names of captures, descriptions, sync-tokens, messages of findings (by what their
 * rule says in general), comments in product headers, names in namespaces that no specification
 * defines. The same text has the same pseudonym as long as the key is the same; without the key
 * nobody can find by trial which text a pseudonym stands for (HMAC-SHA256, RFC 2104).
 *
 * Ownership: redactor_new() returns an object that redactor_free() releases; records that are
 * returned belong to the caller.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REDACT_H
#define MULTISTATUS_REDACT_H

#include <stddef.h>

#include "record.h"

typedef struct redactor redactor;

/** @param key  any bytes; NULL for a random one
 *  @return NULL if there is no random one to be had */
redactor *redactor_new(const void *key, size_t length);
void redactor_free(redactor *r);

/** A new record with one reference. */
exchange_record *redact_exchange(const redactor *r, const exchange_record *record);

capture_record *redact_capture(const redactor *r, const capture_record *record);

#endif /* MULTISTATUS_REDACT_H */
