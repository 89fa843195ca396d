/* parse.c
 * From the bytes of a body to the model: a libxml2 SAX parse into flat arrays.
 *
 * RFC 4918 section 14 (elements), section 17 (order is free, unknown elements are skipped, no DTD
 * is ever used), section 20.6 (no entity, no network); RFC 3253 section 1.6 (error inside
 * responsedescription); RFC 5689 section 3; RFC 4791 section 9.3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "parse.h"

#include <string.h>

#include "damage.h"
#include "defined_names.h"
#include "limit_table.h"
#include "names.h"
#include "request.h"
#include "roots.h"
#include "status.h"
#include "words.h"

/* ---- limits ---- */

static void reach_limit(parser *p, ms_limit_kind kind)
{
    if (p->notes->limit)
        return;
    p->notes->limit = &ms_limit_table[kind];
    p->notes->limit_span = ms_sax_span(&p->sax, ms_sax_here(&p->sax), ms_sax_here(&p->sax));
    p->notes->stopped = true;
    xmlStopParser(p->sax.xml);
}

static bool elements_left(parser *p)
{
    const struct ms_store *store = p->document->store;

    if (store->properties.len + store->conditions.len + p->pending.len <
        p->notes->limits.of[MS_MAX_ELEMENTS])
        return true;
    reach_limit(p, MS_MAX_ELEMENTS);
    return false;
}

/* ---- names ---- */

/* The whole name. mod_dav_svn writes some with two colons, C:my:review; not every libxml2 splits
 * them. */
static const char *full_name(parser *p, known_name *name)
{
    const xmlChar *local = name->local, *uri = name->uri;

    if (name->name && !name->two_colons)
        return name->name;
    if (name->two_colons)
        ms_damage_split_name(p, &local, name->prefix, &uri);
    vocabulary_spell(&p->names, name, local, name->prefix, uri);
    return name->name;
}

/* ---- elements ---- */

static void open_root(parser *p, open_element *element, known_name *known)
{
    ms_document *document = p->document;
    const char *local = (const char *)known->local, *uri = (const char *)known->uri;
    const ms_root_kind *kind = ms_root_named(local, strlen(local));
    bool right = kind && uri && strcmp(uri, kind->name_space) == 0;

    document->root_name = full_name(p, known);
    element->is = IN_UNKNOWN;
    document->root = MS_ROOT_OTHER;
    if (right || (kind && (p->any_namespace || ms_root_answers(kind, p->method)))) {
        document->root = kind->root;
        element->is = kind->root == MS_ROOT_MULTISTATUS ? IN_MULTISTATUS : IN_MKCOL;
        p->notes->wrong_namespace = !right;
        /* Most likely, the rest is in that one as well; what mkcalendar-response holds is not. */
        if (!right && (!uri || kind->root != MS_ROOT_MKCALENDAR)) {
            p->names.dav = known->uri;
            p->names.no_namespace = !uri;
        }
    } else if (strcmp(local, "error") == 0 && vocabulary_is_dav(&p->names, known->uri)) {
        element->is = IN_ERROR;
    }
}

static void open_response(parser *p)
{
    struct ms_store *store = p->document->store;

    if (store->responses->len >= p->notes->limits.of[MS_MAX_RESPONSES]) {
        reach_limit(p, MS_MAX_RESPONSES);
        return;
    }
    p->response = (ms_response){
        .hrefs.first = store->hrefs->len,
        .propstats.first = store->propstats->len,
        .status.code = MS_STATUS_NONE,
        .code = MS_STATUS_NONE,
    };
    p->pending.len = 0;
    p->in_response = true;
}

/* Where a request is about one resource, a propstat without a response can only be about that one:
 * Cyrus answers a failed MKCALENDAR this way. After a response it is an orphan. */
