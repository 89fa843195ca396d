/* rules_status.c
 * Rules about status lines and codes (C1 to C10).
 *
 * RFC 4918 sections 13 and 14.28; RFC 9110 section 15; RFC 9112 section 4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "status.h"

/* What there is to say about a line. Equal lines share one pointer and one result. */
enum {
    LINE_BAD = 1 << 0,
    LINE_FORM = 1 << 1,
    LINE_VERSION = 1 << 2,
    LINE_INTERIM = 1 << 3,
    LINE_UNREGISTERED = 1 << 4,
    LINE_OTHER_REASON = 1 << 5,
    LINE_207 = 1 << 6,
    LINE_208 = 1 << 7,
    LINE_418 = 1 << 8,
    LINE_425 = 1 << 9,
    LINE_KNOWN = 1 << 10, /* the table has it */
};

#define FIRST_CODE 100
#define LAST_CODE 599

typedef struct {
    ms_finder *finder;
    GHashTable *lines;  /* line -> flags */
    const char *latest; /* the line that was looked up last, and its flags */
    unsigned latest_flags;
    GHashTable *reasons; /* registered reason phrase in lower case -> code; made when needed */
} statuses;

static GHashTable *registered_reasons(void)
{
    GHashTable *reasons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int code = FIRST_CODE; code <= LAST_CODE; code++) {
        const char *reason = ms_status_reason(code);

        if (reason)
            g_hash_table_insert(reasons, g_ascii_strdown(reason, -1), GINT_TO_POINTER(code));
    }
    return reasons;
}

/* Is this the registered reason phrase of a code other than the one it stands with? */
static bool belongs_to_another(statuses *s, const char *reason, int code)
{
    const char *own = ms_status_reason(code);

    if (!*reason || (own && g_ascii_strcasecmp(reason, own) == 0))
        return false;
    if (!s->reasons)
        s->reasons = registered_reasons();
    char *lower = g_ascii_strdown(reason, -1);
    bool belongs = g_hash_table_contains(s->reasons, lower);

    g_free(lower);
    return belongs;
}

static unsigned look_at_line(statuses *s, const char *text)
{
    ms_status_line line = ms_status_parse(text);
    unsigned flags = LINE_KNOWN;

    if (line.no_version || !ms_status_valid(line.code))
        return flags | LINE_BAD;
    if (line.no_reason || line.loose_spaces)
        flags |= LINE_FORM;
    if (line.version_odd)
        flags |= LINE_VERSION;
    if (line.code < 200)
        flags |= LINE_INTERIM;
    else if (!ms_status_reason(line.code))
        flags |= LINE_UNREGISTERED;
    if (belongs_to_another(s, line.reason, line.code))
        flags |= LINE_OTHER_REASON;
    switch (line.code) {
    case 207:
        return flags | LINE_207;
    case 208:
        return flags | LINE_208;
    case 418:
        return flags | LINE_418;
    case 425:
        return flags | LINE_425;
    default:
        return flags;
    }
}

static unsigned flags_of(statuses *s, const char *line)
{
    if (line == s->latest)
        return s->latest_flags;
    unsigned flags = GPOINTER_TO_UINT(g_hash_table_lookup(s->lines, line));

    if (flags == 0) {
        flags = look_at_line(s, line);
        g_hash_table_insert(s->lines, (gpointer)line, GUINT_TO_POINTER(flags));
    }
    s->latest = line;
    s->latest_flags = flags;
    return flags;
}

/* RFC 5842 section 7.1: only for a client that sent "DAV: bind", and only for Depth: infinity. */
static void find_already_reported(ms_finder *finder, uint32_t index, const ms_status *status)
{
    const ms_context *context = finder->context;
    const char *why = NULL;

    if (!context->request_known)
        return;
    if (!ms_rules_listed(context->dav, "bind"))
        why = "the client did not say DAV: bind";
    else if (context->depth && g_ascii_strcasecmp(context->depth, "infinity") != 0)
        why = "the request was not for Depth: infinity";
    if (why)
        ms_rules_found(finder, MS_RULE_ALREADY_REPORTED, index, status->span, "%s: 208, but %s",
                       ms_rules_name(finder, index), why);
}

