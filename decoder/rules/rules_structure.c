/* rules_structure.c
 * Rules about which elements stand where (S1 to S24).
 *
 * RFC 4918 sections 13, 14, 16 and 17; RFC 3744 section 7.1.1. The order of elements and a missing
 * responsedescription are never wrong (section 17).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "defined_names.h"
#include "names.h"
#include "status.h"

/* Properties of one resource that are compared one by one; more go into a hash table. */
#define FEW_PROPERTIES 64

/* Names that were looked up recently: a listing repeats the same ones for every resource. */
#define RECENT_NAMES 64

typedef struct {
    ms_finder *finder;
    ms_document *document;
    struct {
        const char *name;
        bool unknown;
    } recent[RECENT_NAMES];
    bool patch; /* of a PROPPATCH */
    const char *lock_token_submitted, *need_privileges, *href, *resource, *privilege;
} structure;

/* ---- responses and propstats (S1 to S8, S16, S17) ---- */

/* Apple's bulk POST reports an item that could not be created with an empty href. */
static bool may_be_empty(const structure *s, const ms_response *response)
{
    if (!s->finder->context->method)
        return response->code >= 400;
    return ms_rules_method(s->finder, " POST ");
}

static void find_in_hrefs(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];

    if (s->document->root != MS_ROOT_MULTISTATUS)
        return;
    if (response->hrefs.count == 0)
        ms_rules_found(s->finder, MS_RULE_NO_HREF, index, response->span, "Response %u has no href",
                       index + 1);
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        const ms_text *href = &s->document->hrefs[response->hrefs.first + i];

        if (!*href->text && !may_be_empty(s, response))
            ms_rules_found(s->finder, MS_RULE_EMPTY_HREF, index, href->span,
                           "Response %u has an empty href", index + 1);
    }
}

static void find_in_shape(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];
    bool status = response->status.code != MS_STATUS_NONE;

    if (!status && response->propstats.count == 0)
        ms_rules_found(s->finder, MS_RULE_NO_STATUS, index, response->span,
                       "%s: neither status nor propstat", ms_rules_name(s->finder, index));
    if (status && response->propstats.count > 0)
        ms_rules_found(s->finder, MS_RULE_STATUS_AND_PROPSTAT, index, response->span,
                       "%s: both status and propstat", ms_rules_name(s->finder, index));
    if (response->hrefs.count > 1 && response->propstats.count > 0)
        ms_rules_found(s->finder, MS_RULE_HREFS_AND_PROPSTAT, index, response->span,
                       "%s: %u hrefs share the same propstat", ms_rules_name(s->finder, index),
                       response->hrefs.count);
}

static bool is_redirection(int code)
{
    return code >= 300 && code < 400;
}

static bool has_redirection(const ms_document *document, const ms_response *response)
{
    bool has = is_redirection(response->status.code) || response->status.code == 201;

    for (uint32_t i = 0; i < response->propstats.count && !has; i++)
        has = is_redirection(document->propstats[response->propstats.first + i].status.code);
    return has;
}

static void find_in_location(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];

    /* 304 and 305 do not redirect. */
    if (is_redirection(response->status.code) && response->status.code != 304 &&
        !response->location.text)
        ms_rules_found(s->finder, MS_RULE_NO_LOCATION, index, response->status.span,
                       "%s: %d, but no location says where to", ms_rules_name(s->finder, index),
                       response->status.code);
    /* BMOVE uses it to say what a target was renamed to. */
    if (response->location.text && !has_redirection(s->document, response) &&
        !ms_rules_method(s->finder, " BMOVE BCOPY "))
        ms_rules_found(s->finder, MS_RULE_NEEDLESS_LOCATION, index, response->location.span,
                       "%s: location %s, but the status is not a redirection",
                       ms_rules_name(s->finder, index),
                       ms_rules_shown(s->finder, response->location.text));
}

