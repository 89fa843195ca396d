/* batch.c
 * All inputs of a run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batch.h"

#include <string.h>

#include "libraries.h"

#include "capture_source.h"
#include "checkpoint.h"
#include "diagnostics.h"
#include "dissectors.h"
#include "interrupt.h"
#include "ndjson.h"
#include "pool.h"
#include "record_read.h"
#include "session.h"
#include "worker.h"

typedef struct {
    const run_settings *s;
    const GPtrArray *inputs;
    const batch_receiver *to;
    checkpoint *kept_in; /* NULL without */
    char **keys;         /* of the inputs, as they were when begun; NULL: not to be kept */
    rings *joined;       /* or NULL */
    progress *shown;
    uint64_t exchanges, failed; /* that were found so far */
    guint passed_over;
    bool kept;
    exit_status status; /* EXIT_ANALYSED unless the dissectors could not be started */
} batch;

static const input *input_at(const batch *b, guint number)
{
    return b->inputs->pdata[number];
}

/* ------------------------------------------------------------------------------ receiving ---- */

/* A worker's line, or one from a checkpoint, that is not a record of its kind. */
static bool complain_line(batch *b, guint number, char *message)
{
    b->kept = false;
    complain("A record of \"%s\" %s.", input_name(input_at(b, number)),
             message ? message : "is not of the kind that was expected");
    g_free(message);
    return false;
}

static bool read_exchange(batch *b, guint number, const char *line, gsize length)
{
    any_record record = {NULL, NULL};
    char *message = NULL;

    if (!record_read(line, length, &record, &message) || !record.exchange) {
        any_record_clear(&record);
        return complain_line(b, number, message);
    }
    progress_hide(b->shown);
    bool go_on = b->to->exchange(b->to->data, record.exchange);

    any_record_clear(&record);
    return go_on;
}

/* Keeps a record that is handed out, in the form that checkpoints have. */
static void keep_exchange(batch *b, guint number, const exchange_record *record)
{
    if (!b->kept_in || !b->keys[number])
        return;
    g_autoptr(GString) line = g_string_new(NULL);

    ndjson_exchange(line, record);
    checkpoint_add(b->kept_in, line->str, line->len - 1);
}

static bool tell_exchange(batch *b, guint number, exchange_record *record)
{
    if (b->joined && !rings_may_tell(b->joined, input_at(b, number), record))
        return true;
    record->open = false;
    b->exchanges++;
    b->failed += exchange_record_is_failed(record);
    keep_exchange(b, number, record);
    progress_hide(b->shown);
    return b->to->exchange(b->to->data, record);
}

static bool on_exchange(void *data, guint number, exchange_record *record)
{
    batch *b = data;

    if (!b->joined || !record->open)
        return tell_exchange(b, number, record);
    rings_hold(b->joined, input_at(b, number), record);
    return true;
}

/* A file of a ring was read. What the one before it left open is told with it, or never. */
static bool settle_ring(batch *b, guint number, capture_result result,
                        const capture_record *summary)
{
    g_autoptr(GPtrArray) settled =
        b->joined ? rings_settle(b->joined, input_at(b, number), summary && summary->joined,
                                 result == CAPTURE_COMPLETE)
                  : NULL;
    bool go_on = true;

    for (guint i = 0; settled && i < settled->len && go_on; i++)
        go_on = tell_exchange(b, number, settled->pdata[i]);
    return go_on;
}

static bool hand_out_capture(batch *b, guint number, capture_result result,
                             const capture_record *summary)
{
    progress_hide(b->shown);
    return b->to->capture(b->to->data, input_at(b, number), result, summary);
}

/* Is it to be kept in the folder? Everything in the results is, except pipes and what an interrupt
 * has ended. */
static bool belongs_in_folder(const batch *b, guint number, capture_result result)
{
    const input *entry = input_at(b, number);

    if (result == CAPTURE_INTERRUPTED || (result == CAPTURE_FOREIGN && !entry->named))
        return false;
    if (b->keys[number])
        return true;
    return (result == CAPTURE_FAILED || result == CAPTURE_FOREIGN) &&
           strcmp(entry->path, INPUT_STDIN) != 0 && !capture_source_is_live(entry->path);
}

/* Of its ring: what it leaves open is in its records. */
static bool is_last(const input *entry)
{
    return entry->before && entry->leaving > entry->before->len;
}

/* A capture's own record, with which its file is complete.
 * @param settled  it would read the same the next time */