static void imply_response(parser *p, open_element *element)
{
    if (!p->about_one || (!p->implied && p->document->store->responses->len > 0))
        return;
    element->is = IN_PROPSTAT;
    if (p->implied)
        return;
    open_response(p);
    p->implied = true;
    p->implied_span = (ms_span){0, 0};
    p->document->root = MS_ROOT_IMPLIED;
}

static void open_propstat(parser *p)
{
    struct ms_store *store = p->document->store;

    p->propstat = (ms_propstat){
        .status.code = MS_STATUS_NONE,
        .properties.first = store->properties.len,
        .conditions.first = store->conditions.len,
    };
    p->in_propstat = true;
}

static void append_element(open_element *element, const char *name)
{
    element->index = element->list->len;
    *ms_element_list_add(element->list) = (ms_element){.name = name, .end = element->index + 1};
}

/* The attributes of a condition say what it means: m:human-readable errcode="160024". */
static void append_attributes(parser *p, const open_element *element, int count,
                              const xmlChar **attributes)
{
    for (int i = 0; i < count && elements_left(p); i++, attributes += 5) {
        char *name = g_strconcat("@", (const char *)attributes[0], NULL);
        ms_element made = {
            .name = ms_store_name(p->document->store, name),
            .value = ms_store_text(
                p->document->store, (const char *)attributes[3],
                MIN((size_t)(attributes[4] - attributes[3]), p->notes->limits.of[MS_MAX_TEXT])),
            .span = ms_sax_span(&p->sax, element->start, ms_sax_here(&p->sax)),
            .end = element->list->len + 1,
        };

        *ms_element_list_add(element->list) = made;
        g_free(name);
    }
}

/* An element that may occur once and occurred again: the first one counts. */
static void note_second(parser *p, const open_element *child)
{
    switch (child->is) {
    case IN_STATUS:
        ms_parser_note_of(p, MS_NOTE_SECOND_STATUS, child);
        break;
    case IN_ERROR:
    case IN_DESCRIPTION:
    case IN_PROP:
        ms_parser_note_of(p, MS_NOTE_SECOND_ELEMENT, child);
        break;
    case IN_SYNC_TOKEN:
        ms_parser_note_of(p, MS_NOTE_SECOND_TOKEN, child);
        break;
    case IN_LOCATION:
    case IN_LOCATION_HREF:
        ms_parser_note(
            p, MS_NOTE_BAD_LOCATION, ms_sax_span(&p->sax, child->start, ms_sax_here(&p->sax)),
            child->is == IN_LOCATION ? "a second location" : "a location with two hrefs");
        break;
    default:
        break;
    }
}

/* An element for which the grammar has no place. Unknown ones are legal (RFC 4918 section 17). */
static void note_unknown(parser *p, const open_element *parent, const open_element *child,
                         const xmlChar *local, const xmlChar *uri)
{
    if (MS_TEXTS & PLACE_BIT(parent->is))
        ms_parser_note_of(p, MS_NOTE_STRAY_ELEMENT, child);
    else if ((parent->is == IN_RESPONSE || parent->is == IN_PROPSTAT) &&
             ms_is_condition((const char *)uri, (const char *)local))
        ms_parser_note_of(p, MS_NOTE_BARE_CONDITION, child);
    else if (parent->is != IN_ORPHAN_PROPSTAT && uri && strcmp((const char *)uri, MS_NS_DAV) == 0)
        ms_parser_note_of(p, MS_NOTE_UNKNOWN_DAV, child);
}

static void note_child(parser *p, open_element *parent, const open_element *child,
                       const xmlChar *local, const xmlChar *uri)
{
    unsigned bit = PLACE_BIT(child->is);

    if (child->is == IN_UNKNOWN)
        note_unknown(p, parent, child, local, uri);
    else if (parent->seen & bit)
        note_second(p, child);
    if (parent->is == IN_DESCRIPTION && child->is == IN_ERROR)
        ms_parser_note_of(p, MS_NOTE_ERROR_IN_TEXT, child);
    parent->seen |= bit;
}

