/* rules_requested.c
 * Rules about properties that were requested or sent, and those in the answer (M8, M11, M25 to
 * M27).
 *
 * RFC 4918 sections 9.1 and 9.2, RFC 8144 sections 2 and 3, RFC 5689 section 3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "rules_path.h"

/* The names of a request, and for each the last response that mentions it. */
typedef struct {
    GHashTable *numbers; /* name, as the document keeps it -> its number, from 1 */
    GPtrArray *names;
    uint32_t *answered; /* by number, from 0: one past the index of the response */
} name_list;

static void add_names(const ms_finder *finder, name_list *list, const ms_text *names,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *name = ms_rules_interned(finder, names[i].text);

        if (g_hash_table_contains(list->numbers, name))
            continue;
        g_ptr_array_add(list->names, (gpointer)name);
        g_hash_table_insert(list->numbers, (gpointer)name, GUINT_TO_POINTER(list->names->len));
    }
}

static name_list new_list(void)
{
    return (name_list){g_hash_table_new(NULL, NULL), g_ptr_array_new(), NULL};
}

static void clear_list(name_list *list)
{
    g_hash_table_destroy(list->numbers);
    g_ptr_array_free(list->names, TRUE);
    g_free(list->answered);
}

/* Marks what the response mentions.
 *  @param extra  the first property that is not in the list; NULL if there is none
 *  @return how many names of the list it mentions */
static uint32_t mark_answered(const ms_document *document, name_list *list, uint32_t index,
                              const ms_element **extra)
{
    const ms_response *response = &document->responses[index];
    uint32_t count = 0;

    *extra = NULL;
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        ms_range range = document->propstats[response->propstats.first + i].properties;

        for (uint32_t j = range.first; j < range.first + range.count;
             j = document->properties[j].end) {
            const ms_element *property = &document->properties[j];
            uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(list->numbers, property->name));

            if (number == 0) {
                *extra = *extra ? *extra : property;
            } else if (list->answered[number - 1] != index + 1) {
                list->answered[number - 1] = index + 1;
                count++;
            }
        }
    }
    return count;
}

/* Names of a message. */
#define SHOWN_NAMES 8

/* The names that the response does not mention: "getetag, getcontentlength and 2 more". The caller
 * frees it with g_free(). */
static char *unanswered(const ms_finder *finder, const name_list *list, uint32_t index)
{
    GString *names = g_string_new(NULL);
    uint32_t count = 0;

    for (guint i = 0; i < list->names->len; i++) {
        if (list->answered[i] != index + 1 && count++ < SHOWN_NAMES)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   ms_rules_shown_name(finder, g_ptr_array_index(list->names, i)));
    }
    if (count > SHOWN_NAMES)
        g_string_append_printf(names, " and %u more", count - SHOWN_NAMES);
    return g_string_free(names, FALSE);
}

/* ---- PROPPATCH (M8), MKCOL and MKCALENDAR (M27) ---- */

/* What was set but is not mentioned.
 *  @param about  what the message begins with */
static const ms_element *find_unmentioned(ms_finder *finder, name_list *list, unsigned rule,
                                          const char *about)
{
    const ms_document *document = finder->document;
    const ms_element *extra;
    uint32_t answered = mark_answered(document, list, 0, &extra);

    if (answered < list->names->len) {
        char *names = unanswered(finder, list, 0);

        ms_rules_found(finder, rule, 0, document->responses[0].span,
                       "%s answer does not say what became of %s (%u of %u properties are not "
                       "mentioned)",
                       about, names, list->names->len - answered, list->names->len);
        g_free(names);
    }
    return extra;
}

static void find_in_proppatch(ms_finder *finder, name_list *list)
{
    char *about = g_strdup_printf("%s: the", ms_rules_name(finder, 0));
    const ms_element *extra = find_unmentioned(finder, list, MS_RULE_PROPPATCH_MISSING, about);

    if (extra)
        ms_rules_found(finder, MS_RULE_PROPPATCH_EXTRA, 0, extra->span,
                       "%s: the request did not hold the property %s", ms_rules_name(finder, 0),
                       ms_rules_shown_name(finder, extra->name));
    g_free(about);
}

static void find_in_mkcol(ms_finder *finder, name_list *list)
{
    find_unmentioned(finder, list, MS_RULE_MKCOL_MISSING, "The");
}

/* ---- PROPFIND (M11) ---- */

static void report_missing(ms_finder *finder, name_list *list, uint32_t index, uint32_t answered)
{
    char *names = unanswered(finder, list, index);
    uint32_t n = list->names->len;

    if (n == 1)
        ms_rules_found(
            finder, MS_RULE_PROPFIND_MISSING, index, finder->document->responses[index].span,
            "%s: %s was asked for and is in no propstat", ms_rules_name(finder, index), names);
    else
        ms_rules_found(
            finder, MS_RULE_PROPFIND_MISSING, index, finder->document->responses[index].span,
            "%s: %u of the %u properties that were asked for %s in no propstat: %s",
            ms_rules_name(finder, index), n - answered, n, n - answered == 1 ? "is" : "are", names);
    g_free(names);
}

static void find_in_propfind(ms_finder *finder, name_list *list)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        const ms_element *extra;

        /* A status is about the resource: nothing need be said about its properties. */
        if (!response->complete || response->propstats.count == 0 ||
            response->status.code != MS_STATUS_NONE || response->outcome == MS_MISSING)
            continue;
        uint32_t answered = mark_answered(document, list, i, &extra);

        if (answered < list->names->len)
            report_missing(finder, list, i, answered);
    }
}

/* ---- names only (M25) ---- */

