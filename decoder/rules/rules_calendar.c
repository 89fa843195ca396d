/* rules_calendar.c
 * Rules about calendars and address books: the data itself, and queries for it (K1 to K10).
 *
 * RFC 4791 sections 4.1, 5.3.4, 7.8, 7.10 and 9.6 to 9.9; RFC 6352 sections 5.1, 6.3.2, 8.6 and
 * 10; RFC 6638 section 7.3; RFC 7809 section 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include <stdarg.h>

#include "names.h"
#include "rules_path.h"

#define MS_CALDAV(name) "{" MS_NS_CALDAV "}" name
#define MS_CARDDAV(name) "{" MS_NS_CARDDAV "}" name

/* An object that counts: one under a status of success. */
static const ms_note_object *object_at(const ms_finder *finder, uint32_t index)
{
    const ms_document *document = finder->document;
    const ms_note_object *of = &g_array_index(finder->notes->objects, ms_note_object, index);

    if (of->response >= document->n_responses || of->propstat >= document->n_propstats ||
        document->propstats[of->propstat].outcome != MS_OK)
        return NULL;
    return of;
}

static bool is_query(const ms_finder *finder)
{
    return ms_rules_report(finder, MS_CALDAV("calendar-query")) ||
           ms_rules_report(finder, MS_CARDDAV("addressbook-query"));
}

static bool is_multiget(const ms_finder *finder)
{
    return ms_rules_report(finder, MS_CALDAV("calendar-multiget")) ||
           ms_rules_report(finder, MS_CARDDAV("addressbook-multiget"));
}

/* ---- the object (K1) ---- */

/* Does a word occur in the text, ignoring case? */
static bool mentions(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; text && *text; text++) {
        if (g_ascii_strncasecmp(text, word, length) == 0)
            return true;
    }
    return false;
}

/* The inbox holds scheduling messages, not calendar objects (RFC 6638 section 2.2). No RFC
 * prescribes its name, but everybody uses this one. */
static bool is_inbox(const ms_finder *finder, uint32_t response)
{
    ms_range hrefs = finder->document->responses[response].hrefs;

    return (hrefs.count > 0 && mentions(finder->document->hrefs[hrefs.first].text, "inbox")) ||
           mentions(finder->context->uri, "inbox");
}

/* If only some parts were asked for, nobody knows which parts the object has. */
static bool may_be_partial(const ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);

    return !request || request->partial;
}

G_GNUC_PRINTF(3, 4)
static void found_object(ms_finder *finder, const ms_note_object *of, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    ms_rules_found(finder, MS_RULE_CALENDAR_OBJECT, of->response, of->span, "%s: %s",
                   ms_rules_name(finder, of->response), what);
    g_free(what);
}

static void find_in_calendar(ms_finder *finder, const ms_note_object *of)
{
    const ms_object *object = &of->object;

    if (object->method && !is_inbox(finder, of->response))
        found_object(finder, of, "the calendar object has METHOD:%s, which belongs in messages",
                     ms_rules_shown(finder, object->method));
    else if (object->other_uid)
        found_object(finder, of, "two UIDs in one calendar object (%s and %s)",
                     ms_rules_shown(finder, object->uid),
                     ms_rules_shown(finder, object->other_uid));
    else if (object->other_component)
        found_object(finder, of, "%s and %s in one calendar object",
                     ms_rules_shown(finder, object->component),
                     ms_rules_shown(finder, object->other_component));
    else if (object->lost_timezone && !may_be_partial(finder) &&
             !ms_rules_listed(finder->context->server_dav, "calendar-no-timezones"))
        found_object(finder, of, "TZID=%s, but no VTIMEZONE defines that time zone",
                     ms_rules_shown(finder, object->lost_timezone));
}

static void find_in_object(ms_finder *finder, const ms_note_object *of)
{
    static const char *const begins[] = {"BEGIN:VCARD", "BEGIN:VCALENDAR"};
    const ms_object *object = &of->object;
    ms_object_kind fits = of->is_calendar ? MS_OBJECT_CALENDAR : MS_OBJECT_CARD;

    if (object->kind == MS_OBJECT_MARKUP)
        return;
    if (object->kind != fits)
        found_object(finder, of, "the data does not begin with %s", begins[of->is_calendar]);
    else if (object->two)
        found_object(finder, of, "a second %s in one resource", begins[of->is_calendar]);
    else if (!object->whole && !object->cut)
        found_object(finder, of, "the data ends before the END of what it begins");
    else if (object->whole && !object->cut && !object->uid && !may_be_partial(finder) &&
             (!of->is_calendar || object->component))
        found_object(finder, of, "the %s has no UID",
                     of->is_calendar ? object->component : "VCARD");
    else if (of->is_calendar)
        find_in_calendar(finder, of);
}

