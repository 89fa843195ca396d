/* selection.c
 * Which exchanges and resources are selected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* FNM_CASEFOLD */

#include "selection.h"

#include <fnmatch.h>
#include <string.h>

#include "href.h"
#include "suggest.h"

/* A value of an option: a range of numbers, a word of a list, or a text. */
typedef struct {
    int first, last;
    char *text;
} wanted;

struct selection {
    GArray *values[SELECT_KEYS]; /* of wanted; NULL: everything */
    bool failed_only;
};

static void wanted_clear(gpointer data)
{
    wanted *value = data;

    g_free(value->text);
}

selection *selection_new(void)
{
    return g_new0(selection, 1);
}

void selection_free(selection *s)
{
    if (!s)
        return;
    for (int key = 0; key < SELECT_KEYS; key++)
        g_clear_pointer(&s->values[key], g_array_unref);
    g_free(s);
}

void selection_set_failed_only(selection *s)
{
    s->failed_only = true;
}

/* --------------------------------------------------------------------------------- parsing ---- */

bool selection_status_range(const char *text, int *first, int *last)
{
    char *end;

    if (g_ascii_isdigit(text[0]) && g_ascii_strcasecmp(text + 1, "xx") == 0) {
        *first = (text[0] - '0') * 100;
        *last = *first + 99;
        return true;
    }
    if (!g_ascii_isdigit(*text) || strlen(text) > 9)
        return false;
    *first = *last = (int)g_ascii_strtoull(text, &end, 10);
    if (*end == '-' && g_ascii_isdigit(end[1]))
        *last = (int)g_ascii_strtoull(end + 1, &end, 10);
    return *end == '\0' && *first <= *last;
}

static char *parse_status(const char *value, wanted *to)
{
    if (selection_status_range(value, &to->first, &to->last))
        return NULL;
    return g_strdup_printf(
        "\"%s\" is not a status; write for example 423, 4xx, 404-410 or several between commas.",
        value);
}

static char *parse_word(const char *value, wanted *to, const char *(*name)(int), int count)
{
    g_autoptr(GString) list = g_string_new(NULL);
    suggestion near = suggestion_for(value);

    for (to->first = 0; to->first < count; to->first++) {
        if (g_ascii_strcasecmp(name(to->first), value) == 0)
            return NULL;
        suggestion_offer(&near, name(to->first));
        g_string_append_printf(list, "%s%s", to->first > 0 ? ", " : "", name(to->first));
    }
    g_autofree char *meant = suggestion_text(&near, "");

    return g_strdup_printf("\"%s\" is not known; it is one of: %s.%s", value, list->str, meant);
}

static const char *outcome_name(int value)
{
    return ms_outcome_name((ms_outcome)value);
}

static const char *verdict_name(int value)
{
    return ms_verdict_name((ms_verdict)value);
}

static char *parse_outcome(const char *value, wanted *to)
{
    return parse_word(value, to, outcome_name, MS_OUTCOMES);
}

static char *parse_verdict(const char *value, wanted *to)
{
    return parse_word(value, to, verdict_name, MS_VERDICTS);
}

static char *parse_text(const char *value, wanted *to)
{
    to->text = g_strdup(value);
    return NULL;
}

/* The form in which times are compared: "2026-11-22T07:30:38.123456", UTC. */
static char *comparable_time(GDateTime *when)
{
    g_autoptr(GDateTime) utc = g_date_time_to_utc(when);
    g_autofree char *seconds = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");

    return g_strdup_printf("%s.%06d", seconds, g_date_time_get_microsecond(utc));
}

/* @param end  the end of what the value names: of the day if it is a date alone */
static char *parse_time(const char *value, wanted *to, bool end)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    bool is_date = strlen(value) == strlen("2026-11-22");
    bool is_minute = strlen(value) == strlen("2026-11-22T07:30");
    g_autofree char *text = is_date     ? g_strconcat(value, "T00:00:00", NULL)
                            : is_minute ? g_strconcat(value, ":00", NULL)
                                        : g_strdup(value);
    g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, utc);

    if (!when)
        return g_strdup_printf("\"%s\" is not a time; write for example 2026-11-22, "
                               "2026-11-22T07:30 or 2026-11-22T07:30:38.5+01:00 (UTC without "
                               "offset).",
                               value);
    if (is_date && end) {
        g_autoptr(GDateTime) next = g_date_time_add_days(when, 1);
        g_autoptr(GDateTime) last = next ? g_date_time_add(next, -1) : NULL;

        to->text = last ? comparable_time(last) : comparable_time(when);
    } else {
        to->text = comparable_time(when);
    }
    return NULL;
}

