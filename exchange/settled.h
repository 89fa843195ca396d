/* settled.h
 * Exchanges of which nothing more will be learned: decoded, judged and told of.
 *
 * Ownership: what is told belongs to the call; a settled_record is its user's, made by
 * settled_decode() and cleared by settled_clear().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SETTLED_H
#define MULTISTATUS_SETTLED_H

#include <stdbool.h>

#include "multistatus_record.h"

typedef struct {
    multistatus_record record;
    ms_document *document;
    char *missing;
} settled_record;

/** @return false if it turns out not to be Multi-Status; it has to be cleared all the same */
bool settled_decode(exchange *of, settled_record *made);
void settled_clear(settled_record *of);

typedef void (*settled_call)(const multistatus_record *record, void *data);

/** Tells those that were settled since the last time. */
void settled_tell(settled_call call, void *data);

/** ... and all others: the capture has ended. */
void settled_tell_all(settled_call call, void *data);

#endif /* MULTISTATUS_SETTLED_H */
