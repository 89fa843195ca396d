/* failed_exchange.h
 * One failed exchange as a reader wants it, in words: what was asked, how it ended, which resources
 * failed and why. Made of a record once, for all formats that people read; these only lay it out.
 *
 * Every text may come from the wire: escape it for the format.
 *
 * Ownership: failed_exchange_new() and failed_exchange_of() return an object that
 * failed_exchange_free() releases; failed_resource_clear() releases what failed_resource_init()
 * filled in. They need the settings, and the former the view.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FAILED_EXCHANGE_H
#define MULTISTATUS_FAILED_EXCHANGE_H

#include "hints.h"
#include "view.h"

/** A piece of a sentence, and what separates it from the one before. */
typedef struct {
    const char *separator;
    char *words;
} sentence_piece;

typedef struct {
    const report_settings *settings;
    const exchange_record *record; /**< for what is not put into words */
    char *capture;
    const char *method; /**< or that there is none */
    char *uri;          /**< NULL if it is not known */
    char *asked;  /**< why it is not known what was asked; NULL if it is, or if nobody can say */
    char *report; /**< NULL if it is none */
    char *http;   /**< "HTTP 207", "HTTP 200 (scim-bulk)"; NULL if it is not known */
    const char *verdict;
    GArray *result;          /**< of sentence_piece: "1 of 3 failed (423 Locked)", ... */
    const char *description; /**< what the server says about it all, where it is not in `why`; or
                                NULL */
    GPtrArray *why;    /**< of record_finding: why the body could not be read, or not in full */
    GArray *resources; /**< indexes of the resources to list */
} failed_exchange;

/** @param i     which one, as in the table "failures" of the view
 *  @param fold  leave out the resources that failed only because of one that is listed
 *  @return NULL if its record could not be read back */
failed_exchange *failed_exchange_new(const report_view *view, guint i, bool fold);

/** The same of a record as it comes, before there is a view. Takes a reference to it. */
failed_exchange *failed_exchange_of(const exchange_record *record, const report_settings *settings,
                                    bool fold);
void failed_exchange_free(failed_exchange *of);

/** What to look at first, if there is a choice; NULL if not.
 *  @param row  set to its place among the failures, if it is not NULL */
failed_exchange *failed_exchange_worst(const report_view *view, guint *row);

/** A failed exchange in one line, as it happens: "07:30:38 DELETE /dav/: 2 of 2 failed (423
 * Locked), frame 106, 127.0.0.1:42586 -> 127.0.0.1:80". Not yet safe to print. The caller frees it
 * with g_free(). */
char *failed_exchange_line(const exchange_record *record);

/** All pieces of the result; the caller owns the text; "" if there is nothing to say. */
char *failed_exchange_result(const failed_exchange *of);

/** Why a group of properties failed. */
typedef struct {
    int code;
    ms_outcome outcome;
    char *status;
    bool as_resource; /**< its status is the one of the resource */
    GStrv properties;
    GStrv conditions;
    const char *description; /**< NULL if it says nothing */
} failed_group;

typedef struct {
    int code;
    const char *outcome; /**< NULL where the status says it all */
    char *status;
    GStrv hrefs; /**< at least one, if only "(no href)" */
    GStrv conditions;
    const char *description; /**< NULL if it says nothing */
    const char *location;
    GArray *groups;      /**< of failed_group */
    uint32_t collateral; /**< properties that failed only because of those */
    char *lock;          /**< the lock in the way, a sentence without its full stop; or NULL */
    const ms_hint *hint; /**< or NULL */
    const record_response *of;
} failed_resource;

/** @param i  which of of->resources */
void failed_resource_init(failed_resource *to, const failed_exchange *of, guint i);
void failed_resource_clear(failed_resource *r);

/** A resource in a few words: "423 Locked: /dav/x; lock-token-submitted; "..."". Not yet safe to
 *  print. The caller frees it with g_free(). */
char *failed_resource_words(const failed_resource *r);

/** The same in sentences, for programs that list failures: "... The lock in the way. What would
 *  help." */
char *failed_resource_line(const failed_resource *r);

/** A resource's status as it is listed, owned by the caller: "423 Locked", or the server's own
 *  word where it gave no number. */
char *failed_resource_status(const record_response *response);

/** Statuses with their counts, "423 Locked: 3", and after a dozen "others: 7".
 *  @param counts of ms_failure_count
 *  @param always_counts false: without the number if there is only one status
 *  @return array of strings that the caller frees with g_ptr_array_unref() */
GPtrArray *statuses_readable(const GArray *counts, bool always_counts);

#endif /* MULTISTATUS_FAILED_EXCHANGE_H */
