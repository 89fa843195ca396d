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
#include <wsutil/json_dumper.h>

#include "record.h"

/** Appends the line of an exchange, keys as docs/records.md has them:
 *  type, schema, capture, frame, request_frame, time, client, server, protocol, stream, h2_stream,
 *  host, method, uri, report, http_status, complete, format, response_time, user_agent,
 *  server_software, verdict, resources, ok, failed, collateral, responses[hrefs, status, outcome,
 *  reason, propstats[status, outcome, properties, conditions, description], conditions,
 *  description, location], sync_token, findings[rule, severity, message, href]. */
void ndjson_exchange(GString *text, const exchange_record *record);

/** Appends the line of a capture: type, schema, capture, frames, exchanges, complete, error. */
void ndjson_capture(GString *text, const capture_record *record);

/** The same as values of a larger document. */
void ndjson_put_exchange(json_dumper *json, const exchange_record *record);
void ndjson_put_capture(json_dumper *json, const capture_record *record);

#endif /* MULTISTATUS_NDJSON_H */