/* A group that names no property. */
static void find_empty(structure *s, uint32_t index, const ms_propstat *propstat)
{
    int code = propstat->status.code;

    if (propstat->properties.count > 0)
        return;
    /* RFC 8144 section 2.1: what is left of it when there is nothing to say. */
    if (propstat->outcome == MS_OK && !ms_rules_minimal(s->finder))
        ms_rules_found(s->finder, MS_RULE_EMPTY_PROPSTAT, index, propstat->span,
                       "%s: a propstat with status %d and no property",
                       ms_rules_name(s->finder, index), code);
    else if (code >= 400 && code != 418 &&
             (propstat->outcome == MS_PLACEHOLDER || propstat->outcome == MS_ABSENT))
        ms_rules_found(s->finder, MS_RULE_EMPTY_FAILURE, index, propstat->span,
                       "%s: a propstat with status %d that names no property: nothing failed "
                       "because of it",
                       ms_rules_name(s->finder, index), code);
}

static void find_in_propstats(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];

    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &s->document->propstats[response->propstats.first + i];

        if (propstat->status.code == MS_STATUS_NONE)
            ms_rules_found(s->finder, MS_RULE_PROPSTAT_STATUS, index, propstat->span,
                           "%s: a propstat without status", ms_rules_name(s->finder, index));
        if (!propstat->has_prop)
            ms_rules_found(s->finder, MS_RULE_PROPSTAT_PROP, index, propstat->span,
                           "%s: a propstat without prop", ms_rules_name(s->finder, index));
        else
            find_empty(s, index, propstat);
    }
}

/* ---- properties (S9, S20) ---- */

/* Equal names have equal pointers (ms_store_name). */
static size_t recent_slot(const char *name)
{
    return ((uintptr_t)name >> 3) % RECENT_NAMES;
}

/* Is this a name in DAV: that no RFC defines? */
static bool is_unknown_property(structure *s, const char *name)
{
    static const size_t prefix = sizeof MS_DAV("") - 1;
    size_t slot = recent_slot(name);

    if (s->recent[slot].name != name) {
        s->recent[slot].name = name;
        s->recent[slot].unknown =
            strncmp(name, MS_DAV(""), prefix) == 0 && !ms_is_dav_property(name + prefix);
    }
    return s->recent[slot].unknown;
}

/* The properties of a response, and the propstat in which each is. */
typedef struct {
    const char *few[FEW_PROPERTIES];
    uint32_t propstats[FEW_PROPERTIES];
    unsigned n_few;
    uint64_t filter; /* a bit for each name in `few`; no bit: certainly not there */
    GHashTable *many;
} name_set;

#define NOT_SEEN UINT32_MAX

static void move_to_table(name_set *set)
{
    set->many = g_hash_table_new(NULL, NULL);
    for (unsigned i = 0; i < set->n_few; i++)
        g_hash_table_insert(set->many, (gpointer)set->few[i],
                            GUINT_TO_POINTER(set->propstats[i] + 1));
}

/* The propstat in which the name was seen before; else it is added, and NOT_SEEN returned. */
static uint32_t seen_before(name_set *set, const char *name, uint32_t propstat)
{
    uint64_t bit = (uint64_t)1 << (((uintptr_t)name >> 3) & 63);

    for (unsigned i = 0; !set->many && (set->filter & bit) && i < set->n_few; i++) {
        if (set->few[i] == name)
            return set->propstats[i];
    }
    set->filter |= bit;
    if (set->n_few < FEW_PROPERTIES) {
        set->few[set->n_few] = name;
        set->propstats[set->n_few++] = propstat;
        return NOT_SEEN;
    }
    if (!set->many)
        move_to_table(set);
    uint32_t before = GPOINTER_TO_UINT(g_hash_table_lookup(set->many, name));

    if (before > 0)
        return before - 1;
    g_hash_table_insert(set->many, (gpointer)name, GUINT_TO_POINTER(propstat + 1));
    return NOT_SEEN;
}

static void find_again(structure *s, name_set *seen, uint32_t index, uint32_t propstat,
                       const ms_element *property)
{
    uint32_t before = seen_before(seen, property->name, propstat);

    if (before == NOT_SEEN)
        return;
    if (before != propstat)
        ms_rules_found(s->finder, MS_RULE_REPEATED_PROPERTY, index, property->span,
                       "%s: %s is in two propstats", ms_rules_name(s->finder, index),
                       ms_rules_shown_name(s->finder, property->name));
    else
        ms_rules_found(s->finder, MS_RULE_TWICE_IN_PROPSTAT, index, property->span,
                       "%s: %s is twice in one propstat", ms_rules_name(s->finder, index),
                       ms_rules_shown_name(s->finder, property->name));
}

