/* json_row.c
 * One row of a JSON Multi-Status body: which resource, what became of it, and why.
 *
 * What a row says of itself in several ways (a number, a word, a boolean, an error, the list that
 * it is in) is all kept; judge.c decides. RFC 9457 sections 3.1 and 3.2 for problem details.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "status.h"

#define NO_TOKEN UINT32_MAX

/* The members of an object that count, by role: the token of the value, or NO_TOKEN. */
typedef struct {
    uint32_t value[MS_JSON_ROLES];
    uint8_t rank[MS_JSON_ROLES];
} fields;

/* A row in the making. */
typedef struct {
    ms_json_parser *parser;
    const ms_json *json;
    const ms_json_list *list;
    ms_response response;
    fields own, error; /* of the row itself, and of the object that says what went wrong */
    bool bare;         /* the line is that of a boolean or null */
} row;

static bool has(const fields *of, ms_json_role role)
{
    return of->value[role] != NO_TOKEN;
}

static fields no_fields(void)
{
    fields none;

    for (unsigned i = 0; i < MS_JSON_ROLES; i++)
        none.value[i] = NO_TOKEN;
    return none;
}

static bool is_scalar(const ms_json *json, uint32_t token)
{
    return json->tokens[token].type > MS_JSON_ARRAY;
}

static bool is_text(const ms_json *json, uint32_t token)
{
    return ms_json_has_type(json, token, MS_JSON_STRING) && json->tokens[token].length > 2;
}

/* ---- statuses ---- */

