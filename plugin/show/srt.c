/* srt.c
 * Response times over the tap.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "srt.h"

#include <string.h>

#include <epan/srt_table.h>

#include "compat.h"
#include "label.h"
#include "multistatus-tap.h"
#include "times.h"

/* Methods with a row of their own; one more is for all others. */
#define ROWS 60
#define OTHERS "(other methods)"

static void start(struct register_srt *srt, GArray *tables)
{
    (void)srt;
    init_srt_table("Multi-Status Response Times", "Multi-Status", tables, 0, "Method", NULL, NULL);
}

/* The row of a method, created if there is none yet. */
static int row_of(srt_stat_table *table, const char *method)
{
    const char *name = table->num_procs < ROWS ? method : OTHERS;

    for (int i = 0; i < table->num_procs; i++) {
        if (strcmp(table->procedures[i].procedure, method) == 0 ||
            strcmp(table->procedures[i].procedure, OTHERS) == 0)
            return i;
    }
    init_srt_table_row(table, table->num_procs, name);
    return table->num_procs - 1;
}

static tap_packet_status add_time(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                  const void *tapped, tap_flags_t flags)
{
    enum { METHOD_MOST = 40 };
    const multistatus_record *record = tapped;
    const exchange *of = record->exchange;
    srt_stat_table *table = g_array_index(((srt_data_t *)data)->srt_array, srt_stat_table *, 0);
    nstime_t took = nstime_between(of->request_time, of->time), begin;

    (void)edt;
    (void)flags;
    if (!of->method || of->request_frame == 0)
        return TAP_PACKET_DONT_REDRAW;
    /* The table subtracts from the time of the packet, which may be a later one. */
    nstime_delta(&begin, &pinfo->abs_ts, &took);
    add_srt_table_data(table, row_of(table, label_text(pinfo->pool, of->method, METHOD_MOST)),
                       &begin, pinfo);
    return TAP_PACKET_REDRAW;
}

void srt_register(int proto)
{
    register_srt_table(proto, MULTISTATUS_TAP, 1, add_time, start, NULL);
}
