/* html_time.c
 * The chart of the HTML report that shows exchanges over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "html_chart.h"
#include "html_text.h"
#include "record.h"

/* ----------------------------------------------------------------------------------- steps ---- */

/* Columns of the table: when a step begins, how long it is, then the verdicts. */
enum { START, SECONDS, FIRST_VERDICT };

static uint64_t height_of(const report_table *t, guint row)
{
    uint64_t sum = 0;

    for (guint i = FIRST_VERDICT; i < t->n_columns; i++)
        sum += (uint64_t)table_at(t, row, i)->number;
    return sum;
}

/* Seconds since 1970. */
static int64_t start_of(const report_table *t, guint row)
{
    const char *text = table_at(t, row, START)->text;
    g_autoptr(GDateTime) start = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return start ? g_date_time_to_unix(start) : 0;
}

static char *length_in_words(int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *one, *many;
    } units[] = {{86400, "a day", "days"}, {3600, "an hour", "hours"}, {60, "a minute", "minutes"}};

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (seconds == units[i].seconds)
            return g_strdup(units[i].one);
        if (seconds >= units[i].seconds && seconds % units[i].seconds == 0)
            return g_strdup_printf("%" G_GINT64_FORMAT " %s", seconds / units[i].seconds,
                                   units[i].many);
    }
    return seconds == 1 ? g_strdup("a second")
                        : g_strdup_printf("%" G_GINT64_FORMAT " seconds", seconds);
}

/* "2026-11-22 07:30: 5 success, 3 partial" */
static void put_title(GString *to, const report_table *t, guint row)
{
    g_autofree char *when = cell_readable(table_at(t, row, START), CELL_TIME);
    const char *separator = ": ";

    g_string_append_printf(to, "<title>%s", when);
    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        int64_t count = table_at(t, row, i)->number;

        if (count > 0) {
            g_string_append_printf(to, "%s%" G_GINT64_FORMAT " %s", separator, count,
                                   t->columns[i].title);
            separator = ", ";
        }
    }
    g_string_append(to, "</title>\n");
}

/* The step is `place` steps after the first one; each is 10 wide. */
static void put_bar(GString *to, const report_table *t, guint row, int64_t place, uint64_t highest)
{
    uint64_t below = 0;

    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        uint64_t count = (uint64_t)table_at(t, row, i)->number;

        if (count == 0)
            continue;
        below += count;
        g_string_append_printf(to,
                               "<rect class=\"%s\" x=\"%" G_GINT64_FORMAT ".4\" width=\"9.2\" y=\"",
                               t->columns[i].key, place * 10);
        html_share(to, highest - below, highest);
        g_string_append(to, "\" height=\"");
        html_share(to, count, highest);
        g_string_append(to, "\"/>\n");
    }
}

static bool has_failed(const report_table *t, guint row)
{
    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        if (table_at(t, row, i)->number > 0 &&
            record_verdict_is_failed((ms_verdict)(i - FIRST_VERDICT)))
            return true;
    }
    return false;
}

/* As short as the filter takes it. */
static char *moment(int64_t seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    const char *shape = seconds % 86400 == 0 ? "%Y-%m-%d"
                        : seconds % 60 == 0  ? "%Y-%m-%dT%H:%M"
                                             : "%Y-%m-%dT%H:%M:%S";

    return time ? g_date_time_format(time, shape) : g_strdup("");
}

/* A step in which something failed is a link that filters by its time. The tab key stops once at
 * the chart; from there, arrow keys go on (report.js).
 * @return is it a link? */
static bool put_step(GString *to, const report_table *t, guint row, int64_t place, uint64_t highest,
                     bool first_link)
{
    bool link = has_failed(t, row);
    int64_t start = start_of(t, row);

    if (link) {
        g_autofree char *from = moment(start);
        g_autofree char *until = moment(start + table_at(t, row, SECONDS)->number);

        g_string_append_printf(to,
                               "<a href=\"#failures\" data-filter=\"since:%s before:%s\" "
                               "tabindex=\"%d\">",
                               from, until, first_link ? 0 : -1);
    } else {
        g_string_append(to, "<g>");
    }
    put_title(to, t, row);
    /* A low bar can be clicked all the way up. */
    g_string_append_printf(
        to, "<rect class=\"whole\" x=\"%" G_GINT64_FORMAT "\" width=\"10\" height=\"100\"/>\n",
        place * 10);
    put_bar(to, t, row, place, highest);
    g_string_append(to, link ? "</a>" : "</g>");
    return link;
}

static void put_legend(GString *to, const report_table *t)
{
    g_string_append(to, "<ul class=\"legend\">");
    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        bool occurs = false;

        for (guint row = 0; row < t->rows->len && !occurs; row++)
            occurs = table_at(t, row, i)->number > 0;
        if (occurs)
            g_string_append_printf(to, "<li class=\"%s\">%s</li>", t->columns[i].key,
                                   t->columns[i].title);
    }
    g_string_append(to, "</ul>");
}

