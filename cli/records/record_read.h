/* record_read.h
 * Reading records back (docs/records.md): one line of NDJSON becomes a record. What ndjson.h wrote
 * and this read is written again as the same bytes.
 *
 * Strict: every key must have the type it is documented with, and the counts must be those of the
 * lists. Keys that this version does not know are ignored, so that later ones may add some; a newer
 * "schema" is refused. A line may hold anything: all it costs is memory in proportion to its
 * length.
 *
 * Ownership: what record_read() fills in belongs to the caller, any_record_clear() releases it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_READ_H
#define MULTISTATUS_RECORD_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

/** Bytes of a line that are read; a longer one is refused. The largest body that is decoded
 *  (MS_LIMIT_BODY) makes a record of about this size. */
#define RECORD_LINE_MOST (512u * 1024 * 1024)

/** A record of either type: one of the two is NULL. */
typedef struct {
    exchange_record *exchange;
    capture_record *capture;
} any_record;

/** Reads one line.
 *  @param line    without its end; any bytes
 *  @param to      filled in on success, both NULL otherwise
 *  @param message what is wrong with the line, as the end of the sentence "line 3 ...": "is not
 *                 JSON: ...". The caller frees it with g_free().
 *  @return false if it is no record */
bool record_read(const char *line, size_t length, any_record *to, char **message);

void any_record_clear(any_record *record);

#endif /* MULTISTATUS_RECORD_READ_H */
