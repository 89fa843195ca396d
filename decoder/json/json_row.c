/* json_row.c
 * One row of a JSON Multi-Status body: which resource, what became of it, and why.
 *
 * What a row says about itself in several ways (a number, a word, a boolean, an error, the list
 * that it is in) is all kept; judge.c decides. A row is named by its own members; only if it has
 * none, by those of an object in it. RFC 9457 sections 3.1 and 3.2 for problem details.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "status.h"

#define NO_TOKEN MS_JSON_NO_TOKEN

/* The members of an object that count, by role: the token of the value, or NO_TOKEN. */
typedef struct {
    uint32_t value[MS_JSON_ROLES];
    ms_json_member member[MS_JSON_ROLES];
    uint32_t error;    /* the object that says what went wrong, or NO_TOKEN */
    uint32_t other;    /* an object of its own, in which there may be an identifier */
    uint32_t leftover; /* the only text that has no role; NO_TOKEN if there are more */
    uint32_t details;  /* an object of that name, in which there may be one, too */
    uint32_t aid, iid; /* HomeKit: both together are one identifier */
    bool numbered;     /* an error with a number of its own, "errorId": 25002 */
} fields;

/* A row in the making. */
typedef struct {
    ms_json_parser *parser;
    const ms_json *json;
    const ms_json_list *list;
    ms_response response;
    fields own, error, payload; /* of the row, of what went wrong, and of the answer in it */
    bool bare;                  /* the line is that of a boolean or null */
    bool worded;                /* ... of a text or a number */
    bool flagged;               /* a flag says success */
} row;

static bool has(const fields *of, ms_json_role role)
{
    return of->value[role] != NO_TOKEN;
}

static fields no_fields(void)
{
    fields none = {.error = NO_TOKEN,
                   .other = NO_TOKEN,
                   .leftover = NO_TOKEN,
                   .details = NO_TOKEN,
                   .aid = NO_TOKEN,
                   .iid = NO_TOKEN};

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

static bool is_name(const ms_json *json, uint32_t token)
{
    return is_text(json, token) || ms_json_has_type(json, token, MS_JSON_NUMBER);
}

static bool is_good(ms_json_listed listed)
{
    return listed == MS_JSON_LISTED_OK || listed == MS_JSON_LISTED_BESIDE;
}

/* ---- statuses ---- */

static void say(row *r, ms_said said)
{
    r->response.status.said = MAX(r->response.status.said, said);
}

static bool says_nothing(const row *r)
{
    return r->response.status.code == MS_STATUS_NONE && r->response.status.said == MS_SAID_NOTHING;
}

/* The line as it is shown: "404", "failed"; with the name, for values that say nothing without it.
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

/* A line that is not in the text, where the row says nothing. */
static void set_silence(row *r, ms_said said, const char *line)
{
    r->response.status.code = MS_STATUS_WORD;
    r->response.status.line = ms_store_name(r->parser->document->store, line);
    r->response.status.span = r->response.span;
    say(r, said);
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
        r->worded = ms_json_has_type(r->json, value, MS_JSON_STRING) ||
                    ms_json_has_type(r->json, value, MS_JSON_NUMBER);
        set_line(r, name, value);
    }
    say(r, said);
}

/* Does what a member says count in this list? In a list of successes, the status ("active") is the
 * resource's own; in one of failures, it is already known that it failed. */
static bool counts(const row *r, ms_json_member member, ms_json_told told)
{
    bool word = told.code == MS_STATUS_NONE;
    bool of_resource = member.role == MS_JSON_STATUS || member.role == MS_JSON_WEAK_STATUS ||
                       member.role == MS_JSON_RESULT || member.role == MS_JSON_CODE;

    if (r->list->listed == MS_JSON_LISTED)
        return true;
    if (r->list->listed == MS_JSON_LISTED_FAILED)
        return told.said != MS_SAID_UNREADABLE && told.said != MS_SAID_OK;
    if (told.said == MS_SAID_UNREADABLE || (!word && !told.plain))
        return false;
    if (r->list->listed == MS_JSON_LISTED_OK && of_resource)
        return !word && member.role == MS_JSON_STATUS;
    return true;
}

static void take_member(row *r, ms_json_member member, uint32_t name)
{
    uint32_t value = name + 1;
    ms_json_told told = ms_json_tell(r->json, r->list, member, value);

    if ((told.said == MS_SAID_NOTHING && told.code == MS_STATUS_NONE) || !counts(r, member, told))
        return;
    if (told.code != MS_STATUS_NONE) {
        if (ms_json_has_type(r->json, value, MS_JSON_STRING))
            ms_json_note(r->parser, MS_NOTE_JSON_TEXT, value);
        set_number(r, value, told.code);
    }
    if (told.said != MS_SAID_NOTHING)
        set_word(r, name, value, told.said);
    r->flagged = r->flagged || (member.role == MS_JSON_FLAG && told.said == MS_SAID_OK);
}

/* Everything that an object says about the fate of its row, the statuses first. Of two members with
 * the same name the last one counts, as with most readers (RFC 8259 section 4). */
