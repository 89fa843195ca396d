/* formats.c
 * The table of formats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "formats.h"

#include <string.h>

#include "database.h"
#include "delimited.h"
#include "ecs.h"
#include "html_report.h"
#include "json_report.h"
#include "junit.h"
#include "markdown.h"
#include "ndjson.h"
#include "openmetrics.h"
#include "report_text.h"
#include "sarif.h"

static void put_ndjson_exchange(rendering *r, const exchange_record *record)
{
    ndjson_exchange(r->text, record);
}

static void put_ndjson_capture(rendering *r, const capture_record *record)
{
    ndjson_capture(r->text, record);
}

static const format formats[] = {
    {.name = "text", .report = report_text},
    {.name = "json",
     .begin = json_begin,
     .exchange = json_exchange,
     .capture = json_capture,
     .report = json_report},
    {.name = "ndjson", .exchange = put_ndjson_exchange, .capture = put_ndjson_capture},
    {.name = "csv", .begin = csv_begin, .exchange = delimited_exchange, .report = delimited_report},
    {.name = "tsv", .begin = tsv_begin, .exchange = delimited_exchange, .report = delimited_report},
    {.name = "markdown", .report = markdown_report},
    {.name = "html", .report = html_report},
    {.name = "junit",
     .begin = junit_begin,
     .exchange = junit_exchange,
     .capture = junit_capture,
     .report = junit_report},
    {.name = "sarif", .begin = sarif_begin, .exchange = sarif_exchange, .report = sarif_report},
    {.name = "ecs", .exchange = ecs_exchange, .capture = ecs_capture},
    {.name = "metrics", .report = openmetrics_report},
#ifdef MULTISTATUS_SQLITE
    {.name = "sqlite",
     .begin = database_begin,
     .exchange = database_exchange,
     .capture = database_capture,
     .report = database_report,
     .more = database_more,
     .release = database_release,
     .binary = true},
#else
    {.name = "sqlite", .binary = true, .lacks = "libsqlite3"},
#endif
};

const format *format_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

bool format_is_lines(const format *as)
{
    return as->exchange && !as->begin && !as->report;
}

const char *format_name(unsigned i)
{
    return i < G_N_ELEMENTS(formats) ? formats[i].name : NULL;
}
