/* scan.c
 * Captures in, records and reports out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "scan.h"

#include <string.h>

#include "batch.h"
#include "capture_source.h"
#include "diagnostics.h"
#include "dumpcap.h"
#include "exit_status.h"
#include "follow.h"
#include "guard.h"
#include "interrupt.h"
#include "results.h"
#include "rings.h"
#include "session.h"
#include "sieve_settings.h"

typedef struct {
    const run_settings *s;
    results *to;
    unsigned opened, failed, cut;
    unsigned foreign; /* files of other kinds that were in directories */
    uint64_t frames;
    unseen_counts unseen;
    GPtrArray *unsaid; /* messages that the report will say, unless there is none */
    bool stopped;      /* an interrupt, or nobody reads the results */
    bool cut_off;      /* by an interrupt, not only the end of a live capture */
    follow *followed;  /* or NULL */
    rings *joined;     /* or NULL */
} run;

/* Between records, so that every line is whole in one of the files. */
static void reopen(run *r)
{
    if (!interrupt_was_hung_up())
        return;
    interrupt_hangup_is_done();
    results_reopen(r->to);
}

static bool on_exchange(void *data, exchange_record *record)
{
    run *r = data;

    reopen(r);
    if (!results_exchange(r->to, record))
        r->stopped = true;
    return !r->stopped;
}

static void say(run *r, char *message)
{
    if (results_show_messages(r->to) && !r->followed) {
        g_ptr_array_add(r->unsaid, message);
    } else {
        complain("%s", message);
        g_free(message);
    }
}

static void complain_capture(run *r, const input *entry, const capture_record *summary)
{
    const char *advice = summary->exchanges > 0 ? " What could be read is reported." : "";

    if (entry->called)
        say(r, g_strdup_printf("The capture on %s %s.%s", entry->called, summary->error, advice));
    else if (strcmp(entry->path, INPUT_STDIN) == 0)
        say(r, g_strdup_printf("Standard input %s.%s", summary->error, advice));
    else
        say(r, g_strdup_printf("The file \"%s\" %s.%s", entry->path, summary->error, advice));
}

/* Counts a capture. @return false if it does not belong in the results */
static bool count_result(run *r, const input *entry, capture_result result)
{
    switch (result) {
    case CAPTURE_COMPLETE:
        r->opened++;
        break;
    case CAPTURE_INTERRUPTED:
        r->opened++;
        r->stopped = true;
        break;
    case CAPTURE_CUT:
        r->opened++;
        r->cut++;
        break;
    case CAPTURE_LACKS: /* nobody hands that on */
    case CAPTURE_FAILED:
        r->failed++;
        break;
    case CAPTURE_FOREIGN:
        if (r->followed)
            follow_pass_over(r->followed, entry->path);
        if (!entry->named) {
            r->foreign++;
            if (r->s->messages.verbose)
                complain("\"%s\" is left out: it is not a capture.", entry->path);
            return false;
        }
        r->failed++;
        break;
    }
    return true;
}

static bool on_capture(void *data, const input *entry, capture_result result,
                       const capture_record *summary)
{
    run *r = data;

    r->frames += summary->frames;
    unseen_add_all(&r->unseen, &summary->unseen);
    if (result == CAPTURE_INTERRUPTED && summary->error)
        r->cut_off = true;
    if (count_result(r, entry, result)) {
        bool told = entry->called && summary->frames == 0; /* dumpcap has already said why */

        if (summary->error && result != CAPTURE_INTERRUPTED && !told)
            complain_capture(r, entry, summary);
        if (!results_capture(r->to, summary))
            r->stopped = true;
    }
    return !r->stopped;
}

static void note_foreign(const run *r)
{
    if (r->foreign == 0 || r->s->messages.quiet || r->stopped)
        return;
    complain("%u %s left out%s.", r->foreign,
             r->foreign == 1 ? "file that is not a capture is" : "files that are not captures are",
             r->s->messages.verbose ? "" : " (-v names them)");
}

