/* json_names.c
 * Names of members in JSON Multi-Status bodies, and what they are for.
 *
 * Interfaces write one name in many ways: "statusCode", "status_code", "StatusCode", "STATUS-CODE".
 * Names are compared word by word, in lower case. What is not in the table is recognised by its
 * last word: something that ends in "Id" identifies, something that ends in "Status" is a status.
 *
 * docs/json.md lists what counts as what.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

/* ---- words ---- */

static bool is_joint(char c)
{
    return !g_ascii_isalnum(c) && (unsigned char)c < 0x80;
}

/* Does a word begin at text[at]: after a separator, or at a capital ("statusCode", "HTTPStatus")?
 */
static bool begins(const char *text, size_t length, size_t at)
{
    if (at == 0 || is_joint(text[at - 1]))
        return true;
    if (!g_ascii_isupper(text[at]))
        return false;
    return !g_ascii_isupper(text[at - 1]) ||
           (at + 1 < length && g_ascii_islower(text[at + 1]) && text[at + 1] != 's');
}

void ms_json_split(ms_json_words *words, const char *text, size_t length)
{
    size_t used = 0;

    words->count = 0;
    words->whole[0] = '\0';
    if (length > MS_JSON_NAME_LENGTH)
        return;
    for (size_t i = 0; i < length; i++) {
        if (is_joint(text[i]))
            continue;
        if (begins(text, length, i) && words->count < MS_JSON_NAME_WORDS)
            words->start[words->count++] = (uint8_t)used;
        words->whole[used++] = g_ascii_tolower(text[i]);
    }
    words->whole[used] = '\0';
    words->start[words->count] = (uint8_t)used;
}

bool ms_json_word_is(const ms_json_words *words, unsigned index, const char *word)
{
    size_t length = strlen(word), from = words->start[index];

    return index < words->count && words->start[index + 1] - from == length &&
           memcmp(words->whole + from, word, length) == 0;
}

bool ms_json_word_in(const ms_json_words *words, unsigned index, const char *const *list,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ms_json_word_is(words, index, list[i]))
            return true;
    }
    return false;
}

bool ms_json_any_in(const ms_json_words *words, const char *const *list, size_t count)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (ms_json_word_in(words, i, list, count))
            return true;
    }
    return false;
}

bool ms_json_whole_in(const ms_json_words *words, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words->whole, list[i]) == 0)
            return true;
    }
    return false;
}

void ms_json_split_name(const ms_json *json, uint32_t name, ms_json_words *words)
{
    const ms_json_token *token = &json->tokens[name];

    if (!token->escaped) {
        ms_json_split(words, json->text + token->offset + 1, token->length - 2);
        return;
    }
    GString *text = g_string_new(NULL);

    ms_json_append_text(json, name, text);
    ms_json_split(words, text->str, text->len);
    g_string_free(text, TRUE);
}

/* ---- names of members ---- */

/* In alphabetical order. The lowest rank wins: an identifier that leads somewhere goes before one
 * that does not, and one that only numbers the rows comes last. */
