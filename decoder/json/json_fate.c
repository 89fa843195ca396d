/* json_fate.c
 * What the members of an object say about the fate of a row.
 *
 * One reading for everybody: json_shape.c asks it whether a list is a list of rows, json_row.c
 * makes the rows of it. RFC 9110 section 15 (statuses).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "status.h"

/* ---- values ---- */

/* An integer of a few digits. */
static bool integer_in(const ms_json *json, uint32_t token, int *number)
{
    const ms_json_token *of = &json->tokens[token];
    const char *at = json->text + of->offset;
    uint32_t sign = *at == '-' ? 1 : 0;
    int value = 0;

    if (of->type != MS_JSON_NUMBER || of->length - sign > 8)
        return false;
    for (uint32_t i = sign; i < of->length; i++) {
        if (!g_ascii_isdigit(at[i]))
            return false;
        value = value * 10 + (at[i] - '0');
    }
    *number = sign ? -value : value;
    return true;
}

/* "404", "404 Not Found" and "HTTP/1.1 404 Not Found" hold a number, "2 failed" does not. */
static int status_in_text(const char *text)
{
    ms_status_line line = ms_status_parse(text);

    return line.code >= 100 ? line.code : MS_STATUS_NONE;
}

static bool is_final(int code)
{
    return code >= 200 && code <= 599 && code != 207;
}

static bool text_is(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (g_ascii_strcasecmp(text, list[i]) == 0)
            return true;
    }
    return false;
}

static bool is_zero(const char *text)
{
    return *text != '\0' && strspn(text, "0") == strlen(text);
}

static bool says_none(const char *text)
{
    static const char *const none[] = {"", "none", "null", "false", "ok"};

    return text_is(text, none, G_N_ELEMENTS(none)) || is_zero(text) ||
           ms_json_word(text) == MS_SAID_OK;
}

/* ---- one member ---- */

static const ms_json_told nothing = {.said = MS_SAID_NOTHING, .code = MS_STATUS_NONE};

static ms_json_told by_word(ms_said said, bool plain)
{
    return (ms_json_told){.said = said, .code = MS_STATUS_NONE, .plain = plain};
}

static ms_json_told by_code(int code)
{
    /* A row that is itself a Multi-Status may hold anything. */
    if (code == 207)
        return by_word(MS_SAID_UNREADABLE, false);
    return (ms_json_told){.said = MS_SAID_NOTHING, .code = code, .plain = is_final(code)};
}

/* 0 is success and what is below 0 an error where a list has numbers below 0 (HomeKit). */
static ms_json_told tell_status_number(const ms_json *json, uint32_t value,
                                       const ms_json_list *list)
{
    int number;

    if (!integer_in(json, value, &number))
        return by_word(MS_SAID_UNREADABLE, false);
    if (list && list->return_codes && number <= 0)
        return by_word(number == 0 ? MS_SAID_OK : MS_SAID_FAILED, true);
    if (number < 0 || number > 9999)
        return by_word(MS_SAID_UNREADABLE, false);
    return by_code(number);
}

static ms_json_told tell_status(const ms_json *json, uint32_t value, const char *text,
                                const ms_json_list *list)
{
    switch (json->tokens[value].type) {
    case MS_JSON_NUMBER:
        return tell_status_number(json, value, list);
    case MS_JSON_STRING:
        if (status_in_text(text) >= 0)
            return by_code(status_in_text(text));
        return by_word(ms_json_word(text), ms_json_word_is_plain(text));
    case MS_JSON_TRUE:
        return by_word(MS_SAID_OK, true);
    case MS_JSON_FALSE:
        return by_word(MS_SAID_FAILED, true);
    case MS_JSON_NULL:
        return by_word(list && list->tagged ? MS_SAID_FAILED : MS_SAID_UNREADABLE, false);
    default: /* an object: its members are looked at as those of an error are */
        return nothing;
    }
}

/* "orderStatus", "state", "result": the fate of the row if it reads like one; else an attribute of
 * the resource. */