static void take_all_said(row *r, uint32_t object)
{
    uint32_t last[MS_JSON_NAMES + 1] = {0};
    uint32_t end = r->json->tokens[object].end;

    for (uint32_t i = ms_json_first(object); i < end; i = r->json->tokens[i + 1].end)
        last[ms_json_member_of(r->json, i).name] = i;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = ms_json_first(object); i < end; i = r->json->tokens[i + 1].end) {
            ms_json_member member = ms_json_member_of(r->json, i);
            bool status = member.role == MS_JSON_STATUS;

            if (ms_json_tells(member.role) && status == (pass == 0) &&
                (member.name == MS_JSON_NO_NAME || last[member.name] == i))
                take_member(r, member, i);
        }
    }
}

/* ---- members ---- */

static void note_repeated(row *r, uint32_t name, uint32_t before)
{
    const ms_json_token *a = &r->json->tokens[name], *b = &r->json->tokens[before - 1];

    if (a->length == b->length &&
        memcmp(r->json->text + a->offset, r->json->text + b->offset, a->length) == 0)
        ms_json_note(r->parser, MS_NOTE_JSON_NAME, name);
}

/* "RESOURCE_NOT_FOUND": a constant that says failure. */
static bool is_constant_of_error(const ms_json *json, const ms_json_token *of)
{
    bool joined = false;

    if (of->length < 3 || of->length > MS_JSON_NAME_LENGTH)
        return false;
    for (const char *at = json->text + of->offset + 1, *end = at + of->length - 2; at < end; at++) {
        if (!g_ascii_isupper(*at) && !g_ascii_isdigit(*at) && *at != '_')
            return false;
        joined = joined || *at == '_';
    }
    char *word = g_strndup(json->text + of->offset + 1, of->length - 2);
    bool failed = joined && ms_json_word(word) == MS_SAID_FAILED;

    g_free(word);
    return failed;
}

/* {"name": "ValidationError", "message": "..."}: the name of an error, not of a row. */
static bool is_class_of_error(const ms_json *json, uint32_t value)
{
    static const char *const ends[] = {"Error\"", "Exception\""};
    const ms_json_token *of = &json->tokens[value];

    if (of->type == MS_JSON_STRING && is_constant_of_error(json, of))
        return true;

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        size_t length = strlen(ends[i]);

        if (of->type == MS_JSON_STRING && of->length > length &&
            memcmp(json->text + of->offset + of->length - length, ends[i], length) == 0)
            return true;
    }
    return false;
}

/* What a member is for, given its value: {"item": "A1"} identifies, {"item": {"id": "A1"}} holds
 * what does, {"id": ["A1", "A2"]} are several. */