static const struct {
    const char *name;
    ms_json_role role;
    uint8_t rank;
} members[] = {
    {"accepted", MS_JSON_FLAG, 4},
    {"account", MS_JSON_ID, 52},
    {"action", MS_JSON_WEAK_STATUS, 5},
    {"address", MS_JSON_ID, 45},
    {"aid", MS_JSON_ID, 46},
    {"arn", MS_JSON_ID, 9},
    {"asin", MS_JSON_ID, 42},
    {"attribute", MS_JSON_ID, 90},
    {"barcode", MS_JSON_ID, 43},
    {"batchid", MS_JSON_ID, 60},
    {"batchindex", MS_JSON_ID, 82},
    {"body", MS_JSON_PAYLOAD, 1},
    {"category", MS_JSON_REASON, 0},
    {"cause", MS_JSON_MESSAGE, 7},
    {"causes", MS_JSON_OTHER, 0},
    {"channel", MS_JSON_ID, 47},
    {"cid", MS_JSON_ID, 46},
    {"code", MS_JSON_CODE, 0},
    {"context", MS_JSON_IDS, 1}, /* HubSpot: {"context": {"ids": ["1", "2"]}} */
    {"correlationid", MS_JSON_OTHER, 0},
    {"data", MS_JSON_PAYLOAD, 2},
    {"description", MS_JSON_MESSAGE, 2},
    {"detail", MS_JSON_MESSAGE, 1},
    {"details", MS_JSON_MESSAGE, 9},
    {"device", MS_JSON_ID, 45},
    {"diagnostics", MS_JSON_MESSAGE, 8},
    {"did", MS_JSON_ID, 46},
    {"dn", MS_JSON_ID, 12},
    {"document", MS_JSON_ID, 48},
    {"documentid", MS_JSON_ID, 20},
    {"ean", MS_JSON_ID, 42},
    {"eid", MS_JSON_ID, 10},
    {"element", MS_JSON_ID, 49},
    {"email", MS_JSON_ID, 40},
    {"emailaddress", MS_JSON_ID, 40},
    {"entity", MS_JSON_ID, 35},
    {"entityid", MS_JSON_ID, 6},
    {"errcode", MS_JSON_ERROR_CODE, 2},
    {"errmsg", MS_JSON_MESSAGE, 4},
    {"errno", MS_JSON_ERROR_CODE, 2},
    {"error", MS_JSON_ERROR, 0},
    {"errorcode", MS_JSON_ERROR_CODE, 0},
    {"errordescription", MS_JSON_MESSAGE, 4},
    {"errordetail", MS_JSON_MESSAGE, 4},
    {"errordetails", MS_JSON_ERROR, 7},
    {"errorid", MS_JSON_OTHER, 0},
    {"errorkey", MS_JSON_OTHER, 0},
    {"errormessage", MS_JSON_MESSAGE, 3},
    {"errormessages", MS_JSON_ERROR, 5},
    {"errormsg", MS_JSON_MESSAGE, 4},
    {"errorname", MS_JSON_REASON, 3},
    {"errornum", MS_JSON_ERROR_CODE, 3},
    {"errornumber", MS_JSON_ERROR_CODE, 3},
    {"errorreason", MS_JSON_REASON, 3},
    {"errors", MS_JSON_ERROR, 1},
    {"errorsummary", MS_JSON_MESSAGE, 4},
    {"errortext", MS_JSON_MESSAGE, 4},
    {"errortype", MS_JSON_REASON, 2},
    {"exception", MS_JSON_ERROR, 8},
    {"exceptions", MS_JSON_ERROR, 8},
    {"explanation", MS_JSON_MESSAGE, 7},
    {"externalid", MS_JSON_ID, 19},
    {"failed", MS_JSON_ERROR, 4},
    {"failure", MS_JSON_ERROR, 2},
    {"failurecode", MS_JSON_ERROR_CODE, 4},
    {"failurereason", MS_JSON_MESSAGE, 4},
    {"failures", MS_JSON_ERROR, 3},
    {"fault", MS_JSON_ERROR, 9},
    {"field", MS_JSON_ID, 90},
    {"file", MS_JSON_ID, 38},
    {"filename", MS_JSON_ID, 37},
    {"filepath", MS_JSON_ID, 36},
    {"fullurl", MS_JSON_ID, 3},
    {"gid", MS_JSON_ID, 11},
    {"gtin", MS_JSON_ID, 42},
    {"guid", MS_JSON_ID, 9},
    {"haserror", MS_JSON_ERROR, 6},
    {"haserrors", MS_JSON_ERROR, 6},
    {"hasfailed", MS_JSON_ERROR, 6},
    {"host", MS_JSON_ID, 45},
    {"hostname", MS_JSON_ID, 44},
    {"href", MS_JSON_ID, 0},
    {"httpcode", MS_JSON_STATUS, 4},
    {"httpresponsecode", MS_JSON_STATUS, 4},
    {"httpstatus", MS_JSON_STATUS, 2},
    {"httpstatuscode", MS_JSON_STATUS, 3},
    {"id", MS_JSON_ID, 5},
    {"identifier", MS_JSON_ID, 13},
    {"ids", MS_JSON_IDS, 0},
    {"idx", MS_JSON_ID, 81},
    {"iid", MS_JSON_ID, 46},
    {"index", MS_JSON_ID, 81},
    {"instance", MS_JSON_INSTANCE, 0},
    {"interface", MS_JSON_ID, 45},
    {"ip", MS_JSON_ID, 45},
    {"ipaddress", MS_JSON_ID, 45},
    {"iserror", MS_JSON_ERROR, 6},
    {"isfailed", MS_JSON_ERROR, 6},
    {"isin", MS_JSON_ID, 42},
    {"isok", MS_JSON_FLAG, 5},
    {"issuccess", MS_JSON_FLAG, 5},
    {"issuccessful", MS_JSON_FLAG, 5},
    {"issue", MS_JSON_OTHER, 0},
    {"isvalid", MS_JSON_FLAG, 5},
    {"item", MS_JSON_ID, 34},
    {"itemindex", MS_JSON_ID, 82},
    {"jobid", MS_JSON_ID, 61},
    {"key", MS_JSON_ID, 8},
    {"label", MS_JSON_ID, 54},
    {"line", MS_JSON_ID, 83},
    {"linenumber", MS_JSON_ID, 83},
    {"location", MS_JSON_LOCATION, 0},
    {"mac", MS_JSON_ID, 44},
    {"marketplaceid", MS_JSON_ID, 65},
    {"merchantid", MS_JSON_ID, 65},
    {"message", MS_JSON_MESSAGE, 0},
    {"messageid", MS_JSON_ID, 57},
    {"messages", MS_JSON_MESSAGE, 10},
    {"meta", MS_JSON_PAYLOAD, 5},
    {"metadata", MS_JSON_PAYLOAD, 6},
    {"msg", MS_JSON_MESSAGE, 5},
    {"msisdn", MS_JSON_ID, 43},
    {"name", MS_JSON_ID, 39},
    {"node", MS_JSON_ID, 45},
    {"object", MS_JSON_ID, 50},
    {"odataid", MS_JSON_ID, 2},
    {"offset", MS_JSON_ID, 84},
    {"oid", MS_JSON_ID, 11},
    {"ok", MS_JSON_FLAG, 3},
    {"operationid", MS_JSON_ID, 60},
    {"organisationid", MS_JSON_ID, 65},
    {"organizationid", MS_JSON_ID, 65},
    {"outcome", MS_JSON_WEAK_STATUS, 4},
    {"parameter", MS_JSON_ID, 90},
    {"parentid", MS_JSON_ID, 65},
    {"path", MS_JSON_ID, 4},
    {"payload", MS_JSON_PAYLOAD, 3},
    {"phone", MS_JSON_ID, 43},
    {"phonenumber", MS_JSON_ID, 43},
    {"pid", MS_JSON_ID, 46},
    {"pointer", MS_JSON_ID, 41},
    {"pos", MS_JSON_ID, 82},
    {"position", MS_JSON_ID, 82},
    {"problem", MS_JSON_ERROR, 10},
    {"problems", MS_JSON_ERROR, 10},
    {"property", MS_JSON_ID, 90},
    {"propstat", MS_JSON_INNER, 1}, /* Multi-Status as it is, in JSON */
    {"publishingstatus", MS_JSON_STATUS, 6},
    {"rc", MS_JSON_RETURN_CODE, 3},
    {"reason", MS_JSON_MESSAGE, 6},
    {"recipient", MS_JSON_ID, 44},
    {"record", MS_JSON_ID, 50},
    {"ref", MS_JSON_ID, 33},
    {"reference", MS_JSON_ID, 33},
    {"reportitemtype", MS_JSON_STATUS, 7},
    {"request", MS_JSON_OTHER, 0},
    {"requestid", MS_JSON_ID, 80},
    {"resource", MS_JSON_ID, 35},
    {"resourceid", MS_JSON_ID, 7},
    {"response", MS_JSON_INNER, 0},
    {"responsecode", MS_JSON_STATUS, 5},
    {"result", MS_JSON_RESULT, 0},
    {"resultcode", MS_JSON_RETURN_CODE, 1},
    {"results", MS_JSON_OTHER, 0},
    {"retcode", MS_JSON_RETURN_CODE, 2},
    {"returncode", MS_JSON_RETURN_CODE, 0},
    {"rid", MS_JSON_ID, 11},
    {"row", MS_JSON_ID, 83},
    {"rowindex", MS_JSON_ID, 83},
    {"rownumber", MS_JSON_ID, 83},
    {"sequencenumber", MS_JSON_ID, 85},
    {"serial", MS_JSON_ID, 43},
    {"shardid", MS_JSON_OTHER, 0},
    {"sid", MS_JSON_ID, 11},
    {"sku", MS_JSON_ID, 14},
    {"slug", MS_JSON_ID, 38},
    {"source", MS_JSON_NESTED, 5},
    {"state", MS_JSON_WEAK_STATUS, 3},
    {"status", MS_JSON_STATUS, 0},
    {"statuscode", MS_JSON_STATUS, 1},
    {"statusdescription", MS_JSON_MESSAGE, 6},
    {"statusmessage", MS_JSON_MESSAGE, 6},
    {"statusreason", MS_JSON_MESSAGE, 6},
    {"statustext", MS_JSON_MESSAGE, 6},
    {"subcategory", MS_JSON_REASON, 1},
    {"suberrors", MS_JSON_ERROR, 7},
    {"subject", MS_JSON_ID, 50},
    {"succeeded", MS_JSON_FLAG, 1},
    {"success", MS_JSON_FLAG, 0},
    {"successful", MS_JSON_FLAG, 2},
    {"symbol", MS_JSON_ID, 15},
    {"tag", MS_JSON_WEAK_STATUS, 6},
    {"target", MS_JSON_ID, 49},
    {"tenantid", MS_JSON_ID, 65},
    {"ticker", MS_JSON_ID, 42},
    {"title", MS_JSON_TITLE, 0},
    {"to", MS_JSON_ID, 51},
    {"topic", MS_JSON_ID, 47},
    {"traceid", MS_JSON_OTHER, 0},
    {"transactionid", MS_JSON_ID, 61},
    {"type", MS_JSON_TYPE, 0},
    {"typeid", MS_JSON_OTHER, 0},
    {"uid", MS_JSON_ID, 9},
    {"uri", MS_JSON_ID, 1},
    {"url", MS_JSON_ID, 2},
    {"urn", MS_JSON_ID, 9},
    {"user", MS_JSON_ID, 45},
    {"userid", MS_JSON_ID, 18},
    {"username", MS_JSON_ID, 38},
    {"uuid", MS_JSON_ID, 9},
    {"valid", MS_JSON_FLAG, 5},
    {"versionid", MS_JSON_OTHER, 0},
};