/* Of an element that is in a list; NULL for others. */
static const char *name_of(const open_element *element)
{
    return element->list ? element->list->at[element->index].name : NULL;
}

static bool needs_href(const open_element *element)
{
    const ms_watched_value *watched =
        element->value != NO_VALUE ? &ms_watched_values[element->value] : NULL;

    return watched && watched->needed && watched->kind == MS_NOTE_VALUE_HREF;
}

static void open_listed(parser *p, open_element *element, place parent, known_name *known)
{
    const char *name = full_name(p, known);

    if (element->is == IN_PROPERTY)
        element->list = &p->document->store->properties;
    else
        element->list = p->in_propstat ? &p->document->store->conditions : &p->pending;
    if (parent == IN_PROP && element->is == IN_PROPERTY) {
        element->value = known->value;
        element->keep = use_of(element) == MS_KEEP_TEXT;
    } else if (parent == IN_PROPERTY) {
        element->keep = use_of(top(p)) == MS_KEEP_HREFS || needs_href(top(p)) ||
                        (name == p->report && name_of(top(p)) == p->supported_report);
    }
    append_element(element, name);
}

/* Field by field: compilers clear a struct of this size with a slow instruction. */
static open_element *begin_element(parser *p, size_t here, const known_name *known)
{
    open_element *element = &p->open[p->depth];

    element->is = IN_UNKNOWN;
    element->start = ms_sax_named_tag_start(&p->sax, here, known->written);
    element->text = p->text->len;
    element->index = 0;
    element->list = NULL;
    element->declares = false;
    element->seen = 0;
    element->value = NO_VALUE;
    element->keep = false;
    return element;
}

static void close_implied(parser *p, bool complete);

/* What an element of its kind needs. False if there is no room for it. */
static bool open_kind(parser *p, open_element *element, place parent, known_name *known)
{
    switch (element->is) {
    case IN_RESPONSE:
        close_implied(p, true);
        open_response(p);
        return true;
    case IN_MKCOL:
        open_response(p);
        return true;
    case IN_PROPSTAT:
        open_propstat(p);
        return true;
    case IN_PROP:
        p->propstat.has_prop = true;
        return true;
    case IN_PROPERTY:
    case IN_CONDITION:
        if (!elements_left(p))
            return false;
        open_listed(p, element, parent, known);
        return true;
    default:
        return true;
    }
}

static void on_start(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    parser *p = data;
    place parent = p->depth > 0 ? top(p)->is : IN_DOCUMENT;
    size_t here = ms_sax_here(&p->sax);

    (void)n_defaulted;
    if (!ms_sax_tag_complete(&p->sax, here))
        return;
    if (p->depth >= p->notes->limits.of[MS_MAX_DEPTH]) {
        reach_limit(p, MS_MAX_DEPTH);
        return;
    }
    known_name *known = vocabulary_look_up(&p->names, local, prefix, uri);
    open_element *element = begin_element(p, here, known);

    if (n_namespaces > 0) {
        element->declares = true;
        ms_damage_declare(p, n_namespaces, namespaces);
    }
    if (parent == IN_DOCUMENT) {
        open_root(p, element, known);
    } else if (parent != IN_UNKNOWN) {
        element->is = vocabulary_place(&p->names, known, parent);
        if (element->is == IN_ORPHAN_PROPSTAT)
            imply_response(p, element);
        note_child(p, top(p), element, local, uri);
    }
    if (!open_kind(p, element, parent, known))
        return;
    if (element->is == IN_CONDITION)
        append_attributes(p, element, n_attributes, attributes);
    p->depth++;
}

/* ---- closing ---- */

static ms_text text_of(parser *p, const open_element *element, ms_span span)
{
    size_t length;
    const char *text = ms_sax_trimmed(p->text, element->text, &length);

    return (ms_text){ms_store_text(p->document->store, text, length), span};
}

/* The first one counts; a second one is a finding of the rules (RFC 4918 section 14.24). */
static void set_text(ms_text *field, ms_text text)
{
    if (!field->text)
        *field = text;
}

