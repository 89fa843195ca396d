/* progress.c
 * One line on standard error that says how far a run is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include <glib.h>

#include "diagnostics.h"
#include "text.h"

/* The first moments say nothing about the rate, and short runs need no line. */
#define FIRST_AFTER (G_USEC_PER_SEC / 2)
#define AGAIN_AFTER (G_USEC_PER_SEC / 5)
#define LINE_EVERY (5 * (gint64)G_USEC_PER_SEC)

struct progress {
    bool terminal;
    const char *things;
    unsigned count;
    uint64_t bytes;
    gint64 started, next;
};

progress *progress_new(bool always, const char *things, unsigned count, uint64_t bytes)
{
    bool terminal = isatty(STDERR_FILENO);

    if (!terminal && !always)
        return NULL;
    progress *p = g_new0(progress, 1);

    p->terminal = terminal;
    p->things = things;
    p->count = count;
    p->bytes = bytes;
    p->started = g_get_monotonic_time();
    p->next = p->started + (always ? 0 : FIRST_AFTER);
    return p;
}

void progress_free(progress *p)
{
    progress_hide(p);
    g_free(p);
}

/* "1:02:03", "2:03" */
static void append_time(GString *text, gint64 seconds)
{
    if (seconds >= 3600)
        g_string_append_printf(text, "%" G_GINT64_FORMAT ":%02d", seconds / 3600,
                               (int)(seconds / 60 % 60));
    else
        g_string_append_printf(text, "%d", (int)(seconds / 60));
    g_string_append_printf(text, ":%02d", (int)(seconds % 60));
}

static void append_rate(GString *text, const progress *p, uint64_t bytes, double seconds)
{
    if (seconds <= 0 || bytes == 0)
        return;
    double rate = (double)bytes / seconds;

    g_string_append_printf(text, ", %.1f MB/s", rate / 1e6);
    if (p->bytes > bytes) {
        g_string_append(text, ", ");
        append_time(text, (gint64)((double)(p->bytes - bytes) / rate + 0.5));
        g_string_append(text, " left");
    }
}

/* Is it time for a new line? */
static bool is_due(const progress *p)
{
    return p && g_get_monotonic_time() >= p->next;
}

static void show(progress *p, const char *text)
{
    if (p->terminal)
        passing_line(text);
    else
        complain("%s", text);
    p->next = g_get_monotonic_time() + (p->terminal ? AGAIN_AFTER : LINE_EVERY);
}

void progress_update_live(progress *p, const live_counts *counts)
{
    if (!is_due(p))
        return;
    g_autofree char *frames = text_count(counts->frames, "frame", "frames");
    g_autofree char *exchanges = text_count(counts->exchanges, "exchange", "exchanges");
    g_autofree char *connections =
        text_count(counts->connections, "connection open", "connections open");
    g_autofree char *text = g_strdup_printf("%s, %s, %" G_GUINT64_FORMAT " failed, %s", frames,
                                            exchanges, counts->failed, connections);

    show(p, text);
}

void progress_update(progress *p, unsigned done, uint64_t bytes)
{
    if (!is_due(p))
        return;
    gint64 now = g_get_monotonic_time();
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%u of %u %s", done, p->count, p->things);
    if (p->bytes > 0)
        g_string_append_printf(text, ", %u %%",
                               (unsigned)(100.0 * (double)MIN(bytes, p->bytes) / (double)p->bytes));
    append_rate(text, p, bytes, (double)(now - p->started) / G_USEC_PER_SEC);
    show(p, text->str);
}

void progress_hide(progress *p)
{
    if (p && p->terminal)
        passing_line(NULL);
}