/* By the last word, where the table does not have the whole name. */
static const struct {
    const char *word;
    ms_json_role role;
    uint8_t rank;
} endings[] = {
    {"id", MS_JSON_ID, 21},
    {"ids", MS_JSON_IDS, 2},
    {"indices", MS_JSON_IDS, 3},
    {"indexes", MS_JSON_IDS, 3},
    {"errors", MS_JSON_ERROR, 11},
    {"error", MS_JSON_ERROR, 11},
    {"uuid", MS_JSON_ID, 22},
    {"guid", MS_JSON_ID, 22},
    {"arn", MS_JSON_ID, 22},
    {"urn", MS_JSON_ID, 22},
    {"sku", MS_JSON_ID, 20},
    {"key", MS_JSON_ID, 30},
    {"identifier", MS_JSON_ID, 30},
    {"no", MS_JSON_ID, 31},
    {"number", MS_JSON_ID, 31},
    {"ref", MS_JSON_ID, 33},
    {"reference", MS_JSON_ID, 33},
    {"email", MS_JSON_ID, 40},
    {"name", MS_JSON_ID, 39},
    {"pointer", MS_JSON_ID, 41},
    {"path", MS_JSON_ID, 56},
    {"index", MS_JSON_ID, 82},
    {"status", MS_JSON_WEAK_STATUS, 1},
    {"result", MS_JSON_WEAK_STATUS, 2},
    {"state", MS_JSON_WEAK_STATUS, 3},
    {"message", MS_JSON_MESSAGE, 11},
    {"reason", MS_JSON_MESSAGE, 12},
    {"item", MS_JSON_NESTED, 0},
    {"entity", MS_JSON_NESTED, 1},
    {"resource", MS_JSON_NESTED, 1},
    {"object", MS_JSON_NESTED, 2},
    {"record", MS_JSON_NESTED, 2},
};