static ms_json_member member_with_value(const row *r, uint32_t name)
{
    ms_json_member member = ms_json_member_of(r->json, name);
    uint32_t value = name + 1;

    /* {"reason": {"title": "...", "status": 404}} */
    if (member.role == MS_JSON_MESSAGE && ms_json_has_type(r->json, value, MS_JSON_OBJECT) &&
        r->list->listed == MS_JSON_LISTED_FAILED &&
        (ms_json_is(r->json, name, "reason", 6) || ms_json_is(r->json, name, "cause", 5)))
        return (ms_json_member){MS_JSON_ERROR, 12, MS_JSON_NO_NAME};
    if (member.role == MS_JSON_MESSAGE && ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        return (ms_json_member){MS_JSON_OTHER, 0, MS_JSON_NO_NAME};
    if (member.role != MS_JSON_ID)
        return member;
    if (ms_json_is(r->json, name, "name", 4) && is_class_of_error(r->json, value))
        return (ms_json_member){MS_JSON_REASON, 3, MS_JSON_NO_NAME};
    /* {"object": "error"}: what it is, not which one. */
    if (ms_json_is(r->json, value, "error", 5))
        return (ms_json_member){MS_JSON_OTHER, 0, MS_JSON_NO_NAME};
    if (ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        return (ms_json_member){MS_JSON_NESTED, 4, MS_JSON_NO_NAME};
    if (ms_json_has_type(r->json, value, MS_JSON_ARRAY))
        return (ms_json_member){MS_JSON_IDS, member.rank, MS_JSON_NO_NAME};
    bool none = !is_name(r->json, value) && r->list->style != MS_JSON_ADDED_ROWS;

    return none ? (ms_json_member){MS_JSON_OTHER, 0, MS_JSON_NO_NAME} : member;
}

/* {"period": "2026-01", "error": "..."}: what is there besides the name? */
static bool may_be_name(const row *r, uint32_t name)
{
    static const char *const no_names[] = {
        "error",   "reason",      "message",  "text",     "comment",  "at",        "time",
        "date",    "currency",    "country",  "locale",   "language", "method",    "operation",
        "version", "kind",        "jsonrpc",  "protocol", "domain",   "etag",      "checksum",
        "md5",     "token",       "cursor",   "created",  "updated",  "timestamp", "debug",
        "trace",   "correlation", "incident", "span"};
    enum { LONGEST = 100 };
    const ms_json_token *of = &r->json->tokens[name + 1];
    ms_json_words words;

    if (!is_text(r->json, name + 1) || of->length > LONGEST ||
        ms_json_is(r->json, name + 1, "error", 5) ||
        memchr(r->json->text + of->offset, ' ', of->length))
        return false;
    ms_json_split_name(r->json, name, &words);
    return words.count > 0 && !ms_json_any_in(&words, no_names, G_N_ELEMENTS(no_names));
}

static void take_other(const row *r, fields *of, uint32_t name, unsigned *leftovers)
{
    uint32_t value = name + 1;

    if (ms_json_is(r->json, name, "details", 7) && ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        of->details = value;
    else if (of->other == NO_TOKEN && ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        of->other = value;
    of->numbered = of->numbered || (ms_json_is(r->json, name, "errorId", 7) &&
                                    ms_json_has_type(r->json, value, MS_JSON_NUMBER));
    if (is_text(r->json, value) && (*leftovers)++ == 0 && may_be_name(r, name))
        of->leftover = value;
    else if (*leftovers > 1)
        of->leftover = NO_TOKEN;
}

static void take_field(row *r, fields *of, ms_json_member member, uint32_t name)
{
    bool same = has(of, member.role) && member.name != MS_JSON_NO_NAME &&
                of->member[member.role].name == member.name;

    if (same)
        note_repeated(r, name, of->value[member.role]);
    if (!has(of, member.role) || same || member.rank < of->member[member.role].rank) {
        of->value[member.role] = name + 1;
        of->member[member.role] = member;
    }
    if (member.role == MS_JSON_ERROR && of->error == NO_TOKEN)
        of->error = ms_json_object_in(r->json, name + 1);
    if (ms_json_is(r->json, name, "aid", 3))
        of->aid = name + 1;
    else if (ms_json_is(r->json, name, "iid", 3))
        of->iid = name + 1;
}

/* Which member has which role. */
static fields read_fields(row *r, uint32_t object)
{
    fields of = no_fields();
    unsigned leftovers = 0;

    if (!ms_json_has_type(r->json, object, MS_JSON_OBJECT))
        return of;
    for (uint32_t i = ms_json_first(object); i < r->json->tokens[object].end;
         i = r->json->tokens[i + 1].end) {
        ms_json_member member = member_with_value(r, i);

        if (member.role == MS_JSON_OTHER)
            take_other(r, &of, i, &leftovers);
        else
            take_field(r, &of, member, i);
    }
    /* {"errorId": 25002, "category": "REQUEST"}: the number says which error it is, the category
     * only what kind. */
    if (of.numbered && has(&of, MS_JSON_REASON) &&
        ms_json_is(r->json, of.value[MS_JSON_REASON] - 1, "category", 8))
        of.value[MS_JSON_REASON] = NO_TOKEN;
    return of;
}

static uint32_t object_of(const row *r, const fields *of, ms_json_role role)
{
    return has(of, role) ? ms_json_object_in(r->json, of->value[role]) : NO_TOKEN;
}

/* The object that has the status, where the row has none but in it: "response", "status". */
static uint32_t inner_object(const row *r)
{
    static const ms_json_role roles[] = {MS_JSON_INNER, MS_JSON_STATUS, MS_JSON_WEAK_STATUS};

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        uint32_t object = object_of(r, &r->own, roles[i]);

        if (object != NO_TOKEN)
            return object;
    }
    return NO_TOKEN;
}

/* The answer in the row: the first one that says what became of it, or else by its rank. */
static uint32_t payload_object(const row *r, uint32_t object)
{
    uint32_t result = object_of(r, &r->own, MS_JSON_RESULT);

    for (uint32_t i = ms_json_first(object); i < r->json->tokens[object].end;
         i = r->json->tokens[i + 1].end) {
        ms_json_role role = ms_json_member_of(r->json, i).role;
        bool payload = role == MS_JSON_RESULT || role == MS_JSON_PAYLOAD;
        uint32_t inner = payload ? ms_json_object_in(r->json, i + 1) : NO_TOKEN;

        if (inner != NO_TOKEN && ms_json_fate_of(r->json, inner).plain)
            return inner;
    }
    return result != NO_TOKEN ? result : object_of(r, &r->own, MS_JSON_PAYLOAD);
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
        if (is_name(r->json, list))
            add_href(r, ms_json_text(r->parser, list));
        return r->response.hrefs.count > 0;
    }
    for (uint32_t i = ms_json_first(list); i < r->json->tokens[list].end;
         i = r->json->tokens[i].end) {
        if (is_name(r->json, i))
            add_href(r, ms_json_text(r->parser, i));
    }
    return r->response.hrefs.count > 0;
}

/* An identifier in several tokens. */
static void add_joined(row *r, const GString *joined, uint32_t first, uint32_t last)
{
    ms_span from = ms_json_span(r->parser, first), to = ms_json_span(r->parser, last);

    add_href(r, (ms_text){ms_store_text(r->parser->document->store, joined->str, joined->len),
                          {MIN(from.offset, to.offset),
                           MAX(from.offset + from.length, to.offset + to.length) -
                               MIN(from.offset, to.offset)}});
}

/* {"path": ["items", 3, "id"]} is items/3/id. */
static bool add_path(row *r, uint32_t list)
{
    GString *path = g_string_new(NULL);
    size_t longest = r->parser->notes->limits.of[MS_MAX_TEXT];

    for (uint32_t i = ms_json_first(list); i < r->json->tokens[list].end && path->len < longest;
         i = r->json->tokens[i].end) {
        if (is_name(r->json, i))
            g_string_append_printf(path, "%s%s", path->len > 0 ? "/" : "",
                                   ms_json_text(r->parser, i).text);
    }
    bool any = path->len > 0;

    if (any)
        add_joined(r, path, list, list);
    g_string_free(path, TRUE);
    return any;
}

/* HomeKit names a characteristic by the accessory and its own number: 1.10. */
static bool add_characteristic(row *r, const fields *of)
{
    if (of->aid == NO_TOKEN || of->iid == NO_TOKEN)
        return false;
    GString *both = g_string_new(NULL);

    g_string_append_printf(both, "%s.%s", ms_json_text(r->parser, of->aid).text,
                           ms_json_text(r->parser, of->iid).text);
    add_joined(r, both, of->aid, of->iid);
    g_string_free(both, TRUE);
    return true;
}

/* By an identifier with a rank up to this one. */
static bool add_id(row *r, const fields *of, unsigned rank)
{
    uint32_t id = of->value[MS_JSON_ID], ids = of->value[MS_JSON_IDS];
    enum { PATH_RANK = 4, AID_RANK = 46 };

    if (id != NO_TOKEN && of->member[MS_JSON_ID].rank == AID_RANK && add_characteristic(r, of))
        return true;
    if (id != NO_TOKEN && of->member[MS_JSON_ID].rank < rank && is_name(r->json, id)) {
        add_href(r, ms_json_text(r->parser, id));
        return true;
    }
    if (ids == NO_TOKEN)
        return false;
    if (of->member[MS_JSON_IDS].rank == PATH_RANK && ms_json_has_type(r->json, ids, MS_JSON_ARRAY))
        return add_path(r, ids);
    return add_ids(r, ids);
}

/* A part of the row that an error is about, if nothing identifies the row. */
static bool add_part(row *r)
{
    enum { ANY_RANK = 255 };

    return add_id(r, &r->own, ANY_RANK);
}

/* {"taggedItem": {"conceptId": "C1"}}, {"body": {"id": 7}} */
static bool add_nested_id(row *r)
{
    static const ms_json_role roles[] = {MS_JSON_NESTED, MS_JSON_RESULT, MS_JSON_PAYLOAD};
    enum { SURE_RANK = 34 }; /* what has only a name may be a part */

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        uint32_t object = object_of(r, &r->own, roles[i]);
        fields of = object == NO_TOKEN ? no_fields() : read_fields(r, object);

        if (add_id(r, &of, MS_JSON_COUNTING_RANK))
            return true;
    }
    fields of = r->own.other == NO_TOKEN ? no_fields() : read_fields(r, r->own.other);

    of.value[MS_JSON_IDS] = NO_TOKEN;
    return add_id(r, &of, SURE_RANK);
}

/* {"details": {"name": "web-1", "kind": "pods"}}: a name, and nothing that may be a part. */
static bool add_id_of_details(row *r)
{
    fields of = r->own.details == NO_TOKEN ? no_fields() : read_fields(r, r->own.details);

    of.value[MS_JSON_IDS] = NO_TOKEN;
    return has(&of, MS_JSON_ID) && of.member[MS_JSON_ID].name != MS_JSON_NO_NAME &&
           !memchr(r->json->text + r->json->tokens[of.value[MS_JSON_ID]].offset, ' ',
                   r->json->tokens[of.value[MS_JSON_ID]].length) &&
           add_id(r, &of, MS_JSON_COUNTING_RANK);
}

/* What was created is where the answer says. */
static bool add_location(row *r)
{
    uint32_t inner = object_of(r, &r->own, MS_JSON_INNER);
    fields response = inner == NO_TOKEN ? no_fields() : read_fields(r, inner);
    const fields *all[] = {&r->own, &response};

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        uint32_t location = all[i]->value[MS_JSON_LOCATION];

        if (location != NO_TOKEN && is_text(r->json, location)) {
            ms_text text = ms_json_text(r->parser, location);

            if (strchr(text.text, '/')) {
                add_href(r, text);
                return true;
            }
        }
    }
    return false;
}

