/* json_names.c
 * Names and words in JSON Multi-Status bodies, and what they mean.
 *
 * Each comes from an interface that is known to answer with 207 (docs/json.md).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

#include "status.h"

/* ---- names of members ---- */

/* The lowest rank counts: an identifier that leads somewhere before one that does not. */
static const struct {
    const char *name;
    ms_json_member member;
} members[] = {
    {"href", {MS_JSON_ID, 0}},
    {"uri", {MS_JSON_ID, 1}},
    {"url", {MS_JSON_ID, 2}},
    {"path", {MS_JSON_ID, 3}},
    {"id", {MS_JSON_ID, 4}},
    {"_id", {MS_JSON_ID, 5}},
    {"entityId", {MS_JSON_ID, 6}},
    {"resourceId", {MS_JSON_ID, 7}},
    {"key", {MS_JSON_ID, 8}},
    {"eid", {MS_JSON_ID, 9}},
    {"userId", {MS_JSON_ID, 10}},
    {"requestId", {MS_JSON_ID, 11}},
    {"index", {MS_JSON_ID, 12}},
    {"externalId", {MS_JSON_ID, 13}},
    /* rank 20: any other name that ends in "Id" */

    {"ids", {MS_JSON_IDS, 0}},
    {"context", {MS_JSON_IDS, 1}}, /* HubSpot: {"context": {"ids": ["1", "2"]}} */
    /* rank 2: any other name that ends in "Ids" */

    {"status", {MS_JSON_STATUS, 0}},
    {"statusCode", {MS_JSON_STATUS, 1}},
    {"status_code", {MS_JSON_STATUS, 2}},
    {"httpStatus", {MS_JSON_STATUS, 3}},
    {"http_status", {MS_JSON_STATUS, 4}},
    {"httpStatusCode", {MS_JSON_STATUS, 5}},
    {"publishing_status", {MS_JSON_STATUS, 6}},
    {"code", {MS_JSON_CODE, 0}},
    {"errorCode", {MS_JSON_CODE, 1}},
    {"error_code", {MS_JSON_CODE, 2}},
    {"success", {MS_JSON_FLAG, 0}},
    {"succeeded", {MS_JSON_FLAG, 1}},
    {"successful", {MS_JSON_FLAG, 2}},

    {"error", {MS_JSON_ERROR, 0}},
    {"errors", {MS_JSON_ERROR, 1}},
    {"failure", {MS_JSON_ERROR, 2}},
    {"failures", {MS_JSON_ERROR, 3}},
    {"failed", {MS_JSON_ERROR, 4}},
    {"error_messages", {MS_JSON_ERROR, 5}},

    {"message", {MS_JSON_MESSAGE, 0}},
    {"detail", {MS_JSON_MESSAGE, 1}},
    {"description", {MS_JSON_MESSAGE, 2}},
    {"errorMessage", {MS_JSON_MESSAGE, 3}},
    {"error_message", {MS_JSON_MESSAGE, 4}},
    {"title", {MS_JSON_TITLE, 0}},
    {"category", {MS_JSON_REASON, 0}},
    {"subCategory", {MS_JSON_REASON, 1}},
    {"type", {MS_JSON_TYPE, 0}},
    {"instance", {MS_JSON_INSTANCE, 0}},
    {"location", {MS_JSON_LOCATION, 0}},
    {"response", {MS_JSON_INNER, 0}},
};

#define OTHER_ID_RANK 20
#define OTHER_IDS_RANK 2

static bool ends_in(const char *name, size_t length, const char *end)
{
    size_t size = strlen(end);

    return length > size && memcmp(name + length - size, end, size) == 0;
}

ms_json_member ms_json_member_of(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    const char *text = json->text + token->offset + 1;
    size_t length = token->length - 2;

    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (token->escaped ? ms_json_is(json, name, members[i].name, strlen(members[i].name))
                           : *text == *members[i].name && strlen(members[i].name) == length &&
                                 memcmp(text, members[i].name, length) == 0)
            return members[i].member;
    }
    if (ends_in(text, length, "Id") || ends_in(text, length, "_id"))
        return (ms_json_member){MS_JSON_ID, OTHER_ID_RANK};
    if (ends_in(text, length, "Ids") || ends_in(text, length, "_ids"))
        return (ms_json_member){MS_JSON_IDS, OTHER_IDS_RANK};
    return (ms_json_member){MS_JSON_OTHER, 0};
}

bool ms_json_is_row(const ms_json *json, uint32_t object)
{
    if (!ms_json_has_type(json, object, MS_JSON_OBJECT))
        return false;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        switch (ms_json_member_of(json, i).role) {
        case MS_JSON_STATUS:
        case MS_JSON_CODE:
        case MS_JSON_FLAG:
        case MS_JSON_ERROR:
            return true;
        case MS_JSON_INNER:
            if (ms_json_has_type(json, i + 1, MS_JSON_OBJECT))
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

uint32_t ms_json_unwrap(const ms_json *json, uint32_t element)
{
    uint32_t value = element + 2;

    if (ms_json_has_type(json, element, MS_JSON_OBJECT) && !ms_json_is_empty(json, element) &&
        json->tokens[value].end == json->tokens[element].end && !ms_json_is_row(json, element) &&
        ms_json_is_row(json, value))
        return value;
    return element;
}

bool ms_json_is_keyed(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    const char *text = json->text + token->offset;

    for (uint32_t i = 0; i < token->length; i++) {
        if (g_ascii_isdigit(text[i]) || text[i] == '/' || text[i] == ':')
            return true;
    }
    return false;
}

/* ---- words ---- */

static const struct {
    const char *word;
    ms_said said;
} words[] = {
    {"ok", MS_SAID_OK},
    {"success", MS_SAID_OK},
    {"successful", MS_SAID_OK},
    {"succeeded", MS_SAID_OK},
    {"submitted", MS_SAID_OK}, /* Nakadi */
    {"complete", MS_SAID_OK},  /* HubSpot */
    {"completed", MS_SAID_OK},
    {"done", MS_SAID_OK},
    {"updated", MS_SAID_OK},
    {"deleted", MS_SAID_OK},
    {"failed", MS_SAID_FAILED}, /* Nakadi */
    {"failure", MS_SAID_FAILED},
    {"fail", MS_SAID_FAILED},
    {"error", MS_SAID_FAILED}, /* HubSpot */
    {"rejected", MS_SAID_FAILED},
    {"invalid", MS_SAID_FAILED},
    {"denied", MS_SAID_FAILED},
    {"aborted", MS_SAID_COLLATERAL}, /* Nakadi: not tried, because another event failed */
};

static ms_said said_by_code(int code)
{
    if (code < 200 || code >= 600)
        return MS_SAID_UNREADABLE;
    if (code < 300)
        return MS_SAID_OK;
    if (code == 424)
        return MS_SAID_COLLATERAL;
    return code >= 400 ? MS_SAID_FAILED : MS_SAID_UNREADABLE;
}

/* Without regard to case, and to how words are joined: "NOT_FOUND" is "Not Found". */
static bool same_words(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        bool joint = strchr(" -_", *a) && strchr(" -_", *b);

        if (!joint && g_ascii_tolower(*a) != g_ascii_tolower(*b))
            return false;
    }
    return *a == *b;
}

ms_said ms_json_word(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (same_words(words[i].word, word))
            return words[i].said;
    }
    /* The reason phrase of a status. */
    for (int code = 200; code < 600; code++) {
        const char *reason = ms_status_reason(code);

        if (reason && same_words(reason, word))
            return said_by_code(code);
    }
    return MS_SAID_UNREADABLE;
}