/* The number in a token, or a negative number. */
static int number_in(const ms_json *json, uint32_t token)
{
    const ms_json_token *of = &json->tokens[token];
    const char *at = json->text + of->offset;
    int number = 0;

    if (of->type != MS_JSON_NUMBER || of->length > 4)
        return MS_STATUS_UNREADABLE;
    for (uint32_t i = 0; i < of->length; i++) {
        if (!g_ascii_isdigit(at[i]))
            return MS_STATUS_UNREADABLE;
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

/* "404", "404 Not Found" and "HTTP/1.1 404 Not Found" hold a number, "2 failed" does not. */
static int number_in_text(const char *text)
{
    ms_status_line line = ms_status_parse(text);

    return line.code >= 100 ? line.code : MS_STATUS_UNREADABLE;
}

static void say(row *r, ms_said said)
{
    r->response.status.said = MAX(r->response.status.said, said);
}

/* The line as it is shown: "404", "failed"; of values that say nothing without it, with the name.
 */
static void set_line(row *r, uint32_t name, uint32_t value)
{
    ms_status *status = &r->response.status;
    bool bare = !ms_json_has_type(r->json, value, MS_JSON_STRING) &&
                !ms_json_has_type(r->json, value, MS_JSON_NUMBER);
    ms_text text = ms_json_text(r->parser, bare && name != NO_TOKEN ? name : value);

    status->line = text.text;
    status->span = ms_json_span(r->parser, value);
    if (bare && name != NO_TOKEN && is_scalar(r->json, value)) {
        char *line = g_strdup_printf("%s: %s", text.text, ms_json_text(r->parser, value).text);

        status->line = ms_store_name(r->parser->document->store, line);
        g_free(line);
    }
}

static void set_number(row *r, uint32_t value, int code)
{
    if (r->response.status.code >= 0)
        return;
    r->response.status.code = code;
    r->response.status.line = ms_json_text(r->parser, value).text;
    r->response.status.span = ms_json_span(r->parser, value);
}

/* Something other than a number. */
static void set_word(row *r, uint32_t name, uint32_t value, ms_said said)
{
    ms_status *status = &r->response.status;

    if (status->code < 0 && (status->code == MS_STATUS_NONE || said > status->said)) {
        status->code = MS_STATUS_WORD;
        r->bare = r->json->tokens[value].type >= MS_JSON_TRUE;
        set_line(r, name, value);
    }
    say(r, said);
}

static void take_status_text(row *r, uint32_t name, uint32_t value)
{
    const char *text = ms_json_text(r->parser, value).text;
    int number = number_in_text(text);

    if (number >= 0) {
        ms_json_note(r->parser, MS_NOTE_JSON_TEXT, value);
        set_number(r, value, number);
        return;
    }
    ms_said said = ms_json_word(text);

    /* In a list of successes, it is the resource that has a status ("active"). */
    if (r->list->listed != MS_JSON_LISTED_OK)
        set_word(r, name, value, said);
}

static void take_status(row *r, uint32_t name, uint32_t value)
{
    int number;

    switch (r->json->tokens[value].type) {
    case MS_JSON_NUMBER:
        number = number_in(r->json, value);
        if (number >= 0)
            set_number(r, value, number);
        else
            set_word(r, name, value, MS_SAID_UNREADABLE);
        break;
    case MS_JSON_STRING:
        take_status_text(r, name, value);
        break;
    case MS_JSON_TRUE:
        set_word(r, name, value, MS_SAID_OK);
        break;
    case MS_JSON_FALSE:
        set_word(r, name, value, MS_SAID_FAILED);
        break;
    case MS_JSON_NULL:
        set_word(r, name, value, r->list->tagged ? MS_SAID_FAILED : MS_SAID_UNREADABLE);
        break;
    default: /* an object: its members are looked at as those of an error are */
        break;
    }
}

/* A status if it is one, "code": 404; else the server's own code, "code": "NotFound". */
static void take_code(row *r, uint32_t value)
{
    int number = ms_json_has_type(r->json, value, MS_JSON_STRING)
                     ? number_in_text(ms_json_text(r->parser, value).text)
                     : number_in(r->json, value);

    if (ms_status_valid(number))
        set_number(r, value, number);
}

static bool is_empty_value(const ms_json *json, uint32_t token)
{
    const ms_json_token *of = &json->tokens[token];

    switch (of->type) {
    case MS_JSON_STRING:
        return of->length == 2;
    case MS_JSON_ARRAY:
        return of->end == token + 1;
    case MS_JSON_NUMBER:
        return number_in(json, token) == 0;
    default:
        return of->type == MS_JSON_NULL || of->type == MS_JSON_FALSE;
    }
}

/* {"success": true}, {"success": ["attribute"]} */
static void take_flag(row *r, uint32_t name, uint32_t value)
{
    if (is_scalar(r->json, value))
        take_status(r, name, value);
    else if (!ms_json_is_empty(r->json, value))
        set_word(r, name, value, MS_SAID_OK);
}

static void take_error(row *r, uint32_t name, uint32_t value)
{
    if (ms_json_has_type(r->json, value, MS_JSON_OBJECT) && ms_json_is_empty(r->json, value))
        return;
    if (is_empty_value(r->json, value))
        set_word(r, name, value, MS_SAID_OK);
    else
        set_word(r, name, value, MS_SAID_FAILED);
}

static bool says(ms_json_role role)
{
    return role >= MS_JSON_STATUS && role <= MS_JSON_ERROR;
}

static void take_said(row *r, ms_json_role role, uint32_t name, uint32_t value)
{
    switch (role) {
    case MS_JSON_STATUS:
        take_status(r, name, value);
        break;
    case MS_JSON_CODE:
        take_code(r, value);
        break;
    case MS_JSON_FLAG:
        take_flag(r, name, value);
        break;
    case MS_JSON_ERROR:
        take_error(r, name, value);
        break;
    default:
        break;
    }
}

/* ---- members ---- */

/* Equal names have equal roles and ranks, but for those that only end alike. */
static void note_repeated(row *r, uint32_t name, uint32_t before)
{
    const ms_json_token *a = &r->json->tokens[name], *b = &r->json->tokens[before - 1];

    if (a->length == b->length &&
        memcmp(r->json->text + a->offset, r->json->text + b->offset, a->length) == 0)
        ms_json_note(r->parser, MS_NOTE_JSON_NAME, name);
}

/* Which member has which role. Of two with the same name the last one counts, as with most
 * readers (RFC 8259 section 4). */
static fields read_fields(row *r, uint32_t object)
{
    fields of = no_fields();

    if (!ms_json_has_type(r->json, object, MS_JSON_OBJECT))
        return of;
    for (uint32_t i = ms_json_first(object); i < r->json->tokens[object].end;
         i = r->json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(r->json, i);

        if (member.role == MS_JSON_OTHER)
            continue;
        if (has(&of, member.role) && of.rank[member.role] == member.rank)
            note_repeated(r, i, of.value[member.role]);
        if (!has(&of, member.role) || member.rank <= of.rank[member.role]) {
            of.value[member.role] = i + 1;
            of.rank[member.role] = member.rank;
        }
    }
    return of;
}

/* All that an object says of the fate of its row. Role and rank tell which name a member has: of
 * two with the same name the last one counts. */
static void take_all_said(row *r, uint32_t object)
{
    uint32_t last[MS_JSON_ROLES][MS_JSON_RANKS] = {{0}};
    uint32_t end = r->json->tokens[object].end;

    for (uint32_t i = ms_json_first(object); i < end; i = r->json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(r->json, i);

        if (says(member.role))
            last[member.role][member.rank] = i;
    }
    for (uint32_t i = ms_json_first(object); i < end; i = r->json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(r->json, i);

        if (says(member.role) && last[member.role][member.rank] == i)
            take_said(r, member.role, i, i + 1);
    }
}

/* The object that says more: in "error", the first of "errors", or "response". */
static uint32_t inner_object(const row *r)
{
    static const ms_json_role roles[] = {MS_JSON_ERROR, MS_JSON_INNER, MS_JSON_STATUS};

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        uint32_t value = r->own.value[roles[i]];

        if (value == NO_TOKEN)
            continue;
        if (ms_json_has_type(r->json, value, MS_JSON_ARRAY) && !ms_json_is_empty(r->json, value))
            value = ms_json_first(value);
        if (ms_json_has_type(r->json, value, MS_JSON_OBJECT))
            return value;
    }
    return NO_TOKEN;
}

/* ---- identifiers ---- */

static void add_href(row *r, ms_text href)
{
    g_array_append_val(r->parser->document->store->hrefs, href);
    r->response.hrefs.count++;
}

/* {"ids": [1, 2]}, or {"ids": ...} in an object. False if there is none. */
static bool add_ids(row *r, uint32_t value)
{
    uint32_t list = value;

    if (ms_json_has_type(r->json, value, MS_JSON_OBJECT)) {
        fields inner = read_fields(r, value);

        list = has(&inner, MS_JSON_IDS) ? inner.value[MS_JSON_IDS] : inner.value[MS_JSON_ID];
    }
    if (list == NO_TOKEN || ms_json_has_type(r->json, list, MS_JSON_OBJECT))
        return false;
    if (is_scalar(r->json, list)) {
        add_href(r, ms_json_text(r->parser, list));
        return true;
    }
    for (uint32_t i = ms_json_first(list); i < r->json->tokens[list].end;
         i = r->json->tokens[i].end) {
        if (is_scalar(r->json, i))
            add_href(r, ms_json_text(r->parser, i));
    }
    return r->response.hrefs.count > 0;
}

static bool add_id(row *r, const fields *of)
{
    uint32_t id = of->value[MS_JSON_ID];

    if (id != NO_TOKEN && (is_text(r->json, id) || ms_json_has_type(r->json, id, MS_JSON_NUMBER))) {
        add_href(r, ms_json_text(r->parser, id));
        return true;
    }
    return has(of, MS_JSON_IDS) && add_ids(r, of->value[MS_JSON_IDS]);
}

/* Without any identifier, its number in the body, from 1. */
static void add_ordinal(row *r, uint32_t value)
{
    char *ordinal = g_strdup_printf("#%u", r->parser->document->store->responses->len + 1);
    ms_text href = {ms_store_text(r->parser->document->store, ordinal, strlen(ordinal)),
                    ms_json_span(r->parser, value)};

    g_free(ordinal);
    add_href(r, href);
    ms_json_note(r->parser, MS_NOTE_JSON_NO_ID, value);
}

/* ---- reasons ---- */

static uint32_t first_text(const row *r, ms_json_role role)
{
    const fields *all[] = {&r->own, &r->error};

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (has(all[i], role) && is_text(r->json, all[i]->value[role]))
            return all[i]->value[role];
    }
    return NO_TOKEN;
}