/* ---- scheduling (K10) ---- */

static void find_undelivered(ms_finder *finder, const ms_note_object *of)
{
    const ms_object *object = &of->object;
    uint32_t others = object->n_undelivered - 1;
    char *more = object->n_undelivered > 1
                     ? g_strdup_printf(", nor %s to %u other%s", others == 1 ? "that" : "those",
                                       others, others == 1 ? "" : "s")
                     : NULL;

    if (object->n_undelivered > 0)
        ms_rules_found(finder, MS_RULE_SCHEDULE_STATUS, of->response, of->span,
                       "%s: the message to %s was not delivered (SCHEDULE-STATUS %s)%s",
                       ms_rules_name(finder, of->response),
                       ms_rules_shown(finder, object->undelivered), object->status,
                       more ? more : "");
    g_free(more);
}

/* ---- expand (K4) ---- */

static void find_expand(ms_finder *finder, const ms_note_object *of)
{
    const ms_request *request = ms_rules_request(finder);
    const ms_object *object = &of->object;
    const char *what = NULL;

    if (!request || !request->expands || !of->is_calendar || object->kind != MS_OBJECT_CALENDAR)
        return;
    if (object->recurrence)
        what = object->recurrence;
    else if (object->masters > 1)
        what = "several components without RECURRENCE-ID";
    else if (object->has_timezone)
        what = "VTIMEZONE";
    if (what)
        ms_rules_found(finder, MS_RULE_EXPAND_IGNORED, of->response, of->span,
                       "%s: the request asked for instances in UTC (expand), but the data has %s",
                       ms_rules_name(finder, of->response), what);
}

/* ---- filters (K5) ---- */

/* Filters of a request that are checked against each object: there are four kinds of components. */
#define MOST_FILTERS 16

/* How far a local time may be off from UTC: UTC-12 to UTC+14. */
#define LATEST_ZONE (12 * 3600)
#define EARLIEST_ZONE (14 * 3600)

/* Is the event certainly before or after the range (RFC 4791 section 9.9)? If its time zone is in
 * doubt, it is not. */
static bool is_outside(const ms_object *object, const ms_component_filter *filter)
{
    ms_calendar_time start, end;
    int64_t from = object->start.seconds - (object->start.is_utc ? 0 : EARLIEST_ZONE);
    int64_t to = object->end.seconds + (object->end.is_utc ? 0 : LATEST_ZONE);
    bool lasts = object->end.seconds > object->start.seconds;

    if (filter->start && ms_calendar_time_read(filter->start, &start) && start.is_utc &&
        (lasts ? to <= start.seconds : to < start.seconds))
        return true;
    return filter->end && ms_calendar_time_read(filter->end, &end) && end.is_utc &&
           from >= end.seconds;
}

/* An event that takes place once: neither recurrences nor instances that were changed. */
static bool is_single_event(const ms_object *object)
{
    return object->component && strcmp(object->component, "VEVENT") == 0 && object->masters == 1 &&
           object->instances == 0 && !object->recurrence && object->has_start && object->has_end;
}

static void find_filtered(ms_finder *finder, const ms_note_object *of,
                          const ms_component_filter *filter)
{
    const ms_object *object = &of->object;
    bool is_there = object->component && g_ascii_strcasecmp(object->component, filter->name) == 0;
    const char *name = ms_rules_name(finder, of->response);

    if (filter->not_defined) {
        if (is_there)
            ms_rules_found(finder, MS_RULE_FILTER_IGNORED, of->response, of->span,
                           "%s is a %s, and the filter asks for resources without one", name,
                           object->component);
    } else if (!is_there) {
        ms_rules_found(finder, MS_RULE_FILTER_IGNORED, of->response, of->span,
                       "%s is a %s, and the filter asks for %s", name, object->component,
                       ms_rules_shown(finder, filter->name));
    } else if (filter->has_range && is_single_event(object) && is_outside(object, filter)) {
        ms_rules_found(finder, MS_RULE_FILTER_IGNORED, of->response, of->span,
                       "%s: the event is not in the time range of the filter (%s to %s)", name,
                       filter->start ? ms_rules_shown(finder, filter->start) : "any time",
                       filter->end ? ms_rules_shown(finder, filter->end) : "any time");
    }
}

static void find_filter(ms_finder *finder, const ms_note_object *of)
{
    const ms_request *request = ms_rules_request(finder);
    const ms_object *object = &of->object;

    /* What was left out of the data, and what was made of its recurrences, cannot be told. */
    if (!request || request->partial || request->expands || !of->is_calendar ||
        object->kind != MS_OBJECT_CALENDAR || !object->whole || !object->component ||
        object->other_component || !ms_rules_report(finder, MS_CALDAV("calendar-query")))
        return;
    /* All of them have to match (RFC 4791 section 9.7.1); one that does not is enough. */
    for (uint32_t i = 0, before = finder->found[MS_RULE_FILTER_IGNORED];
         i < request->n_components && i < MOST_FILTERS &&
         finder->found[MS_RULE_FILTER_IGNORED] == before;
         i++)
        find_filtered(finder, of, &request->components[i]);
}

