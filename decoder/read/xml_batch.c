/* xml_batch.c
 * Batches in XML that are no multistatus: a SAX parse that follows the paths of one kind.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "xml_batch.h"

#include <string.h>

#include "limit_table.h"
#include "request.h"
#include "sax.h"
#include "status.h"

/* Names below a row that are kept: no kind goes deeper. */
#define DEEPEST 6u

typedef struct {
    ms_sax sax;
    ms_document *document;
    ms_notes *notes;
    const ms_context *context;
    const ms_xml_batch *kind;

    unsigned depth;         /* of the open elements */
    const ms_xml_rows *how; /* of the row that is open; NULL outside of rows */
    unsigned row_depth;
    size_t row_start;
    uint32_t number; /* of the row among all, from 0 */
    ms_response response;
    ms_text name, version;

    GString *path; /* below the row, as deep as DEEPEST */
    GString *text;
    size_t start; /* of the element whose text this is */
    bool wanted;
    bool failed; /* the parse, not the row */
    bool ended;  /* the root element did */
} reader;

/* ---- is it one? ---- */

static bool is_root(const ms_xml_batch *kind, const char *name)
{
    const char *end = *name == '{' ? strchr(name, '}') : NULL;
    size_t length = end ? (size_t)(end - name - 1) : 0;

    if (strcmp(end ? end + 1 : name, kind->root) != 0)
        return false;
    return !kind->name_space || (end && strlen(kind->name_space) == length &&
                                 strncmp(name + 1, kind->name_space, length) == 0);
}

static bool has_marks(const ms_xml_batch *kind, const char *body, size_t length)
{
    for (size_t i = 0; i < MS_XML_MARKS && kind->marks[i]; i++) {
        if (!g_strstr_len(body, (gssize)MIN(length, MS_XML_MARKED), kind->marks[i]))
            return false;
    }
    return true;
}

bool ms_xml_batch_is(const ms_xml_batch *kind, const void *body, size_t length,
                     const char *content_type)
{
    if (!has_marks(kind, body, length))
        return false;
    char *name = ms_root_name(body, MIN(length, MS_XML_MARKED), content_type);
    bool is = name && is_root(kind, name);

    g_free(name);
    return is;
}

/* ---- what is reached ---- */

static void stop(reader *r)
{
    xmlStopParser(r->sax.xml);
}

static void reach_limit(reader *r, ms_limit_kind limit)
{
    r->notes->limit = &ms_limit_table[limit];
    r->notes->limit_span = ms_sax_span(&r->sax, ms_sax_here(&r->sax), ms_sax_here(&r->sax));
    r->notes->stopped = true;
    stop(r);
}

/* What is wrong with the XML: nothing behind it is believed. */
static void on_error(void *data, ms_xml_error error)
{
    reader *r = data;
    const ms_encoded *encoded = r->sax.encoded;
    size_t at = ms_sax_here(&r->sax);
    ms_syntax_error *found = &r->document->error;

    if (error->domain == XML_FROM_NAMESPACE || error->level != XML_ERR_FATAL || found->present ||
        r->notes->stopped)
        return;
    /* What is open at the end of the text is all that is wrong with it. */
    bool cut = !r->ended && !memchr(encoded->text + at, '>', encoded->length - at);
    char *words = g_strstrip(g_strdup(error->message ? error->message : "not well-formed"));

    if (cut)
        at = encoded->length;
    *found = (ms_syntax_error){
        .present = true,
        .cut = cut,
        .line = (uint32_t)MAX(error->line, 1),
        .column = (uint32_t)MAX(error->int2, 1),
        .offset =
            cut ? (uint32_t)r->sax.body_length : (uint32_t)ms_encoded_offset(r->sax.encoded, at),
        .message =
            cut ? "the body ends here" : ms_store_text(r->document->store, words, strlen(words)),
    };
    r->failed = true;
    g_free(words);
    stop(r);
}

/* ---- rows ---- */