static ms_json_told tell_weakly(const ms_json *json, ms_json_role role, uint32_t value,
                                const char *text)
{
    ms_said said;
    int number;

    switch (json->tokens[value].type) {
    case MS_JSON_NUMBER:
        if (integer_in(json, value, &number) && is_final(number))
            return by_code(number);
        return nothing;
    case MS_JSON_STRING:
        if (is_final(status_in_text(text)))
            return by_code(status_in_text(text));
        said = ms_json_word(text);
        return said == MS_SAID_UNREADABLE ? nothing : by_word(said, ms_json_word_is_plain(text));
    case MS_JSON_TRUE:
        return role == MS_JSON_RESULT ? by_word(MS_SAID_OK, true) : nothing;
    case MS_JSON_FALSE:
        return role == MS_JSON_RESULT ? by_word(MS_SAID_FAILED, true) : nothing;
    default:
        return nothing;
    }
}

/* A status if it is one, "code": 404, or a word that says what happened, "code": "SUCCESS"; else
 * the server's own code, which means that it was no success where other rows have a code for
 * success.
 */
static ms_json_told tell_code(const ms_json *json, uint32_t value, const char *text,
                              const ms_json_list *list)
{
    ms_json_told own = list && list->codes_tell ? by_word(MS_SAID_FAILED, false) : nothing;
    int number;

    if (integer_in(json, value, &number)) {
        if (number == 0)
            return by_word(MS_SAID_OK, false);
        return is_final(number) ? by_code(number) : own;
    }
    if (!text || *text == '\0')
        return nothing;
    if (is_final(status_in_text(text)))
        return by_code(status_in_text(text));
    ms_said said = ms_json_word(text);

    return said == MS_SAID_UNREADABLE ? own : by_word(said, ms_json_word_is_plain(text));
}

/* Only 0 is success, unless it is a status. */
static ms_json_told tell_return_code(const ms_json *json, uint32_t value, const char *text)
{
    int number;

    if (integer_in(json, value, &number)) {
        if (number == 0)
            return by_word(MS_SAID_OK, true);
        return is_final(number) ? by_code(number) : by_word(MS_SAID_FAILED, true);
    }
    if (text && is_zero(text))
        return by_word(MS_SAID_OK, true);
    return tell_code(json, value, text, NULL);
}

static ms_json_told tell_error_code(const ms_json *json, uint32_t value, const char *text)
{
    if (ms_json_has_type(json, value, MS_JSON_NULL) || (text && says_none(text)))
        return by_word(MS_SAID_OK, true);
    if (ms_json_has_type(json, value, MS_JSON_NUMBER))
        return tell_return_code(json, value, text);
    if (!text)
        return nothing;
    if (is_final(status_in_text(text)))
        return by_code(status_in_text(text));
    return by_word(MS_SAID_FAILED, true);
}

static ms_json_told tell_flag(const ms_json *json, ms_json_member member, uint32_t value,
                              const char *text, const ms_json_list *list)
{
    static const char *const yes[] = {"true", "yes", "y"};
    static const char *const no[] = {"false", "no", "n"};
    ms_json_type type = (ms_json_type)json->tokens[value].type;
    int number;

    if (type == MS_JSON_TRUE || type == MS_JSON_FALSE)
        return by_word(type == MS_JSON_TRUE ? MS_SAID_OK : MS_SAID_FAILED,
                       member.rank <= MS_JSON_SURE_FLAG);
    if (type == MS_JSON_NULL)
        return tell_status(json, value, text, list);
    if (type == MS_JSON_NUMBER && integer_in(json, value, &number) && number < 200)
        return by_word(number > 0 ? MS_SAID_OK : MS_SAID_FAILED, true);
    if (text && text_is(text, yes, G_N_ELEMENTS(yes)))
        return by_word(MS_SAID_OK, true);
    if (text && text_is(text, no, G_N_ELEMENTS(no)))
        return by_word(MS_SAID_FAILED, true);
    if (type == MS_JSON_STRING || type == MS_JSON_NUMBER)
        return tell_status(json, value, text, list);
    /* {"success": ["attribute"]} */
    return ms_json_is_empty(json, value) ? nothing : by_word(MS_SAID_OK, true);
}

/* {"code": 0}, {"code": "ok", "message": ""}: an error that is not one. */
static bool is_no_error(const ms_json *json, uint32_t object)
{
    bool any = false;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(json, i);

        if (member.role != MS_JSON_CODE && member.role != MS_JSON_STATUS &&
            member.role != MS_JSON_ERROR_CODE)
            continue;
        ms_json_told told = ms_json_tell(json, NULL, member, i + 1);

        if (told.said != MS_SAID_OK && !(told.code >= 200 && told.code < 300))
            return false;
        any = true;
    }
    return any;
}