/* {"error": "..."}, {"errors": ["...", "..."]} */
static ms_text error_text(row *r)
{
    uint32_t value = r->own.value[MS_JSON_ERROR];
    GString *all;

    if (value == NO_TOKEN || ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        return (ms_text){0};
    if (!ms_json_has_type(r->json, value, MS_JSON_ARRAY))
        return is_text(r->json, value) ? ms_json_text(r->parser, value) : (ms_text){0};
    all = g_string_new(NULL);
    for (uint32_t i = ms_json_first(value);
         i < r->json->tokens[value].end && all->len < r->parser->notes->limits.of[MS_MAX_TEXT];
         i = r->json->tokens[i].end) {
        if (is_text(r->json, i))
            g_string_append_printf(all, "%s%s", all->len > 0 ? "; " : "",
                                   ms_json_text(r->parser, i).text);
    }
    ms_text text = {0};

    if (all->len > 0) {
        text.text = ms_store_text(r->parser->document->store, all->str, all->len);
        text.span = ms_json_span(r->parser, value);
    }
    g_string_free(all, TRUE);
    return text;
}

static void set_description(row *r)
{
    uint32_t token = first_text(r, MS_JSON_MESSAGE);

    r->response.description = token == NO_TOKEN ? error_text(r) : ms_json_text(r->parser, token);
    token = first_text(r, MS_JSON_TITLE);
    if (!r->response.description.text && token != NO_TOKEN)
        r->response.description = ms_json_text(r->parser, token);
}

/* A word for people and tables where there is no number: the server's own code, a category, a
 * title, or the status itself. */
static void set_reason(row *r)
{
    static const ms_json_role roles[] = {MS_JSON_REASON, MS_JSON_CODE, MS_JSON_TITLE};

    for (size_t i = 0; i < G_N_ELEMENTS(roles) && !r->response.reason; i++) {
        uint32_t token = first_text(r, roles[i]);

        if (token != NO_TOKEN)
            r->response.reason = ms_json_text(r->parser, token).text;
    }
    if (r->response.reason)
        return;
    /* "false" and "null" are no words for people. */
    if (r->bare && r->response.status.said == MS_SAID_FAILED)
        r->response.reason = "failed";
    else if (r->bare && r->response.status.said == MS_SAID_OK)
        r->response.reason = "ok";
    else
        r->response.reason = r->response.status.line;
}

static uint32_t add_condition(row *r, uint32_t token)
{
    ms_element_list *conditions = &r->parser->document->store->conditions;
    ms_text name = ms_json_text(r->parser, token);
    ms_element condition = {.name = name.text, .span = name.span, .end = conditions->len + 1};

    *ms_element_list_add(conditions) = condition;
    return conditions->len - 1;
}

static void add_detail(row *r, const char *name, uint32_t token)
{
    ms_element_list *conditions = &r->parser->document->store->conditions;

    if (token == NO_TOKEN || !is_text(r->json, token) ||
        conditions->len >= r->parser->notes->limits.of[MS_MAX_ELEMENTS])
        return;
    ms_text value = ms_json_text(r->parser, token);
    ms_element detail = {name, value.text, value.span, conditions->len + 1};

    *ms_element_list_add(conditions) = detail;
}

/* RFC 9457: the type is the condition, with what else there is of the problem below it. */
static void add_problem(row *r, const fields *of)
{
    ms_element_list *conditions = &r->parser->document->store->conditions;
    uint32_t type = of->value[MS_JSON_TYPE];

    if (type == NO_TOKEN || !is_text(r->json, type) || (of == &r->own && !has(of, MS_JSON_TITLE)))
        return;
    uint32_t index = add_condition(r, type);
    ms_span whole = conditions->at[index].span;

    add_detail(r, "title", of->value[MS_JSON_TITLE]);
    add_detail(r, "instance", of->value[MS_JSON_INSTANCE]);
    ms_element *condition = &conditions->at[index];

    condition->end = conditions->len;
    condition->span = whole;
    for (uint32_t i = index + 1; i < conditions->len; i++) {
        ms_span inner = conditions->at[i].span;
        uint32_t from = MIN(condition->span.offset, inner.offset);
        uint32_t to =
            MAX(condition->span.offset + condition->span.length, inner.offset + inner.length);

        condition->span = (ms_span){from, to - from};
    }
}

static void add_conditions(row *r)
{
    static const ms_json_role roles[] = {MS_JSON_REASON, MS_JSON_CODE};
    ms_element_list *conditions = &r->parser->document->store->conditions;
    const fields *all[] = {&r->own, &r->error};

    r->response.conditions.first = conditions->len;
    for (size_t i = 0;
         i < G_N_ELEMENTS(all) && conditions->len < r->parser->notes->limits.of[MS_MAX_ELEMENTS];
         i++) {
        add_problem(r, all[i]);
        for (size_t j = 0; j < G_N_ELEMENTS(roles); j++) {
            uint32_t token = all[i]->value[roles[j]];

            if (token != NO_TOKEN && is_text(r->json, token) &&
                number_in_text(ms_json_text(r->parser, token).text) < 0)
                add_condition(r, token);
        }
    }
    r->response.conditions.count = conditions->len - r->response.conditions.first;
}

static void set_location(row *r)
{
    uint32_t token = r->own.value[MS_JSON_LOCATION];

    if (token == NO_TOKEN || !is_text(r->json, token))
        return;
    ms_text location = ms_json_text(r->parser, token);

    if (*location.text == '/' || strstr(location.text, "://"))
        r->response.location = location;
}

/* ---- rows ---- */

/* {"17": false, "message": "..."} */
static void take_keyed(row *r, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < r->json->tokens[object].end;
         i = r->json->tokens[i + 1].end) {
        if (ms_json_member_of(r->json, i).role != MS_JSON_MESSAGE) {
            add_href(r, ms_json_text(r->parser, i));
            take_status(r, NO_TOKEN, i + 1);
            return;
        }
    }
}