/* ---- media type and version (K8) ---- */

static void find_version(ms_finder *finder, const ms_note_object *of)
{
    const ms_request *request = ms_rules_request(finder);
    const ms_object *object = &of->object;

    if (!request || !request->wants_data || object->kind == MS_OBJECT_OTHER)
        return;
    /* jCal and jCard (RFC 7265, RFC 7095), xCal and xCard (RFC 6321, RFC 6351). */
    bool asks_for_markup = request->data_type && (mentions(request->data_type, "+json") ||
                                                  mentions(request->data_type, "+xml"));
    bool is_markup = object->kind == MS_OBJECT_MARKUP;
    const char *plain = of->is_calendar ? "text/calendar" : "text/vcard";

    if (asks_for_markup != is_markup)
        ms_rules_found(finder, MS_RULE_DATA_VERSION, of->response, of->span,
                       "%s: %s was asked for, and the data is %s%s",
                       ms_rules_name(finder, of->response),
                       request->data_type ? ms_rules_shown(finder, request->data_type) : plain,
                       is_markup ? "not " : "", plain);
    else if (!is_markup && request->data_version && object->version &&
             strcmp(request->data_version, object->version) != 0)
        ms_rules_found(finder, MS_RULE_DATA_VERSION, of->response, of->span,
                       "%s: version %s was asked for, and the data has version %s",
                       ms_rules_name(finder, of->response),
                       ms_rules_shown(finder, request->data_version),
                       ms_rules_shown(finder, object->version));
}

/* ---- UIDs (K2) ---- */

typedef struct {
    const char *uid;
    const char *href;
    size_t parent; /* bytes of the href up to the last segment */
    const ms_note_object *of;
    uint32_t hash;
} uid_entry;

static int compare_texts(const char *a, size_t length_a, const char *b, size_t length_b)
{
    int order = memcmp(a, b, MIN(length_a, length_b));

    return order != 0 ? order : (length_a > length_b) - (length_a < length_b);
}

/* By UID and collection; where both are equal, by the place in the body. */
static gint compare_uids(gconstpointer a, gconstpointer b)
{
    const uid_entry *one = a, *two = b;
    int order;

    if (one->hash != two->hash)
        return one->hash < two->hash ? -1 : 1;
    order = strcmp(one->uid, two->uid);
    if (order == 0)
        order = compare_texts(one->href, one->parent, two->href, two->parent);
    return order != 0 ? order : (one->of > two->of) - (one->of < two->of);
}

static GArray *list_uids(const ms_finder *finder)
{
    const ms_document *document = finder->document;
    GArray *uids = g_array_new(FALSE, FALSE, sizeof(uid_entry));

    for (guint i = 0; i < finder->notes->objects->len; i++) {
        const ms_note_object *of = object_at(finder, i);
        uid_entry made = {.of = of};

        if (!of || !of->object.uid || !*of->object.uid || of->object.two ||
            document->responses[of->response].hrefs.count == 0)
            continue;
        made.uid = of->object.uid;
        made.hash = g_str_hash(made.uid);
        made.href = document->hrefs[document->responses[of->response].hrefs.first].text;
        made.parent = strcspn(made.href, "?#");
        while (made.parent > 0 && made.href[made.parent - 1] != '/')
            made.parent--;
        g_array_append_val(uids, made);
    }
    return uids;
}

static void find_uids(ms_finder *finder)
{
    GArray *uids = list_uids(finder);

    g_array_sort(uids, compare_uids);
    for (guint i = 1; i < uids->len; i++) {
        const uid_entry *before = &g_array_index(uids, uid_entry, i - 1);
        const uid_entry *now = &g_array_index(uids, uid_entry, i);

        if (now->hash == before->hash && strcmp(now->uid, before->uid) == 0 &&
            compare_texts(now->href, now->parent, before->href, before->parent) == 0 &&
            now->of->is_calendar == before->of->is_calendar &&
            !ms_path_same(now->href, before->href) && !is_inbox(finder, now->of->response))
            ms_rules_found(finder, MS_RULE_UID_CONFLICT, now->of->response, now->of->span,
                           "%s has the same UID as %s (%s): clients keep one of them",
                           ms_rules_name(finder, now->of->response),
                           ms_rules_name(finder, before->of->response),
                           ms_rules_shown(finder, now->uid));
    }
    g_array_free(uids, TRUE);
}

/* ---- entity tags (K3) ---- */

