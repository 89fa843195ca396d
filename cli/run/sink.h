/* sink.h
 * A place to which results go in one format.
 *
 * Ownership: sink_new() takes the output over, sink_finish() releases both. Records and views stay
 * the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SINK_H
#define MULTISTATUS_SINK_H

#include <stdbool.h>

#include "formats.h"
#include "output.h"

typedef struct sink sink;

/** @param width  columns to fill; 0 for those of the output */
sink *sink_new(const format *as, output *to, const report_settings *settings, unsigned width);

/** Goes on in a file of the same name, where lines are appended to one. */
void sink_reopen(sink *s);

/* @return false once anything could not be written */
bool sink_exchange(sink *s, const exchange_record *record);
bool sink_capture(sink *s, const capture_record *record);

/** Writes the report, completes the output and releases the sink.
 *  @return false after a message if anything could not be written */
bool sink_finish(sink *s, const report_view *view);

/** Abandons the sink and its output. */
void sink_discard(sink *s);

#endif /* MULTISTATUS_SINK_H */