/* {"ingestionError": []}: it holds no more than an empty list does. */
static bool holds_nothing(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        bool container = json->tokens[i + 1].type <= MS_JSON_ARRAY;

        if (!(container && ms_json_is_empty(json, i + 1)) &&
            !ms_json_has_type(json, i + 1, MS_JSON_NULL))
            return false;
    }
    return true;
}

/* Of these, only true, false and numbers count: "hasErrors". */
#define ERROR_FLAGS 6

static ms_json_told tell_error(const ms_json *json, ms_json_member member, uint32_t value,
                               const char *text)
{
    const ms_json_token *of = &json->tokens[value];
    int number;

    switch (of->type) {
    case MS_JSON_OBJECT:
        if (ms_json_is_empty(json, value) || member.rank == ERROR_FLAGS)
            return nothing;
        return by_word(is_no_error(json, value) || holds_nothing(json, value) ? MS_SAID_OK
                                                                              : MS_SAID_FAILED,
                       true);
    case MS_JSON_ARRAY:
        return by_word(ms_json_is_empty(json, value) ? MS_SAID_OK : MS_SAID_FAILED, true);
    case MS_JSON_STRING:
        return by_word(says_none(text) ? MS_SAID_OK : MS_SAID_FAILED, true);
    case MS_JSON_NUMBER:
        return by_word(
            integer_in(json, value, &number) && number == 0 ? MS_SAID_OK : MS_SAID_FAILED, false);
    default:
        return by_word(of->type == MS_JSON_TRUE ? MS_SAID_FAILED : MS_SAID_OK, true);
    }
}

bool ms_json_tells(ms_json_role role)
{
    return role >= MS_JSON_STATUS && role <= MS_JSON_ERROR;
}

ms_json_told ms_json_tell(const ms_json *json, const ms_json_list *list, ms_json_member member,
                          uint32_t value)
{
    GString *decoded = NULL;
    ms_json_told told = nothing;

    if (!ms_json_tells(member.role))
        return nothing;
    if (ms_json_has_type(json, value, MS_JSON_STRING)) {
        decoded = g_string_new(NULL);
        ms_json_append_text(json, value, decoded);
    }
    const char *text = decoded ? decoded->str : NULL;

    switch (member.role) {
    case MS_JSON_STATUS:
        told = tell_status(json, value, text, list);
        break;
    case MS_JSON_WEAK_STATUS:
    case MS_JSON_RESULT:
        told = tell_weakly(json, member.role, value, text);
        break;
    case MS_JSON_CODE:
        told = tell_code(json, value, text, list);
        break;
    case MS_JSON_RETURN_CODE:
        told = tell_return_code(json, value, text);
        break;
    case MS_JSON_ERROR_CODE:
        told = tell_error_code(json, value, text);
        break;
    case MS_JSON_FLAG:
        told = tell_flag(json, member, value, text, list);
        break;
    default:
        told = tell_error(json, member, value, text);
        break;
    }
    if (decoded)
        g_string_free(decoded, TRUE);
    return told;
}

/* ---- objects ---- */

uint32_t ms_json_object_in(const ms_json *json, uint32_t value)
{
    if (ms_json_has_type(json, value, MS_JSON_ARRAY) && !ms_json_is_empty(json, value))
        value = ms_json_first(value);
    return ms_json_has_type(json, value, MS_JSON_OBJECT) ? value : MS_JSON_NO_TOKEN;
}

static bool is_inner(ms_json_role role)
{
    return role == MS_JSON_INNER || role == MS_JSON_STATUS || role == MS_JSON_WEAK_STATUS;
}

static bool is_payload(ms_json_role role)
{
    return role == MS_JSON_PAYLOAD || role == MS_JSON_RESULT;
}

static void add_told(ms_json_fate *fate, ms_json_role role, ms_json_told told)
{
    bool said = told.said != MS_SAID_NOTHING || told.code != MS_STATUS_NONE;
    bool failed = told.said >= MS_SAID_COLLATERAL || told.code >= 400;

    fate->reads = fate->reads || is_final(told.code) || told.said == MS_SAID_OK ||
                  told.said >= MS_SAID_COLLATERAL;
    fate->plain = fate->plain || told.plain;
    fate->failed = fate->failed || failed;
    fate->by_other = fate->by_other || (said && role != MS_JSON_CODE);
    if (role == MS_JSON_ERROR || role == MS_JSON_ERROR_CODE)
        fate->error = fate->error || (failed && told.plain);
    else
        fate->status = fate->status || said;
}

