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

#include "multistatus.h"
#include "record_fields.h"
#include "unseen.h"

/** The version of the record format, its key "schema". */
#define RECORD_SCHEMA 1

/** An unknown number, where negative numbers do not occur. */
#define RECORD_UNKNOWN (-1)

typedef struct {
    const char **items;
    uint32_t count;
} record_strings;

/* The members are those of the lists in record_fields.h, which say what each is. A list LIST(parts)
 * has the members `parts` and `n_parts`. */
#define RECORD_MEMBER(kind, name, ...) RECORD_C_##kind name;
#define RECORD_MEMBERS(name, of, ...)                                                              \
    record_##of *name;                                                                             \
    uint32_t n_##name;
#define RECORD_STRUCT(FIELDS) FIELDS(RECORD_MEMBER, RECORD_MEMBER, RECORD_MEMBER, RECORD_MEMBERS)

typedef struct {
    RECORD_STRUCT(RECORD_PROPSTAT)
} record_propstat;

typedef struct {
    RECORD_STRUCT(RECORD_RESPONSE)
} record_response;

/** A lock in the way of a resource; the capture shows how it was taken. */
typedef struct {
    RECORD_STRUCT(RECORD_LOCK)
} record_lock;

/** What a condition of a resource names. */
typedef struct {
    RECORD_STRUCT(RECORD_DETAIL)
} record_detail;

typedef struct {
    RECORD_STRUCT(RECORD_FINDING)
} record_finding;

typedef struct exchange_record {
    RECORD_STRUCT(RECORD_EXCHANGE)

    /* private */
    int references;
    GPtrArray *blocks; /**< all memory of the record */
    char *free_at;
    size_t free_bytes;
    GHashTable *names; /**< names of properties and conditions, each kept once */
} exchange_record;

typedef struct {
    RECORD_STRUCT(RECORD_CAPTURE)
} capture_record;

exchange_record *exchange_record_ref(exchange_record *record);
void exchange_record_unref(exchange_record *record);

/** An array of records, each of which it holds a reference of. */
GPtrArray *exchange_records_new(void);

/** Does --failed-only list it? Verdict partial, failure, malformed or undecoded. */
bool exchange_record_is_failed(const exchange_record *record);
bool record_verdict_is_failed(ms_verdict verdict);

/** Is that resource one that went wrong: failed, missing, collateral or unknown? */
bool record_response_is_trouble(const record_response *response);

capture_record *capture_record_new(const char *capture);
capture_record *capture_record_copy(const capture_record *record);
void capture_record_free(capture_record *record);

#endif /* MULTISTATUS_RECORD_H */
