/* sax.h
 * Where a SAX parse stands in the body, and the names and texts that it meets.
 *
 * Ownership: an ms_sax borrows everything; nothing here allocates, except by appending to the
 * caller's GString.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_SAX_H
#define MS_SAX_H

#include "encoding.h"
#include "model.h"
#include "xml.h"

typedef struct {
    ms_encoded *encoded;
    xmlParserCtxtPtr xml;
    size_t skipped; /**< bytes of the text before the XML that is being parsed */
    size_t body_length;
} ms_sax;

/** How far the parser has read, as a place in the text. */
static inline size_t ms_sax_here(const ms_sax *sax)
{
    size_t at = sax->skipped + ms_xml_consumed(sax->xml);

    return MIN(at, sax->encoded->length);
}

/** The "<" of the start tag that the parser is currently reporting: it has read all of it but the
 *  ">".
 */
static inline size_t ms_sax_tag_start(const ms_sax *sax)
{
    size_t at = ms_sax_here(sax);

    while (at > 0 && sax->encoded->text[at - 1] != '<')
        at--;
    return at > 0 ? at - 1 : 0;
}

/** The same for a tag of a name that is written with `length` bytes, with the parser at `here`. */
static inline size_t ms_sax_named_tag_start(const ms_sax *sax, size_t here, size_t length)
{
    /* There is no other "<" in a start tag: at the place where it would be without attributes and
     * white space, it is the one. */
    if (here > length && sax->encoded->text[here - length - 1] == '<')
        return here - length - 1;
    return ms_sax_tag_start(sax);
}

/** Is that start tag whole? libxml2 reports it before it looks for the ">", and never reports an
 *  end for one without it: neither its name nor its place among the open elements can be used. */
static inline bool ms_sax_tag_complete(const ms_sax *sax, size_t here)
{
    const ms_encoded *encoded = sax->encoded;

    if (here < encoded->length && encoded->text[here] == '/')
        here++;
    return here < encoded->length && encoded->text[here] == '>';
}

/** The place in the body of a part of the text: the whole body where it cannot be told. */
static inline ms_span ms_sax_span(const ms_sax *sax, size_t start, size_t end)
{
    if (!sax->encoded->exact)
        return (ms_span){0, (uint32_t)sax->body_length};
    size_t from = ms_encoded_offset(sax->encoded, start);
    size_t to = ms_encoded_offset(sax->encoded, end);

    return (ms_span){(uint32_t)from, (uint32_t)(to > from ? to - from : 0)};
}

/** Makes `name` "{namespace}local", "prefix:local" for an undeclared prefix, or "local". */
static inline void ms_sax_name(GString *name, const xmlChar *local, const xmlChar *prefix,
                               const xmlChar *uri)
{
    g_string_truncate(name, 0);
    if (uri)
        g_string_append_printf(name, "{%s}", (const char *)uri);
    else if (prefix)
        g_string_append_printf(name, "%s:", (const char *)prefix);
    g_string_append(name, (const char *)local);
}

/** What `text` holds from `start` on, without outer white space. */
static inline const char *ms_sax_trimmed(const GString *text, size_t start, size_t *length)
{
    const char *at = text->str + start;
    const char *end = text->str + text->len;

    while (at < end && g_ascii_isspace(*at))
        at++;
    while (end > at && g_ascii_isspace(end[-1]))
        end--;
    *length = (size_t)(end - at);
    return at;
}

/** How many bytes of `text`, in whole characters, fit into `room`. */
static inline size_t ms_sax_fitting(const xmlChar *text, size_t length, size_t room)
{
    if (length <= room)
        return length;
    while (room > 0 && (text[room] & 0xC0) == 0x80)
        room--;
    return room;
}

#endif /* MS_SAX_H */
