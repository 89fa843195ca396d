/* json_report.c
 * One JSON document.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json_report.h"

#include "ndjson.h"

void json_begin(rendering *r)
{
    json_writer *json = g_new0(json_writer, 1);

    json->text = r->text;
    r->state = json;
    json_write_open(json, '{');
    json_write_key(json, "type");
    json_write_string(json, "report");
    json_write_key(json, "schema");
    json_write_number(json, RECORD_SCHEMA);
    json_write_key(json, "records");
    json_write_open(json, '[');
}

void json_exchange(rendering *r, const exchange_record *record)
{
    ndjson_put_exchange(r->state, record);
}

void json_capture(rendering *r, const capture_record *record)
{
    ndjson_put_capture(r->state, record);
}

static void put_cell(json_writer *json, const table_column *column, const table_cell *cell)
{
    json_write_key(json, column->key);
    if (!cell_is_number(column->type))
        json_write_string(json, cell->text);
    else if (column->type == CELL_STATUS && cell->number < 0)
        json_write_string(json, NULL);
    else
        json_write_number(json, cell->number);
}

static void put_table(json_writer *json, const report_view *view, const report_table *t)
{
    guint rows = view_rows_shown(view, t, 0);

    json_write_key(json, t->key);
    json_write_open(json, '[');
    for (guint row = 0; row < rows; row++) {
        json_write_open(json, '{');
        for (guint i = 0; i < t->n_columns; i++)
            put_cell(json, &t->columns[i], table_at(t, row, i));
        json_write_close(json, '}');
    }
    json_write_close(json, ']');
}

void json_report(rendering *r, const report_view *view)
{
    json_writer *json = r->state;

    json_write_close(json, ']');
    json_write_key(json, "report");
    json_write_open(json, '{');
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        for (guint j = 0; j < s->tables->len; j++)
            put_table(json, view, s->tables->pdata[j]);
    }
    json_write_close(json, '}');
    json_write_close(json, '}');
    g_string_append_c(r->text, '\n');
    g_clear_pointer(&r->state, g_free);
}
