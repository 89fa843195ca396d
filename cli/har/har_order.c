/* har_order.c
 * The entries of a HAR file in the order of time.
 *
 * The format does not say that entries are in any order, and most programs write them as requests
 * were sent. What a server answered to one request only matters for the next if it had answered by
 * then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har_order.h"

#include <string.h>

uint32_t har_member(const ms_json *json, uint32_t object, const char *name)
{
    if (json->count == 0 || !ms_json_has_type(json, object, MS_JSON_OBJECT))
        return 0;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_is(json, i, name, strlen(name)))
            return i + 1;
    }
    return 0;
}

/* ------------------------------------------------------------------------------------ time ---- */

static char *text_of(const ms_json *json, uint32_t object, const char *name, ms_json_type type)
{
    uint32_t token = har_member(json, object, name);

    if (token == 0 || !ms_json_has_type(json, token, type))
        return NULL;
    GString *text = g_string_new(NULL);

    ms_json_append_text(json, token, text);
    return g_string_free(text, FALSE);
}

static moment read_moment(const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, utc) : NULL;

    return time ? (moment){g_date_time_to_unix(time),
                           (int32_t)g_date_time_get_microsecond(time) * 1000}
                : moment_unknown();
}

/* An entry has a start time and a duration: the answer arrives at its end. */
static void set_times(const ms_json *json, har_entry *of)
{
    g_autofree char *started = text_of(json, of->token, "startedDateTime", MS_JSON_STRING);
    g_autofree char *duration = text_of(json, of->token, "time", MS_JSON_NUMBER);
    double milliseconds = duration ? g_ascii_strtod(duration, NULL) : -1;
    moment begun = read_moment(started);

    of->sent = moment_unknown();
    of->answered = begun;
    if (!moment_is_known(begun) || !(milliseconds >= 0 && milliseconds < 1e12))
        return;
    int64_t microseconds = (int64_t)(milliseconds * 1000 + 0.5) + begun.nanoseconds / 1000;

    of->sent = begun;
    of->answered.seconds += microseconds / 1000000;
    of->answered.nanoseconds = (int32_t)(microseconds % 1000000) * 1000;
}

GArray *har_entries(const ms_json *json, uint32_t array)
{
    GArray *entries = g_array_new(FALSE, TRUE, sizeof(har_entry));

    for (uint32_t i = ms_json_first(array); i < json->tokens[array].end && json->tokens[i].complete;
         i = json->tokens[i].end) {
        har_entry made = {.token = i};

        set_times(json, &made);
        g_array_append_val(entries, made);
    }
    return entries;
}

/* ----------------------------------------------------------------------------------- order ---- */

static int compare_events(const void *a, const void *b)
{
    const har_event *one = a, *other = b;

    if (moment_is_before(one->time, other->time))
        return -1;
    if (moment_is_before(other->time, one->time))
        return 1;
    if (one->entry != other->entry)
        return one->entry < other->entry ? -1 : 1;
    return (int)one->answer - (int)other->answer;
}

GArray *har_events(const GArray *entries)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(har_event), 2 * entries->len);
    moment last = {INT64_MIN, 0};

    for (uint32_t i = 0; i < entries->len; i++) {
        const har_entry *entry = &g_array_index(entries, har_entry, i);
        har_event sent = {entry->sent, i, false};

        if (moment_is_known(entry->sent))
            g_array_append_val(events, sent);
        if (moment_is_known(entry->answered))
            last = entry->answered;
        /* An entry without a time comes right after the one before it. */
        har_event answered = {last, i, true};

        g_array_append_val(events, answered);
    }
    g_array_sort(events, compare_events);
    return events;
}