static const ms_xml_rows *rows_of(const reader *r, const char *local)
{
    const ms_xml_rows *rows = r->kind->rows;

    for (; rows < r->kind->rows + MS_XML_MARKS && rows->element; rows++) {
        if (r->depth == (*rows->element ? 1u : 0u) &&
            (!*rows->element || strcmp(rows->element, local) == 0))
            return rows;
    }
    return NULL;
}

static void open_row(reader *r, const ms_xml_rows *how)
{
    struct ms_store *store = r->document->store;

    if (store->responses->len >= r->notes->limits.of[MS_MAX_RESPONSES]) {
        reach_limit(r, MS_MAX_RESPONSES);
        return;
    }
    r->how = how;
    r->row_depth = r->depth + 1;
    r->row_start = ms_sax_tag_start(&r->sax);
    r->name = r->version = (ms_text){NULL, {0, 0}};
    r->response = (ms_response){
        .hrefs = {store->hrefs->len, 1},
        .conditions = {store->conditions.len, 0},
        .propstats = {store->propstats->len, 0},
        .status = {.code = MS_STATUS_NONE},
    };
    g_string_truncate(r->path, 0);
}

/* "notes/a.txt?versionId=3", as S3 has it in its URIs. */
static void name_row(reader *r)
{
    ms_text href = r->name;

    if (!href.text && !*r->how->element && r->context->uri)
        href.text = ms_store_take(r->document->store, g_strdup(r->context->uri));
    else if (!href.text)
        href.text = ms_store_take(
            r->document->store,
            g_strdup_printf("%s[%u]", *r->how->element ? r->how->element : "", r->number));
    else if (r->version.text && *r->version.text)
        href.text = ms_store_take(r->document->store,
                                  g_strdup_printf("%s?versionId=%s", href.text, r->version.text));
    if (!r->name.text)
        href.span = r->response.span;
    g_array_append_val(r->document->store->hrefs, href);
}

static void close_row(reader *r, size_t end, bool complete)
{
    ms_response *response = &r->response;

    response->span = ms_sax_span(&r->sax, r->row_start, end);
    response->complete = complete;
    name_row(r);
    if (r->how->said != MS_SAID_NOTHING)
        ms_status_say(
            &r->response.status, r->how->said,
            ms_store_name(r->document->store, *r->how->element ? r->how->element : r->kind->root),
            response->span);
    if (response->status.code < 0 && response->status.said >= MS_SAID_COLLATERAL &&
        !response->reason)
        response->reason = response->status.line;
    g_array_append_val(r->document->store->responses, *response);
    r->how = NULL;
    r->number++;
}

/* ---- what a row says ---- */

static void add_condition(reader *r, const char *name, ms_span span)
{
    ms_element_list *conditions = &r->document->store->conditions;

    if (conditions->len >= r->notes->limits.of[MS_MAX_ELEMENTS]) {
        reach_limit(r, MS_MAX_ELEMENTS);
        return;
    }
    const ms_element condition = {.name = name, .span = span, .end = conditions->len + 1};

    *ms_element_list_add(conditions) = condition;
    r->response.conditions.count++;
}

static void take_status(reader *r, ms_text text)
{
    ms_status *status = &r->response.status;
    int code = ms_status_parse(text.text).code;

    status->line = text.text;
    status->span = text.span;
    status->code = ms_status_valid(code) ? code : MS_STATUS_WORD;
    if (!ms_status_valid(code))
        status->said = MAX(status->said, MS_SAID_UNREADABLE);
}

/* RFC 5546 section 3.6: 1 and 2 are success, 3 the client's mistake, 4 a conflict of times, 5 that
 * the server cannot. A 4 is for an organizer to decide, but the row was not done. */