/* The line as the store keeps it, and its code. */
static const known_status *look_up_status(parser *p, const char *text, size_t length)
{
    for (unsigned i = 0; i < KNOWN_STATUSES; i++) {
        known_status *known = &p->statuses[i];

        if (known->line && known->length == length && memcmp(known->line, text, length) == 0)
            return known;
    }
    known_status *known = &p->statuses[p->next_status++ % KNOWN_STATUSES];
    char *copy = g_strndup(text, length);

    known->line = ms_store_name(p->document->store, copy);
    known->length = strlen(known->line);
    known->code = ms_status_parse(known->line).code;
    g_free(copy);
    return known;
}

static ms_status status_of(parser *p, const open_element *element, ms_span span)
{
    size_t length;
    const char *text = ms_sax_trimmed(p->text, element->text, &length);
    const known_status *known = look_up_status(p, text, length);

    if (length < p->text->len - element->text)
        ms_parser_note(p, MS_NOTE_PADDED_STATUS, span, known->line);
    return (ms_status){.code = known->code, .line = known->line, .span = span};
}

static void close_status(parser *p, const open_element *element, ms_span span)
{
    ms_status *status = p->in_propstat ? &p->propstat.status : &p->response.status;

    if (status->code == MS_STATUS_NONE)
        *status = status_of(p, element, span);
}

static void close_description(parser *p, const open_element *element, ms_span span)
{
    ms_text text = text_of(p, element, span);

    if (p->in_propstat)
        set_text(&p->propstat.description, text);
    else if (p->in_response)
        set_text(&p->response.description, text);
    else
        set_text(&p->document->description, text);
}

/* Where servers put the reason in words: sabre/dav and its derivatives (Nextcloud), mod_dav,
 * Jackrabbit, Apple's Calendar Server. */
static const struct {
    const char *name;
    bool kind; /* of the error, for people who know the server: it goes into parentheses */
} reasons[] = {
    {"{http://sabredav.org/ns}message", false},
    {"{http://apache.org/dav/xmlns}human-readable", false},
    {"{http://www.day.com/jcr/webdav/1.0}message", false},
    {"{http://twistedmatrix.com/xml_namespace/dav/}error-description", false},
    {"{o:}reason", false},
    {"{http://sabredav.org/ns}exception", true},
    {"{http://www.day.com/jcr/webdav/1.0}class", true},
};

static const char *find_reason(const ms_element *conditions, uint32_t count, bool kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        for (uint32_t j = 0; reasons[i].kind == kind && j < count; j++) {
            if (conditions[j].value && strcmp(conditions[j].name, reasons[i].name) == 0)
                return conditions[j].value;
        }
    }
    return NULL;
}

/* A reason within error says the same as a responsedescription, which counts if there is one. */
static void take_reason(parser *p, ms_text *description, const ms_element *conditions,
                        uint32_t count)
{
    if (count == 0 || description->text)
        return;
    const char *words = find_reason(conditions, count, false);
    const char *kind = find_reason(conditions, count, true);

    if (!words && !kind)
        return;
    char *both = words && kind ? g_strdup_printf("%s (%s)", words, kind) : NULL;
    const char *text = both ? both : words ? words : kind;

    description->text = ms_store_text(p->document->store, text, strlen(text));
    description->span = conditions[0].span;
    g_free(both);
}

/* The body is a DAV:error, without a multistatus around it. */
static void close_root_error(parser *p, ms_span span)
{
    struct ms_store *store = p->document->store;
    uint32_t base = store->conditions.len;

    for (uint32_t i = 0; i < p->pending.len; i++) {
        ms_element condition = p->pending.at[i];

        condition.end += base;
        *ms_element_list_add(&store->conditions) = condition;
    }
    p->document->span = span;
    p->document->root_conditions = (ms_range){base, p->pending.len};
    take_reason(p, &p->document->description, p->pending.at, p->pending.len);
}

