/* results.c
 * From records to what the command prints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "results.h"

struct results {
    const options *o;
    sink *to;
    aggregate *totals;
};

results *results_open(const options *o)
{
    output *out = output_open(o->output, o->color);

    if (!out)
        return NULL;
    results *r = g_new0(results, 1);

    r->o = o;
    r->to = sink_new(o->format, out);
    r->totals = aggregate_new();
    return r;
}

static bool is_selected(const options *o, const exchange_record *record)
{
    return !o->failed_only || exchange_record_is_failed(record);
}

bool results_exchange(results *r, exchange_record *record)
{
    if (!is_selected(r->o, record))
        return true;
    aggregate_exchange(r->totals, record);
    return sink_exchange(r->to, record);
}

bool results_capture(results *r, const capture_record *record)
{
    aggregate_capture(r->totals, record);
    return sink_capture(r->to, record);
}

int results_close(results *r, int status)
{
    aggregate_finish(r->totals);
    bool written = sink_finish(r->to, r->totals);

    aggregate_free(r->totals);
    g_free(r);
    return status == EXIT_ANALYSED && !written ? EXIT_SOME_FAILED : status;
}
