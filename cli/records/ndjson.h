/* ndjson.h
 * Records as lines of JSON. Every key is always there, in this order; unknown is null. Times are
 * UTC with six digits of a second, nine in captures with nanoseconds.
 *
 * Ownership: text and records stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_NDJSON_H
#define MULTISTATUS_NDJSON_H

#include <glib.h>

#include "record.h"

/** Appends the line of a record: type, schema, and the keys that record_fields.h lists. */
void ndjson_exchange(GString *text, const exchange_record *record);
void ndjson_capture(GString *text, const capture_record *record);

/** The same without the end of the line. */
void ndjson_put_exchange(GString *text, const exchange_record *record);
void ndjson_put_capture(GString *text, const capture_record *record);

/** In JSON text that was appended from there on: escapes what a terminal would obey and what cannot
 * be seen (visible.h). Readers of the JSON get the same strings. */
void ndjson_make_visible(GString *text, gsize from);

#endif /* MULTISTATUS_NDJSON_H */
