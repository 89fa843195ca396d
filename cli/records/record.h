/* record.h
 * Records: what the command knows about an exchange and about a capture, as plain C. Reports are
 * made from records only, so that a report of saved records is the same as one of captures.
 *
 * Ownership: a record owns everything reachable from it. Exchange records are counted: whoever
 * wants to keep one takes a reference. Strings are valid UTF-8; NULL means unknown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_H
#define MULTISTATUS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "hints.h"
#include "multistatus.h"

/** The version of the record format, its key "schema". */
#define RECORD_SCHEMA 1

/** A number that is not known, where negative numbers do not occur. */
#define RECORD_UNKNOWN (-1)

typedef struct {
    const char **items;
    uint32_t count;
} record_strings;

typedef struct {
    int status; /**< as sent, or RECORD_UNKNOWN */
    ms_outcome outcome;
    record_strings properties; /**< "{namespace}name"; top level only */
    record_strings conditions;
    const char *description;
} record_propstat;

typedef struct {
    record_strings hrefs;
    int status; /**< of the response itself, or RECORD_UNKNOWN */
    int code;   /**< the status that decided the outcome, or RECORD_UNKNOWN; not in the NDJSON */
    ms_outcome outcome;
    const char *reason; /**< the registered phrase of `code`, or the server's word without one */
    record_propstat *propstats;
    uint32_t n_propstats;
    record_strings conditions;
    const char *description;
    const char *location;
    bool selected; /**< not in the NDJSON: what selection_mark() found */
} record_response;

typedef struct {
    const char *rule;
    ms_severity severity;
    const char *message;
    const char *href; /**< of the resource that it is about */
} record_finding;

/** A lock that the capture saw taken, in the way of a resource. */
typedef struct {
    uint32_t response; /**< index of the resource */
    ms_lock lock;
} record_lock;

typedef struct exchange_record {
    const char *capture;
    uint32_t frame;
    uint32_t request_frame; /**< 0 if unknown */
    const char *time;       /**< UTC, ISO 8601, 6 digits of a second, 9 in nanosecond captures */
    const char *client;
    const char *server;
    const char *protocol;
    int64_t stream;
    int64_t h2_stream;
    const char *host;
    const char *method;
    const char *uri;
    const char *report;
    int http_status; /**< 0 if unknown */
    bool complete;
    uint32_t body_bytes;       /**< of the body as it was decoded, codings undone */
    const char *missing;       /**< why the capture does not hold all of it; NULL if it does */
    const char *format;        /**< "xml", "json", "multipart"; NULL if there was no body */
    const char *response_time; /**< seconds as a decimal number, as many digits as `time` */
    const char *user_agent;
    const char *server_software;
    const char *server_dav;   /**< what it said of itself: compliance classes */
    const char *server_allow; /**< ... and methods */
    ms_verdict verdict;
    uint32_t ok;
    uint32_t failed; /**< failed and missing */
    uint32_t collateral;
    record_response *responses;
    uint32_t n_responses;
    const char *sync_token;
    record_lock *locks; /**< in the order of the resources, at most one for each */
    uint32_t n_locks;
    record_finding *findings;
    uint32_t n_findings;

    bool marked; /**< not in the NDJSON: selection_mark() was there */

    /* private */
    int references;
    GPtrArray *blocks; /**< all memory of the record */
    char *free_at;
    size_t free_bytes;
    GHashTable *names; /**< names of properties and conditions, each kept once */
} exchange_record;

typedef struct {
    char *capture;
    uint64_t frames;
    uint64_t exchanges; /**< that the capture holds, listed or not */
    bool complete;      /**< it was read to its end */
    char *error;        /**< what was wrong, without the name: "is not ..."; NULL if nothing was */
} capture_record;

exchange_record *exchange_record_ref(exchange_record *record);
void exchange_record_unref(exchange_record *record);

/** Does --failed-only list it? Verdict partial, failure, malformed or undecoded. */
bool exchange_record_is_failed(const exchange_record *record);

/** Is that resource one that went wrong: failed, missing, collateral or unknown? */
bool record_response_is_trouble(const record_response *response);

capture_record *capture_record_new(const char *capture);
capture_record *capture_record_copy(const capture_record *record);
void capture_record_free(capture_record *record);

#endif /* MULTISTATUS_RECORD_H */
