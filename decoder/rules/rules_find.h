/* rules_find.h
 * What the families of rules share: the body that is looked at, and how a finding is reported.
 *
 * Ownership: a finder borrows everything but what ms_rules_found() keeps in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_RULES_FIND_H
#define MS_RULES_FIND_H

#include <string.h>

#include "notes.h"
#include "request.h"
#include "rules.h"

typedef struct {
    ms_document *document;
    const ms_notes *notes; /**< NULL if there was no body to parse */
    const ms_context *context;
    bool whole;  /**< the body is complete and readable: what is not found is really not there */
    bool is_207; /**< known to be one, or the status is not known */
    GArray *findings;                /**< where they go: the store's, or a family's own */
    uint32_t found[MS_RULE_COUNT];   /**< how often each rule spoke */
    ms_finding first[MS_RULE_COUNT]; /**< of the rules that speak once per body */
} ms_finder;

/** A family that looks at one response after the other. Several of them take turns over blocks of
 *  responses, so that what one has read is in the cache for the next. */
typedef struct {
    void *(*start)(ms_finder *finder); /**< the family's state */
    void (*look)(void *state, uint32_t from, uint32_t to);
    void (*finish)(void *state); /**< what there is to say of the body; frees the state */
} ms_family;

extern const ms_family ms_family_structure, ms_family_statuses, ms_family_hrefs, ms_family_values;

/* The other families. Each takes time in proportion to the body. */
void ms_find_in_header(ms_finder *finder);
void ms_find_in_body(ms_finder *finder);
void ms_find_in_outcomes(ms_finder *finder);
void ms_find_in_requested(ms_finder *finder);
void ms_find_in_report(ms_finder *finder);
void ms_find_in_objects(ms_finder *finder);
void ms_find_in_access(ms_finder *finder);
void ms_find_in_json(ms_finder *finder);
void ms_find_in_multipart(ms_finder *finder);

/** The limit that ended the reading, if one did. */
void ms_find_limit(ms_finder *finder);

/** Reports a finding; the rule's `per` says how many of them are kept.
 *  @param response  index of the resource, or MS_NO_RESPONSE */
void ms_rules_found(ms_finder *finder, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...) G_GNUC_PRINTF(5, 6);

/** Reports `count` findings at once, of which the parser kept the first. */
void ms_rules_found_many(ms_finder *finder, unsigned rule, uint32_t count, uint32_t response,
                         ms_span span, const char *format, ...) G_GNUC_PRINTF(6, 7);

/** How a finding names a resource: by its first href. */
const char *ms_rules_name(const ms_finder *finder, uint32_t response);

/** A text as part of a message: cut if it is long. It belongs to the document. */
const char *ms_rules_shown(const ms_finder *finder, const char *text);

/** A property or condition as part of a message: "getetag", "C:calendar-data". It belongs to the
 *  document. */
const char *ms_rules_shown_name(const ms_finder *finder, const char *name);

/** The response that the parser's note is about, MS_NO_RESPONSE if none. */
uint32_t ms_rules_noted(const ms_finder *finder, const ms_note *note);

/** Is the method known to be one of those between spaces: " COPY MOVE "? */
bool ms_rules_method(const ms_finder *finder, const char *methods);

/** Is the report known to be this one? */
static inline bool ms_rules_report(const ms_finder *finder, const char *name)
{
    return finder->context->report && strcmp(finder->context->report, name) == 0;
}

/** Subversion's own URIs for versions and baselines stand in for each other. */
static inline bool ms_rules_is_subversion(const char *href)
{
    return strstr(href, "/!svn/") != NULL;
}

/** The body of the request, if it is known to its end; else NULL. */
const ms_request *ms_rules_request(const ms_finder *finder);

/** Does a header that is a list of values between commas or semicolons hold this one? White space
 *  and case do not count. False for NULL. */
bool ms_rules_listed(const char *header, const char *value);

/** Did the client ask the server to leave out what is not needed (RFC 8144 section 2, "Brief")? */
bool ms_rules_minimal(const ms_finder *finder);

/** How the document's store keeps a name: equal names have equal pointers. */
const char *ms_rules_interned(const ms_finder *finder, const char *name);

#endif /* MS_RULES_FIND_H */