/* What an error is about. Its own number, its key and the page that explains it do not identify the
 * row. */
static bool add_id_of_error(row *r)
{
    static const char *const own[] = {"href", "uri", "url", "id", "_id", "key", "name", "code"};
    uint32_t id = r->error.value[MS_JSON_ID];

    if (id == NO_TOKEN)
        return has(&r->error, MS_JSON_IDS) && add_ids(r, r->error.value[MS_JSON_IDS]);
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        if (ms_json_is(r->json, id - 1, own[i], strlen(own[i])))
            return false;
    }
    if (!is_text(r->json, id))
        return false;
    add_href(r, ms_json_text(r->parser, id));
    return true;
}

/* The value of a member of that name; NO_TOKEN if there is none. */
static uint32_t value_named(const ms_json *json, uint32_t object, const char *name)
{
    for (uint32_t i = ms_json_first(object);
         ms_json_has_type(json, object, MS_JSON_OBJECT) && i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_is(json, i, name, strlen(name)))
            return i + 1;
    }
    return NO_TOKEN;
}

/* {"_links": {"self": {"href": "/orders/1"}}}, {"links": {"self": "/orders/1"}} */
static bool add_own_link(row *r, uint32_t object)
{
    static const char *const names[] = {"_links", "links"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        uint32_t links = value_named(r->json, object, names[i]);
        uint32_t self = links == NO_TOKEN ? NO_TOKEN : value_named(r->json, links, "self");
        uint32_t href = self == NO_TOKEN ? NO_TOKEN : value_named(r->json, self, "href");

        href = href == NO_TOKEN ? self : href;
        if (href != NO_TOKEN && is_text(r->json, href)) {
            add_href(r, ms_json_text(r->parser, href));
            return true;
        }
    }
    return false;
}