static char *parse_since(const char *value, wanted *to)
{
    return parse_time(value, to, false);
}

static char *parse_until(const char *value, wanted *to)
{
    return parse_time(value, to, true);
}

/* --------------------------------------------------------------------------------- matching ----
 */

static bool matches_glob(const char *glob, const char *text)
{
    return text && fnmatch(glob, text, FNM_CASEFOLD) == 0;
}

/* Paths are case-sensitive; a slash is a character like others. */
static bool matches_path(const char *glob, const char *href)
{
    if (!href || fnmatch(glob, href, 0) == 0)
        return href != NULL;
    g_autofree char *readable = ms_href_readable(href);

    if (fnmatch(glob, readable, 0) == 0)
        return true;
    g_autofree char *path = ms_href_path(href);

    if (fnmatch(glob, path, 0) == 0)
        return true;
    g_autofree char *readable_path = ms_href_readable(path);

    return fnmatch(glob, readable_path, 0) == 0;
}

/* "10.0.0.2:51012" or "[::1]:80", with or without the port, the brackets, or as a glob. */
static bool matches_address(const char *glob, const char *address)
{
    if (!address)
        return false;
    const char *colon = strrchr(address, ':');
    bool bracketed = address[0] == '[';
    g_autofree char *host = colon && (bracketed ? colon[-1] == ']' : strchr(address, ':') == colon)
                                ? g_strndup(address, (gsize)(colon - address))
                                : g_strdup(address);
    g_autofree char *bare =
        bracketed ? g_strndup(host + 1, strcspn(host + 1, "]")) : g_strdup(host);

    return strcmp(glob, address) == 0 || strcmp(glob, host) == 0 || matches_glob(glob, address) ||
           matches_glob(glob, host) || matches_glob(glob, bare);
}

static bool is_in(const wanted *value, int number)
{
    return number >= value->first && number <= value->last;
}

static bool exchange_status(const wanted *value, const exchange_record *record)
{
    return is_in(value, record->http_status);
}

static bool exchange_path(const wanted *value, const exchange_record *record)
{
    return matches_path(value->text, record->uri);
}

static bool exchange_host(const wanted *value, const exchange_record *record)
{
    return matches_address(value->text, record->host);
}

static bool exchange_method(const wanted *value, const exchange_record *record)
{
    return record->method && g_ascii_strcasecmp(value->text, record->method) == 0;
}

static bool exchange_client(const wanted *value, const exchange_record *record)
{
    return matches_address(value->text, record->client);
}

static bool exchange_server(const wanted *value, const exchange_record *record)
{
    return matches_address(value->text, record->server);
}

static bool exchange_verdict(const wanted *value, const exchange_record *record)
{
    return (int)record->verdict == value->first;
}

/* Options have microseconds: in a capture with nanoseconds, each of them holds a thousand. */
static int compare_times(const wanted *value, const exchange_record *record)
{
    return strncmp(record->time, value->text, strlen(value->text));
}

static bool exchange_since(const wanted *value, const exchange_record *record)
{
    return record->time && compare_times(value, record) >= 0;
}

static bool exchange_until(const wanted *value, const exchange_record *record)
{
    return record->time && compare_times(value, record) <= 0;
}

static bool resource_status(const wanted *value, const record_response *response)
{
    return is_in(value, response->code);
}

static bool resource_path(const wanted *value, const record_response *response)
{
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        if (matches_path(value->text, response->hrefs.items[i]))
            return true;
    }
    return false;
}

static bool resource_outcome(const wanted *value, const record_response *response)
{
    return (int)response->outcome == value->first;
}

/* ---------------------------------------------------------------------------------- options ----
 */

/* How an option is read, and what it asks of an exchange and of a resource (NULL: nothing). */
static const struct {
    char *(*parse)(const char *value, wanted *to);
    bool (*exchange)(const wanted *value, const exchange_record *record);
    bool (*resource)(const wanted *value, const record_response *response);
} keys[SELECT_KEYS] = {
    [SELECT_STATUS] = {parse_status, exchange_status, resource_status},
    [SELECT_PATH] = {parse_text, exchange_path, resource_path},
    [SELECT_OUTCOME] = {parse_outcome, NULL, resource_outcome},
    [SELECT_HOST] = {parse_text, exchange_host, NULL},
    [SELECT_METHOD] = {parse_text, exchange_method, NULL},
    [SELECT_CLIENT] = {parse_text, exchange_client, NULL},
    [SELECT_SERVER] = {parse_text, exchange_server, NULL},
    [SELECT_VERDICT] = {parse_verdict, exchange_verdict, NULL},
    [SELECT_SINCE] = {parse_since, exchange_since, NULL},
    [SELECT_UNTIL] = {parse_until, exchange_until, NULL},
};