/* {"id": 8} is the identifier of what was made, {"id": false} says that nothing was. */
static void take_added(row *r)
{
    uint32_t id = r->own.value[MS_JSON_ID];

    if (ms_json_has_type(r->json, id, MS_JSON_FALSE))
        set_word(r, id - 1, id, MS_SAID_FAILED);
    else if (add_id(r, &r->own))
        set_word(r, NO_TOKEN, id - 1, MS_SAID_OK);
}

static void take_list(row *r)
{
    if (r->list->listed == MS_JSON_LISTED)
        return;
    if (r->response.status.code == MS_STATUS_NONE) {
        r->response.status.code = MS_STATUS_WORD;
        r->response.status.line = r->list->label.text;
        r->response.status.span = r->list->label.span;
    }
    say(r, r->list->listed == MS_JSON_LISTED_OK ? MS_SAID_OK : MS_SAID_FAILED);
}

static void take_object(row *r, uint32_t object)
{
    r->own = read_fields(r, object);
    uint32_t inner = inner_object(r);

    if (inner != NO_TOKEN)
        r->error = read_fields(r, inner);
    if (r->list->style == MS_JSON_KEYED_ROWS)
        take_keyed(r, object);
    else if (r->list->style == MS_JSON_ADDED_ROWS)
        take_added(r);
    else
        take_all_said(r, object);
    if (inner != NO_TOKEN && r->list->style != MS_JSON_KEYED_ROWS)
        take_all_said(r, inner);
    if (r->response.hrefs.count == 0 && !add_id(r, &r->own))
        add_id(r, &r->error);
    /* What is in a list of successes is the resource, not a report about it. */
    if (r->list->listed == MS_JSON_LISTED_OK)
        return;
    set_description(r);
    add_conditions(r);
    set_location(r);
}

