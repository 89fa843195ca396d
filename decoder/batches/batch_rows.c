/* batch_rows.c
 * The rows of a batch, where its kind says they are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batches.h"

#include <string.h>

#include "limit_table.h"
#include "part_error.h"
#include "status.h"

#define NO_TOKEN MS_JSON_NO_TOKEN

typedef struct {
    ms_json_parser *parser;
    const ms_json *json;
    const ms_batch_rows *how;
    uint32_t object;    /* that says what became of it; NO_TOKEN if it is none */
    const char *list;   /* what the list is called that it is in */
    const char *before; /* what its name begins with; NULL: nothing */
    uint32_t number;    /* in that list, from 0 */
    ms_response response;
} row;

/* ---- members ---- */

static bool is_nothing(const ms_json *json, uint32_t value)
{
    switch ((ms_json_type)json->tokens[value].type) {
    case MS_JSON_NULL:
    case MS_JSON_FALSE:
        return true;
    case MS_JSON_ARRAY:
    case MS_JSON_OBJECT:
        return ms_json_is_empty(json, value) && json->tokens[value].complete;
    case MS_JSON_STRING:
        return json->tokens[value].length <= 2;
    case MS_JSON_NUMBER:
    case MS_JSON_TRUE:
        break;
    }
    return false;
}

/* The value of a member; the last one of that name counts. */
static uint32_t member(const ms_json *json, uint32_t object, const char *name, size_t length)
{
    uint32_t found = NO_TOKEN;

    if (object == NO_TOKEN || !ms_json_has_type(json, object, MS_JSON_OBJECT))
        return NO_TOKEN;
    for (uint32_t at = ms_json_first(object), end = json->tokens[object].end; at < end;
         at = json->tokens[at + 1].end) {
        if (ms_json_is(json, at, name, length))
            found = at + 1;
    }
    return found;
}

/* "error.type"; of a list on the way, the first element counts. */
static uint32_t follow(const ms_json *json, uint32_t object, const char *path)
{
    while (object != NO_TOKEN && *path) {
        size_t length = strcspn(path, ".");

        if (ms_json_has_type(json, object, MS_JSON_ARRAY) && !ms_json_is_empty(json, object))
            object = ms_json_first(object);
        object = member(json, object, path, length);
        path += length + (path[length] == '.');
    }
    return object;
}

/* The first of several that is there and says something. */
static uint32_t first_of(const row *r, const char *const *paths)
{
    for (; *paths; paths++) {
        uint32_t value = follow(r->json, r->object, *paths);

        if (value != NO_TOKEN && !is_nothing(r->json, value))
            return value;
    }
    return NO_TOKEN;
}

static bool is_scalar(const ms_json *json, uint32_t value)
{
    return !ms_json_has_type(json, value, MS_JSON_OBJECT) &&
           !ms_json_has_type(json, value, MS_JSON_ARRAY);
}

static uint32_t scalar_of(const row *r, const char *const *paths)
{
    for (; *paths; paths++) {
        uint32_t value = follow(r->json, r->object, *paths);

        if (value != NO_TOKEN && is_scalar(r->json, value) && !is_nothing(r->json, value))
            return value;
    }
    return NO_TOKEN;
}

static ms_text text_of(const row *r, uint32_t value)
{
    return value == NO_TOKEN ? (ms_text){NULL, {0, 0}} : ms_json_text(r->parser, value);
}

/* What was put together from the element `token`, if that is anything. */
static ms_text take_name(const row *r, GString *name, uint32_t token)
{
    const char *kept =
        name->len > 0 ? ms_store_text(r->parser->document->store, name->str, name->len) : NULL;

    g_string_free(name, TRUE);
    return (ms_text){kept, ms_json_span(r->parser, token)};
}

/* ---- paths of GraphQL ---- */

