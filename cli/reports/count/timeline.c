/* timeline.c
 * Exchanges over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "timeline.h"

#include <string.h>

/* Lengths of a step in seconds; each divides the next one but the last, a week. */
static const int64_t lengths[] = {1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400};

/* Steps that are kept. Whether a length needs more than that does not depend on the order in which
 * exchanges come, so neither does the length that is used in the end. */
#define MOST_KEPT 4096

struct timeline {
    int64_t first, last; /* of all exchanges */
    guint length;        /* index of the length in use */
    GHashTable *steps;   /* start -> timeline_step */
};

timeline *timeline_new(void)
{
    timeline *t = g_new0(timeline, 1);

    t->steps = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return t;
}

void timeline_free(timeline *t)
{
    g_hash_table_destroy(t->steps);
    g_free(t);
}

/* "2026-11-22T07:30:38.123456Z" in seconds since 1970. */
static bool read_seconds(const char *time, int64_t *seconds)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) when = time ? g_date_time_new_from_iso8601(time, utc) : NULL;

    if (when)
        *seconds = g_date_time_to_unix(when);
    return when != NULL;
}

static int64_t start_of(int64_t seconds, int64_t length)
{
    int64_t rest = seconds % length;

    return seconds - (rest < 0 ? rest + length : rest);
}

static timeline_step *find_step(GHashTable *steps, int64_t start)
{
    timeline_step *step = g_hash_table_lookup(steps, &start);

    if (!step) {
        step = g_new0(timeline_step, 1);
        step->start = start;
        g_hash_table_insert(steps, &step->start, step);
    }
    return step;
}

/* The same counts in longer steps. */
static GHashTable *in_steps_of(GHashTable *steps, int64_t length)
{
    GHashTable *longer = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    GHashTableIter iterator;
    gpointer entry;

    g_hash_table_iter_init(&iterator, steps);
    while (g_hash_table_iter_next(&iterator, NULL, &entry)) {
        const timeline_step *from = entry;
        timeline_step *to = find_step(longer, start_of(from->start, length));

        for (int verdict = 0; verdict < MS_VERDICTS; verdict++)
            to->verdicts[verdict] += from->verdicts[verdict];
    }
    return longer;
}

void timeline_count(timeline *t, const exchange_record *record)
{
    int64_t seconds;

    if (!read_seconds(record->time, &seconds))
        return;
    bool any = g_hash_table_size(t->steps) > 0;

    t->first = any ? MIN(t->first, seconds) : seconds;
    t->last = any ? MAX(t->last, seconds) : seconds;
    find_step(t->steps, start_of(seconds, lengths[t->length]))->verdicts[record->verdict]++;
    while (g_hash_table_size(t->steps) > MOST_KEPT && t->length + 1 < G_N_ELEMENTS(lengths)) {
        GHashTable *longer = in_steps_of(t->steps, lengths[++t->length]);

        g_hash_table_destroy(t->steps);
        t->steps = longer;
    }
}

bool timeline_span(const timeline *t, int64_t *first, int64_t *last)
{
    *first = t->first;
    *last = t->last;
    return g_hash_table_size(t->steps) > 0;
}

static int compare_steps(gconstpointer a, gconstpointer b)
{
    const timeline_step *left = a, *right = b;

    return left->start < right->start ? -1 : left->start > right->start;
}

static bool spans_more(const GArray *steps, int64_t length, guint most)
{
    if (steps->len == 0)
        return false;
    int64_t first = g_array_index(steps, timeline_step, 0).start;
    int64_t last = g_array_index(steps, timeline_step, steps->len - 1).start;

    return (last - first) / length >= (int64_t)most;
}

GArray *timeline_steps(const timeline *t, guint most, int64_t *step)
{
    GArray *steps = NULL;

    for (guint i = t->length; i < G_N_ELEMENTS(lengths); i++) {
        GHashTable *table = in_steps_of(t->steps, lengths[i]);
        GHashTableIter iterator;
        gpointer entry;

        g_clear_pointer(&steps, g_array_unref);
        steps = g_array_new(FALSE, FALSE, sizeof(timeline_step));
        g_hash_table_iter_init(&iterator, table);
        while (g_hash_table_iter_next(&iterator, NULL, &entry))
            g_array_append_vals(steps, entry, 1);
        g_hash_table_destroy(table);
        g_array_sort(steps, compare_steps);
        *step = lengths[i];
        if (!spans_more(steps, lengths[i], most))
            break;
    }
    return steps;
}
