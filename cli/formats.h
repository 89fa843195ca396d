/* formats.h
 * Output formats: one table, each a set of functions that turn records into text.
 *
 * Ownership: sink_new() takes the output over, sink_finish() releases both. Records and aggregates
 * that are passed to a format stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FORMATS_H
#define MULTISTATUS_FORMATS_H

#include <stdbool.h>

#include "aggregate.h"
#include "output.h"
#include "record.h"

/** A format. Every function may be NULL; `text` is what they append to. */
typedef struct {
    const char *name;
    void (*exchange)(GString *text, const exchange_record *record);
    void (*capture)(GString *text, const capture_record *record);
    /** After the last record. */
    void (*report)(GString *text, const aggregate *totals, const output *out);
} format;

/** The format of that name, NULL if there is none. */
const format *format_find(const char *name);

/** The name of the i-th format, NULL behind the last. */
const char *format_name(unsigned i);

/** A place to which records go in one format. */
typedef struct sink sink;

sink *sink_new(const format *as, output *to);

/* @return false once anything could not be written */
bool sink_exchange(sink *s, const exchange_record *record);
bool sink_capture(sink *s, const capture_record *record);

/** Writes the report, completes the output and releases the sink.
 *  @return false after a message if anything could not be written */
bool sink_finish(sink *s, const aggregate *totals);

#endif /* MULTISTATUS_FORMATS_H */
