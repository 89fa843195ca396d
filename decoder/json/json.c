/* json.c
 * Multi-Status bodies in JSON: from the text to the model.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "limit_table.h"

/* What a body says about itself as a whole. */
static const char *const summaries[] = {"message", "detail", "title", "description", "error"};

/* Several JSON texts, each on a line of its own, or after a separator (RFC 7464). */
static const char *const lines[] = {"ndjson", "jsonl", "jsonlines", "json-lines", "json-seq"};

static bool ends_in(const char *type, size_t length, const char *end)
{
    size_t size = strlen(end);

    return length > size && strchr("/+-", type[length - size - 1]) &&
           g_ascii_strncasecmp(type + length - size, end, size) == 0;
}

bool ms_json_is_type(const char *content_type)
{
    if (!content_type)
        return false;
    size_t length = strcspn(content_type, "; \t");

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (ends_in(content_type, length, lines[i]))
            return true;
    }
    return ends_in(content_type, length, "json") && content_type[length - 5] != '-';
}

static char first_character(const ms_encoded *encoded)
{
    size_t at = 0;

    while (at < encoded->length &&
           (g_ascii_isspace(encoded->text[at]) || encoded->text[at] == '\x1e'))
        at++;
    return at < encoded->length ? encoded->text[at] : '\0';
}

bool ms_json_suits(const ms_encoded *encoded, const char *content_type)
{
    char first = first_character(encoded);

    return first == '{' || first == '[' ||
           (first != '<' && first != '\0' && ms_json_is_type(content_type));
}

/* ---- for the rows ---- */

ms_span ms_json_span(const ms_json_parser *parser, uint32_t token)
{
    const ms_json_token *of = &parser->json->tokens[token];
    size_t from, to;

    if (!parser->encoded->exact)
        return (ms_span){0, parser->document->span.length};
    from = ms_encoded_offset(parser->encoded, of->offset);
    to = ms_encoded_offset(parser->encoded, of->offset + of->length);
    return (ms_span){(uint32_t)from, (uint32_t)(to - from)};
}

ms_text ms_json_text(ms_json_parser *parser, uint32_t token)
{
    g_string_truncate(parser->text, 0);
    if (ms_json_append_text(parser->json, token, parser->text) > 0)
        ms_json_note(parser, MS_NOTE_JSON_CHARACTER, token);
    size_t length = MIN(parser->text->len, parser->notes->limits.of[MS_MAX_TEXT]);

    if (length < parser->text->len && !parser->notes->limit) {
        parser->notes->limit = &ms_limit_table[MS_MAX_TEXT];
        parser->notes->limit_span = ms_json_span(parser, token);
    }
    while (length < parser->text->len && length > 0 &&
           ((unsigned char)parser->text->str[length] & 0xC0) == 0x80)
        length--;
    return (ms_text){ms_store_text(parser->document->store, parser->text->str, length),
                     ms_json_span(parser, token)};
}

void ms_json_note(ms_json_parser *parser, ms_note_kind kind, uint32_t token)
{
    ms_note *note = &parser->notes->of[kind];

    if (note->count++ > 0)
        return;
    const ms_json_token *of = &parser->json->tokens[token];

    note->response = parser->document->store->responses->len;
    note->span = ms_json_span(parser, token);
    note->example = g_strndup(parser->json->text + of->offset, of->length);
}

/* ---- the whole ---- */

static void set_error(ms_json_parser *parser, size_t at, bool cut, const char *message)
{
    ms_document *document = parser->document;
    const char *text = parser->encoded->text;
    uint32_t line = 1, column = 1;

    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    document->error = (ms_syntax_error){
        .present = true,
        .cut = cut,
        .line = line,
        .column = column,
        .offset = (uint32_t)ms_encoded_offset(parser->encoded, at),
        .message = ms_store_text(document->store, message, strlen(message)),
    };
}

