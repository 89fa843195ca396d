/* json_reason.c
 * What went wrong with a row of a JSON Multi-Status body, where that is nested deeper than a
 * message: {"errors": {"name": ["is too long"]}}, {"detail": "...", "violations": [{"field": "a",
 * ...}]}.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "json.h"

/* How deep reasons are nested, how many are reported, and how long one may be. */
#define REASONS_DEEP 5u
#define REASONS_MOST 3u
#define REASON_BYTES 1000u

/* Messages of a row that are compared with what has been said: time stays linear. */
#define LOOKED_AT 64u

typedef struct {
    ms_json_parser *parser;
    const ms_json *json;
    const char *said; /* what was said before; NULL if nothing was */
    GString *to;
    unsigned n, looked_at;
    uint32_t only; /* the token that all of `to` is from */
    bool error;    /* it is an error: a word is a reason, too */
} reasons;

static bool is_text(const ms_json *json, uint32_t token)
{
    return ms_json_has_type(json, token, MS_JSON_STRING) && json->tokens[token].length > 2;
}

static bool is_sentence(const ms_json *json, uint32_t token)
{
    return is_text(json, token) &&
           memchr(json->text + json->tokens[token].offset, ' ', json->tokens[token].length);
}

/* "field: message", unless it has been said already. */
static void add_reason(reasons *r, uint32_t about, uint32_t message)
{
    if (r->n > REASONS_MOST || r->looked_at++ >= LOOKED_AT)
        return;
    const char *text = ms_json_text(r->parser, message).text;

    if ((r->said && strstr(r->said, text)) || strstr(r->to->str, text))
        return;
    if (r->n++ == REASONS_MOST) {
        g_string_append(r->to, "; ...");
        return;
    }
    g_string_append(r->to, r->n > 1 ? "; " : "");
    if (about != MS_JSON_NO_TOKEN)
        g_string_append_printf(r->to, "%s: ", ms_json_text(r->parser, about).text);
    const char *end = NULL;

    g_utf8_validate(text, (gssize)MIN(strlen(text), REASON_BYTES), &end);
    g_string_append_len(r->to, text, end - text);
    r->only = r->n == 1 && about == MS_JSON_NO_TOKEN ? message : MS_JSON_NO_TOKEN;
}

/* The message in an object, {"message": {"lang": "en", "value": "..."}} as well. */
static uint32_t message_in(const ms_json *json, uint32_t object)
{
    uint32_t found = MS_JSON_NO_TOKEN, rank = UINT32_MAX;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(json, i);
        uint32_t value = i + 1;

        if (member.role != MS_JSON_MESSAGE || member.rank >= rank)
            continue;
        for (uint32_t j = ms_json_first(value);
             ms_json_has_type(json, value, MS_JSON_OBJECT) && j < json->tokens[value].end;
             j = json->tokens[j + 1].end) {
            if (ms_json_is(json, j, "value", 5) || ms_json_is(json, j, "text", 4))
                value = j + 1;
        }
        if (is_text(json, value)) {
            found = value;
            rank = member.rank;
        }
    }
    return found;
}

/* The part that an error is about: "field", "path", "propertyName". Not what names the error. */
static uint32_t part_in(const ms_json *json, uint32_t object)
{
    enum { PATH_RANK = 4, FIRST_PART = 34 };

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(json, i);

        if (member.role == MS_JSON_ID && is_text(json, i + 1) &&
            (member.rank >= FIRST_PART || member.rank == PATH_RANK))
            return i + 1;
    }
    return MS_JSON_NO_TOKEN;
}

/* Names that say nothing but that there is a reason. */
static bool is_plain(const ms_json *json, uint32_t name)
{
    ms_json_role role = ms_json_member_of(json, name).role;

    return role == MS_JSON_ERROR || role == MS_JSON_MESSAGE || role == MS_JSON_TITLE ||
           role == MS_JSON_REASON || role == MS_JSON_TYPE || ms_json_is(json, name, "text", 4);
}

/* {"email": "taken", "name": "too long"}: nothing but parts and what is wrong with each. */
static bool is_map_of_parts(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_role role = ms_json_member_of(json, i).role;

        if ((role != MS_JSON_OTHER && role != MS_JSON_ID) || !is_text(json, i + 1))
            return false;
    }
    return true;
}

static void look_into(reasons *r, uint32_t name, uint32_t value, unsigned deep);

static void look_into_object(reasons *r, uint32_t object, unsigned deep)
{
    uint32_t message = message_in(r->json, object);

    if (message != MS_JSON_NO_TOKEN) {
        add_reason(r, part_in(r->json, object), message);
        return;
    }
    bool parts = r->error && is_map_of_parts(r->json, object);

    for (uint32_t i = ms_json_first(object);
         i < r->json->tokens[object].end && r->n <= REASONS_MOST; i = r->json->tokens[i + 1].end) {
        if (parts)
            add_reason(r, i, i + 1);
        else
            look_into(r, is_plain(r->json, i) ? MS_JSON_NO_TOKEN : i, i + 1, deep + 1);
    }
}

static void look_into(reasons *r, uint32_t name, uint32_t value, unsigned deep)
{
    if (is_sentence(r->json, value))
        add_reason(r, name, value);
    if (deep >= REASONS_DEEP)
        return;
    if (ms_json_has_type(r->json, value, MS_JSON_OBJECT))
        look_into_object(r, value, deep);
    for (uint32_t i = ms_json_first(value); ms_json_has_type(r->json, value, MS_JSON_ARRAY) &&
                                            i < r->json->tokens[value].end && r->n <= REASONS_MOST;
         i = r->json->tokens[i].end) {
        if (name != MS_JSON_NO_TOKEN && is_text(r->json, i))
            add_reason(r, name, i);
        else
            look_into(r, name, i, deep + 1);
    }
}

static reasons reasons_new(ms_json_parser *parser, const char *said, bool error)
{
    return (reasons){.parser = parser,
                     .json = parser->json,
                     .said = said,
                     .to = g_string_new(NULL),
                     .only = MS_JSON_NO_TOKEN,
                     .error = error};
}

char *ms_json_reasons(ms_json_parser *parser, uint32_t value, bool error, uint32_t *only)
{
    reasons r = reasons_new(parser, NULL, error);

    look_into(&r, MS_JSON_NO_TOKEN, value, 0);
    *only = r.only;
    return g_string_free(r.to, r.to->len == 0);
}

char *ms_json_finer_reasons(ms_json_parser *parser, uint32_t object, const char *said)
{
    const ms_json *json = parser->json;
    reasons r = reasons_new(parser, said, true);

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        uint32_t list = i + 1;

        for (uint32_t j = ms_json_first(list); ms_json_has_type(json, list, MS_JSON_ARRAY) &&
                                               j < json->tokens[list].end && r.n <= REASONS_MOST;
             j = json->tokens[j].end) {
            uint32_t message =
                ms_json_has_type(json, j, MS_JSON_OBJECT) ? message_in(json, j) : MS_JSON_NO_TOKEN;

            if (message != MS_JSON_NO_TOKEN)
                add_reason(&r, part_in(json, j), message);
        }
    }
    return g_string_free(r.to, r.to->len == 0);
}