/* ----------------------------------------------------------------------------------- ticks ---- */

#define MOST_TICKS 6

/* Seconds between two ticks that a person can add up. */
static int64_t tick_length(int64_t span)
{
    static const int64_t lengths[] = {
        1,    5,     10,    15,    30,    60,     120,    300,     600,     900,     1800,    3600,
        7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000};
    size_t i = 0;

    while (i + 1 < G_N_ELEMENTS(lengths) && span / lengths[i] >= MOST_TICKS)
        i++;
    return MAX(lengths[i], span / MOST_TICKS);
}

/* With the day only where it is a new one. */
static void put_tick(GString *to, int64_t at, int64_t length, int64_t first, int64_t span,
                     int64_t before)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at);
    bool new_day = before < 0 || at / 86400 != before / 86400;
    const char *shape = length >= 86400 ? "%Y-%m-%d" : length >= 60 ? "%H:%M" : "%H:%M:%S";
    g_autofree char *clock = time ? g_date_time_format(time, shape) : NULL;
    g_autofree char *day =
        time && new_day && length < 86400 ? g_date_time_format(time, "%Y-%m-%d") : NULL;

    for (int line = 0; line <= 2; line++) {
        const char *label = line == 1 ? clock : day;

        if (line > 0 && !label)
            continue;
        g_string_append(to, line == 0 ? "<line y1=\"0\" y2=\"6\" x1=\"" : "<text x=\"");
        html_share(to, (uint64_t)(at - first), (uint64_t)span);
        if (line == 0) {
            g_string_append(to, "%\" x2=\"");
            html_share(to, (uint64_t)(at - first), (uint64_t)span);
            g_string_append(to, "%\"/>");
        } else {
            /* Those at the edges would stick out of the drawing. */
            g_string_append_printf(to, "%%\" y=\"%d\" class=\"%s\">%s</text>", line == 1 ? 20 : 36,
                                   at - first < span / 20        ? "first"
                                   : at - first > span * 19 / 20 ? "last"
                                                                 : "inner",
                                   label);
        }
    }
}

static void put_ticks(GString *to, int64_t first, int64_t span)
{
    int64_t length = tick_length(span);
    int64_t before = -1;

    g_string_append(to, "<svg class=\"ticks\" aria-hidden=\"true\">");
    for (int64_t at = (first + length - 1) / length * length; at <= first + span; at += length) {
        put_tick(to, at, length, first, span, before);
        before = at;
    }
    g_string_append(to, "</svg>\n");
}

static void put_caption(GString *to, const char *from, const char *until, uint64_t highest,
                        int64_t seconds)
{
    g_autofree char *length = length_in_words(seconds);

    g_string_append(to, "<p class=\"soft\">");
    html_append(to, from);
    g_string_append(to, strcmp(from, until) != 0 ? " to " : "");
    html_append(to, strcmp(from, until) != 0 ? until : "");
    g_string_append_printf(to, " (UTC); each bar is %s, the highest %" G_GUINT64_FORMAT " %s</p>\n",
                           length, highest, highest == 1 ? "exchange" : "exchanges");
}

void html_timeline(GString *to, const report_table *t)
{
    guint rows = t->rows->len;
    uint64_t highest = 0;

    for (guint row = 0; row < rows; row++)
        highest = MAX(highest, height_of(t, row));
    int64_t seconds = rows > 0 ? table_at(t, 0, SECONDS)->number : 0;

    if (highest == 0 || seconds <= 0)
        return;
    int64_t first = start_of(t, 0);
    int64_t steps = (start_of(t, rows - 1) - first) / seconds + 1;
    g_autofree char *from = cell_readable(table_at(t, 0, START), CELL_TIME);
    g_autofree char *until = cell_readable(table_at(t, rows - 1, START), CELL_TIME);

    g_string_append(to, "<div class=\"card wide time\"><h3>Verdicts over time</h3>");
    put_caption(to, from, until, highest, seconds);
    g_string_append_printf(to,
                           "<svg viewBox=\"0 0 %" G_GINT64_FORMAT
                           " 100\" preserveAspectRatio=\"none\" role=\"group\" "
                           "aria-label=\"Verdicts over time: arrow keys go from bar to bar\">\n",
                           steps * 10);
    bool any_link = false;

    for (guint row = 0; row < rows; row++)
        any_link |= put_step(to, t, row, (start_of(t, row) - first) / seconds, highest, !any_link);
    g_string_append(to, "</svg>");
    put_ticks(to, first, steps * seconds);
    put_legend(to, t);
    g_string_append(to, "</div>\n");
}