static void keep(batch *b, guint number, capture_result result, bool settled,
                 const capture_record *summary)
{
    if (!b->kept_in)
        return;
    if (!belongs_in_folder(b, number, result)) {
        checkpoint_forget(b->kept_in);
        return;
    }
    g_autoptr(GString) line = g_string_new(NULL);

    ndjson_capture(line, summary);
    if (!checkpoint_commit(b->kept_in, input_at(b, number)->path, is_last(input_at(b, number)),
                           settled ? b->keys[number] : NULL, line->str, line->len - 1))
        b->kept = false;
}

/* A capture that was read to its end, or to where a damaged file ends, is settled. */
static void keep_read(batch *b, guint number, capture_result result, const capture_record *summary)
{
    keep(b, number, result, result == CAPTURE_COMPLETE || result == CAPTURE_CUT, summary);
}

/* It is tried again; until then the folder says what went wrong. */
static void keep_failed(batch *b, guint number, capture_result result,
                        const capture_record *summary)
{
    keep(b, number, result, false, summary);
}

static bool on_capture(void *data, guint number, capture_result result,
                       const capture_record *summary)
{
    batch *b = data;
    bool go_on = settle_ring(b, number, result, summary);

    keep_read(b, number, result, summary);
    return go_on && hand_out_capture(b, number, result, summary);
}

static void on_broken(void *data, guint number)
{
    batch *b = data;

    (void)number;
    b->kept = false;
}

static bool on_lost(void *data, guint number, capture_result result, const capture_record *summary)
{
    batch *b = data;
    bool go_on = settle_ring(b, number, result, summary);

    keep_failed(b, number, result, summary);
    return go_on && hand_out_capture(b, number, result, summary);
}

/* ---------------------------------------------------------------- inputs that are not read ---- */

static bool is_done(void *data, guint number)
{
    batch *b = data;
    const input *entry = input_at(b, number);

    if (entry->error)
        return true;
    if (!b->kept_in)
        return false;
    b->keys[number] = checkpoint_key(b->kept_in, entry->path, is_last(entry));
    return b->keys[number] && checkpoint_has(b->kept_in, entry->path, b->keys[number]);
}

static bool hand_out_failed(batch *b, guint number)
{
    capture_record *summary = capture_record_new(input_name(input_at(b, number)));

    summary->complete = false;
    summary->error = g_strdup(input_at(b, number)->error);
    bool go_on = settle_ring(b, number, CAPTURE_FAILED, summary);

    keep_failed(b, number, CAPTURE_FAILED, summary);
    go_on = go_on && hand_out_capture(b, number, CAPTURE_FAILED, summary);

    capture_record_free(summary);
    return go_on;
}

static bool hand_out_kept(batch *b, guint number)
{
    g_autoptr(GPtrArray) lines = checkpoint_lines(b->kept_in, input_at(b, number)->path);
    any_record record = {NULL, NULL};
    char *message = NULL;

    if (!lines || lines->len == 0) {
        b->kept = false;
        return false;
    }
    for (guint i = 0; i + 1 < lines->len; i++) {
        if (!read_exchange(b, number, lines->pdata[i], strlen(lines->pdata[i])))
            return false;
    }
    const char *last = lines->pdata[lines->len - 1];

    if (!record_read(last, strlen(last), &record, &message) || !record.capture) {
        any_record_clear(&record);
        return complain_line(b, number, message);
    }
    bool go_on = hand_out_capture(
        b, number, record.capture->complete ? CAPTURE_COMPLETE : CAPTURE_CUT, record.capture);

    any_record_clear(&record);
    return go_on;
}

static bool skip(void *data, guint number)
{
    batch *b = data;

    if (input_at(b, number)->error)
        return hand_out_failed(b, number);
    if (b->joined) /* what was open before it has been kept with it */
        g_ptr_array_unref(rings_settle(b->joined, input_at(b, number), true, true));
    if (!b->s->inputs.follow)
        return hand_out_kept(b, number);
    b->passed_over++;
    return true;
}

static bool on_lack(void *data)
{
    batch *b = data;

    progress_hide(b->shown);
    b->status = session_start_dissectors();
    return b->status == EXIT_ANALYSED;
}

static void tick(void *data, const pool_state *now)
{
    batch *b = data;
    const live_counts live = {now->frames, b->exchanges, b->failed, now->connections};

    if (now->live)
        progress_update_live(b->shown, &live);
    else
        progress_update(b->shown, now->done, now->bytes);
}

/* --------------------------------------------------------------------------------- workers ---- */

/* As many as there are processors to run on, and inputs to read. */
static unsigned count_workers(const batch *b)
{
    unsigned wanted = b->s->workers.jobs == JOBS_AUTO ? g_get_num_processors() : b->s->workers.jobs;

    return MAX(MIN(wanted, b->inputs->len), 1);
}