/* ["boats", 1, "berth"] is "boats[1].berth". */
static ms_text path_of(const row *r)
{
    const ms_json *json = r->json;
    uint32_t path = r->how->path && r->object != NO_TOKEN
                        ? member(json, r->object, r->how->path, strlen(r->how->path))
                        : NO_TOKEN;

    if (path == NO_TOKEN || !ms_json_has_type(json, path, MS_JSON_ARRAY))
        return (ms_text){NULL, {0, 0}};
    GString *text = g_string_new(NULL);

    for (uint32_t at = ms_json_first(path), end = json->tokens[path].end; at < end;
         at = json->tokens[at].end) {
        if (ms_json_has_type(json, at, MS_JSON_NUMBER)) {
            g_string_append_printf(text, "[%s]", text_of(r, at).text);
        } else if (ms_json_has_type(json, at, MS_JSON_STRING)) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? "." : "", text_of(r, at).text);
        }
    }
    return take_name(r, text, path);
}

/* ---- keys of DynamoDB ---- */

/* What the keys of a table are called that were not made up for it alone. */
static const char *const keys[] = {"id", "Id", "ID", "pk", "PK", "sk", "SK"};

/* How many attributes name an item whose key nobody knows. */
#define KEY_ATTRIBUTES 2

/* {"S": "7"} and {"N": "7"} are "7": only those, and bytes, can be a key. NO_TOKEN if it is none.
 */