/* {"success": {"/lights/1/state/on": true}} */
static bool add_path_in_flag(row *r)
{
    uint32_t flag = r->own.value[MS_JSON_FLAG];
    uint32_t name = flag == NO_TOKEN ? NO_TOKEN : ms_json_first(flag);

    if (flag == NO_TOKEN || !ms_json_has_type(r->json, flag, MS_JSON_OBJECT) ||
        ms_json_is_empty(r->json, flag) ||
        r->json->tokens[name + 1].end != r->json->tokens[flag].end ||
        r->json->text[r->json->tokens[name].offset + 1] != '/')
        return false;
    add_href(r, ms_json_text(r->parser, name));
    return true;
}

static bool add_leftover(row *r)
{
    if (r->own.leftover == NO_TOKEN)
        return false;
    add_href(r, ms_json_text(r->parser, r->own.leftover));
    return true;
}

/* Without any identifier, its number in the body, from 1. */
static void add_ordinal(row *r, uint32_t value)
{
    char *ordinal = g_strdup_printf("#%u", r->parser->document->store->responses->len + 1);
    ms_text href = {ms_store_text(r->parser->document->store, ordinal, strlen(ordinal)),
                    ms_json_span(r->parser, value)};

    g_free(ordinal);
    add_href(r, href);
    if (r->json->tokens[value].complete)
        ms_json_note(r->parser, MS_NOTE_JSON_NO_ID, value);
}

/* ---- reasons ---- */

/* Where nothing went wrong, it is the resource's own description and not taken. */
static bool has_failed(const row *r)
{
    return r->response.status.code >= 300 || r->response.status.said >= MS_SAID_COLLATERAL ||
           r->list->listed == MS_JSON_LISTED_FAILED;
}

/* The title of a row with an error in it is the resource's own, unless it has a status like a
 * problem of RFC 9457. */
static bool is_of_resource(const row *r, const fields *of, ms_json_role role)
{
    return of == &r->own && r->own.error != NO_TOKEN && r->response.status.code < 300 &&
           (role == MS_JSON_TITLE || role == MS_JSON_TYPE);
}

static uint32_t first_text(const row *r, ms_json_role role)
{
    const fields *all[] = {&r->own, &r->error, &r->payload};
    size_t n = has_failed(r) ? G_N_ELEMENTS(all) : 2;

    for (size_t i = 0; i < n; i++) {
        if (has(all[i], role) && is_text(r->json, all[i]->value[role]) &&
            !is_of_resource(r, all[i], role))
            return all[i]->value[role];
    }
    return NO_TOKEN;
}