static void keep_odd(parser *p, ms_note_kind kind, const char *example, size_t length, ms_span span)
{
    ms_note *odd = &p->odd_values[kind];

    p->odd |= 1u << kind;
    odd->span = span;
    g_free(odd->example);
    odd->example = NULL;
    if (p->notes->of[kind].count == 0)
        odd->example = g_strndup(example, length);
}

static bool is_owner(const char *name)
{
    return strcmp(name, MS_DAV("owner")) == 0;
}

/* Bytes of the names of empty properties that are kept of one propstat. */
#define EMPTY_NAMES 512u

/* All that are empty, with a space between their names; owner only if it is alone. */
static void keep_empty(parser *p, const ms_watched_value *watched, ms_span span)
{
    ms_note *odd = &p->odd_values[MS_NOTE_VALUE_EMPTY];
    bool first = !(p->odd & (1u << MS_NOTE_VALUE_EMPTY));

    if (first || (odd->example && is_owner(odd->example))) {
        keep_odd(p, MS_NOTE_VALUE_EMPTY, watched->name, strlen(watched->name), span);
    } else if (odd->example && !is_owner(watched->name) && !strstr(odd->example, watched->name) &&
               strlen(odd->example) < EMPTY_NAMES) {
        char *names = g_strconcat(odd->example, " ", watched->name, NULL);

        g_free(odd->example);
        odd->example = names;
    }
}

/* An empty property whose purpose is to name somebody or to hold an object. */
static void look_at_empty(parser *p, const open_element *element, ms_span span)
{
    const ms_watched_value *watched = &ms_watched_values[element->value];

    if (watched->needed && element->list->len == element->index + 1)
        keep_empty(p, watched, span);
}

/* <D:current-user-principal><D:href/></D:current-user-principal>: that is all it holds. */
static void look_at_href(parser *p, const open_element *element, ms_span span)
{
    const open_element *parent = p->depth > 1 ? &p->open[p->depth - 2] : NULL;

    if (parent && parent->list == element->list && needs_href(parent) &&
        element->list->len == element->index + 1 && element->index == parent->index + 1 &&
        strcmp(name_of(element), MS_DAV("href")) == 0)
        keep_empty(p, &ms_watched_values[parent->value], span);
}

/* supported-report-set/supported-report/report holds an element that is named like the report
 * (RFC 3253 section 3.1.5). */
static void look_at_report(parser *p, const open_element *element, const char *text, size_t length,
                           ms_span span)
{
    const char *parent = p->depth > 1 ? name_of(&p->open[p->depth - 2]) : NULL;

    if (name_of(element) == p->report && parent == p->supported_report &&
        element->list->len == element->index + 1 && !(p->odd & (1u << MS_NOTE_VALUE_REPORT)))
        keep_odd(p, MS_NOTE_VALUE_REPORT, text, length, span);
}

/* A value that is not what it should be counts once its propstat's status says that it is a value
 * at all. */
static void look_at_value(parser *p, const open_element *element, const char *text, size_t length,
                          ms_span span)
{
    ms_note_kind kind = ms_watched_values[element->value].kind;

    if (kind == MS_NOTE_VALUE_ETAG && length > 2 && strncmp(text, "W/", 2) == 0)
        p->notes->weak_etag = true;
    /* The content of a property that holds elements is in those. */
    if (kind == MS_NOTES || (p->odd & (1u << kind)) ||
        (kind == MS_NOTE_VALUE_HREF && element->list->len > element->index + 1) ||
        !ms_value_is_odd(kind, text, length))
        return;
    keep_odd(p, kind, text, length, span);
}