static ms_said said_by(const char *request_status)
{
    if (!g_ascii_isdigit(request_status[0]) || request_status[1] != '.' ||
        !g_ascii_isdigit(request_status[2]))
        return MS_SAID_UNREADABLE;
    switch (request_status[0]) {
    case '1':
    case '2':
        return MS_SAID_OK;
    case '3':
    case '4':
    case '5':
        return MS_SAID_FAILED;
    default:
        return MS_SAID_UNREADABLE;
    }
}

static void take_request_status(reader *r, ms_text text)
{
    ms_said said = said_by(text.text);

    ms_status_say(&r->response.status, said, text.text, text.span);
    if (said == MS_SAID_FAILED && !r->response.reason)
        r->response.reason = text.text;
}

static void set(ms_text *field, ms_text text)
{
    if (!field->text && *text.text)
        *field = text;
}

static void take(reader *r, ms_xml_field field, ms_text text)
{
    switch (field) {
    case MS_XML_NAME:
        set(&r->name, text);
        break;
    case MS_XML_VERSION:
        set(&r->version, text);
        break;
    case MS_XML_STATUS:
        if (r->response.status.code == MS_STATUS_NONE)
            take_status(r, text);
        break;
    case MS_XML_REQUEST_STATUS:
        take_request_status(r, text);
        break;
    case MS_XML_CONDITION:
        if (*text.text && r->response.conditions.count == 0) {
            add_condition(r, text.text, text.span);
            r->response.reason = text.text;
        }
        break;
    case MS_XML_REASON:
        set(&r->response.description, text);
        break;
    case MS_XML_LOCATION:
        set(&r->response.location, text);
        break;
    case MS_XML_CONDITIONS:
        break;
    }
}

static const ms_xml_place *place_of(const reader *r, const char *path)
{
    const ms_xml_place *place = r->how->places;

    for (; place < r->how->places + MS_XML_PLACES && place->path; place++) {
        if (strcmp(place->path, path) == 0)
            return place;
    }
    return NULL;
}

/* ---- elements ---- */

static void take_attributes(reader *r, int count, const xmlChar **attributes)
{
    size_t length = r->path->len;

    for (int i = 0; i < count; i++, attributes += 5) {
        g_string_append_printf(r->path, "@%s", (const char *)attributes[0]);
        const ms_xml_place *place = place_of(r, r->path->str);
        size_t size =
            MIN((size_t)(attributes[4] - attributes[3]), r->notes->limits.of[MS_MAX_TEXT]);

        if (place)
            take(r, place->field,
                 (ms_text){ms_store_text(r->document->store, (const char *)attributes[3], size),
                           ms_sax_span(&r->sax, r->start, ms_sax_here(&r->sax))});
        g_string_truncate(r->path, length);
    }
}

/* A child of DAV:error, which is a condition. */
static void take_child(reader *r, const xmlChar *local, const xmlChar *uri)
{
    const char *slash = strrchr(r->path->str, '/');
    char *parent = slash ? g_strndup(r->path->str, (gsize)(slash - r->path->str)) : NULL;
    const ms_xml_place *place = parent ? place_of(r, parent) : NULL;

    if (place && place->field == MS_XML_CONDITIONS) {
        GString *name = g_string_new(NULL);

        ms_sax_name(name, local, NULL, uri);
        add_condition(r, ms_store_name(r->document->store, name->str),
                      ms_sax_span(&r->sax, r->start, ms_sax_here(&r->sax)));
        g_string_free(name, TRUE);
    }
    g_free(parent);
}

static unsigned below(const reader *r)
{
    return r->depth - r->row_depth;
}

static void enter(reader *r, const xmlChar *local, const xmlChar *uri, int count,
                  const xmlChar **attributes)
{
    if (below(r) > DEEPEST)
        return;
    if (below(r) > 0)
        g_string_append_printf(r->path, "%s%s", r->path->len > 0 ? "/" : "", (const char *)local);
    r->start = ms_sax_tag_start(&r->sax);
    const ms_xml_place *place = place_of(r, r->path->str);

    g_string_truncate(r->text, 0);
    r->wanted = place != NULL && below(r) > 0;
    take_attributes(r, count, attributes);
    take_child(r, local, uri);
}

