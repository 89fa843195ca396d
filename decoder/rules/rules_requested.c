/* rules_requested.c
 * Rules about properties that were asked for or sent, and those that are answered (M8, M11).
 *
 * RFC 4918 sections 9.1 and 9.2, RFC 8144 section 2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

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

/* The first name that the response does not mention. */
static const char *first_unanswered(const name_list *list, uint32_t index)
{
    for (guint i = 0; i < list->names->len; i++) {
        if (list->answered[i] != index + 1)
            return g_ptr_array_index(list->names, i);
    }
    return NULL;
}

/* ---- PROPPATCH (M8) ---- */

static void find_in_proppatch(ms_finder *finder, name_list *list)
{
    const ms_document *document = finder->document;
    const ms_element *extra;
    uint32_t answered = mark_answered(document, list, 0, &extra);

    if (answered < list->names->len)
        ms_rules_found(finder, MS_RULE_PROPPATCH_MISSING, 0, document->responses[0].span,
                       "%s: the answer does not say what became of %s (%u of %u properties are not "
                       "mentioned)",
                       ms_rules_name(finder, 0),
                       ms_rules_shown_name(finder, first_unanswered(list, 0)),
                       list->names->len - answered, list->names->len);
    if (extra)
        ms_rules_found(finder, MS_RULE_PROPPATCH_EXTRA, 0, extra->span,
                       "%s: the request did not hold the property %s", ms_rules_name(finder, 0),
                       ms_rules_shown_name(finder, extra->name));
}

/* ---- PROPFIND (M11) ---- */

static void find_in_propfind(ms_finder *finder, name_list *list)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        const ms_element *extra;

        /* A status is about the resource: nothing is to be said about its properties. */
        if (!response->complete || response->propstats.count == 0 ||
            response->status.code != MS_STATUS_NONE || response->outcome == MS_MISSING)
            continue;
        if (mark_answered(document, list, i, &extra) < list->names->len)
            ms_rules_found(finder, MS_RULE_PROPFIND_MISSING, i, response->span,
                           "%s: %s was asked for and is in no propstat", ms_rules_name(finder, i),
                           ms_rules_shown_name(finder, first_unanswered(list, i)));
    }
}

void ms_find_in_requested(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_request *request = ms_rules_request(finder);

    /* A name that is not namespace-well-formed cannot be recognised in the answer. */
    if (!request || ms_rules_minimal(finder) || finder->notes->namespace_errors > 0)
        return;
    bool patch = ms_rules_method(finder, " PROPPATCH ");
    bool find = ms_rules_method(finder, " PROPFIND ") && !request->allprop && !request->propname;

    if (!(find || (patch && finder->whole && document->n_responses == 1 &&
                   document->responses[0].status.code == MS_STATUS_NONE)))
        return;
    name_list list = new_list();

    if (find)
        add_names(finder, &list, request->properties, request->n_properties);
    else {
        add_names(finder, &list, request->set, request->n_set);
        add_names(finder, &list, request->remove, request->n_remove);
    }
    list.answered = g_new0(uint32_t, list.names->len + 1);
    if (list.names->len > 0 && find)
        find_in_propfind(finder, &list);
    else if (list.names->len > 0)
        find_in_proppatch(finder, &list);
    clear_list(&list);
}
