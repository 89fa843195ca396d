/* scan.c
 * Captures in, records and reports out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "scan.h"

#include <string.h>

#include "capture.h"
#include "diagnostics.h"
#include "inputs.h"
#include "interrupt.h"
#include "results.h"
#include "session.h"

typedef struct {
    const options *o;
    results *to;
    unsigned opened, failed, cut;
    unsigned foreign; /* files of other kinds that were in directories */
    bool stopped;     /* an interrupt, or nobody reads the results */
} run;

static bool on_exchange(void *data, exchange_record *record)
{
    run *r = data;

    return results_exchange(r->to, record);
}

static void complain_capture(const input *entry, const capture_record *summary)
{
    const char *advice = summary->exchanges > 0 ? " What was found before that is reported." : "";

    if (strcmp(entry->path, INPUT_STDIN) == 0)
        complain("Standard input %s.%s", summary->error, advice);
    else
        complain("The file \"%s\" %s.%s", entry->path, summary->error, advice);
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
    case CAPTURE_FAILED:
        r->failed++;
        break;
    case CAPTURE_FOREIGN:
        if (!entry->named) {
            r->foreign++;
            if (r->o->verbose)
                complain("\"%s\" is left out: it is not a capture.", entry->path);
            return false;
        }
        r->failed++;
        break;
    }
    return true;
}

static void read_input(run *r, capture_reader *reader, const input *entry)
{
    capture_record *summary = capture_record_new(entry->path);
    capture_result result = CAPTURE_FAILED;

    if (entry->error) {
        summary->complete = false;
        summary->error = g_strdup(entry->error);
    } else {
        if (r->o->verbose)
            complain("Reading \"%s\".", entry->path);
        result = capture_read(reader, entry->path, summary);
    }
    if (count_result(r, entry, result)) {
        if (summary->error && result != CAPTURE_INTERRUPTED)
            complain_capture(entry, summary);
        if (!results_capture(r->to, summary))
            r->stopped = true;
    }
    capture_record_free(summary);
}

static void note_foreign(const run *r)
{
    if (r->foreign == 0 || r->o->quiet)
        return;
    complain("%u %s left out%s.", r->foreign,
             r->foreign == 1 ? "file that is not a capture is" : "files that are not captures are",
             r->o->verbose ? "" : " (-v names them)");
}

/* As a shell says it; for SIGINT this is EXIT_INTERRUPTED. */
static int interrupted(void)
{
    return 128 + interrupt_signal();
}

static int status_of(const run *r, guint n_inputs)
{
    if (interrupt_signal() != 0)
        return interrupted();
    /* A list may be empty, and so may a shard: then everything was done. */
    if (r->opened == 0 && n_inputs > 0)
        return EXIT_EVERY_FAILED;
    return r->failed > 0 || r->cut > 0 ? EXIT_SOME_FAILED : EXIT_ANALYSED;
}

static int scan_inputs(run *r, const GPtrArray *inputs)
{
    capture_reader *reader =
        capture_reader_new(r->o->display_filter, r->o->two_passes, on_exchange, r);

    if (!reader)
        return EXIT_BAD_SETTING;
    guint inputs_read = 0;

    while (inputs_read < inputs->len && !r->stopped && interrupt_signal() == 0)
        read_input(r, reader, inputs->pdata[inputs_read++]);
    note_foreign(r);
    if (interrupt_signal() != 0 && !r->o->quiet)
        complain("Interrupted; the results are those of %u of %u inputs.", inputs_read,
                 inputs->len);
    if (r->opened == 0 && r->failed == 0 && inputs->len > 0 && interrupt_signal() == 0)
        complain("There is no capture among the files.");
    capture_reader_free(reader);
    return EXIT_ANALYSED;
}

/* With the libraries started: everything but that. */
static int scan_with_session(const options *o)
{
    g_autoptr(GPtrArray) inputs = inputs_of(o);

    if (!inputs)
        return EXIT_EVERY_FAILED;
    run r = {.o = o, .to = interrupt_signal() == 0 ? results_open(o) : NULL};

    if (!r.to)
        return interrupt_signal() == 0 ? EXIT_SOME_FAILED : interrupted();
    int status = scan_inputs(&r, inputs);

    return results_close(r.to, status != EXIT_ANALYSED ? status : status_of(&r, inputs->len));
}

int scan(const options *o, const char *program)
{
    interrupt_init();
    int status = session_start(o, program);

    if (status != EXIT_ANALYSED)
        return status;
    status = scan_with_session(o);
    session_end();
    return status;
}
