/* sink.c
 * Writing results in one format.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sink.h"

struct sink {
    const format *as;
    output *to;
    rendering r;
};

static bool write_text(sink *s)
{
    if (s->r.error != 0)
        output_fail(s->to, s->r.error);
    bool fine = output_write(s->to, s->r.text->str, s->r.text->len);

    g_string_truncate(s->r.text, 0);
    return fine;
}

sink *sink_new(const format *as, output *to, const report_settings *settings, unsigned width)
{
    sink *s = g_new0(sink, 1);

    s->as = as;
    s->to = to;
    s->r = (rendering){.text = g_string_new(NULL),
                       .settings = settings,
                       .color = output_has_color(to),
                       .width = width > 0 ? width : output_width(to)};
    if (as->begin)
        as->begin(&s->r);
    return s;
}

/* Records are passed on whole: whoever reads from a pipe, or after an interrupt, gets full lines.
 */
bool sink_exchange(sink *s, const exchange_record *record)
{
    if (!s->as->exchange)
        return true;
    s->as->exchange(&s->r, record);
    return write_text(s) && output_flush(s->to);
}

bool sink_capture(sink *s, const capture_record *record)
{
    if (s->as->capture)
        s->as->capture(&s->r, record);
    return write_text(s) && output_flush(s->to);
}

void sink_reopen(sink *s)
{
    output_reopen(s->to);
}

static void release(sink *s)
{
    if (s->as->release)
        s->as->release(&s->r);
    else
        g_free(s->r.state);
    g_string_free(s->r.text, TRUE);
    g_free(s);
}

bool sink_finish(sink *s, const report_view *view)
{
    if (s->as->report)
        s->as->report(&s->r, view);
    while (write_text(s) && s->as->more && s->as->more(&s->r))
        ;
    if (s->r.error != 0)
        output_fail(s->to, s->r.error);
    bool fine = output_close(s->to);

    release(s);
    return fine;
}

void sink_discard(sink *s)
{
    output_discard(s->to);
    release(s);
}