/* What is wrong with the text, the first thing first. */
static void note_errors(ms_json_parser *parser)
{
    const ms_encoded *encoded = parser->encoded;
    const ms_json *json = parser->json;
    ms_notes *notes = parser->notes;

    if (encoded->invalid && (!json->error || encoded->invalid_at <= json->error_at)) {
        char *message = g_strdup_printf("a byte sequence that is not valid %s", encoded->name);

        notes->invalid_bytes = true;
        set_error(parser, encoded->invalid_at, false, message);
        g_free(message);
    } else if (json->error) {
        set_error(parser, json->error_at, json->cut, json->error);
    }
    if (json->limit) {
        size_t at = ms_encoded_offset(parser->encoded, json->limit_at);

        notes->limit = json->limit;
        notes->limit_span = (ms_span){(uint32_t)at, 0};
        notes->stopped = true;
    }
}

/* ---- rows ---- */

/* The rows of the lists so far that lie in one object, by what they are called. */
typedef struct {
    uint32_t parent;
    GHashTable *good, *failed; /* their keys belong to the document */
} known_rows;

static bool has_failed(const ms_response *response)
{
    return response->status.code >= 300 || response->status.said >= MS_SAID_COLLATERAL;
}

static const char *name_of(const ms_json_parser *parser, const ms_response *response)
{
    return g_array_index(parser->document->store->hrefs, ms_text, response->hrefs.first).text;
}

static void know_rows_from(const ms_json_parser *parser, known_rows *known, guint from)
{
    const GArray *responses = parser->document->store->responses;

    for (guint i = from; i < responses->len; i++) {
        const ms_response *response = &g_array_index(responses, ms_response, i);

        g_hash_table_add(has_failed(response) ? known->failed : known->good,
                         (gpointer)name_of(parser, response));
    }
}

/* Lists repeat each other: {"results": [{"id": 2, "status": 404}], "failed": [2]},
 * {"results": {"2": {"status": 404}}, "statuses": {"2": 404}}. */
static void drop_known(const ms_json_parser *parser, const known_rows *known)
{
    GArray *responses = parser->document->store->responses;
    const ms_response *last = &g_array_index(responses, ms_response, responses->len - 1);
    const char *name = name_of(parser, last);

    if (*name != '#' && g_hash_table_contains(has_failed(last) ? known->failed : known->good, name))
        g_array_set_size(responses, responses->len - 1);
}

bool ms_json_is_full(ms_json_parser *parser, uint32_t value)
{
    if (parser->document->store->responses->len < parser->notes->limits.of[MS_MAX_RESPONSES])
        return false;
    parser->notes->limit = &ms_limit_table[MS_MAX_RESPONSES];
    parser->notes->limit_span = ms_json_span(parser, value);
    parser->notes->stopped = true;
    return true;
}

static void add_all_rows(ms_json_parser *parser, const ms_json_list *list, const known_rows *known)
{
    const ms_json *json = parser->json;
    bool map = list->style == MS_JSON_MAP;
    uint32_t i = ms_json_first(list->container), end = json->tokens[list->container].end;

    while (i < end) {
        uint32_t value = map ? i + 1 : i;

        if (ms_json_is_full(parser, value))
            break;
        if (!(list->skips_null && ms_json_has_type(json, value, MS_JSON_NULL))) {
            ms_json_add_row(parser, list, i, value);
            if (list->listed != MS_JSON_LISTED || map)
                drop_known(parser, known);
        }
        i = json->tokens[value].end;
    }
}

static void add_rows(ms_json_parser *parser, ms_json_list *list, known_rows *known)
{
    guint from = parser->document->store->responses->len;

    if (list->name != 0)
        list->label = ms_json_text(parser, list->name);
    if (list->parent != known->parent) {
        g_hash_table_remove_all(known->good);
        g_hash_table_remove_all(known->failed);
        known->parent = list->parent;
    }
    if (list->style != MS_JSON_SINGLE)
        add_all_rows(parser, list, known);
    else if (!ms_json_is_full(parser, list->container))
        ms_json_add_row(parser, list, 0, list->container);
    know_rows_from(parser, known, from);
}

static void add_lists(ms_json_parser *parser, const ms_json_shape *shape)
{
    known_rows known = {0, g_hash_table_new(g_str_hash, g_str_equal),
                        g_hash_table_new(g_str_hash, g_str_equal)};

    for (guint i = 0; i < shape->lists->len; i++)
        add_rows(parser, &g_array_index(shape->lists, ms_json_list, i), &known);
    g_hash_table_destroy(known.good);
    g_hash_table_destroy(known.failed);
}

