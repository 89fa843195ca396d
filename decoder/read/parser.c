/* parser.c
 * What the parser and the handling of damage share: character data, and notes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "parser.h"

#include <string.h>

#include "limit_table.h"

/* What holds elements and no text. */
static const unsigned structures =
    PLACE_BIT(IN_MULTISTATUS) | PLACE_BIT(IN_MKCOL) | PLACE_BIT(IN_RESPONSE) |
    PLACE_BIT(IN_PROPSTAT) | PLACE_BIT(IN_PROP) | PLACE_BIT(IN_ERROR) | PLACE_BIT(IN_LOCATION);

char *ms_parser_written_name(const parser *p, const open_element *element)
{
    const char *at = p->encoded->text + element->start + 1;
    const char *end = p->encoded->text + p->encoded->length;
    const char *from = at;

    while (at < end && !g_ascii_isspace(*at) && *at != '>' && *at != '/')
        at++;
    return g_strndup(from, from < end ? (gsize)(at - from) : 0);
}

void ms_parser_note(parser *p, ms_note_kind kind, ms_span span, const char *example)
{
    ms_note *note = &p->notes->of[kind];

    /* After an error, the parser guesses what is what. */
    if (p->recovering || note->count++ > 0)
        return;
    note->response = p->in_response ? p->document->store->responses->len : MS_NO_RESPONSE;
    note->span = span;
    note->example = g_strdup(example);
}

void ms_parser_note_of(parser *p, ms_note_kind kind, const open_element *element)
{
    char *name = p->notes->of[kind].count == 0 ? ms_parser_written_name(p, element) : NULL;

    ms_parser_note(p, kind, ms_sax_span(&p->sax, element->start, ms_sax_here(&p->sax)), name);
    g_free(name);
}

static bool holds_text(const parser *p, const open_element *element)
{
    if (element->is == IN_PROPERTY)
        return p->values || element->keep || element->value != NO_VALUE;
    return element->is == IN_CONDITION || (MS_TEXTS & PLACE_BIT(element->is)) != 0;
}

/* Indentation is all that may stand between elements. One note per element is enough. */
static void note_text(parser *p, open_element *element, const xmlChar *text, int length)
{
    int i = 0;

    if (!(structures & PLACE_BIT(element->is)) || (element->seen & SEEN_TEXT))
        return;
    while (i < length && g_ascii_isspace(text[i]))
        i++;
    if (i == length)
        return;
    element->seen |= SEEN_TEXT;
    ms_parser_note_of(p, MS_NOTE_STRAY_TEXT, element);
}

void ms_parser_text(parser *p, const xmlChar *text, int length)
{
    if (p->depth == 0 || length <= 0)
        return;
    if (!holds_text(p, top(p))) {
        note_text(p, top(p), text, length);
        return;
    }
    size_t most = p->notes->limits.of[MS_MAX_TEXT];
    size_t room = most - MIN(p->text->len - top(p)->text, most);
    size_t kept = ms_sax_fitting(text, (size_t)length, room);

    /* Of calendar data that nobody wants to see, the part that is examined is enough. */
    if (kept < (size_t)length && !p->notes->limit &&
        (p->values || use_of(top(p)) != MS_READ_OBJECT)) {
        p->notes->limit = &ms_limit_table[MS_MAX_TEXT];
        p->notes->limit_span = ms_sax_span(&p->sax, top(p)->start, ms_sax_here(&p->sax));
    }
    if (p->text->len + kept < p->text->allocated_len) {
        memcpy(p->text->str + p->text->len, text, kept);
        p->text->len += kept;
    } else {
        g_string_append_len(p->text, (const char *)text, (gssize)kept);
    }
}