/* "...", ["...", "..."] */
static ms_text texts_in(row *r, uint32_t value)
{
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

static void describe(row *r, char *text, ms_span span)
{
    if (text)
        r->response.description = (ms_text){ms_store_take(r->parser->document->store, text), span};
}

/* Reasons that have no message of their own: in the error, in the answer, in what the answer is
 * about; finally a type that is a sentence. */
static void describe_deeply(row *r, uint32_t object)
{
    uint32_t inner = inner_object(r), details = r->own.details;
    const uint32_t all[] = {r->own.value[MS_JSON_ERROR],
                            r->payload.value[MS_JSON_ERROR],
                            r->own.value[MS_JSON_MESSAGE],
                            inner,
                            details,
                            r->own.value[MS_JSON_TYPE]};

    for (size_t i = 0; i < G_N_ELEMENTS(all) && !r->response.description.text; i++) {
        uint32_t only = NO_TOKEN;
        char *text = all[i] != NO_TOKEN ? ms_json_reasons(r->parser, all[i], i < 2, &only) : NULL;

        describe(r, text,
                 only != NO_TOKEN ? ms_json_text(r->parser, only).span
                                  : ms_json_span(r->parser, object));
    }
}

/* "The shipment has errors (postalCode: is wrong)" */
static void describe_finely(row *r, uint32_t object)
{
    const uint32_t all[] = {object, r->own.error};

    for (size_t i = 0; i < G_N_ELEMENTS(all) && r->response.description.text; i++) {
        const ms_text said = r->response.description;
        char *finer =
            all[i] == NO_TOKEN ? NULL : ms_json_finer_reasons(r->parser, all[i], said.text);

        if (finer)
            describe(r, g_strdup_printf("%s (%s)", said.text, finer), said.span);
        g_free(finer);
    }
}

static void set_description(row *r, uint32_t object)
{
    uint32_t token = first_text(r, MS_JSON_MESSAGE);

    if (token != NO_TOKEN)
        r->response.description = ms_json_text(r->parser, token);
    else
        r->response.description = texts_in(r, r->own.value[MS_JSON_ERROR]);
    if (!r->response.description.text && has_failed(r))
        describe_deeply(r, object);
    token = first_text(r, MS_JSON_TITLE);
    if (!r->response.description.text && token != NO_TOKEN)
        r->response.description = ms_json_text(r->parser, token);
    if (has_failed(r))
        describe_finely(r, object);
}

static bool is_word(const row *r, uint32_t token)
{
    const ms_json_token *of = &r->json->tokens[token];

    return is_text(r->json, token) && !memchr(r->json->text + of->offset, ' ', of->length);
}

/* {"details": {"error": "DeviceNotRegistered"}} */
static uint32_t word_in_details(row *r)
{
    static const ms_json_role roles[] = {MS_JSON_REASON, MS_JSON_ERROR_CODE, MS_JSON_CODE,
                                         MS_JSON_ERROR};
    fields of = r->own.details == NO_TOKEN ? no_fields() : read_fields(r, r->own.details);

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (has(&of, roles[i]) && is_word(r, of.value[roles[i]]))
            return of.value[roles[i]];
    }
    return NO_TOKEN;
}

/* {"errors": [{"statusCode": "DUPLICATES_DETECTED"}]}: a word where an error has its code;
 * {"error": "TicketNotFound", "details": "..."}: one that is the error, beside what it means. */
static uint32_t word_of_error(row *r)
{
    uint32_t token = r->error.value[MS_JSON_STATUS], own = r->own.value[MS_JSON_ERROR];

    if (r->own.error != NO_TOKEN && token != NO_TOKEN && is_text(r->json, token) &&
        ms_status_parse(ms_json_text(r->parser, token).text).code < 100)
        return token;
    if (!has_failed(r))
        return NO_TOKEN;
    if (own != NO_TOKEN && is_word(r, own) && r->response.description.text &&
        strcmp(ms_json_text(r->parser, own).text, r->response.description.text) != 0)
        return own;
    return word_in_details(r);
}

/* {"code": 21211}: the server's own number for what went wrong. */
static uint32_t number_of_error(const row *r)
{
    static const ms_json_role roles[] = {MS_JSON_ERROR_CODE, MS_JSON_CODE};
    const fields *all[] = {&r->own, &r->error};

    for (size_t i = 0; has_failed(r) && i < G_N_ELEMENTS(all) * G_N_ELEMENTS(roles); i++) {
        uint32_t token = all[i / 2]->value[roles[i % 2]];
        const ms_json_token *of = token == NO_TOKEN ? NULL : &r->json->tokens[token];

        if (!of || of->type != MS_JSON_NUMBER)
            continue;
        const char *text = ms_json_text(r->parser, token).text;
        int code = ms_status_parse(text).code;

        if ((code < 100 || code >= 600) && strspn(text, "0.-") < strlen(text))
            return token;
    }
    return NO_TOKEN;
}

/* "conflict": a type that is no page about it. */
static bool may_be_kind(const row *r, uint32_t token)
{
    const ms_json_token *of = &r->json->tokens[token];

    return is_word(r, token) && !memchr(r->json->text + of->offset, '/', of->length);
}

/* A word for people and tables where there is no number: the server's own code, a category, a
 * title, or the status itself. */