/* As a shell reports it; for SIGINT this is EXIT_INTERRUPTED. */
static int interrupted(void)
{
    return 128 + interrupt_signal();
}

static int status_of(const run *r, guint n_inputs, bool kept)
{
    if (interrupt_signal() != 0 && !r->s->inputs.follow) /* there is no other end of that */
        return interrupted();
    /* A list may be empty, and so may a shard: then everything was done. */
    if (r->opened == 0 && n_inputs > 0 && !r->stopped)
        return EXIT_EVERY_FAILED;
    return r->failed > 0 || r->cut > 0 || !kept ? EXIT_SOME_FAILED : EXIT_ANALYSED;
}

static void explain_sieve(const run_settings *s)
{
    const char *why;
    bool keys;

    if (s->messages.verbose && sieve_settings(&s->dissect, &why, &keys) == SIEVE_OFF)
        complain("All frames are dissected: %s.", why);
}

static void explain_unseen(const run *r)
{
    for (unsigned i = 0; r->s->messages.verbose && i < UNSEEN_REASONS; i++) {
        const char *help = unseen_help((unseen_reason)i);
        g_autofree char *words = unseen_words((unseen_reason)i, &r->unseen.of[i]);

        if (r->unseen.of[i].count > 0)
            complain("Not looked into: %s.%s%s", words, help ? " " : "", help ? help : "");
    }
}

static batch_outcome scan_inputs(run *r, const GPtrArray *inputs, progress *shown)
{
    const batch_receiver receiver = {on_exchange, on_capture, r};
    pid_t capturing = 0;

    if (r->s->inputs.interface &&
        !(capturing = dumpcap_start(r->s->inputs.interface, r->s->inputs.capture_filter)))
        return (batch_outcome){0, EXIT_EVERY_FAILED, 0, true};
    batch_outcome outcome = batch_read(r->s, inputs, &receiver, r->joined, shown);

    if (capturing && !dumpcap_stop(capturing)) {
        outcome.kept = false;
        if (r->frames == 0) /* dumpcap has already said why */
            outcome.status = EXIT_EVERY_FAILED;
    }
    if (outcome.status != EXIT_ANALYSED)
        return outcome;
    note_foreign(r);
    if (interrupt_signal() != 0 && !r->s->messages.quiet &&
        (r->cut_off || outcome.handed_out < inputs->len))
        complain("Interrupted; the results are those of %u of %u inputs.", outcome.handed_out,
                 inputs->len);
    if (r->opened == 0 && r->failed == 0 && inputs->len > 0 && !r->stopped &&
        interrupt_signal() == 0)
        complain("There is no capture among the files.");
    return outcome;
}

static void note_passed_over(const run *r, guint captures)
{
    if (captures > 0 && !r->s->messages.quiet)
        complain("%u %s by an earlier run and %s passed over: their records are in \"%s\".",
                 captures, captures == 1 ? "capture was read" : "captures were read",
                 captures == 1 ? "is" : "are", r->s->workers.checkpoint);
}

static batch_outcome follow_folder(run *r)
{
    const batch_receiver receiver = {on_exchange, on_capture, r};
    batch_outcome all = {0, EXIT_ANALYSED, 0, true};
    GPtrArray *round;
    guint unread = 0;

    r->followed = follow_open(&r->s->inputs, &r->s->messages);
    if (!r->followed)
        return (batch_outcome){0, EXIT_EVERY_FAILED, 0, true};
    while (!r->stopped && all.status == EXIT_ANALYSED && (round = follow_next(r->followed))) {
        reopen(r);
        if (r->joined)
            rings_join(r->joined, round, true);
        batch_outcome one = batch_read(r->s, round, &receiver, r->joined, NULL);

        note_passed_over(r, one.passed_over);
        unread = round->len - one.handed_out;
        all.status = one.status;
        all.kept = all.kept && one.kept;
        g_ptr_array_unref(round);
    }
    if (all.status == EXIT_ANALYSED)
        note_foreign(r);
    if (r->cut_off)
        complain("Interrupted; the capture that was being read is in the results as far as it had "
                 "been.");
    all.kept = follow_close(r->followed, unread) && all.kept && !r->cut_off;
    r->followed = NULL;
    return all;
}