static void look_at_members(const ms_json *json, uint32_t object, ms_json_fate *fate,
                            unsigned deep);

/* The answer or the resource in a row counts if the row has nothing to say itself. */
static void look_at_payload(const ms_json *json, uint32_t value, ms_json_fate *payload,
                            unsigned deep)
{
    uint32_t object = ms_json_object_in(json, value);
    ms_json_fate of = {0};

    if (object == MS_JSON_NO_TOKEN || deep >= MS_JSON_INNER_DEEP || payload->plain)
        return;
    look_at_members(json, object, &of, deep + 1);
    if (of.reads && of.plain)
        *payload = of;
}

static void look_at_number(const ms_json *json, uint32_t value, ms_json_fate *fate)
{
    int number;

    if (!ms_json_has_type(json, value, MS_JSON_NUMBER))
        return;
    bool integer = integer_in(json, value, &number);

    fate->negative = fate->negative || (integer && number < 0);
    fate->positive = fate->positive || !integer || number > 0;
}

static void look_at_member(const ms_json *json, ms_json_member member, uint32_t value,
                           ms_json_fate *fate)
{
    if (member.role == MS_JSON_STATUS)
        look_at_number(json, value, fate);
    if (member.role == MS_JSON_STATUS || member.role == MS_JSON_ERROR ||
        member.role == MS_JSON_FLAG)
        fate->told = true;
    /* A state of any kind says more than an error does. */
    if (member.role == MS_JSON_WEAK_STATUS && ms_json_has_type(json, value, MS_JSON_STRING))
        fate->status = true;
    if (ms_json_tells(member.role)) {
        ms_json_told told = ms_json_tell(json, NULL, member, value);

        add_told(fate, member.role, told);
        if (member.role == MS_JSON_CODE && told.said == MS_SAID_OK)
            fate->code_ok = true;
    }
}

static void look_at_name(const ms_json *json, ms_json_member member, uint32_t value,
                         ms_json_fate *fate, unsigned deep)
{
    ms_json_type type = (ms_json_type)json->tokens[value].type;

    if (deep > 0 || type == MS_JSON_NULL || type == MS_JSON_FALSE || type == MS_JSON_TRUE)
        return;
    fate->named = true;
    fate->named_well = fate->named_well || member.rank < MS_JSON_COUNTING_RANK;
}

static void look_at_members(const ms_json *json, uint32_t object, ms_json_fate *fate, unsigned deep)
{
    uint32_t inner = MS_JSON_NO_TOKEN;
    ms_json_fate payload = {0};

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_member member = ms_json_member_of(json, i);

        if (member.role == MS_JSON_ID || member.role == MS_JSON_IDS)
            look_at_name(json, member, i + 1, fate, deep);
        look_at_member(json, member, i + 1, fate);
        if (is_inner(member.role) && inner == MS_JSON_NO_TOKEN)
            inner = ms_json_object_in(json, i + 1);
        if (is_payload(member.role))
            look_at_payload(json, i + 1, &payload, deep);
    }
    if (deep < MS_JSON_INNER_DEEP && inner != MS_JSON_NO_TOKEN)
        look_at_members(json, inner, fate, deep + 1);
    if (payload.plain && !fate->told && !fate->reads) {
        payload.named = fate->named;
        payload.named_well = fate->named_well;
        *fate = payload;
    }
}

ms_json_fate ms_json_fate_of(const ms_json *json, uint32_t object)
{
    ms_json_fate fate = {0};

    if (ms_json_has_type(json, object, MS_JSON_OBJECT))
        look_at_members(json, object, &fate, 0);
    fate.by_code = fate.reads && !fate.told && !fate.by_other;
    fate.told = fate.told || fate.reads;
    return fate;
}

/* Does an object say what became of a row? */
static bool is_row(const ms_json *json, uint32_t object)
{
    return ms_json_fate_of(json, object).told;
}

uint32_t ms_json_unwrap(const ms_json *json, uint32_t element)
{
    uint32_t value = element + 2;

    if (ms_json_has_type(json, element, MS_JSON_OBJECT) && !ms_json_is_empty(json, element) &&
        json->tokens[value].end == json->tokens[element].end && !is_row(json, element) &&
        is_row(json, value))
        return value;
    return element;
}