void ms_json_add_row(ms_json_parser *parser, const ms_json_list *list, uint32_t name,
                     uint32_t value)
{
    struct ms_store *store = parser->document->store;
    uint32_t meant = ms_json_unwrap(parser->json, value);
    row r = {
        .parser = parser,
        .json = parser->json,
        .list = list,
        .response =
            {
                .span = ms_json_span(parser, value),
                .hrefs = {store->hrefs->len, 0},
                .conditions = {store->conditions.len, 0},
                .propstats = {store->propstats->len, 0},
                .status = {.code = MS_STATUS_NONE},
                .complete = parser->json->tokens[value].complete,
            },
        .own = no_fields(),
        .error = no_fields(),
    };

    if (list->style == MS_JSON_MAP)
        add_href(&r, ms_json_text(parser, name));
    if (ms_json_has_type(parser->json, meant, MS_JSON_OBJECT))
        take_object(&r, meant);
    else if (is_scalar(parser->json, meant) && list->listed != MS_JSON_LISTED)
        add_href(&r, ms_json_text(parser, meant));
    take_list(&r);
    if (r.response.hrefs.count == 0)
        add_ordinal(&r, value);
    if (r.response.status.code < 0)
        set_reason(&r);
    g_array_append_val(store->responses, r.response);
}