static void find_in_properties(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];
    name_set seen;

    seen.n_few = 0;
    seen.filter = 0;
    seen.many = NULL;
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &s->document->propstats[response->propstats.first + i];
        ms_range range = propstat->properties;

        for (uint32_t j = range.first; j < range.first + range.count;
             j = s->document->properties[j].end) {
            const ms_element *property = &s->document->properties[j];

            /* A PROPPATCH may set the same property several times (RFC 4918 section 9.2). */
            if (!s->patch)
                find_again(s, &seen, index, i, property);
            /* What does not exist has the name that the client gave it. */
            if (propstat->outcome == MS_OK && is_unknown_property(s, property->name))
                ms_rules_found(s->finder, MS_RULE_UNKNOWN_DAV, index, property->span,
                               "%s: no RFC defines the property %s in the DAV: namespace",
                               ms_rules_name(s->finder, index),
                               ms_rules_shown_name(s->finder, property->name));
        }
    }
    if (seen.many)
        g_hash_table_destroy(seen.many);
}

/* ---- conditions (S18, S19) ---- */

/* Does the condition have a child of that name? */
static bool has_child(const ms_document *document, uint32_t condition, const char *name)
{
    uint32_t end = document->conditions[condition].end;

    for (uint32_t i = condition + 1; i < end; i = document->conditions[i].end) {
        if (document->conditions[i].name == name)
            return true;
    }
    return false;
}

/* need-privileges (resource*), resource (href, privilege): RFC 3744 section 7.1.1. */
static bool names_privileges(const structure *s, uint32_t condition)
{
    const ms_element *conditions = s->document->conditions;
    bool any = false;

    for (uint32_t i = condition + 1; i < conditions[condition].end; i = conditions[i].end) {
        if (conditions[i].name != s->resource)
            continue;
        any = true;
        if (!has_child(s->document, i, s->href) || !has_child(s->document, i, s->privilege))
            return false;
    }
    return any;
}

static void find_in_conditions(structure *s, uint32_t index, ms_range range)
{
    const ms_element *conditions = s->document->conditions;

    for (uint32_t i = range.first; i < range.first + range.count; i = conditions[i].end) {
        if (conditions[i].name == s->lock_token_submitted && !has_child(s->document, i, s->href))
            ms_rules_found(s->finder, MS_RULE_LOCK_TOKEN_HREF, index, conditions[i].span,
                           "%s: lock-token-submitted does not say which resource is locked",
                           ms_rules_name(s->finder, index));
        if (conditions[i].name == s->need_privileges && !names_privileges(s, i))
            ms_rules_found(s->finder, MS_RULE_NEED_PRIVILEGES, index, conditions[i].span,
                           "%s: need-privileges does not say which privilege is needed on what",
                           ms_rules_name(s->finder, index));
    }
}

static void find_in_response(structure *s, uint32_t index)
{
    const ms_response *response = &s->document->responses[index];

    if (!response->complete)
        return; /* what is missing from it was cut off with the body's end */
    find_in_hrefs(s, index);
    find_in_shape(s, index);
    find_in_location(s, index);
    find_in_propstats(s, index);
    find_in_properties(s, index);
    find_in_conditions(s, index, response->conditions);
    for (uint32_t i = 0; i < response->propstats.count; i++)
        find_in_conditions(s, index,
                           s->document->propstats[response->propstats.first + i].conditions);
}

/* ---- what the parser noticed (S6, S10 to S15, S20) ---- */

static const struct {
    ms_note_kind kind;
    unsigned rule;
    const char *before, *behind; /* the example */
} noticed[] = {
    {MS_NOTE_SECOND_STATUS, MS_RULE_SECOND_STATUS, "A second <",
     "> in the same response or propstat; the first one counts"},
    {MS_NOTE_STRAY_TEXT, MS_RULE_STRAY_TEXT, "Text directly in <", ">, which holds elements only"},
    {MS_NOTE_STRAY_ELEMENT, MS_RULE_STRAY_ELEMENT, "<", "> stands where only text may be"},
    {MS_NOTE_ERROR_IN_TEXT, MS_RULE_ERROR_IN_TEXT, "<",
     "> inside a responsedescription, the way of RFC 3253"},
    {MS_NOTE_EMPTY_ERROR, MS_RULE_EMPTY_ERROR, "An error element that names no condition", ""},
    {MS_NOTE_BARE_CONDITION, MS_RULE_BARE_CONDITION, "The condition <",
     "> is not inside an error element"},
    {MS_NOTE_SECOND_ELEMENT, MS_RULE_SECOND_ELEMENT, "A second <", "> where there may be one"},
    {MS_NOTE_BAD_LOCATION, MS_RULE_BAD_LOCATION, "", ""},
    {MS_NOTE_UNKNOWN_DAV, MS_RULE_UNKNOWN_DAV, "<",
     "> is in the DAV: namespace, but no RFC defines it for this place"},
};