/* The key log may be named by the user's preferences, too. */
static void allow_keylog(cage *around)
{
    const char *path = dissectors_there() ? dissectors_there()->keylog() : NULL;

    if (path && *path)
        cage_allow(around, path);
}

/* Read at the start of every capture if they are there; they hold names of networks and hosts. */
static void allow_name_files(cage *around)
{
    static const char *const files[] = {"hosts", "subnets", "vlans", "ss7pcs"};

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *own = get_persconffile_path(files[i], TRUE);
        char *shared = get_datafile_path(files[i]);

        cage_allow(around, own);
        cage_allow(around, shared);
        g_free(shared);
    }
}

static cage *make_cage(const batch *b)
{
    cage *around = cage_new();

    cage_allow(around, get_datafile_dir());
    allow_name_files(around);
    allow_keylog(around);
    for (guint i = 0; i < b->inputs->len; i++) {
        const GPtrArray *before = input_at(b, i)->before;

        cage_allow(around, input_at(b, i)->path);
        for (guint j = 0; before && j < before->len; j++)
            cage_allow(around, before->pdata[j]);
    }
    return around;
}

static guint read_with_workers(batch *b)
{
    const pool_receiver receiver = {.exchange = on_exchange,
                                    .capture = on_capture,
                                    .broken = on_broken,
                                    .lost = on_lost,
                                    .is_done = is_done,
                                    .skip = skip,
                                    .lacks = on_lack,
                                    .tick = tick,
                                    .data = b};
    cage *around = b->s->workers.no_sandbox ? NULL : make_cage(b);
    const pool_plan plan = {
        .s = b->s, .inputs = b->inputs, .workers = count_workers(b), .around = around};
    guint handed_out = pool_run(&plan, &receiver);

    cage_free(around);
    return handed_out;
}

/* ------------------------------------------------------------------------- in this process ---- */

typedef struct {
    batch *b;
    guint number;
} place;

static bool on_exchange_here(void *data, exchange_record *record)
{
    const place *at = data;

    return on_exchange(at->b, at->number, record);
}

static bool read_here(place *at, capture_reader *reader)
{
    const input *entry = input_at(at->b, at->number);

    if (is_done(at->b, at->number))
        return skip(at->b, at->number);
    if (at->b->s->messages.verbose)
        complain("Reading \"%s\".", input_name(entry));
    capture_record *summary = capture_record_new(input_name(entry));
    capture_result result = worker_read(reader, entry, summary);

    if (result == CAPTURE_LACKS && on_lack(at->b)) {
        capture_record_free(summary);
        summary = capture_record_new(input_name(entry));
        result = worker_read(reader, entry, summary);
    }
    if (result == CAPTURE_LACKS) {
        capture_record_free(summary);
        return false;
    }
    bool go_on = on_capture(at->b, at->number, result, summary);

    capture_record_free(summary);
    return go_on;
}

static batch_outcome read_in_process(batch *b)
{
    batch_outcome outcome = {0, EXIT_ANALYSED, 0, true};
    place at = {b, 0};
    capture_reader *reader = worker_reader(b->s, on_exchange_here, &at);
    bool go_on = true;

    while (at.number < b->inputs->len && go_on && interrupt_signal() == 0) {
        go_on = read_here(&at, reader);
        at.number++;
    }
    capture_reader_free(reader);
    outcome.status = b->status;
    outcome.handed_out = at.number;
    return outcome;
}

/* ------------------------------------------------------------------------------------ read ---- */

static void clear(batch *b)
{
    for (guint i = 0; i < b->inputs->len; i++)
        g_free(b->keys[i]);
    g_free(b->keys);
    checkpoint_close(b->kept_in);
}

batch_outcome batch_read(const run_settings *s, const GPtrArray *inputs, const batch_receiver *to,
                         rings *joined, progress *shown)
{
    batch b = {.s = s, .inputs = inputs, .to = to, .joined = joined, .shown = shown, .kept = true};
    batch_outcome outcome = {0, EXIT_ANALYSED, 0, true};

    if (s->workers.checkpoint &&
        !(b.kept_in = checkpoint_open(s->workers.checkpoint, &s->dissect, joined != NULL)))
        return (batch_outcome){0, EXIT_SOME_FAILED, 0, false};
    b.keys = g_new0(char *, inputs->len + 1);
    if (s->workers.jobs == 0) {
        outcome = read_in_process(&b);
    } else {
        outcome.handed_out = read_with_workers(&b);
        outcome.status = b.status;
    }
    outcome.kept = b.kept;
    outcome.passed_over = b.passed_over;
    clear(&b);
    return outcome;
}
