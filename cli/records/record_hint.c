/* record_hint.c
 * Hints for resources of records, locks in their way, habits of their servers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_hint.h"

#include <stddef.h>
#include <string.h>

#include "details.h"
#include "habits.h"
#include "href.h"

/* That condition, or any if there is no name. */
static bool holds(const record_strings *strings, const char *name)
{
    if (!name)
        return strings->count > 0;
    for (uint32_t i = 0; i < strings->count; i++) {
        if (strcmp(strings->items[i], name) == 0)
            return true;
    }
    return false;
}

/* The situation that a hint is looked up for. */
typedef struct {
    const exchange_record *record;
    const record_response *response;
} resource;

static bool has_condition(const void *data, const char *name)
{
    const record_response *response = ((const resource *)data)->response;

    if (holds(&response->conditions, name))
        return true;
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (holds(&response->propstats[i].conditions, name))
            return true;
    }
    return false;
}

static bool says(const void *data, const char *word)
{
    const exchange_record *record = ((const resource *)data)->record;
    const record_response *response = ((const resource *)data)->response;

    if (ms_hint_holds(record->body_description, word) || ms_hint_holds(response->description, word))
        return true;
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (response->propstats[i].outcome == response->outcome &&
            ms_hint_holds(response->propstats[i].description, word))
            return true;
    }
    return false;
}

/* A relative href is compared with what it names. */
static bool is_same(const char *href, const char *uri)
{
    g_autofree char *target =
        ms_href_is_relative(href) && *uri == '/' ? ms_href_resolve(href, uri) : NULL;

    return ms_href_same(target ? target : href, uri);
}

static ms_hint_place place_of(const exchange_record *record, const record_response *response)
{
    if (!record->uri || response->hrefs.count == 0)
        return MS_HINT_ANYWHERE;
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        if (is_same(response->hrefs.items[i], record->uri))
            return MS_HINT_SELF;
    }
    return MS_HINT_MEMBER;
}

/* Did properties fare so? */
static bool names_properties(const record_response *response, ms_outcome outcome)
{
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (response->propstats[i].outcome == outcome &&
            response->propstats[i].properties.count > 0)
            return true;
    }
    return false;
}

static bool is_about_live_property(const record_response *response, const char *method)
{
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        const record_propstat *propstat = &response->propstats[i];

        for (uint32_t j = 0;
             propstat->outcome == response->outcome && j < propstat->properties.count; j++) {
            if (ms_hint_is_live(propstat->properties.items[j], method))
                return true;
        }
    }
    return false;
}

const ms_hint *record_hint(const exchange_record *record, const record_response *response)
{
    bool json = record->format && strcmp(record->format, ms_format_name(MS_FORMAT_XML)) != 0;

    if (response->outcome < MS_UNKNOWN)
        return NULL; /* as ms_hint_find() says, without looking at hrefs */
    const resource of = {record, response};
    const ms_hint_query query = {.format = json ? MS_FORMAT_JSON : MS_FORMAT_XML,
                                 .kind = record->kind,
                                 .method = record->method,
                                 .report = record->report,
                                 .outcome = response->outcome,
                                 .code = response->code == RECORD_UNKNOWN ? MS_STATUS_NONE
                                                                          : response->code,
                                 .place = place_of(record, response),
                                 .reason = response->reason,
                                 .property = names_properties(response, response->outcome),
                                 .live = is_about_live_property(response, record->method),
                                 .mixed = names_properties(response, MS_OK),
                                 .alone = record->failed == 0,
                                 .preconditions = record->request_conditions,
                                 .has_condition = has_condition,
                                 .says = says,
                                 .data = &of};

    return ms_hint_find(&query);
}

/* In a list that is in the order of the resources, the first item about that resource or a later
 * one.
 * @param at  where in an item of `size` bytes the number of its resource stands */
static uint32_t first_about(uint32_t response, const void *items, uint32_t count, size_t size,
                            size_t at)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (*(const uint32_t *)((const char *)items + middle * size + at) < response)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const record_lock *record_lock_of(const exchange_record *record, const record_response *response)
{
    uint32_t wanted = (uint32_t)(response - record->responses);
    uint32_t low = first_about(wanted, record->locks, record->n_locks, sizeof(record_lock),
                               offsetof(record_lock, response));

    return low < record->n_locks && record->locks[low].response == wanted ? &record->locks[low]
                                                                          : NULL;
}

char *record_lock_words(const record_lock *held)
{
    const ms_lock lock = {.root = held->root,
                          .owner = held->owner,
                          .client = held->client,
                          .agent = held->user_agent,
                          .frame = held->frame};

    return ms_lock_words(&lock);
}

/* It goes without saying that the resource next to it is meant. */
static bool says_more(const record_detail *detail, const record_response *response)
{
    return detail->name || detail->value ||
           (detail->href &&
            !(response->hrefs.count > 0 && ms_href_same(detail->href, response->hrefs.items[0])));
}

char *record_detail_words(const exchange_record *record, const record_response *response,
                          const char *condition)
{
    uint32_t index = (uint32_t)(response - record->responses);
    GString *words = g_string_new(NULL);
    uint32_t n = record->n_condition_details;
    uint32_t first = first_about(index, record->condition_details, n, sizeof(record_detail),
                                 offsetof(record_detail, response));

    for (uint32_t i = first; i < n && record->condition_details[i].response == index; i++) {
        const record_detail *of = &record->condition_details[i];
        const ms_detail detail = {of->condition, of->name, of->value, of->href};

        if (strcmp(of->condition, condition) != 0 || !says_more(of, response))
            continue;
        g_autofree char *text = ms_detail_words(&detail);

        g_string_append_printf(words, "%s%s", words->len > 0 ? ", " : "", text);
    }
    return g_string_free(words, words->len == 0);
}

static const char *habit_of(const exchange_record *record, uint32_t finding)
{
    const ms_rule *rule = ms_rule_named(record->findings[finding].rule);

    return rule ? ms_habit(rule, record->server_software, record->method) : NULL;
}

const char *record_habit(const exchange_record *record, uint32_t finding)
{
    const char *habit = habit_of(record, finding);

    return finding > 0 && habit == habit_of(record, finding - 1) ? NULL : habit;
}