static uint32_t key_value(const ms_json *json, uint32_t attribute)
{
    uint32_t type = ms_json_first(attribute);

    return ms_json_has_type(json, attribute, MS_JSON_OBJECT) &&
                   !ms_json_is_empty(json, attribute) &&
                   (ms_json_is(json, type, "S", 1) || ms_json_is(json, type, "N", 1) ||
                    ms_json_is(json, type, "B", 1)) &&
                   ms_json_has_type(json, type + 1, MS_JSON_STRING)
               ? type + 1
               : NO_TOKEN;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "id=7": all attributes, or only those that are often the key. */
static GPtrArray *attributes_of(row *r, uint32_t item, bool known)
{
    const ms_json *json = r->json;
    GPtrArray *made = g_ptr_array_new_with_free_func(g_free);

    for (uint32_t at = ms_json_first(item), end = json->tokens[item].end; at < end;
         at = json->tokens[at + 1].end) {
        uint32_t value = key_value(json, at + 1);
        bool wanted = !known;

        for (size_t i = 0; !wanted && i < G_N_ELEMENTS(keys); i++)
            wanted = ms_json_is(json, at, keys[i], strlen(keys[i]));
        if (value != NO_TOKEN && wanted)
            g_ptr_array_add(made,
                            g_strdup_printf("%s=%s", text_of(r, at).text, text_of(r, value).text));
    }
    g_ptr_array_sort(made, compare_texts);
    return made;
}

/* "id=7,sort=a", whatever their order is. Of an item that is put it is not said what the key is:
 * attributes that are called like one, or the first ones by name, tell it from others. */
static ms_text key_of(row *r)
{
    static const struct {
        const char *path;
        bool whole; /* it holds the key and nothing else */
    } places[] = {{"DeleteRequest.Key", true}, {"PutRequest.Item", false}, {"", true}};
    uint32_t item = NO_TOKEN;
    size_t i = 0;

    for (; i < G_N_ELEMENTS(places) && item == NO_TOKEN; i++)
        item = follow(r->json, r->object, places[i].path);
    if (item == NO_TOKEN || !ms_json_has_type(r->json, item, MS_JSON_OBJECT))
        return (ms_text){NULL, {0, 0}};
    bool whole = places[i - 1].whole;
    GPtrArray *attributes = attributes_of(r, item, !whole);

    if (attributes->len == 0 && !whole) {
        g_ptr_array_unref(attributes);
        attributes = attributes_of(r, item, false);
    }
    GString *text = g_string_new(NULL);
    guint most = whole ? attributes->len : MIN(attributes->len, KEY_ATTRIBUTES);

    for (guint j = 0; j < most; j++)
        g_string_append_printf(text, "%s%s", j > 0 ? "," : "", (const char *)attributes->pdata[j]);
    g_ptr_array_unref(attributes);
    return take_name(r, text, item);
}

/* ---- what it is called ---- */

char *ms_batch_line(const char *method, const char *uri)
{
    GString *line = g_string_new(method);
    const char *at = strchr(uri, '?');

    if (line->len > 0)
        g_string_append_c(line, ' ');
    g_string_append_len(line, uri, at ? at - uri : (gssize)strlen(uri));
    for (char mark = '?'; at; at = *at ? at : NULL) {
        size_t length = strcspn(++at, "&");

        if (length > 0 && g_ascii_strncasecmp(at, "sig=", 4) != 0) {
            g_string_append_c(line, mark);
            g_string_append_len(line, at, (gssize)length);
            mark = '&';
        }
        at += length;
    }
    return g_string_free(line, FALSE);
}

static ms_text own_name(row *r)
{
    if (r->how->path)
        return path_of(r);
    if (r->how->layout == MS_BATCH_TABLES)
        return key_of(r);
    return text_of(r, scalar_of(r, r->how->names));
}

/* "GET Products(1)" */
static void add_line(row *r)
{
    const char *const verb[] = {r->how->verb, NULL}, *const target[] = {r->how->target, NULL};
    ms_text method = text_of(r, r->how->verb ? scalar_of(r, verb) : NO_TOKEN);
    ms_text uri = text_of(r, r->how->target ? scalar_of(r, target) : NO_TOKEN);

    if (!uri.text)
        return;
    uri.text = ms_store_take(r->parser->document->store,
                             ms_batch_line(method.text ? method.text : "", uri.text));
    g_array_append_val(r->parser->document->store->hrefs, uri);
    r->response.hrefs.count++;
}

/* By its identifier, "logs/7", or by its place in the list, "Records[0]", as its clients count. */
static void name_row(row *r)
{
    ms_text own = own_name(r);
    const char *const within[] = {r->how->within, NULL};
    ms_text outer = text_of(r, r->how->within ? scalar_of(r, within) : NO_TOKEN);
    ms_text href = {own.text, own.text ? own.span : r->response.span};

    if (own.text && r->how->layout == MS_BATCH_TABLES)
        href.text =
            ms_store_take(r->parser->document->store, g_strdup_printf("%s/%s", r->list, own.text));
    else if (!own.text)
        href.text = ms_store_take(r->parser->document->store,
                                  g_strdup_printf("%s[%u]", r->list, r->number));
    else if (r->how->place_in)
        href.text = ms_store_take(r->parser->document->store,
                                  g_strdup_printf("%s[%s]", r->how->place_in, own.text));
    if (outer.text)
        href.text = ms_store_take(r->parser->document->store,
                                  g_strdup_printf("%s/%s", outer.text, href.text));
    if (r->before)
        href.text =
            ms_store_take(r->parser->document->store, g_strconcat(r->before, href.text, NULL));
    g_array_append_val(r->parser->document->store->hrefs, href);
    r->response.hrefs.count = 1;
    add_line(r);
}

/* ---- what became of it ---- */

/* "201", 201, "HTTP/1.1 201 Created" */
static void take_status(row *r)
{
    uint32_t value = scalar_of(r, r->how->status);

    if (value == NO_TOKEN)
        return;
    ms_text text = text_of(r, value);
    int code = ms_status_parse(text.text).code;

    r->response.status.line = text.text;
    r->response.status.span = text.span;
    if (ms_status_valid(code)) {
        r->response.status.code = code;
    } else {
        r->response.status.code = MS_STATUS_WORD;
        r->response.status.said = MS_SAID_UNREADABLE;
    }
}

/* Is "result=not_found" true of it? */
static bool holds(const row *r, const char *equation)
{
    size_t length = strcspn(equation, "=");
    uint32_t value = member(r->json, r->object, equation, length);
    const char *text = equation + length + 1;

    return value != NO_TOKEN && ms_json_has_type(r->json, value, MS_JSON_STRING) &&
           ms_json_is(r->json, value, text, strlen(text));
}

static bool is_answered(const row *r)
{
    return first_of(r, r->how->good) != NO_TOKEN ||
           (r->how->answer &&
            member(r->json, r->object, r->how->answer, strlen(r->how->answer)) != NO_TOKEN);
}

static void take_flag(row *r)
{
    uint32_t value = member(r->json, r->object, r->how->flag, strlen(r->how->flag));

    if (value == NO_TOKEN)
        return;
    if (ms_json_has_type(r->json, value, MS_JSON_TRUE))
        ms_status_say(&r->response.status, MS_SAID_OK, "ok", ms_json_span(r->parser, value));
    else if (ms_json_has_type(r->json, value, MS_JSON_FALSE))
        ms_status_say(&r->response.status, MS_SAID_FAILED, "error", ms_json_span(r->parser, value));
}

static void take_fate(row *r)
{
    const ms_batch_rows *how = r->how;
    uint32_t error = first_of(r, how->error);

    take_status(r);
    if (how->said != MS_SAID_NOTHING)
        ms_status_say(&r->response.status, how->said,
                      ms_store_name(r->parser->document->store, how->list), r->response.span);
    if (error != NO_TOKEN)
        ms_status_say(&r->response.status, MS_SAID_FAILED, "error", ms_json_span(r->parser, error));
    else if (how->flag)
        take_flag(r);
    else if (is_answered(r))
        ms_status_say(&r->response.status, MS_SAID_OK, "ok", r->response.span);
    if (error == NO_TOKEN && how->gone && r->response.status.code == 404 && holds(r, how->gone))
        r->response.status.said = MS_SAID_GONE;
}

static bool has_failed(const row *r)
{
    return r->response.status.code >= 300 || r->response.status.said >= MS_SAID_COLLATERAL;
}

/* ---- why ---- */

static bool is_one_of(const char *const *words, const char *text)
{
    for (; *words; words++) {
        if (strcmp(*words, text) == 0)
            return true;
    }
    return false;
}

/* A row that failed with others has their number, too: the word says more. */
static void take_collateral(row *r, const char *condition)
{
    if (!is_one_of(r->how->collateral, condition))
        return;
    r->response.status.said = MS_SAID_COLLATERAL;
    r->response.status.code = MS_STATUS_WORD;
}

static void add_condition(row *r, ms_text name)
{
    ms_element_list *conditions = &r->parser->document->store->conditions;

    if (!name.text || conditions->len >= r->parser->notes->limits.of[MS_MAX_ELEMENTS])
        return;
    const ms_element condition = {.name = name.text, .span = name.span, .end = conditions->len + 1};

    *ms_element_list_add(conditions) = condition;
    r->response.conditions.count = 1;
    take_collateral(r, name.text);
    if (r->response.status.code < 0)
        r->response.reason = name.text;
}

/* {"status": 422, "body": "{\"error\": {\"code\": ...}}"}; what is no such error is said as it is.
 */
static void take_text(row *r)
{
    uint32_t value = r->how->text ? follow(r->json, r->object, r->how->text) : NO_TOKEN;

    if (value == NO_TOKEN || !ms_json_has_type(r->json, value, MS_JSON_STRING) ||
        is_nothing(r->json, value))
        return;
    ms_text body = text_of(r, value);
    struct ms_store *store = r->parser->document->store;
    const ms_context context = {.limits = &r->parser->notes->limits};
    ms_document *said = ms_part_error(body.text, strlen(body.text), &context);

    r->response.description = body;
    if (!said)
        return;
    const char *words = said->responses[0].description.text;

    if (said->responses[0].conditions.count > 0)
        add_condition(r, (ms_text){ms_store_name(store, said->conditions[0].name), body.span});
    if (words)
        r->response.description.text = ms_store_text(store, words, strlen(words));
    ms_document_free(said);
}

static void take_reasons(row *r)
{
    const char *const location[] = {r->how->location, NULL};

    if (r->how->location)
        r->response.location = text_of(r, scalar_of(r, location));
    if (!has_failed(r))
        return;
    add_condition(r, text_of(r, scalar_of(r, r->how->conditions)));
    r->response.description = text_of(r, scalar_of(r, r->how->reasons));
    if (!r->response.description.text && r->response.conditions.count == 0)
        take_text(r);
    if (!r->response.reason && r->response.status.code < 0)
        r->response.reason = r->response.status.said == MS_SAID_FAILED && r->how->list[0]
                                 ? r->how->said != MS_SAID_NOTHING ? r->how->list : "failed"
                                 : r->response.status.line;
}

/* ---- rows ---- */

/* The object that is the row: of an action, what its only member holds. */
static uint32_t object_of(const ms_json *json, const ms_batch_rows *how, uint32_t element)
{
    uint32_t inner = ms_json_first(element) + 1;

    if (!ms_json_has_type(json, element, MS_JSON_OBJECT))
        return NO_TOKEN;
    if (how->layout != MS_BATCH_ACTIONS)
        return element;
    return ms_json_is_empty(json, element) ||
                   json->tokens[inner].end != json->tokens[element].end ||
                   !ms_json_has_type(json, inner, MS_JSON_OBJECT)
               ? NO_TOKEN
               : inner;
}

static row new_row(ms_json_parser *parser, const ms_batch_rows *how, uint32_t element,
                   const char *list, uint32_t number)
{
    const struct ms_store *store = parser->document->store;

    return (row){
        .parser = parser,
        .json = parser->json,
        .how = how,
        .object = object_of(parser->json, how, element),
        .list = list,
        .number = number,
        .response =
            {
                .span = ms_json_span(parser, element),
                .hrefs = {store->hrefs->len, 0},
                .conditions = {store->conditions.len, 0},
                .propstats = {store->propstats->len, 0},
                .status = {.code = MS_STATUS_NONE},
                .complete = parser->json->tokens[element].complete,
            },
    };
}

static void add_row(ms_json_parser *parser, const ms_batch_rows *how, uint32_t element,
                    const char *list, const char *before, uint32_t number)
{
    row r = new_row(parser, how, element, list, number);

    r.before = before;
    name_row(&r);
    take_fate(&r);
    take_reasons(&r);
    if (how->alone && has_failed(&r) &&
        member(r.json, r.object, how->alone, strlen(how->alone)) != NO_TOKEN)
        parser->document->rest_done = true;
    g_array_append_val(parser->document->store->responses, r.response);
}

static void add_list(ms_json_parser *parser, const ms_batch_rows *how, uint32_t list,
                     const char *name, const char *before)
{
    const ms_json *json = parser->json;
    uint32_t number = 0;

    if (!ms_json_has_type(json, list, MS_JSON_ARRAY))
        return;
    for (uint32_t at = ms_json_first(list), end = json->tokens[list].end;
         at < end && !ms_json_is_full(parser, at); at = json->tokens[at].end)
        add_row(parser, how, at, name, before, number++);
}

/* {"boat": {...}, "crew": null}: is there more than nulls? */
static bool holds_anything(const ms_json *json, uint32_t object, const char *name)
{
    uint32_t value = member(json, object, name, strlen(name));

    if (value == NO_TOKEN || !ms_json_has_type(json, value, MS_JSON_OBJECT))
        return false;
    for (uint32_t at = ms_json_first(value), end = json->tokens[value].end; at < end;
         at = json->tokens[at + 1].end) {
        if (!ms_json_has_type(json, at + 1, MS_JSON_NULL))
            return true;
    }
    return false;
}

/* {"graphs": [{"graphId": "a", "graphResponse": {"compositeResponse": [{...}]}}]} */
static void add_graphs(ms_json_parser *parser, const ms_batch_rows *how, uint32_t list)
{
    const ms_json *json = parser->json;

    if (!ms_json_has_type(json, list, MS_JSON_ARRAY))
        return;
    for (uint32_t at = ms_json_first(list), end = json->tokens[list].end; at < end;
         at = json->tokens[at].end) {
        uint32_t name = follow(json, at, how->outer), inner = follow(json, at, how->inner);

        if (inner != NO_TOKEN)
            add_list(parser, how, inner, how->inner,
                     name != NO_TOKEN && is_scalar(json, name)
                         ? ms_store_take(parser->document->store,
                                         g_strconcat(ms_json_text(parser, name).text, "/", NULL))
                         : NULL);
        else if (!ms_json_is_full(parser, at))
            add_row(parser, how, at, how->list, NULL, 0);
    }
}

/* [{"data": {...}}, {"errors": [{...}], "data": null}] */
static void add_answers(ms_json_parser *parser, const ms_batch *batch, const ms_batch_rows *how)
{
    const ms_json *json = parser->json;
    uint32_t number = 0;

    if (!ms_json_has_type(json, 0, MS_JSON_ARRAY))
        return;
    for (uint32_t at = ms_json_first(0), end = json->tokens[0].end;
         at < end && !ms_json_is_full(parser, at); at = json->tokens[at].end) {
        const char *name =
            ms_store_take(parser->document->store, g_strdup_printf("[%u]", number++));
        uint32_t list = member(json, at, how->list, strlen(how->list));

        if (list != NO_TOKEN && !is_nothing(json, list)) {
            add_list(parser, how, list, how->list,
                     ms_store_take(parser->document->store, g_strconcat(name, ".", NULL)));
            parser->document->rest_done =
                parser->document->rest_done || holds_anything(json, at, batch->rest_in);
            continue;
        }
        row r = new_row(parser, how, at, how->list, number);
        const ms_text href = {name, r.response.span};

        g_array_append_val(parser->document->store->hrefs, href);
        r.response.hrefs.count = 1;
        if (member(json, at, batch->rest_in, strlen(batch->rest_in)) != NO_TOKEN)
            ms_status_say(&r.response.status, MS_SAID_OK, "ok", r.response.span);
        g_array_append_val(parser->document->store->responses, r.response);
    }
}

/* {"orders": [{...}], "log": {"Keys": [{...}]}} */
static void add_tables(ms_json_parser *parser, const ms_batch_rows *how, uint32_t tables)
{
    const ms_json *json = parser->json;

    if (!ms_json_has_type(json, tables, MS_JSON_OBJECT))
        return;
    for (uint32_t name = ms_json_first(tables), end = json->tokens[tables].end; name < end;
         name = json->tokens[name + 1].end) {
        uint32_t list = ms_json_has_type(json, name + 1, MS_JSON_OBJECT)
                            ? member(json, name + 1, "Keys", strlen("Keys"))
                            : name + 1;

        if (list != NO_TOKEN)
            add_list(parser, how, list, ms_json_text(parser, name).text, NULL);
    }
}

/* A number, or one in a string as protocol buffers write those of 64 bits: is it above 0? */
static bool counts_any(const char *number)
{
    return number[strspn(number, "0.")] >= '1' && number[strspn(number, "0.")] <= '9';
}

/* {"rejectedSpans": "3", "errorMessage": "..."}: a row for all that it counts */
static void add_counts(ms_json_parser *parser, const ms_batch_rows *how, uint32_t object)
{
    for (const char *const *name = how->tells; *name; name++) {
        const char *const path[] = {*name, NULL};
        row r = new_row(parser, how, object, how->list, 0);
        uint32_t value = r.object == NO_TOKEN ? NO_TOKEN : scalar_of(&r, path);

        if (value == NO_TOKEN || ms_json_is_full(parser, object))
            continue;
        const ms_text number = text_of(&r, value);

        if (!counts_any(number.text))
            continue;
        const ms_text href = {ms_store_take(parser->document->store,
                                            g_strdup_printf("%s (%s)", how->list, number.text)),
                              r.response.span};

        g_array_append_val(parser->document->store->hrefs, href);
        r.response.hrefs.count = 1;
        r.response.reason = *name;
        ms_status_say(&r.response.status, MS_SAID_FAILED, r.response.reason, r.response.span);
        take_reasons(&r);
        g_array_append_val(parser->document->store->responses, r.response);
    }
}

static void add_rows(ms_json_parser *parser, const ms_batch_rows *how, uint32_t list)
{
    switch (how->layout) {
    case MS_BATCH_TABLES:
        add_tables(parser, how, list);
        break;
    case MS_BATCH_COUNTS:
        add_counts(parser, how, list);
        break;
    case MS_BATCH_ROWS:
    case MS_BATCH_ACTIONS:
        add_list(parser, how, list, how->list, NULL);
        break;
    case MS_BATCH_GRAPHS:
        add_graphs(parser, how, list);
        break;
    case MS_BATCH_ANSWERS: /* in all elements of the body: add_answers() */
        break;
    }
}

/* Where one went with others, nothing was done at all. */
static bool any_collateral(const ms_json_parser *parser)
{
    const GArray *responses = parser->document->store->responses;

    for (guint i = 0; i < responses->len; i++) {
        if (g_array_index(responses, ms_response, i).status.said == MS_SAID_COLLATERAL)
            return true;
    }
    return false;
}

static void read_rows(ms_json_parser *parser, const void *data)
{
    const ms_batch *batch = data;
    const ms_json *json = parser->json;
    bool placed = false;

    for (const ms_batch_rows *how = batch->rows; json->count > 0 && how->list; how++) {
        uint32_t list = follow(json, 0, how->list);

        if (how->layout == MS_BATCH_ANSWERS) {
            add_answers(parser, batch, how);
            placed = true;
            continue;
        }
        if (list == NO_TOKEN || (how->list[0] && !ms_json_has_type(json, 0, MS_JSON_OBJECT)))
            continue;
        placed = true;
        add_rows(parser, how, list);
    }
    placed = placed ||
             (batch->may_lack_rows && json->count > 0 && ms_json_has_type(json, 0, MS_JSON_OBJECT));
    if (batch->rest_in && json->count > 0 && holds_anything(json, 0, batch->rest_in))
        parser->document->rest_done = true;
    if (batch->rest_done)
        parser->document->rest_done = placed && !any_collateral(parser);
    if (!placed && !parser->document->error.present && !parser->notes->stopped)
        parser->document->undecoded =
            "a batch, but without the list of its rows: nothing says what became of them";
}

const char *ms_batch_unread(const char *content_type)
{
    size_t length = content_type ? strcspn(content_type, "; \t") : 0;

    return length == strlen(MS_BATCH_CBOR) &&
                   g_ascii_strncasecmp(content_type, MS_BATCH_CBOR, length) == 0
               ? "a batch whose answer is written in CBOR, which is not read: nothing says what "
                 "became of its rows"
               : NULL;
}

static void read_asked(ms_json_parser *parser, const void *data)
{
    const ms_batch *batch = data;
    const ms_batch_rows *how = &batch->asked;
    uint32_t list = parser->json->count > 0 ? follow(parser->json, 0, how->list) : NO_TOKEN;
    uint32_t quiet = parser->json->count > 0 && batch->quiet
                         ? member(parser->json, 0, batch->quiet, strlen(batch->quiet))
                         : NO_TOKEN;

    if (list == NO_TOKEN)
        return;
    if (how->layout == MS_BATCH_TABLES)
        add_tables(parser, how, list);
    else
        add_list(parser, how, list, how->answered_in ? how->answered_in : how->list, NULL);
    parser->document->rest_done =
        quiet != NO_TOKEN && ms_json_has_type(parser->json, quiet, MS_JSON_FALSE);
}

void ms_batch_parse_asked(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                          const ms_batch *batch)
{
    ms_json_parse_by(document, notes, encoded, read_asked, batch);
}

void ms_batch_parse(ms_document *document, ms_notes *notes, ms_encoded *encoded,
                    const ms_batch *batch)
{
    ms_json_parse_by(document, notes, encoded, read_rows, batch);
}
