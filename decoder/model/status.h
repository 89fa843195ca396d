/* status.h
 * Status codes and status lines (RFC 4918 section 14.28, RFC 9110 section 15, RFC 9112 section 4).
 *
 * Ownership: reasons are constants; a parsed line points into the line that it was read from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_STATUS_H
#define MS_STATUS_H

#include <glib.h>

#include "model.h"

/** The registered reason phrase of a status code, NULL for a code that is not registered. */
const char *ms_status_reason(int code);

/** Is this a status that belongs to a class that HTTP defines (RFC 9110 section 15)? */
static inline bool ms_status_valid(int code)
{
    return code >= 100 && code <= 599;
}

/** What there is to say about the form of a status line, apart from its code (domain rules C1 to
 *  C5).
 */
typedef struct {
    int code;           /**< the number as sent, of four digits at most, or MS_STATUS_UNREADABLE */
    bool version_odd;   /**< an HTTP version other than 1.0 and 1.1, or not in capitals */
    bool no_version;    /**< starts with the code: "207 Multi-Status" */
    bool no_reason;     /**< nothing after the code */
    bool loose_spaces;  /**< more than one space between the parts */
    const char *reason; /**< into `line`; "" if there is none */
} ms_status_line;

/** Reads a status line leniently: any HTTP version or none, any number of spaces, with or without a
 *  reason phrase. `line` is trimmed already. */
ms_status_line ms_status_parse(const char *line);

/** Takes what is said of a row without a number: the gravest counts, and the first words where
 * there is no status yet. */
void ms_status_say(ms_status *status, ms_said said, const char *words, ms_span span);

/** How many failed in one way. */
typedef struct {
    int code;           /**< negative if the answer gives none */
    const char *reason; /**< borrowed: where there is no code, the server's own word; or NULL */
    uint64_t count;
} ms_failure_count;

/** For a GHashTable whose keys are ms_failure_count *, whatever they count. */
guint ms_failure_hash(gconstpointer count);
gboolean ms_failure_equal(gconstpointer a, gconstpointer b);

#endif /* MS_STATUS_H */