static void on_start(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    reader *r = data;

    (void)prefix;
    (void)n_namespaces;
    (void)namespaces;
    (void)n_defaulted;
    if (r->failed || !ms_sax_tag_complete(&r->sax, ms_sax_here(&r->sax)))
        return;
    if (r->depth >= r->notes->limits.of[MS_MAX_DEPTH]) {
        reach_limit(r, MS_MAX_DEPTH);
        return;
    }
    const ms_xml_rows *how = r->how ? NULL : rows_of(r, (const char *)local);

    if (how)
        open_row(r, how);
    r->depth++;
    if (r->how)
        enter(r, local, uri, n_attributes, attributes);
}

/* The path without its last name. */
static void leave_path(reader *r)
{
    const char *slash = strrchr(r->path->str, '/');

    g_string_truncate(r->path, slash ? (gsize)(slash - r->path->str) : 0);
}

static void leave(reader *r, size_t end)
{
    if (below(r) > DEEPEST)
        return;
    const ms_xml_place *place = place_of(r, r->path->str);

    if (place && r->wanted && !strchr(place->path, '@')) {
        size_t length;
        const char *text = ms_sax_trimmed(r->text, 0, &length);

        take(r, place->field,
             (ms_text){ms_store_text(r->document->store, text, length),
                       ms_sax_span(&r->sax, r->start, end)});
    }
    r->wanted = false;
    leave_path(r);
}

static void on_end(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    reader *r = data;
    size_t end = ms_sax_here(&r->sax);

    (void)local;
    (void)prefix;
    (void)uri;
    if (r->depth == 0 || r->failed)
        return;
    if (r->how && r->depth == r->row_depth)
        close_row(r, end, true);
    else if (r->how)
        leave(r, end);
    r->depth--;
    r->ended = r->depth == 0;
    if (r->ended)
        r->document->span = ms_sax_span(&r->sax, 0, end);
}

static void on_text(void *data, const xmlChar *text, int length)
{
    reader *r = data;
    size_t most = r->notes->limits.of[MS_MAX_TEXT];

    if (!r->wanted || r->failed || length <= 0 || r->text->len >= most)
        return;
    g_string_append_len(r->text, (const char *)text,
                        (gssize)ms_sax_fitting(text, (size_t)length, most - r->text->len));
}

/* ---- all of it ---- */

static void run(reader *r)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    ms_xml_text text = {r->sax.encoded->text, r->sax.encoded->length};

    r->sax.xml = ms_xml_open(&text, &handler, r);
    if (!r->sax.xml)
        return;
    xmlParseDocument(r->sax.xml);
    if (r->how)
        close_row(r, r->sax.encoded->length, false);
    ms_xml_close(r->sax.xml);
    r->sax.xml = NULL;
}

static bool any_succeeded(const GArray *responses)
{
    for (guint i = 0; i < responses->len; i++) {
        if (g_array_index(responses, ms_response, i).status.said == MS_SAID_OK)
            return true;
    }
    return false;
}

void ms_xml_batch_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                        const ms_context *context, const ms_xml_batch *kind)
{
    reader r = {
        .sax = {.encoded = encoded, .body_length = document->span.length},
        .document = document,
        .notes = notes,
        .context = context,
        .kind = kind,
        .path = g_string_new(NULL),
        .text = g_string_new(NULL),
    };

    notes->orphan_status = MS_STATUS_NONE;
    notes->encoded = encoded;
    document->format = MS_FORMAT_XML;
    document->root = MS_ROOT_BATCH;
    document->root_name = ms_store_name(document->store, kind->root);
    run(&r);
    document->rest_done = kind->rest_done && !any_succeeded(document->store->responses) &&
                          !document->error.present && !notes->stopped;
    ms_store_publish(document->store, document);
    g_string_free(r.path, TRUE);
    g_string_free(r.text, TRUE);
}