/* Calendar or address data. The propstat gets the next index when it ends. */
static void read_object(parser *p, const open_element *element, const char *text, size_t length,
                        ms_span span)
{
    const struct ms_store *store = p->document->store;
    ms_note_object made = {
        .response = store->responses->len,
        .propstat = store->propstats->len,
        .is_calendar = strstr(ms_watched_values[element->value].name, MS_NS_CALDAV) != NULL,
        .span = span,
    };

    if (p->recovering || !p->in_response || !p->in_propstat)
        return;
    if (!p->notes->objects)
        p->notes->objects = g_array_new(FALSE, FALSE, sizeof(ms_note_object));
    if (p->notes->objects->len >= MS_NOTE_OBJECTS)
        return;
    ms_object_read(&made.object, text, length,
                   p->text->len - element->text >= p->notes->limits.of[MS_MAX_TEXT], p->line,
                   p->document->store);
    g_array_append_val(p->notes->objects, made);
}

static void note_values(parser *p)
{
    int code = p->propstat.status.code;

    for (int kind = MS_NOTE_VALUES; kind < MS_NOTES && code >= 200 && code < 300; kind++) {
        if (p->odd & (1u << kind))
            ms_parser_note(p, (ms_note_kind)kind, p->odd_values[kind].span,
                           p->odd_values[kind].example);
    }
    p->odd = 0;
}

static void close_listed(parser *p, const open_element *element, ms_span span)
{
    ms_element *listed = &element->list->at[element->index];
    size_t length;
    const char *text = ms_sax_trimmed(p->text, element->text, &length);

    listed->span = span;
    listed->end = element->list->len;
    if (element->value != NO_VALUE)
        p->notes->met |= (uint64_t)1 << element->value;
    if (element->value != NO_VALUE && length > 0)
        look_at_value(p, element, text, length, span);
    else if (element->value != NO_VALUE)
        look_at_empty(p, element, span);
    else if (length > 0 && element->is == IN_PROPERTY)
        look_at_report(p, element, text, length, span);
    else if (element->is == IN_PROPERTY)
        look_at_href(p, element, span);
    if (length > 0 && use_of(element) == MS_READ_OBJECT)
        read_object(p, element, text, length, span);
    if (length > 0 && (p->values || element->keep || element->is == IN_CONDITION))
        listed->value = ms_store_text(p->document->store, text, length);
}

static void close_propstat(parser *p, ms_span span)
{
    struct ms_store *store = p->document->store;

    p->propstat.span = span;
    p->propstat.properties.count = store->properties.len - p->propstat.properties.first;
    p->propstat.conditions.count = store->conditions.len - p->propstat.conditions.first;
    take_reason(p, &p->propstat.description, store->conditions.at + p->propstat.conditions.first,
                p->propstat.conditions.count);
    g_array_append_val(store->propstats, p->propstat);
    p->in_propstat = false;
    if (p->odd)
        note_values(p);
}

static void close_response(parser *p, ms_span span, bool complete)
{
    struct ms_store *store = p->document->store;
    uint32_t base = store->conditions.len;

    for (uint32_t i = 0; i < p->pending.len; i++) {
        ms_element condition = p->pending.at[i];

        condition.end += base;
        *ms_element_list_add(&store->conditions) = condition;
    }
    take_reason(p, &p->response.description, p->pending.at, p->pending.len);
    p->response.span = span;
    p->response.complete = complete;
    p->response.hrefs.count = store->hrefs->len - p->response.hrefs.first;
    p->response.propstats.count = store->propstats->len - p->response.propstats.first;
    p->response.conditions = (ms_range){base, p->pending.len};
    g_array_append_val(store->responses, p->response);
    p->in_response = false;
}

static void close_implied(parser *p, bool complete)
{
    if (p->implied && p->in_response)
        close_response(p, p->implied_span, complete);
    p->implied = false;
}

static void close_implied_propstat(parser *p, ms_span span)
{
    uint32_t end = span.offset + span.length;

    if (p->implied_span.length == 0)
        p->implied_span = span;
    p->implied_span.length = end - p->implied_span.offset;
}

static void close_orphan_status(parser *p, const open_element *element, ms_span span)
{
    int code = status_of(p, element, span).code;

    p->notes->orphan_status = MAX(p->notes->orphan_status, code);
}

