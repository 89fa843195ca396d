/* parser.h
 * The state of one parse: what parse.c, which builds the model, and damage.c, which deals with what
 * is not well-formed, both work on. Nobody else includes it.
 *
 * Ownership: a parser lives as long as ms_parse() runs and owns its arrays and strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_PARSER_H
#define MS_PARSER_H

#include "parse.h"
#include "rules_values.h"
#include "sax.h"

/* What an open element is to us. */
typedef enum {
    IN_DOCUMENT,
    IN_MULTISTATUS,
    IN_MKCOL, /* mkcol-response and mkcalendar-response: one resource without a response element */
    IN_RESPONSE,
    IN_HREF,
    IN_STATUS,
    IN_PROPSTAT,
    IN_ORPHAN_PROPSTAT,
    IN_ORPHAN_STATUS,
    IN_PROP,
    IN_PROPERTY,
    IN_ERROR,
    IN_CONDITION,
    IN_DESCRIPTION,
    IN_LOCATION,
    IN_LOCATION_HREF,
    IN_SYNC_TOKEN,
    IN_UNKNOWN
} place;

typedef struct {
    place is;
    size_t start;   /* of the element, in the text */
    gsize text;     /* where its character data starts in parser.text */
    uint32_t index; /* its place in properties or conditions */
    GArray *list;   /* the list it was put in, if any */
    unsigned seen;  /* the places of its children so far, and SEEN_TEXT */
    int value;      /* of a property whose value is looked at: its ms_note_kind, else NO_VALUE */
} open_element;

#define PLACE_BIT(place) (1u << (place))
#define SEEN_TEXT (1u << 31)
#define NO_VALUE (-1)

/* A namespace declaration in force: xmlns:prefix="uri". Both belong to the parser's dictionary. */
typedef struct {
    const char *prefix; /* "" for the default namespace */
    const char *uri;
    guint depth; /* of the element that declares it */
} declared_namespace;

typedef struct {
    ms_document *document;
    ms_notes *notes;
    ms_encoded *encoded;
    ms_sax sax;

    bool values;        /* keep the values of properties */
    bool any_namespace; /* a 207: a multistatus in a wrong namespace is one all the same */
    const xmlChar *dav; /* the wrong namespace that the root uses for DAV:, NULL if it does not */
    bool no_namespace;  /* the root has none, so neither need the others */

    GArray *open;       /* of open_element */
    GArray *namespaces; /* of declared_namespace */
    GString *text;      /* character data of the open elements, one behind the other */
    GString *name;      /* scratch */
    ms_response response;
    ms_propstat propstat;
    GArray *pending; /* conditions of the response itself: those of its propstats come in between */
    bool in_response, in_propstat;
    bool mismatch;         /* an end tag did not fit the element that is closed by it */
    bool recovering;       /* the text is not well-formed up to here */
    size_t kept_reference; /* where the last reference ended that libxml2 dropped, 0 if none did */

    const char *watched[MS_WATCHED_VALUES]; /* names of properties whose value is looked at */
    unsigned odd; /* kinds of values of the open propstat that are not what they should be */
    ms_note odd_values[MS_NOTES];
} parser;

static inline open_element *top(const parser *p)
{
    return &g_array_index(p->open, open_element, p->open->len - 1);
}

/** Character data within the element that is open: what libxml2 reports, or what it dropped. */
void ms_parser_text(parser *p, const xmlChar *text, int length);

#endif /* MS_PARSER_H */