/* Only failures are listed: the member that counts the others, if there is one. */
static void note_others(ms_json_parser *parser, const ms_json_shape *shape)
{
    ms_note *note = &parser->notes->of[MS_NOTE_JSON_OTHERS];

    if (shape->others == 0)
        return;
    note->count = 1;
    note->response = MS_NO_RESPONSE;
    if (shape->others != MS_JSON_NO_TOKEN) {
        note->span = ms_json_span(parser, shape->others);
        note->example = g_strdup_printf("%s: %s", ms_json_text(parser, shape->others).text,
                                        ms_json_text(parser, shape->others + 1).text);
    }
}

/* How deep the words of a body without rows may be nested: {"ocs": {"meta": {"message": "..."}}}.
 */
#define SUMMARY_DEEP 3u

/* The message of an object, or where it has none, of the first object in it that has one. */
static uint32_t find_summary(const ms_json *json, uint32_t object, unsigned deep)
{
    uint32_t end = json->tokens[object].end;

    for (size_t i = 0; i < G_N_ELEMENTS(summaries); i++) {
        for (uint32_t name = ms_json_first(object); name < end; name = json->tokens[name + 1].end) {
            if (ms_json_is(json, name, summaries[i], strlen(summaries[i])) &&
                ms_json_has_type(json, name + 1, MS_JSON_STRING) &&
                json->tokens[name + 1].length > 2)
                return name + 1;
        }
    }
    for (uint32_t name = ms_json_first(object); name < end && deep < SUMMARY_DEEP;
         name = json->tokens[name + 1].end) {
        uint32_t words = ms_json_has_type(json, name + 1, MS_JSON_OBJECT)
                             ? find_summary(json, name + 1, deep + 1)
                             : MS_JSON_NO_TOKEN;

        if (words != MS_JSON_NO_TOKEN)
            return words;
    }
    return MS_JSON_NO_TOKEN;
}

/* The body's own words: a tag, or a message beside the rows. */
static void set_description(ms_json_parser *parser, const ms_json_shape *shape)
{
    const ms_json *json = parser->json;

    if (shape->tag != 0) {
        parser->document->description = ms_json_text(parser, shape->tag);
        return;
    }
    if (json->count == 0 || !ms_json_has_type(json, 0, MS_JSON_OBJECT) ||
        (shape->lists->len > 0 && g_array_index(shape->lists, ms_json_list, 0).container == 0))
        return;
    /* What is said deeper down may be about a row, if there is one. */
    bool rows = parser->document->store->responses->len > 0;
    uint32_t words = find_summary(json, 0, rows ? SUMMARY_DEEP : 0);

    if (words != MS_JSON_NO_TOKEN)
        parser->document->description = ms_json_text(parser, words);
}

/* Where no kind of batch says where the rows are: what looks like rows. */
static void add_recognised(ms_json_parser *parser, const void *data)
{
    ms_document *document = parser->document;
    ms_notes *notes = parser->notes;
    ms_json_shape shape = ms_json_find_shape(parser->json);

    (void)data;
    add_lists(parser, &shape);
    notes->json_refused = shape.refused && document->store->responses->len == 0;
    notes->json_claims_failure = shape.claims_failure;
    set_description(parser, &shape);
    if (shape.lists->len > 0 && !notes->json_refused)
        note_others(parser, &shape);
    else if (!document->error.present && !notes->stopped)
        document->undecoded = notes->json_refused
                                  ? "JSON without rows that says that the request failed"
                                  : "JSON in which no rows can be recognised";
    ms_json_clear_shape(&shape);
}

void ms_json_parse_by(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                      ms_json_reader read, const void *data)
{
    ms_json json;
    ms_json_parser parser = {document, notes, encoded, &json, g_string_new(NULL)};

    notes->encoded = encoded;
    document->format = MS_FORMAT_JSON;
    document->root = MS_ROOT_JSON;
    ms_json_read(&json, encoded->text, encoded->length, &notes->limits);
    note_errors(&parser);
    read(&parser, data);
    ms_store_publish(document->store, document);
    g_string_free(parser.text, TRUE);
    ms_json_clear(&json);
}

void ms_json_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded)
{
    ms_json_parse_by(document, notes, encoded, add_recognised, NULL);
}
