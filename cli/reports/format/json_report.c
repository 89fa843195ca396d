/* json_report.c
 * One JSON document.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json_report.h"

#include <wsutil/json_dumper.h>

#include "ndjson.h"

void json_begin(rendering *r)
{
    json_dumper *json = g_new0(json_dumper, 1);

    json->output_string = r->text;
    r->state = json;
    json_dumper_begin_object(json);
    json_dumper_set_member_name(json, "type");
    json_dumper_value_string(json, "report");
    json_dumper_set_member_name(json, "schema");
    json_dumper_value_anyf(json, "%d", RECORD_SCHEMA);
    json_dumper_set_member_name(json, "records");
    json_dumper_begin_array(json);
}

/* A record is written where the dumper, which knows whether a comma is needed, has put nothing. */
void json_exchange(rendering *r, const exchange_record *record)
{
    json_dumper_value_anyf(r->state, "%s", "");
    ndjson_put_exchange(r->text, record);
}

void json_capture(rendering *r, const capture_record *record)
{
    json_dumper_value_anyf(r->state, "%s", "");
    ndjson_put_capture(r->text, record);
}

static void put_cell(json_dumper *json, const table_column *column, const table_cell *cell)
{
    json_dumper_set_member_name(json, column->key);
    if (!cell_is_number(column->type))
        json_dumper_value_string(json, cell->text);
    else if (column->type == CELL_STATUS && cell->number < 0) {
        json_dumper_value_string(json, NULL);
        if (cell->text) {
            json_dumper_set_member_name(json, "reason");
            json_dumper_value_string(json, cell->text);
        }
    } else
        json_dumper_value_anyf(json, "%" G_GINT64_FORMAT, cell->number);
}

static void put_table(json_dumper *json, const report_view *view, const report_table *t)
{
    guint rows = view_rows_shown(view, t, 0);

    json_dumper_set_member_name(json, t->key);
    json_dumper_begin_array(json);
    for (guint row = 0; row < rows; row++) {
        json_dumper_begin_object(json);
        for (guint i = 0; i < t->n_columns; i++)
            put_cell(json, &t->columns[i], table_at(t, row, i));
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

void json_report(rendering *r, const report_view *view)
{
    json_dumper *json = r->state;
    const gsize from = r->text->len;

    json_dumper_end_array(json);
    json_dumper_set_member_name(json, "report");
    json_dumper_begin_object(json);
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        for (guint j = 0; j < s->tables->len; j++)
            put_table(json, view, s->tables->pdata[j]);
    }
    json_dumper_end_object(json);
    json_dumper_end_object(json);
    json_dumper_finish(json);
    ndjson_make_visible(r->text, from);
    g_clear_pointer(&r->state, g_free);
}