static void find_in_notes(structure *s)
{
    for (size_t i = 0; i < G_N_ELEMENTS(noticed); i++) {
        const ms_note *note = &s->finder->notes->of[noticed[i].kind];
        uint32_t response = ms_rules_noted(s->finder, note);
        const char *name = response == MS_NO_RESPONSE ? "" : ms_rules_name(s->finder, response);

        if (note->count > 0)
            ms_rules_found_many(s->finder, noticed[i].rule, note->count, response, note->span,
                                "%s%s%s%s%s", name, *name ? ": " : "", noticed[i].before,
                                note->example ? ms_rules_shown(s->finder, note->example) : "",
                                noticed[i].behind);
    }
}

/* ---- the body (S1, S21) ---- */

static const char *nothing_words(const ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);

    if (!ms_rules_report(finder, MS_DAV("sync-collection")))
        return "Nothing was found";
    if (request && request->sync_token.text && *request->sync_token.text)
        return "No changes since the sync-token of the request";
    return request ? "The collection has no member to synchronise" : "No changes";
}

static void find_nothing(structure *s)
{
    const ms_finder *finder = s->finder;
    const char *depth = finder->context->depth;

    if (ms_rules_method(finder, " REPORT SEARCH ")) {
        ms_rules_found(s->finder, MS_RULE_NO_MATCHES, MS_NO_RESPONSE, s->document->span, "%s",
                       nothing_words(finder));
        return;
    }
    /* "Depth: 1,noroot" and "Prefer: depth-noroot" leave nothing of an empty collection. */
    if (!ms_rules_method(finder, " PROPFIND PROPPATCH DELETE COPY MOVE LOCK ") ||
        ms_rules_listed(depth, "noroot") ||
        ms_rules_listed(finder->context->prefer, "depth-noroot"))
        return;
    ms_rules_found(s->finder, MS_RULE_NO_RESPONSES, MS_NO_RESPONSE, s->document->span,
                   "The answer to %s is a Multi-Status body without any response%s",
                   finder->context->method,
                   ms_rules_method(finder, " PROPFIND PROPPATCH ")
                       ? ", although at least the resource itself belongs there"
                       : "");
}

static void find_in_rows(structure *s)
{
    const ms_document *document = s->document;

    if (document->root != MS_ROOT_MULTISTATUS)
        return;
    if (document->n_responses == 0 && s->finder->whole && s->finder->notes->orphan_propstats == 0)
        find_nothing(s);
    if (document->n_responses > 0 && document->n_hrefs == 0 && s->finder->whole)
        ms_rules_found(s->finder, MS_RULE_NO_HREF_AT_ALL, MS_NO_RESPONSE, document->span,
                       "No response says which resource it is about");
}

/* ---- the family ---- */

static void *start(ms_finder *finder)
{
    structure *s = g_new(structure, 1);

    *s = (structure){
        .finder = finder,
        .document = finder->document,
        .patch = ms_rules_method(finder, " PROPPATCH "),
        .lock_token_submitted = ms_rules_interned(finder, MS_DAV("lock-token-submitted")),
        .need_privileges = ms_rules_interned(finder, MS_DAV("need-privileges")),
        .href = ms_rules_interned(finder, MS_DAV("href")),
        .resource = ms_rules_interned(finder, MS_DAV("resource")),
        .privilege = ms_rules_interned(finder, MS_DAV("privilege")),
    };
    return s;
}

static void look(void *state, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        find_in_response(state, i);
}

static void finish(void *state)
{
    find_in_notes(state);
    find_in_rows(state);
    g_free(state);
}

const ms_family ms_family_structure = {start, look, finish};