static void find_values(ms_finder *finder)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        for (uint32_t j = 0; j < response->propstats.count; j++) {
            ms_range range = document->propstats[response->propstats.first + j].properties;
            const ms_element *end = document->properties + range.first + range.count;

            for (const ms_element *p = document->properties + range.first; p < end;
                 p = document->properties + p->end) {
                if (p->value || p->end > (uint32_t)(p - document->properties) + 1)
                    ms_rules_found(finder, MS_RULE_PROPNAME_VALUES, i, p->span,
                                   "%s: only names were asked for (propname), and %s has a value",
                                   ms_rules_name(finder, i), ms_rules_shown_name(finder, p->name));
            }
        }
    }
}

/* ---- preferences (M26) ---- */

/* Properties that do not exist, although the client asked not to be told. */
static void find_absent(ms_finder *finder)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        ms_range range = document->responses[i].propstats;

        for (uint32_t j = range.first; j < range.first + range.count; j++) {
            const ms_propstat *propstat = &document->propstats[j];

            if (propstat->outcome == MS_ABSENT && propstat->properties.count > 0) {
                ms_rules_found(finder, MS_RULE_PREFERENCE_IGNORED, i, propstat->span,
                               "%s: the client preferred return=minimal, and gets a 404 for "
                               "properties that do not exist",
                               ms_rules_name(finder, i));
                break;
            }
        }
    }
}

static void find_root(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const char *uri = finder->context->uri;

    for (uint32_t i = 0; uri && i < document->n_responses; i++) {
        ms_range hrefs = document->responses[i].hrefs;

        if (hrefs.count > 0 && ms_path_same(document->targets[hrefs.first].text, uri))
            ms_rules_found(finder, MS_RULE_PREFERENCE_IGNORED, i, document->responses[i].span,
                           "%s: the client preferred a listing without it (depth-noroot)",
                           ms_rules_name(finder, i));
    }
}

static void find_preferences(ms_finder *finder)
{
    const char *prefer = finder->context->prefer;

    if (!prefer || !ms_rules_method(finder, " PROPFIND REPORT SEARCH "))
        return;
    if (ms_rules_listed(prefer, "return=minimal") || ms_rules_listed(prefer, "return-minimal"))
        find_absent(finder);
    if (ms_rules_listed(prefer, "depth-noroot") && !ms_rules_listed(finder->context->depth, "0"))
        find_root(finder);
}

/* ---- the request itself (M11) ---- */

/* RFC 4918 section 14.20: propname, or allprop with an include, or one prop. */
static void find_in_question(ms_finder *finder, const ms_request *request)
{
    ms_span span = finder->document->span;

    if (!ms_rules_method(finder, " PROPFIND "))
        return;
    if (request->n_props > 1)
        ms_rules_found(finder, MS_RULE_PROPFIND_FORM, MS_NO_RESPONSE, span,
                       "The propfind of the request has %u prop elements where one may be: servers "
                       "that read only one of them leave the other properties out",
                       request->n_props);
    else if (request->propname + request->allprop + (request->n_props > 0) > 1)
        ms_rules_found(
            finder, MS_RULE_PROPFIND_FORM, MS_NO_RESPONSE, span,
            "The propfind of the request asks in more than one way (%s%s%s): it may have "
            "one of propname, allprop and prop",
            request->propname ? "propname" : "allprop",
            request->propname && request->allprop ? ", allprop" : "",
            request->n_props > 0 ? ", prop" : "");
}

/* ---- all of them ---- */

/* What an answer has to mention. */
typedef enum { NOTHING, ASKED_FOR, PATCHED, CREATED } mention;

static mention mentions(const ms_finder *finder, const ms_request *request)
{
    const ms_document *document = finder->document;
    bool one = finder->whole && document->n_responses == 1 &&
               document->responses[0].status.code == MS_STATUS_NONE;

    if (ms_rules_method(finder, " PROPFIND "))
        return request->allprop || request->propname ? NOTHING : ASKED_FOR;
    if (one && ms_rules_method(finder, " PROPPATCH "))
        return PATCHED;
    return one && document->responses[0].propstats.count > 0 &&
                   ms_rules_method(finder, " MKCOL MKCALENDAR ")
               ? CREATED
               : NOTHING;
}

static void find_in_names(ms_finder *finder, const ms_request *request, mention what)
{
    name_list list = new_list();

    if (what == ASKED_FOR)
        add_names(finder, &list, request->properties, request->n_properties);
    add_names(finder, &list, request->set, what == ASKED_FOR ? 0 : request->n_set);
    add_names(finder, &list, request->remove, what == PATCHED ? request->n_remove : 0);
    list.answered = g_new0(uint32_t, list.names->len + 1);
    if (list.names->len > 0 && what == ASKED_FOR)
        find_in_propfind(finder, &list);
    else if (list.names->len > 0 && what == PATCHED)
        find_in_proppatch(finder, &list);
    else if (list.names->len > 0)
        find_in_mkcol(finder, &list);
    clear_list(&list);
}

void ms_find_in_requested(ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);

    find_preferences(finder);
    if (request && request->propname && ms_rules_method(finder, " PROPFIND "))
        find_values(finder);
    if (!request)
        return;
    find_in_question(finder, request);
    /* A name that is not namespace-well-formed cannot be recognised in the answer, nor one in a
     * body that is all in a wrong namespace. */
    if (finder->notes->namespace_errors > 0 || request->namespace_error ||
        finder->notes->wrong_namespace)
        return;
    mention what = mentions(finder, request);

    if (what == CREATED || (what != NOTHING && !ms_rules_minimal(finder)))
        find_in_names(finder, request, what);
}