/* What the last file of a ring left open. If another run goes on from the checkpoints, the next
 * file will tell; and so does another shard. */
static void hand_out_open(run *r)
{
    g_autoptr(GPtrArray) rest = rings_rest(r->joined);
    bool later = r->s->inputs.shards > 0 || (r->s->inputs.follow && r->s->workers.checkpoint);

    for (guint i = 0; i < rest->len && !later; i++)
        results_exchange(r->to, rest->pdata[i]);
    if (later && rest->len > 0 && r->s->messages.verbose)
        complain("%u %s had begun and not ended: what follows is read by the run that goes on.",
                 rest->len, rest->len == 1 ? "exchange" : "exchanges");
}

/* By then a file that comes through a pipe has been read, and its report is there. */
#define PIPE_IS_LIVE_AFTER G_USEC_PER_SEC

/* Does a capture come through a pipe, so that its report may take long? */
static bool any_live(const GPtrArray *inputs)
{
    for (guint i = 0; i < inputs->len; i++) {
        if (capture_source_is_live(((const input *)inputs->pdata[i])->path))
            return true;
    }
    return false;
}

/* With the libraries started, everything else. */
static int scan_with_session(const run_settings *s)
{
    bool follows = s->inputs.follow != NULL;
    g_autoptr(GPtrArray) inputs = follows ? inputs_new() : inputs_find(&s->inputs, &s->messages);

    if (!inputs)
        return EXIT_EVERY_FAILED;
    if (!guard_outputs(s, inputs, false))
        return EXIT_USAGE;
    rings *joined = s->inputs.join ? rings_new(&s->messages) : NULL;

    if (joined && !follows) {
        rings_arrange(inputs);
        rings_join(joined, inputs, false);
    }
    inputs_keep_shard(inputs, &s->inputs);
    inputs_peek(inputs, &s->inputs);
    run r = {.s = s,
             .to = interrupt_signal() == 0 ? results_open(&s->results) : NULL,
             .unsaid = g_ptr_array_new_with_free_func(g_free),
             .joined = joined};

    if (!r.to)
        return interrupt_signal() == 0 ? EXIT_SOME_FAILED : interrupted();
    explain_sieve(s);
    progress *shown = inputs_progress(inputs, &s->messages, "captures", 1);

    if (shown && (follows || any_live(inputs)))
        results_announce(r.to, follows || s->inputs.interface ? 0 : PIPE_IS_LIVE_AFTER);

    batch_outcome outcome = follows ? follow_folder(&r) : scan_inputs(&r, inputs, shown);
    int status = outcome.status;

    progress_free(shown);
    if (status == EXIT_ANALYSED && joined)
        hand_out_open(&r);
    rings_free(joined);

    if (status != EXIT_ANALYSED) {
        results_discard(r.to);
    } else {
        status = status_of(&r, inputs->len, outcome.kept);
        for (guint i = 0; status == EXIT_EVERY_FAILED && i < r.unsaid->len; i++)
            complain("%s", (const char *)r.unsaid->pdata[i]);
        status = results_close(r.to, status);
        explain_unseen(&r);
    }
    g_ptr_array_unref(r.unsaid);
    return status;
}

int scan(const run_settings *s, const char *program)
{
    interrupt_init();
    /* Otherwise there is nothing to open anew, and SIGHUP ends it as ever. */
    if (results_append(&s->results))
        interrupt_catch_hangup();
    int status = session_start(&s->dissect, s->messages.verbose, program);

    return status == EXIT_ANALYSED ? scan_with_session(s) : status;
}