/* "errorKey", "typeId": name something other than a row, whatever their last word is. */
static const char *const foreign[] = {"error",   "trace",    "correlation", "span",
                                      "version", "method",   "class",       "type",
                                      "debug",   "incident", "exception"};

/* The index of a name in the table, or MS_JSON_NO_NAME. */
static unsigned find_member(const char *name)
{
    size_t from = 0, to = G_N_ELEMENTS(members);

    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = strcmp(name, members[middle].name);

        if (order == 0)
            return (unsigned)middle;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return MS_JSON_NO_NAME;
}

/* ---- what a name says ---- */

/* By an index from 1 on: the members of the table, the endings, and those that only look like one
 * of them. 0 is a name that has not been looked up yet. */
enum {
    FIRST_MEMBER = 1,
    FIRST_ENDING = FIRST_MEMBER + G_N_ELEMENTS(members),
    LIKE_A_STATUS = FIRST_ENDING + G_N_ELEMENTS(endings),
    LIKE_AN_ANSWER,
    SOMETHING_ELSE
};
G_STATIC_ASSERT(SOMETHING_ELSE <= UINT8_MAX);

static bool is_foreign(const ms_json_words *words, ms_json_role role)
{
    static const char *const other[] = {"last", "previous", "first", "max", "maximum", "allowed"};

    if (words->count < 2)
        return false;
    if (role == MS_JSON_ERROR)
        return MS_JSON_WORD_IN(words, 0, other);
    return role == MS_JSON_ID && MS_JSON_WORD_IN(words, 0, foreign);
}