static bool exchange_fits(const selection *s, int key, const exchange_record *record)
{
    const GArray *values = s->values[key];

    for (guint i = 0; keys[key].exchange && i < values->len; i++) {
        if (keys[key].exchange(&g_array_index(values, wanted, i), record))
            return true;
    }
    return false;
}

static bool resource_fits(const selection *s, int key, const record_response *response)
{
    const GArray *values = s->values[key];

    for (guint i = 0; i < values->len; i++) {
        if (keys[key].resource(&g_array_index(values, wanted, i), response))
            return true;
    }
    return false;
}

static char *add_value(selection *s, selection_key key, const char *value)
{
    wanted next = {0, 0, NULL};

    if (*value == '\0')
        return g_strdup("A value is missing.");
    char *message = keys[key].parse(value, &next);

    /* The message is allocated, whatever the parser also left in `next`. */
    if (message)
        return message; /* cppcheck-suppress returnDanglingLifetime */
    if (!s->values[key]) {
        s->values[key] = g_array_new(FALSE, FALSE, sizeof(wanted));
        g_array_set_clear_func(s->values[key], wanted_clear);
    }
    g_array_append_val(s->values[key], next);
    return NULL;
}

/* The length of the first value. A backslash is kept together with what follows it (a glob needs
 * it, too). */
static size_t value_length(const char *values)
{
    size_t length = 0;

    while (values[length] && values[length] != ',')
        length += values[length] == '\\' && values[length + 1] ? 2 : 1;
    return length;
}

char *selection_add(selection *s, selection_key key, const char *values)
{
    char *message = NULL;

    while (!message) {
        size_t length = value_length(values);
        g_autofree char *value = g_strndup(values, length);

        message = add_value(s, key, value);
        if (values[length] == '\0')
            break;
        values += length + 1;
    }
    return message;
}

static bool is_meant(const selection *s, const exchange_record *record,
                     const record_response *response)
{
    if (s->failed_only && !record_response_is_trouble(response))
        return false;
    for (int key = 0; key < SELECT_KEYS; key++) {
        if (s->values[key] && keys[key].resource && !resource_fits(s, key, response) &&
            !exchange_fits(s, key, record))
            return false;
    }
    return true;
}

bool selection_resource(const selection *s, const exchange_record *record,
                        const record_response *response)
{
    return record->marked ? response->selected : is_meant(s, record, response);
}

void selection_mark(const selection *s, exchange_record *record)
{
    for (uint32_t i = 0; i < record->n_responses; i++)
        record->responses[i].selected = is_meant(s, record, &record->responses[i]);
    record->marked = true;
}

/* Does the exchange fit by itself, or because of one of its resources? */
static bool any_resource_fits(const selection *s, const exchange_record *record)
{
    bool by_itself = true;

    for (int key = 0; key < SELECT_KEYS; key++) {
        if (s->values[key] && keys[key].resource && !exchange_fits(s, key, record))
            by_itself = false;
    }
    for (uint32_t i = 0; !by_itself && i < record->n_responses; i++)
        by_itself = selection_resource(s, record, &record->responses[i]);
    return by_itself;
}

/* Without a readable status nobody knows that all is well with a resource; nor with an answer that
 * a client may refuse because of its names. */
static bool is_trouble(const exchange_record *record)
{
    bool trouble = exchange_record_is_failed(record);

    for (uint32_t i = 0; !trouble && i < record->n_responses; i++)
        trouble = record_response_is_trouble(&record->responses[i]);
    for (uint32_t i = 0; !trouble && i < record->n_findings; i++)
        trouble = strcmp(record->findings[i].rule, "namespace_error") == 0;
    return trouble;
}

bool selection_exchange(const selection *s, const exchange_record *record)
{
    if (s->failed_only && !is_trouble(record))
        return false;
    for (int key = 0; key < SELECT_KEYS; key++) {
        if (s->values[key] && !keys[key].resource && !exchange_fits(s, key, record))
            return false;
    }
    return any_resource_fits(s, record);
}
