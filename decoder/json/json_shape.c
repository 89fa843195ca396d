/* json_shape.c
 * Which part of a JSON text holds the rows.
 *
 * Only the names of members and the kinds of values count; nothing is taken for a list of rows
 * unless at least one of its elements says what became of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <string.h>

/* What the name of a member of the outermost object says of an array in it. */
typedef enum { NO_LIST, OF_ROWS, OF_SUCCESSES, OF_RESULTS, OF_FAILURES, A_WRAPPER } list_kind;

static const struct {
    const char *name;
    list_kind kind;
} lists[] = {
    {"items", OF_ROWS},          {"value", OF_ROWS},           {"results", OF_RESULTS},
    {"responses", OF_ROWS},      {"operations", OF_ROWS},      {"Operations", OF_ROWS},
    {"entries", OF_ROWS},        {"entry", OF_ROWS},           {"data", OF_ROWS},
    {"batchItems", OF_ROWS},     {"success", OF_SUCCESSES},    {"successes", OF_SUCCESSES},
    {"succeeded", OF_SUCCESSES}, {"successful", OF_SUCCESSES}, {"errors", OF_FAILURES},
    {"failures", OF_FAILURES},   {"failed", OF_FAILURES},      {"failure", OF_FAILURES},
};

/* Objects that only hold another one: {"data": {"items": [...]}}. */
static const char *const wrappers[] = {"data", "result", "response", "body", "payload"};
#define WRAPPERS_DEEP 3

static list_kind kind_of(const ms_json *json, uint32_t name)
{
    if (ms_json_has_type(json, name + 1, MS_JSON_OBJECT)) {
        for (size_t i = 0; i < G_N_ELEMENTS(wrappers); i++) {
            if (ms_json_is(json, name, wrappers[i], strlen(wrappers[i])))
                return A_WRAPPER;
        }
    }
    if (!ms_json_has_type(json, name + 1, MS_JSON_ARRAY))
        return NO_LIST;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (ms_json_is(json, name, lists[i].name, strlen(lists[i].name)))
            return lists[i].kind;
    }
    return NO_LIST;
}

/* ---- arrays ---- */

/* {"16": true, "message": "..."}: one identifier whose value is the fate, and messages. */
static bool is_keyed_row(const ms_json *json, uint32_t object)
{
    unsigned keys = 0;

    if (!ms_json_has_type(json, object, MS_JSON_OBJECT))
        return false;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        uint32_t value = i + 1;

        if (ms_json_member_of(json, i).role == MS_JSON_MESSAGE)
            continue;
        if (!ms_json_is_keyed(json, i) || !(ms_json_has_type(json, value, MS_JSON_TRUE) ||
                                            ms_json_has_type(json, value, MS_JSON_FALSE) ||
                                            ms_json_has_type(json, value, MS_JSON_NULL)))
            return false;
        keys++;
    }
    return keys == 1;
}

/* {"id": 8, "message": ""} or {"id": false, "message": "..."}, and nothing else. `failed` is set
 * for the latter. */
static bool is_added_row(const ms_json *json, uint32_t object, bool *failed)
{
    bool has_id = false;

    if (!ms_json_has_type(json, object, MS_JSON_OBJECT))
        return false;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_role role = ms_json_member_of(json, i).role;

        if (role == MS_JSON_ID && !has_id) {
            has_id = true;
            *failed = *failed || ms_json_has_type(json, i + 1, MS_JSON_FALSE);
        } else if (role != MS_JSON_MESSAGE) {
            return false;
        }
    }
    return has_id;
}

static bool style_of_array(const ms_json *json, uint32_t array, ms_json_style *style)
{
    bool keyed = true, added = true, any_failed = false;
    uint32_t end = json->tokens[array].end;

    *style = MS_JSON_ROWS;
    if (ms_json_is_empty(json, array))
        return true;
    for (uint32_t i = ms_json_first(array); i < end; i = json->tokens[i].end) {
        if (ms_json_is_row(json, ms_json_unwrap(json, i)))
            return true;
        keyed = keyed && is_keyed_row(json, i);
        added = added && is_added_row(json, i, &any_failed);
    }
    if (keyed)
        *style = MS_JSON_KEYED_ROWS;
    else if (added && any_failed)
        *style = MS_JSON_ADDED_ROWS;
    return keyed || (added && any_failed);
}

/* ---- the whole ---- */

static void add_list(ms_json_shape *shape, ms_json_list list)
{
    if (shape->count < MS_JSON_LISTS)
        shape->lists[shape->count++] = list;
}