static unsigned find_ending(const ms_json_words *words)
{
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (ms_json_word_is(words, words->count - 1, endings[i].word))
            return is_foreign(words, endings[i].role) ? SOMETHING_ELSE
                                                      : (unsigned)(FIRST_ENDING + i);
    }
    /* "substatus", "_responsemeta" */
    if (g_str_has_suffix(words->whole, "status"))
        return LIKE_A_STATUS;
    if (g_str_has_suffix(words->whole, "meta") || g_str_has_suffix(words->whole, "response"))
        return LIKE_AN_ANSWER;
    return SOMETHING_ELSE;
}

static unsigned find_name(const ms_json *json, uint32_t name)
{
    ms_json_words words;

    ms_json_split_name(json, name, &words);
    if (words.count == 0)
        return SOMETHING_ELSE;
    unsigned found = find_member(words.whole);

    return found != MS_JSON_NO_NAME ? FIRST_MEMBER + found : find_ending(&words);
}

/* The names of one row recur in the next: a slot for the last name with these letters. */
static uint32_t *place_of(const ms_json *json, const ms_json_token *name)
{
    const char *at = json->text + name->offset;
    unsigned hash = name->length * 31u + (unsigned char)at[1] * 7u +
                    (unsigned char)at[name->length - 2] + (unsigned char)at[name->length / 2] * 13u;

    return &json->names[hash & (MS_JSON_KNOWN_NAMES - 1)];
}

static uint8_t look_up(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    uint32_t *place = place_of(json, token);
    const ms_json_token *same = &json->tokens[*place];

    if (*place != 0 && same->length == token->length &&
        memcmp(json->text + same->offset, json->text + token->offset, token->length) == 0)
        return same->known;
    *place = name;
    return (uint8_t)find_name(json, name);
}

ms_json_member ms_json_member_of(const ms_json *json, uint32_t name)
{
    ms_json_token *token = &json->tokens[name];

    if (token->known == 0)
        token->known = look_up(json, name);
    unsigned index = token->known;

    if (index < FIRST_ENDING) {
        index -= FIRST_MEMBER;
        return (ms_json_member){members[index].role, members[index].rank, (uint8_t)index};
    }
    if (index < LIKE_A_STATUS) {
        index -= FIRST_ENDING;
        return (ms_json_member){endings[index].role, endings[index].rank, MS_JSON_NO_NAME};
    }
    if (index == LIKE_A_STATUS)
        return (ms_json_member){MS_JSON_WEAK_STATUS, 1, MS_JSON_NO_NAME};
    if (index == LIKE_AN_ANSWER)
        return (ms_json_member){MS_JSON_PAYLOAD, 7, MS_JSON_NO_NAME};
    return (ms_json_member){MS_JSON_OTHER, 0, MS_JSON_NO_NAME};
}