static void close_href(parser *p, const open_element *element, ms_span span)
{
    ms_text href = text_of(p, element, span);

    g_array_append_val(p->document->store->hrefs, href);
}

static void close_orphan_propstat(parser *p, ms_span span)
{
    if (p->notes->orphan_propstats++ == 0)
        p->notes->orphan_span = span;
}

/* Does the body end in the element? One that ends amid broken XML is another matter. */
static bool is_cut_off(const parser *p, bool complete)
{
    return !complete && p->document->error.cut;
}

/* The text of an element in which the body ends may lack its end, "/a/b" is another resource than
 * "/a/b.txt", unless the end tag has begun. */
static bool has_whole_text(const parser *p, const open_element *element, bool complete)
{
    const ms_encoded *encoded = p->encoded;
    const char *start = encoded->text + element->start;

    return !is_cut_off(p, complete) ||
           g_strrstr_len(start, (gssize)(encoded->length - element->start), "</") != NULL;
}

static void close_kind(parser *p, const open_element *element, ms_span span, bool complete)
{
    switch (element->is) {
    case IN_MULTISTATUS:
        p->document->span = span;
        close_implied(p, complete);
        break;
    case IN_MKCOL:
        p->document->span = span;
        if (p->in_response)
            close_response(p, span, complete);
        break;
    case IN_RESPONSE:
        if (p->in_response)
            close_response(p, span, complete);
        break;
    case IN_HREF:
        if (has_whole_text(p, element, complete))
            close_href(p, element, span);
        break;
    case IN_STATUS:
        if (complete)
            close_status(p, element, span);
        break;
    case IN_PROPSTAT:
        if (is_cut_off(p, complete))
            p->odd = 0;
        close_propstat(p, span);
        if (p->implied) {
            close_implied_propstat(p, span);
            close_orphan_propstat(p, span);
        }
        break;
    case IN_ORPHAN_PROPSTAT:
        close_orphan_propstat(p, span);
        break;
    case IN_ORPHAN_STATUS:
        close_orphan_status(p, element, span);
        break;
    case IN_PROPERTY:
    case IN_CONDITION:
        close_listed(p, element, span);
        break;
    case IN_ERROR:
        if (p->depth == 1)
            close_root_error(p, span);
        else if (complete && !(element->seen & PLACE_BIT(IN_CONDITION)))
            ms_parser_note(p, MS_NOTE_EMPTY_ERROR, span, NULL);
        break;
    case IN_LOCATION:
        if (complete && !(element->seen & PLACE_BIT(IN_LOCATION_HREF)))
            ms_parser_note(p, MS_NOTE_BAD_LOCATION, span, "a location without href");
        break;
    case IN_DESCRIPTION:
        close_description(p, element, span);
        break;
    case IN_LOCATION_HREF:
        if (has_whole_text(p, element, complete))
            set_text(&p->response.location, text_of(p, element, span));
        break;
    case IN_SYNC_TOKEN:
        if (has_whole_text(p, element, complete))
            set_text(&p->document->sync_token, text_of(p, element, span));
        break;
    default:
        if (p->depth == 1)
            p->document->span = span;
        break;
    }
}

static void close_top(parser *p, size_t end, bool complete)
{
    const open_element *element = top(p);

    close_kind(p, element, ms_sax_span(&p->sax, element->start, end), complete);
    p->text->len = element->text;
    p->depth--;
    if (element->declares)
        ms_damage_forget(p, p->depth);
}

static void on_end(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    parser *p = data;

    (void)local;
    (void)prefix;
    (void)uri;
    size_t here = ms_sax_here(&p->sax);

    if (p->depth > 0)
        close_top(p, here, ms_damage_is_end(p, here));
    p->mismatch = false;
}

/* ---- the rest ---- */

static void on_text(void *data, const xmlChar *text, int length)
{
    ms_parser_text(data, text, length);
}