/* ["ERROR_...", [rows]] */
static bool find_tagged(const ms_json *json, uint32_t array, ms_json_shape *shape)
{
    uint32_t tag = ms_json_first(array), rows = tag + 1;
    ms_json_style style;

    if (json->tokens[array].end <= rows || !ms_json_has_type(json, tag, MS_JSON_STRING) ||
        !ms_json_has_type(json, rows, MS_JSON_ARRAY) ||
        json->tokens[rows].end != json->tokens[array].end || !style_of_array(json, rows, &style))
        return false;
    bool failed = strncmp(json->text + json->tokens[tag].offset + 1, "ERROR", 5) == 0;

    shape->tag = tag;
    add_list(shape, (ms_json_list){.container = rows, .style = style, .tagged = failed});
    return true;
}

static void find_in_array(const ms_json *json, uint32_t array, ms_json_shape *shape)
{
    ms_json_style style;

    if (!find_tagged(json, array, shape) && style_of_array(json, array, &style))
        add_list(shape, (ms_json_list){.container = array, .style = style});
}

/* The arrays of an object that count; 0 where there is none. */
typedef struct {
    uint32_t rows, successes, results, failures, wrapper; /* tokens of their names */
} found_lists;

static found_lists find_lists(const ms_json *json, uint32_t object)
{
    found_lists found = {0};
    ms_json_style style;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        switch (kind_of(json, i)) {
        case OF_RESULTS:
            found.results = i;
            if (!found.rows && style_of_array(json, i + 1, &style))
                found.rows = i;
            break;
        case OF_ROWS:
            if (!found.rows && style_of_array(json, i + 1, &style))
                found.rows = i;
            break;
        case OF_SUCCESSES:
            found.successes = i;
            break;
        case OF_FAILURES:
            found.failures = i;
            break;
        case A_WRAPPER:
            found.wrapper = i + 1;
            break;
        case NO_LIST:
            break;
        }
    }
    return found;
}

static ms_json_list named_list(uint32_t name, ms_json_listed listed)
{
    return (ms_json_list){.container = name + 1, .name = name, .listed = listed};
}

static void add_in_order(ms_json_shape *shape, ms_json_list one, ms_json_list other)
{
    bool swapped = other.container < one.container;

    add_list(shape, swapped ? other : one);
    add_list(shape, swapped ? one : other);
}

/* Lists that are apart, or one list of rows, perhaps with the failures beside it. */
static void find_in_lists(const ms_json *json, const found_lists *found, ms_json_shape *shape)
{
    uint32_t good = found->successes ? found->successes : found->failures ? found->results : 0;

    if (good && found->failures) {
        add_in_order(shape, named_list(good, MS_JSON_LISTED_OK),
                     named_list(found->failures, MS_JSON_LISTED_FAILED));
    } else if (good) {
        add_list(shape, named_list(good, MS_JSON_LISTED_OK));
    } else if (found->rows) {
        ms_json_list rows = named_list(found->rows, MS_JSON_LISTED);

        style_of_array(json, rows.container, &rows.style);
        if (found->failures)
            add_in_order(shape, rows, named_list(found->failures, MS_JSON_LISTED_FAILED));
        else
            add_list(shape, rows);
    } else if (found->failures && !ms_json_is_empty(json, found->failures + 1)) {
        add_list(shape, named_list(found->failures, MS_JSON_LISTED_FAILED));
    }
}

/* {"/a": {"error": false}, "/b": {"error": true, "message": "..."}} */
static bool is_map(const ms_json *json, uint32_t object)
{
    bool any = false;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (!ms_json_has_type(json, i + 1, MS_JSON_OBJECT))
            return false;
        any = any || ms_json_is_row(json, i + 1);
    }
    return any;
}

ms_json_shape ms_json_find_shape(const ms_json *json)
{
    ms_json_shape shape = {0};
    uint32_t at = 0;

    if (json->count == 0)
        return shape;
    if (ms_json_has_type(json, at, MS_JSON_ARRAY))
        find_in_array(json, at, &shape);
    for (unsigned deep = 0; deep < WRAPPERS_DEEP && ms_json_has_type(json, at, MS_JSON_OBJECT);
         deep++) {
        found_lists found = find_lists(json, at);

        find_in_lists(json, &found, &shape);
        if (shape.count == 0 && !found.wrapper && is_map(json, at))
            add_list(&shape, (ms_json_list){.container = at, .style = MS_JSON_MAP});
        if (shape.count > 0 || !found.wrapper)
            break;
        at = found.wrapper;
    }
    return shape;
}
