/* report.c
 * Saved records in, reports out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report.h"

#include "diagnostics.h"
#include "guard.h"
#include "inputs.h"
#include "interrupt.h"
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

static bool on_record(void *data, exchange_record *exchange, const capture_record *capture)
{
    return exchange ? results_exchange(data, exchange) : results_capture(data, capture);
}

static int status_of(const tally *t, guint n_inputs, bool delivered)
{
    if (interrupt_signal() != 0)
        return 128 + interrupt_signal(); /* as a shell says it */
    if (n_inputs > 0 && t->read + t->damaged == 0)
        return EXIT_EVERY_FAILED;
    return t->failed > 0 || t->damaged > 0 || !delivered ? EXIT_SOME_FAILED : EXIT_ANALYSED;
}

int report(const options *o, const char *program)
{
    (void)program;
    /* Silence would look as if the filter had been applied. */
    if (o->display_filter) {
        complain("-Y needs captures: records cannot be filtered by it. \"" PROGRAM_NAME
                 " --help\" lists other selections.");
        return EXIT_USAGE;
    }
    interrupt_init();
    g_autoptr(GPtrArray) inputs = inputs_of(o);

    if (!inputs)
        return EXIT_EVERY_FAILED;
    if (!guard_outputs(o, inputs, true))
        return EXIT_USAGE;
    inputs_keep_shard(inputs, o);
    results *r = results_open(o);

    if (!r)
        return EXIT_SOME_FAILED;
    record_files *files = record_files_new(o->quiet);
    tally t = look_through(files, inputs);
    bool delivered = record_files_deliver(files, on_record, r);

    record_files_free(files);
    return results_close(r, status_of(&t, inputs->len, delivered));
}