typedef struct {
    const char *etag, *type, *calendar, *address;
    const ms_element *weak, *missing; /* getetag */
    bool is_object;
} etag_search;

/* Is this a property that says that the resource is a calendar or address object? */
static bool says_object(const etag_search *s, const ms_element *property)
{
    return property->name == s->calendar || property->name == s->address ||
           (property->name == s->type && property->value &&
            (g_str_has_prefix(property->value, "text/calendar") ||
             g_str_has_prefix(property->value, "text/vcard")));
}

static void look_for_etag(const ms_document *document, const ms_response *response, etag_search *s)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        ms_range range = propstat->properties;

        for (uint32_t j = range.first; j < range.first + range.count;
             j = document->properties[j].end) {
            const ms_element *property = &document->properties[j];

            if (property->name == s->etag && propstat->outcome == MS_ABSENT)
                s->missing = property;
            else if (property->name == s->etag && propstat->outcome == MS_OK && property->value &&
                     g_str_has_prefix(property->value, "W/"))
                s->weak = property;
            else if (propstat->outcome == MS_OK)
                s->is_object = s->is_object || says_object(s, property);
        }
    }
}

static void find_etags(ms_finder *finder)
{
    const ms_document *document = finder->document;
    bool objects_only = is_query(finder) || is_multiget(finder);
    etag_search s = {
        .etag = ms_rules_interned(finder, MS_DAV("getetag")),
        .type = ms_rules_interned(finder, MS_DAV("getcontenttype")),
        .calendar = ms_rules_interned(finder, MS_CALDAV("calendar-data")),
        .address = ms_rules_interned(finder, MS_CARDDAV("address-data")),
    };

    /* Most bodies need not be searched. */
    if (!finder->notes->weak_etag && !finder->notes->objects && !objects_only)
        return;
    for (uint32_t i = 0; i < document->n_responses; i++) {
        s.weak = s.missing = NULL;
        s.is_object = objects_only && document->responses[i].outcome == MS_OK;
        look_for_etag(document, &document->responses[i], &s);
        if (s.is_object && s.weak)
            ms_rules_found(finder, MS_RULE_ETAG_WEAK, i, s.weak->span,
                           "%s: the getetag %s is weak, and If-Match never holds for a weak one",
                           ms_rules_name(finder, i), ms_rules_shown(finder, s.weak->value));
        else if (s.is_object && s.missing)
            ms_rules_found(finder, MS_RULE_ETAG_WEAK, i, s.missing->span,
                           "%s has no getetag, which every calendar and address object must have",
                           ms_rules_name(finder, i));
    }
}

/* ---- queries (K6, K7, K9) ---- */

static void find_depth(ms_finder *finder)
{
    const ms_context *context = finder->context;

    if (is_query(finder) && context->request_known && !context->depth && finder->whole &&
        finder->is_207 && finder->document->root == MS_ROOT_MULTISTATUS &&
        finder->document->n_responses == 0 && context->uri && g_str_has_suffix(context->uri, "/"))
        ms_rules_found(finder, MS_RULE_DEPTH_DEFAULT, MS_NO_RESPONSE, finder->document->span,
                       "The query has no Depth, which means 0: only %s itself was searched, not "
                       "its members, and nothing was found",
                       ms_rules_shown(finder, context->uri));
}

static void find_limit(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_request *request = ms_rules_request(finder);

    if (!request || !request->has_limit || document->outcomes[MS_TRUNCATED] > 0 ||
        document->n_responses <= request->limit ||
        !(ms_rules_report(finder, MS_CARDDAV("addressbook-query")) ||
          ms_rules_method(finder, " SEARCH ")))
        return;
    ms_rules_found(finder, MS_RULE_QUERY_LIMIT, MS_NO_RESPONSE, document->span,
                   "%u resources, although the request set a limit of %u, and no 507",
                   document->n_responses, request->limit);
}

static void find_freebusy(ms_finder *finder)
{
    if (ms_rules_report(finder, MS_CALDAV("free-busy-query")) &&
        finder->context->http_status == 207)
        ms_rules_found(finder, MS_RULE_FREEBUSY_207, MS_NO_RESPONSE, finder->document->span,
                       "A free-busy-query is answered with one VFREEBUSY as text/calendar, not "
                       "with a 207");
}

void ms_find_in_objects(ms_finder *finder)
{
    find_depth(finder);
    find_limit(finder);
    find_freebusy(finder);
    find_etags(finder);
    if (!finder->notes->objects)
        return;
    for (guint i = 0; i < finder->notes->objects->len; i++) {
        const ms_note_object *of = object_at(finder, i);

        if (!of)
            continue;
        find_in_object(finder, of);
        find_undelivered(finder, of);
        find_expand(finder, of);
        find_filter(finder, of);
        find_version(finder, of);
    }
    find_uids(finder);
}
