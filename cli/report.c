/* report.c
 * Saved records in, reports out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report.h"

#include "diagnostics.h"
#include "exit_status.h"
#include "guard.h"
#include "inputs.h"
#include "interrupt.h"
#include "progress.h"
#include "record_files.h"
#include "results.h"

typedef struct {
    unsigned read, damaged, failed;
} tally;

static void count(tally *t, records_result result)
{
    if (result == RECORDS_FAILED)
        t->failed++;
    else if (result == RECORDS_DAMAGED)
        t->damaged++;
    else
        t->read++;
}

static tally look_through(record_files *files, const GPtrArray *inputs)
{
    tally t = {0, 0, 0};

    for (guint i = 0; i < inputs->len && interrupt_signal() == 0; i++) {
        const input *entry = inputs->pdata[i];

        if (entry->error) {
            complain("\"%s\" %s.", entry->path, entry->error);
            t.failed++;
        } else {
            count(&t, record_files_add(files, entry->path));
        }
    }
    return t;
}

typedef struct {
    results *to;
    progress *shown;
    bool any;
} delivery;

static bool on_record(void *data, exchange_record *exchange, const capture_record *capture)
{
    delivery *d = data;

    d->any = true;
    progress_hide(d->shown);
    return exchange ? results_exchange(d->to, exchange) : results_capture(d->to, capture);
}

static void tell(void *shown, unsigned done, uint64_t bytes)
{
    progress_update(shown, done, bytes);
}

static int status_of(const tally *t, guint n_inputs, bool delivered)
{
    if (interrupt_signal() != 0)
        return 128 + interrupt_signal(); /* as a shell reports it */
    if (n_inputs > 0 && t->read + t->damaged == 0)
        return EXIT_EVERY_FAILED;
    return t->failed > 0 || t->damaged > 0 || !delivered ? EXIT_SOME_FAILED : EXIT_ANALYSED;
}

int report(const run_settings *s, const char *program)
{
    (void)program;
    /* Staying silent would look as if the filter had been applied. */
    if (s->dissect.display_filter) {
        complain("-Y needs captures: records cannot be filtered by it. \"" PROGRAM_NAME
                 " --help\" lists other selections.");
        return EXIT_USAGE;
    }
    if (s->inputs.follow) {
        complain("--follow needs captures.");
        return EXIT_USAGE;
    }
    interrupt_init();
    g_autoptr(GPtrArray) inputs = inputs_find(&s->inputs, &s->messages);

    if (!inputs)
        return EXIT_EVERY_FAILED;
    if (!guard_outputs(s, inputs, true))
        return EXIT_USAGE;
    inputs_keep_shard(inputs, &s->inputs);
    results *r = results_open(&s->results);

    if (!r)
        return EXIT_SOME_FAILED;
    record_files *files = record_files_new(s->messages.quiet);
    /* What was read once is read a second time, for the results. */
    delivery d = {.to = r, .shown = inputs_progress(inputs, &s->messages, "files", 2)};

    record_files_watch(files, tell, d.shown);
    tally t = look_through(files, inputs);
    bool delivered = record_files_deliver(files, on_record, &d);
    int status = status_of(&t, inputs->len, delivered);

    record_files_free(files);
    progress_free(d.shown);
    if (interrupt_signal() != 0 && !d.any) {
        complain("Interrupted, before anything was counted.");
        results_discard(r);
        return status;
    }
    if (interrupt_signal() != 0)
        complain("Interrupted; the results are those of the records that were read until then.");
    return results_close(r, status);
}
