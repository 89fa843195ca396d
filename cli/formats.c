/* formats.c
 * The table of formats, and writing in one of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "formats.h"

#include <string.h>

#include "ndjson.h"
#include "report_text.h"

static const format formats[] = {
    {"text", NULL, NULL, report_text},
    {"ndjson", ndjson_exchange, ndjson_capture, NULL},
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

struct sink {
    const format *as;
    output *to;
    GString *text;
};

sink *sink_new(const format *as, output *to)
{
    sink *s = g_new0(sink, 1);

    s->as = as;
    s->to = to;
    s->text = g_string_new(NULL);
    return s;
}

static bool write_text(sink *s)
{
    bool fine = output_write(s->to, s->text->str, s->text->len);

    g_string_truncate(s->text, 0);
    return fine;
}

/* A record is handed on whole: whoever reads from a pipe, or after an interrupt, has full lines. */
bool sink_exchange(sink *s, const exchange_record *record)
{
    if (!s->as->exchange)
        return true;
    s->as->exchange(s->text, record);
    return write_text(s) && output_flush(s->to);
}

bool sink_capture(sink *s, const capture_record *record)
{
    if (s->as->capture)
        s->as->capture(s->text, record);
    return write_text(s) && output_flush(s->to);
}

bool sink_finish(sink *s, const aggregate *totals)
{
    if (s->as->report)
        s->as->report(s->text, totals, s->to);
    write_text(s);
    bool fine = output_close(s->to);

    g_string_free(s->text, TRUE);
    g_free(s);
    return fine;
}