static void set_reason(row *r)
{
    static const ms_json_role roles[] = {MS_JSON_REASON, MS_JSON_ERROR_CODE, MS_JSON_CODE};
    uint32_t token = NO_TOKEN;

    /* The title of something that succeeded is no reason. */
    for (size_t i = has_failed(r) ? 0 : 1; i < G_N_ELEMENTS(roles) && token == NO_TOKEN; i++)
        token = first_text(r, roles[i]);
    if (token == NO_TOKEN)
        token = word_of_error(r);
    if (token == NO_TOKEN)
        token = first_text(r, MS_JSON_TITLE);
    if (token == NO_TOKEN && !r->worded && !r->bare)
        token = number_of_error(r);
    if (token == NO_TOKEN && !r->worded && !r->bare && has(&r->error, MS_JSON_TYPE) &&
        may_be_kind(r, r->error.value[MS_JSON_TYPE]))
        token = r->error.value[MS_JSON_TYPE];
    /* "false" and "null" are not words for people. */
    if (token != NO_TOKEN)
        r->response.reason = ms_json_text(r->parser, token).text;
    else if (r->bare && r->response.status.said == MS_SAID_FAILED)
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

/* RFC 9457: the type is the condition, with the rest of the problem below it. */
static void add_problem(row *r, const fields *of)
{
    ms_element_list *conditions = &r->parser->document->store->conditions;
    uint32_t type = of->value[MS_JSON_TYPE];

    if (type == NO_TOKEN || !is_text(r->json, type) || is_of_resource(r, of, MS_JSON_TYPE) ||
        strchr(ms_json_text(r->parser, type).text, ' ') ||
        (of != &r->error && !has(of, MS_JSON_TITLE)))
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
    static const ms_json_role roles[] = {MS_JSON_REASON, MS_JSON_ERROR_CODE, MS_JSON_CODE};
    ms_element_list *conditions = &r->parser->document->store->conditions;
    const fields *all[] = {&r->own, &r->error, &r->payload};
    size_t n = has_failed(r) ? G_N_ELEMENTS(all) : 2;

    r->response.conditions.first = conditions->len;
    for (size_t i = 0; i < n && conditions->len < r->parser->notes->limits.of[MS_MAX_ELEMENTS];
         i++) {
        add_problem(r, all[i]);
        for (size_t j = 0; j < G_N_ELEMENTS(roles); j++) {
            uint32_t token = all[i]->value[roles[j]];

            if (token != NO_TOKEN && is_text(r->json, token) &&
                ms_status_parse(ms_json_text(r->parser, token).text).code < 100)
                add_condition(r, token);
        }
    }
    const uint32_t others[] = {word_of_error(r), number_of_error(r)};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (others[i] != NO_TOKEN && conditions->len < r->parser->notes->limits.of[MS_MAX_ELEMENTS])
            add_condition(r, others[i]);
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
    static const ms_json_member status = {MS_JSON_STATUS, 0, MS_JSON_NO_NAME};

    for (uint32_t i = ms_json_first(object); i < r->json->tokens[object].end;
         i = r->json->tokens[i + 1].end) {
        if (ms_json_member_of(r->json, i).role != MS_JSON_MESSAGE) {
            ms_json_told told = ms_json_tell(r->json, r->list, status, i + 1);

            add_href(r, ms_json_text(r->parser, i));
            set_word(r, NO_TOKEN, i + 1, told.said);
            return;
        }
    }
}

/* {"id": 8} is the identifier of what was created, {"id": false} says that nothing was. */
static void take_added(row *r)
{
    uint32_t id = r->own.value[MS_JSON_ID];

    if (ms_json_has_type(r->json, id, MS_JSON_FALSE))
        set_word(r, id - 1, id, MS_SAID_FAILED);
    else if (add_id(r, &r->own, MS_JSON_PART_RANK))
        set_word(r, NO_TOKEN, id - 1, MS_SAID_OK);
}

static void take_list(row *r)
{
    if (r->list->listed == MS_JSON_LISTED)
        return;
    if (r->response.status.code == MS_STATUS_NONE && r->list->label.text) {
        r->response.status.code = MS_STATUS_WORD;
        r->response.status.line = r->list->label.text;
        r->response.status.span = r->list->label.span;
    }
    say(r, is_good(r->list->listed) ? MS_SAID_OK : MS_SAID_FAILED);
}

/* {"status": {"code": 5, "message": "..."}}: numbers of a remote procedure call, of which only 0
 * is success. */
static void take_call_status(row *r, uint32_t object)
{
    fields of = read_fields(r, object);
    uint32_t code = of.value[MS_JSON_CODE];

    if (says_nothing(r) && code != NO_TOKEN && has(&of, MS_JSON_MESSAGE) &&
        ms_json_has_type(r->json, code, MS_JSON_NUMBER))
        set_word(r, NO_TOKEN, code, MS_SAID_FAILED);
}

static void take_inner(row *r, uint32_t object)
{
    uint32_t inner = inner_object(r), payload = payload_object(r, object);

    if (r->own.error != NO_TOKEN) {
        r->error = read_fields(r, r->own.error);
        take_all_said(r, r->own.error);
        /* {"error": {"errors": [{"message": "..."}]}} */
        if (!has(&r->error, MS_JSON_MESSAGE) && r->error.error != NO_TOKEN)
            r->error = read_fields(r, r->error.error);
    }
    if (is_good(r->list->listed))
        return;
    if (inner != NO_TOKEN) {
        if (r->own.error == NO_TOKEN)
            r->error = read_fields(r, inner);
        take_all_said(r, inner);
        take_call_status(r, inner);
    }
    if (payload == NO_TOKEN)
        return;
    r->payload = read_fields(r, payload);
    if (says_nothing(r) && ms_json_fate_of(r->json, payload).plain)
        take_all_said(r, payload);
    /* {"body": {"error": {"code": "...", "message": "..."}}} */
    if (has_failed(r) && r->own.error == NO_TOKEN && r->payload.error != NO_TOKEN)
        r->error = read_fields(r, r->payload.error);
}

static void take_fate(row *r, uint32_t object)
{
    take_all_said(r, object);
    take_inner(r, object);
    /* "active", and a flag that says success: the word is the resource's own. */
    if (r->flagged && r->response.status.said == MS_SAID_UNREADABLE)
        r->response.status.said = MS_SAID_OK;
    if (says_nothing(r) && r->list->only_errors)
        set_silence(r, MS_SAID_OK, "no error");
}

/* {"failed": [{"a.txt": "locked"}]}: which row, and why. */
static bool take_named_reason(row *r, uint32_t object)
{
    uint32_t name = ms_json_first(object);

    if (r->list->listed != MS_JSON_LISTED_FAILED || ms_json_is_empty(r->json, object) ||
        r->json->tokens[name + 1].end != r->json->tokens[object].end ||
        !is_text(r->json, name + 1) || ms_json_member_of(r->json, name).role != MS_JSON_OTHER)
        return false;
    add_href(r, ms_json_text(r->parser, name));
    r->response.description = ms_json_text(r->parser, name + 1);
    return true;
}

static void take_object(row *r, uint32_t object)
{
    r->own = read_fields(r, object);
    if (take_named_reason(r, object))
        return;
    if (r->list->style == MS_JSON_KEYED_ROWS)
        take_keyed(r, object);
    else if (r->list->style == MS_JSON_ADDED_ROWS)
        take_added(r);
    else
        take_fate(r, object);
    if (r->response.hrefs.count == 0)
        (void)(add_id(r, &r->own, MS_JSON_PART_RANK) || add_own_link(r, object) ||
               add_nested_id(r) || add_location(r) || add_id_of_details(r) || add_path_in_flag(r) ||
               add_leftover(r) || add_part(r) || add_id_of_error(r));
    /* What is in a list of successes is the resource, not a report about it. */
    if (is_good(r->list->listed) && !has_failed(r))
        return;
    set_description(r, object);
    add_conditions(r);
    set_location(r);
}

/* "id-7", or what is wrong with something that has no name. */
static void take_scalar(row *r, uint32_t value, bool named)
{
    static const ms_json_member status = {MS_JSON_STATUS, 0, MS_JSON_NO_NAME};

    if (r->list->listed == MS_JSON_LISTED) {
        if (named)
            take_member(r, status, value - 1);
        return;
    }
    if (!is_name(r->json, value))
        return;
    ms_text text = ms_json_text(r->parser, value);

    if (r->list->listed == MS_JSON_LISTED_FAILED && (named || strchr(text.text, ' ')))
        r->response.description = text;
    else if (!named)
        add_href(r, text);
}

static bool is_nothing(const ms_json *json, uint32_t value)
{
    return ms_json_has_type(json, value, MS_JSON_NULL) ||
           (ms_json_has_type(json, value, MS_JSON_ARRAY) && ms_json_is_empty(json, value));
}

/* ["/c/a", "403 Forbidden"], ["a.txt", "is locked"] in a list of failures: which row, and what
 * happened. */
static bool take_pair(row *r, uint32_t list, bool named)
{
    uint32_t first = ms_json_first(list), second = first + 1;

    if (named || r->list->listed != MS_JSON_LISTED_FAILED || ms_json_is_empty(r->json, list) ||
        !is_word(r, first) || second >= r->json->tokens[list].end || !is_name(r->json, second) ||
        r->json->tokens[second].end != r->json->tokens[list].end)
        return false;
    ms_text said = ms_json_text(r->parser, second);
    int code = ms_status_parse(said.text).code;

    add_href(r, ms_json_text(r->parser, first));
    if (code >= 300 && code < 600)
        set_number(r, second, code);
    else
        r->response.description = said;
    return true;
}

/* [null, {"message": "..."}]: nothing is wrong with the first row. */
static void take_value(row *r, uint32_t value, bool named)
{
    if (ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        take_object(r, value);
    else if (is_nothing(r->json, value) &&
             (r->list->listed == MS_JSON_LISTED_FAILED || r->list->only_errors))
        set_silence(r, MS_SAID_OK, "no error");
    else if (!ms_json_has_type(r->json, value, MS_JSON_ARRAY))
        take_scalar(r, value, named);
    else if (!take_pair(r, value, named))
        r->response.description = texts_in(r, value);
}

void ms_json_add_row(ms_json_parser *parser, const ms_json_list *list, uint32_t name,
                     uint32_t value)
{
    struct ms_store *store = parser->document->store;
    bool named = list->style == MS_JSON_MAP;
    uint32_t meant = list->style == MS_JSON_SINGLE ? value : ms_json_unwrap(parser->json, value);
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
        .payload = no_fields(),
    };

    if (named)
        add_href(&r, ms_json_text(parser, name));
    take_value(&r, meant, named);
    if (!(is_nothing(parser->json, meant) && list->listed == MS_JSON_LISTED_FAILED))
        take_list(&r);
    if (r.response.hrefs.count == 0)
        add_ordinal(&r, value);
    if (r.response.status.code < 0)
        set_reason(&r);
    g_array_append_val(store->responses, r.response);
}
