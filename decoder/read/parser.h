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

#include "notes.h"
#include "sax.h"
#include "vocabulary.h"

typedef struct {
    place is;
    size_t start;          /* of the element, in the text */
    gsize text;            /* where its character data starts in parser.text */
    uint32_t index;        /* its place in properties or conditions */
    ms_element_list *list; /* the list it was put in, if any */
    bool declares;         /* namespaces */
    unsigned seen;         /* the places of its children so far, and SEEN_TEXT */
    int value; /* of a property whose value is looked at: as in known_name, else NO_VALUE */
    bool keep; /* of a property: its value stays in the model, whether or not values are wanted */
} open_element;

#define PLACE_BIT(place) (1u << (place))
#define SEEN_TEXT (1u << 31)

/* What holds text and nothing else (RFC 4918 section 17). */
#define MS_TEXTS                                                                                   \
    (PLACE_BIT(IN_HREF) | PLACE_BIT(IN_STATUS) | PLACE_BIT(IN_ORPHAN_STATUS) |                     \
     PLACE_BIT(IN_DESCRIPTION) | PLACE_BIT(IN_LOCATION_HREF) | PLACE_BIT(IN_SYNC_TOKEN))

/* A namespace declaration in force: xmlns:prefix="uri". Both belong to the parser's dictionary. */
typedef struct {
    const char *prefix; /* "" for the default namespace */
    const char *uri;
    guint depth; /* of the element that declares it */
} declared_namespace;

/* A recently seen status line: a body has a few that repeat. */
typedef struct {
    const char *line;
    size_t length;
    int code;
} known_status;
#define KNOWN_STATUSES 4

/* The last error after the first one, which is the document's. */
typedef struct {
    size_t at;
    unsigned depth;
    bool mismatch, present;
} later_error;

typedef struct {
    ms_document *document;
    ms_notes *notes;
    ms_encoded *encoded;
    ms_sax sax;

    bool values;                           /* keep the values of properties */
    const char *supported_report, *report; /* names, as the store keeps them */
    bool any_namespace;                    /* a 207: a root in a wrong namespace is still one */
    const char *method;                    /* of the request; NULL */
    vocabulary names;

    open_element open[MS_DEPTH_MOST]; /* from the root inwards */
    unsigned depth;                   /* how many of them there are */
    GArray *namespaces;               /* of declared_namespace */
    GString *text;                    /* character data of the open elements, one after the other */
    GString *line;                    /* scratch, for the lines of calendar and address data */
    ms_response response;
    ms_propstat propstat;
    ms_element_list
        pending; /* conditions of the response itself: those of its propstats come in between */
    bool in_response, in_propstat;
    bool about_one; /* of the request: its answer is about one resource, with or without href */
    bool implied;   /* the open response has no element: its propstats are the multistatus's */
    ms_span implied_span; /* from the first of them to the last */
    bool mismatch;        /* an end tag did not match the element that it closes */
    later_error later;
    bool recovering;       /* the text is not well-formed up to here */
    size_t kept_reference; /* where the last reference that libxml2 dropped ended; 0 if it dropped
                            * none */

    known_status statuses[KNOWN_STATUSES];
    unsigned next_status; /* the next to be replaced */

    unsigned odd; /* kinds of values of the open propstat that are not what they should be */
    ms_note odd_values[MS_NOTES];
} parser;

static inline open_element *top(parser *p)
{
    return &p->open[p->depth - 1];
}

/** What to do with the value of an element. */
static inline ms_value_use use_of(const open_element *element)
{
    return element->value == NO_VALUE ? MS_LOOK_ONLY : ms_watched_values[element->value].use;
}

/** Character data within the element that is open: what libxml2 reports, or what it dropped. */
void ms_parser_text(parser *p, const xmlChar *text, int length);

/** The name of an open element, as it is written in the body. The caller frees it with g_free(). */
char *ms_parser_written_name(const parser *p, const open_element *element);

/** Counts what was noticed, and keeps the first example. */
void ms_parser_note(parser *p, ms_note_kind kind, ms_span span, const char *example);

/** The same for an open element, by its name. */
void ms_parser_note_of(parser *p, ms_note_kind kind, const open_element *element);

#endif /* MS_PARSER_H */