/* The form of the line. */
static void find_in_line(ms_finder *finder, uint32_t index, const ms_status *status, unsigned flags)
{
    const char *name = ms_rules_name(finder, index);
    const char *line = ms_rules_shown(finder, status->line);

    if (flags & LINE_BAD)
        ms_rules_found(finder, MS_RULE_BAD_STATUS_LINE, index, status->span,
                       "%s: \"%s\" is not an HTTP status line", name, line);
    if (flags & LINE_FORM)
        ms_rules_found(finder, MS_RULE_STATUS_LINE_FORM, index, status->span,
                       "%s: \"%s\" lacks a reason phrase or has too many spaces", name, line);
    if (flags & LINE_VERSION)
        ms_rules_found(finder, MS_RULE_STATUS_VERSION, index, status->span,
                       g_str_has_prefix(status->line, "HTTP/")
                           ? "%s: the version in \"%s\" is not HTTP/1.1"
                           : "%s: the version in \"%s\" is not written HTTP, in capitals",
                       name, line);
    if (flags & LINE_OTHER_REASON)
        ms_rules_found(finder, MS_RULE_OTHER_REASON, index, status->span,
                       "%s: the reason phrase of \"%s\" belongs to another code", name, line);
}

/* The meaning of the code. */
static void find_in_code(ms_finder *finder, uint32_t index, const ms_status *status, unsigned flags,
                         bool in_propstat)
{
    const char *name = ms_rules_name(finder, index);

    if (flags & LINE_INTERIM)
        ms_rules_found(finder, MS_RULE_INTERIM_STATUS, index, status->span,
                       "%s: %d is not a final status", name, status->code);
    if (flags & LINE_UNREGISTERED)
        ms_rules_found(finder, MS_RULE_UNREGISTERED_STATUS, index, status->span,
                       "%s: the status code %d is not registered", name, status->code);
    if (flags & LINE_207)
        ms_rules_found(finder, MS_RULE_NESTED_207, index, status->span,
                       "%s: 207 says nothing about a single resource", name);
    if (flags & LINE_208)
        find_already_reported(finder, index, status);
    if ((flags & LINE_418) && in_propstat)
        ms_rules_found(finder, MS_RULE_PLACEHOLDER_STATUS, index, status->span,
                       "%s: 418 in a propstat: sabre/dav has nothing to say about this resource",
                       name);
    /* The drafts of SEARCH, and SharePoint, said 425 for a truncated answer. */
    if ((flags & LINE_425) && !ms_rules_method(finder, " SEARCH "))
        ms_rules_found(finder, MS_RULE_STILL_PROCESSING, index, status->span,
                       "%s: the server is still processing it; ask again later", name);
}

static void find_in_status(statuses *s, uint32_t index, const ms_status *status, bool in_propstat)
{
    unsigned flags = status->line ? flags_of(s, status->line) : LINE_KNOWN;

    if (flags == LINE_KNOWN)
        return;
    find_in_line(s->finder, index, status, flags);
    find_in_code(s->finder, index, status, flags, in_propstat);
}

static void find_in_response(statuses *s, uint32_t index)
{
    const ms_document *document = s->finder->document;
    const ms_response *response = &document->responses[index];

    if (!response->complete)
        return;
    find_in_status(s, index, &response->status, false);
    for (uint32_t i = 0; i < response->propstats.count; i++)
        find_in_status(s, index, &document->propstats[response->propstats.first + i].status, true);
}

static void *start(ms_finder *finder)
{
    statuses *s = g_new0(statuses, 1);

    s->finder = finder;
    s->lines = g_hash_table_new(NULL, NULL);
    return s;
}

static void look(void *state, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        find_in_response(state, i);
}

static void finish(void *state)
{
    statuses *s = state;
    const ms_note *padded = &s->finder->notes->of[MS_NOTE_PADDED_STATUS];

    if (padded->count > 0)
        ms_rules_found_many(s->finder, MS_RULE_STATUS_LINE_FORM, padded->count,
                            ms_rules_noted(s->finder, padded), padded->span,
                            "White space around the status line \"%s\"",
                            ms_rules_shown(s->finder, padded->example));
    g_hash_table_destroy(s->lines);
    if (s->reasons)
        g_hash_table_destroy(s->reasons);
    g_free(s);
}

const ms_family ms_family_statuses = {start, look, finish};