/* A reference that nobody declared (&nbsp;) stays as it was written. Newer versions of libxml2 also
 * deliver what they have just reported as an error. */
static void on_reference(void *data, const xmlChar *name)
{
    const parser *p = data;

    if (p->kept_reference != 0 && p->kept_reference == ms_sax_here(&p->sax))
        return;
    char *text = g_strdup_printf("&%s;", (const char *)name);

    on_text(data, (const xmlChar *)text, (int)strlen(text));
    g_free(text);
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    parser *p = data;
    size_t start = ms_sax_tag_start(&p->sax);

    (void)name;
    (void)external;
    (void)system;
    p->notes->doctype = true;
    p->notes->doctype_span = ms_sax_span(&p->sax, start, ms_sax_here(&p->sax));
}

/* Nothing is ever declared: entities in the internal subset stay unknown, so none can expand. */
static void on_entity(void *data, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    parser *p = data;

    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    p->notes->entity_declaration = true;
    ms_damage_entity(p, (const char *)name);
}

static void on_instruction(void *data, const xmlChar *target, const xmlChar *content)
{
    parser *p = data;

    (void)content;
    ms_parser_note(p, MS_NOTE_INSTRUCTION,
                   ms_sax_span(&p->sax, ms_sax_tag_start(&p->sax), ms_sax_here(&p->sax)),
                   (const char *)target);
}

static void on_error(void *data, ms_xml_error error)
{
    ms_damage_error(data, error);
}

/* ---- runs ---- */

static void run(parser *p, size_t skipped)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        /* The same callback, so that libxml2 need not check whether a text is white space. */
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .reference = on_reference,
        .internalSubset = on_doctype,
        .entityDecl = on_entity,
        .processingInstruction = on_instruction,
        .serror = on_error,
    };

    ms_xml_text text = {p->encoded->text + skipped, ms_damage_length(p, skipped)};

    p->sax.skipped = skipped;
    p->recovering = false;
    vocabulary_forget(&p->names);
    p->sax.xml = ms_xml_open(&text, &handler, p);
    if (!p->sax.xml)
        return;
    xmlParseDocument(p->sax.xml);
    ms_xml_close(p->sax.xml);
    p->sax.xml = NULL;

    /* Closes what the body's end left open: an incomplete response shows what it had. */
    while (p->depth > 0)
        close_top(p, p->encoded->length, false);
}

void ms_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
              const ms_context *context)
{
    parser p = {
        .document = document,
        .notes = notes,
        .encoded = encoded,
        .sax = {.encoded = encoded, .body_length = document->span.length},
        /* The answer to propname holds names only: values in it are a finding. */
        .values = context->values || (context->request && context->request->propname),
        .any_namespace = context->http_status == 207,
        .method = context->method,
        .about_one =
            context->method && ms_is_one_of(" PROPPATCH MKCOL MKCALENDAR ", context->method),
        .namespaces = g_array_new(FALSE, FALSE, sizeof(declared_namespace)),
        .text = g_string_new(NULL),
        .line = g_string_new(NULL),
    };

    notes->orphan_status = MS_STATUS_NONE;
    notes->encoded = encoded;
    vocabulary_init(&p.names, document->store);
    p.supported_report = ms_store_name(document->store, MS_DAV("supported-report"));
    p.report = ms_store_name(document->store, MS_DAV("report"));
    ms_damage_in_bytes(&p);
    run(&p, 0);
    size_t start = ms_damage_garbage(&p);

    if (start > 0) {
        run(&p, start);
        ms_damage_in_rest(&p);
    }
    ms_store_publish(document->store, document);

    for (int kind = MS_NOTE_VALUES; kind < MS_NOTES; kind++)
        g_free(p.odd_values[kind].example);
    vocabulary_clear(&p.names);
    g_array_free(p.namespaces, TRUE);
    g_free(p.pending.at);
    g_string_free(p.text, TRUE);
    g_string_free(p.line, TRUE);
}
