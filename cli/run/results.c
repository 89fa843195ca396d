/* results.c
 * From records to what the command prints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "results.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diagnostics.h"
#include "exit_status.h"
#include "failed_exchange.h"
#include "predicate.h"
#include "sink.h"

struct results {
    const result_settings *s;
    GPtrArray *sinks;
    gint64 announces; /* failures as they come, from then on; 0: never */
    bool counts;      /* the totals, which grow with what is found, are needed */
    aggregate *totals;
};

static bool is_log(const result_settings *s, const format *as, const char *path)
{
    return s->appends && format_is_lines(as) && path && strcmp(path, "-") != 0;
}

bool results_append(const result_settings *s)
{
    bool any = is_log(s, s->format, s->output);

    for (guint i = 0; i < s->extra->len; i++) {
        const extra_output *extra = &g_array_index(s->extra, extra_output, i);

        any = any || is_log(s, extra->as, extra->path);
    }
    return any;
}

static bool open_sink(results *r, const format *as, const char *path)
{
    output *out = is_log(r->s, as, path) ? output_open_log(path) : output_open(path, r->s->color);

    if (!out)
        return false;
    g_ptr_array_add(r->sinks, sink_new(as, out, r->s->report, r->s->width));
    r->counts = r->counts || as->report != NULL;
    return true;
}

static bool open_sinks(results *r)
{
    bool fine = open_sink(r, r->s->format, r->s->output);

    for (guint i = 0; fine && i < r->s->extra->len; i++) {
        const extra_output *extra = &g_array_index(r->s->extra, extra_output, i);

        fine = open_sink(r, extra->as, extra->path);
    }
    return fine;
}

static void release(results *r)
{
    aggregate_free(r->totals);
    g_ptr_array_unref(r->sinks);
    g_free(r);
}

void results_discard(results *r)
{
    for (guint i = 0; i < r->sinks->len; i++)
        sink_discard(r->sinks->pdata[i]);
    release(r);
}

void results_announce(results *r, int64_t delay)
{
    r->announces = g_get_monotonic_time() + delay;
}

void results_reopen(results *r)
{
    for (guint i = 0; i < r->sinks->len; i++)
        sink_reopen(r->sinks->pdata[i]);
}

static bool is_text_on_stdout(const format *as, const char *path)
{
    return strcmp(as->name, "text") == 0 && (!path || strcmp(path, "-") == 0);
}

bool results_show_messages(const results *r)
{
    struct stat out, err;

    return is_text_on_stdout(r->s->format, r->s->output) && fstat(STDOUT_FILENO, &out) == 0 &&
           fstat(STDERR_FILENO, &err) == 0 && out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

results *results_open(const result_settings *s)
{
    results *r = g_new0(results, 1);

    r->s = s;
    r->sinks = g_ptr_array_new();
    r->totals = aggregate_new(s->report);
    r->counts = s->fail_on->len > 0;
    if (open_sinks(r))
        return r;
    results_discard(r);
    return NULL;
}

static void announce_failure(const results *r, const exchange_record *record)
{
    if (g_get_monotonic_time() < r->announces)
        return;
    g_autofree char *line = failed_exchange_line(record);

    announce(line);
}

/* False once no output can be written any more: one on a full disk does not cut the others short.
 */
static bool put_exchange(results *r, exchange_record *record)
{
    bool go_on = false;

    if (r->announces != 0 && exchange_record_is_failed(record))
        announce_failure(r, record);
    if (r->counts)
        aggregate_exchange(r->totals, record);
    for (guint i = 0; i < r->sinks->len; i++)
        go_on = sink_exchange(r->sinks->pdata[i], record) || go_on;
    return go_on;
}

/* Selection is decided before anything is replaced. */
bool results_exchange(results *r, exchange_record *record)
{
    const selection *chosen = r->s->report->chosen;

    if (!selection_exchange(chosen, record))
        return true;
    selection_mark(chosen, record);
    if (!r->s->redaction)
        return put_exchange(r, record);
    exchange_record *redacted = redact_exchange(r->s->redaction, record);
    bool fine = put_exchange(r, redacted);

    exchange_record_unref(redacted);
    return fine;
}

static bool put_capture(results *r, const capture_record *record)
{
    bool go_on = false;

    if (r->counts)
        aggregate_capture(r->totals, record);
    for (guint i = 0; i < r->sinks->len; i++)
        go_on = sink_capture(r->sinks->pdata[i], record) || go_on;
    return go_on;
}

bool results_capture(results *r, const capture_record *record)
{
    if (!r->s->redaction)
        return put_capture(r, record);
    capture_record *redacted = redact_capture(r->s->redaction, record);
    bool fine = put_capture(r, redacted);

    capture_record_free(redacted);
    return fine;
}

/* --fail-on speaks about what was read; what was not read at all is graver, and so is an
 * interrupt. */
static int final_status(const results *r, int status, bool written)
{
    if (status == EXIT_ANALYSED && !written)
        status = EXIT_SOME_FAILED;
    if (status != EXIT_ANALYSED && status != EXIT_SOME_FAILED)
        return status;
    for (guint i = 0; i < r->s->fail_on->len; i++) {
        if (predicate_holds(r->s->fail_on->pdata[i], r->totals))
            return EXIT_MATCHED;
    }
    return status;
}

int results_close(results *r, int status)
{
    bool written = true;

    aggregate_finish(r->totals);
    report_view *view = view_new(r->totals, r->s->report);

    /* An empty table, under messages that say why, helps nobody. */
    bool first = status == EXIT_EVERY_FAILED && is_text_on_stdout(r->s->format, r->s->output);

    if (first)
        sink_discard(r->sinks->pdata[0]);
    for (guint i = first; i < r->sinks->len; i++)
        written = sink_finish(r->sinks->pdata[i], view) && written;
    if (!failure_list_is_sound(r->totals->failures)) {
        complain("Failed exchanges that were put aside could not be read back: they are missing "
                 "from the report.");
        written = false;
    }
    view_free(view);
    status = final_status(r, status, written);
    release(r);
    return status;
}
