/* formats.c
 * The table of formats.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "formats.h"

#include <string.h>

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
    {"text", NULL, NULL, NULL, report_text},
    {"json", json_begin, json_exchange, json_capture, json_report},
    {"ndjson", NULL, put_ndjson_exchange, put_ndjson_capture, NULL},
    {"csv", csv_begin, delimited_exchange, NULL, delimited_report},
    {"tsv", tsv_begin, delimited_exchange, NULL, delimited_report},
    {"markdown", NULL, NULL, NULL, markdown_report},
    {"html", NULL, NULL, NULL, html_report},
    {"junit", junit_begin, junit_exchange, junit_capture, junit_report},
    {"sarif", sarif_begin, sarif_exchange, NULL, sarif_report},
    {"ecs", NULL, ecs_exchange, ecs_capture, NULL},
    {"metrics", NULL, NULL, NULL, openmetrics_report},
};

const format *format_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

const char *format_name(unsigned i)
{
    return i < G_N_ELEMENTS(formats) ? formats[i].name : NULL;
}
