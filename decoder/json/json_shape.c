/* json_shape.c
 * Which parts of a JSON text hold the rows.
 *
 * Only the names of members and the kinds of values count. Nothing is taken for a list of rows
 * unless its elements say what became of them, or its name does, beside a list of what failed. A
 * list that may be anything counts as nothing: the body is then undecoded, and nothing is counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "json_lists.h"

/* How deep lists of rows may be nested. */
#define LISTS_DEEP 6u

typedef struct {
    const ms_json *json;
    ms_json_shape *shape;
    unsigned elements; /* how many arrays enclose the place */
} finder;

/* ---- what a list holds ---- */

/* The elements of an array, or the values of an object. */
typedef struct {
    uint32_t n, objects, scalars, nulls;
    uint32_t told, reads, plain, failed; /* of the objects, unwrapped */
    uint32_t errors, statuses, named, codes;
    uint32_t characteristics; /* of HomeKit, whose statuses are return codes */
    bool negative, positive, code_ok;
} contents;

/* {"aid": 1, "iid": 9, "status": 0} */
static bool is_characteristic(const ms_json *json, uint32_t object)
{
    bool aid = false, iid = false;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        aid = aid || ms_json_is(json, i, "aid", 3);
        iid = iid || ms_json_is(json, i, "iid", 3);
    }
    return aid && iid;
}

static void count_value(const ms_json *json, uint32_t value, contents *of)
{
    of->n++;
    switch (json->tokens[value].type) {
    case MS_JSON_OBJECT:
        of->objects++;
        break;
    case MS_JSON_ARRAY:
        return;
    case MS_JSON_NULL:
        of->nulls++;
        return;
    default:
        of->scalars++;
        return;
    }
    ms_json_fate fate = ms_json_fate_of(json, ms_json_unwrap(json, value));

    of->characteristics += is_characteristic(json, value);
    of->told += fate.told;
    of->reads += fate.reads;
    of->plain += fate.plain;
    of->failed += fate.failed;
    of->errors += fate.error;
    of->statuses += fate.status;
    of->named += fate.named;
    of->codes += fate.by_code;
    of->negative = of->negative || fate.negative;
    of->positive = of->positive || fate.positive;
    of->code_ok = of->code_ok || fate.code_ok;
}

static contents look_into(const ms_json *json, uint32_t container)
{
    bool map = ms_json_has_type(json, container, MS_JSON_OBJECT);
    uint32_t i = ms_json_first(container), end = json->tokens[container].end;
    contents of = {0};

    while (i < end) {
        uint32_t value = map ? i + 1 : i;

        count_value(json, value, &of);
        i = json->tokens[value].end;
    }
    return of;
}

/* 0 or an error below it: these are not HTTP statuses. Where all are 0, they may be states of
 * anything, except with HomeKit. */
static bool has_return_codes(const contents *of)
{
    return !of->positive &&
           (of->negative || (of->characteristics > 0 && of->characteristics == of->n));
}

/* Does an element say what became of it? A code may be that of a country, unless one is a word for
 * success, or all are statuses. */
static bool any_told(const contents *of)
{
    return of->told > of->codes ||
           (of->codes > 0 && (of->code_ok || of->plain + of->nulls == of->n));
}

/* The rows mention nothing but errors: a row without one is a success. */
static bool only_errors(const contents *of)
{
    return of->errors > 0 && of->statuses == 0;
}

/* Is this name an identifier in itself: "16", "/a/b.txt", "urn:x:1"? */
static bool is_keyed(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    const char *text = json->text + token->offset;

    for (uint32_t i = 0; i < token->length; i++) {
        if (g_ascii_isdigit(text[i]) || text[i] == '/' || text[i] == ':')
            return true;
    }
    return false;
}

/* ---- arrays with a style of their own ---- */

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
        if (!is_keyed(json, i) || !(ms_json_has_type(json, value, MS_JSON_TRUE) ||
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

static bool find_own_style(const ms_json *json, uint32_t array, ms_json_style *style)
{
    bool keyed = true, added = true, any_failed = false;

    for (uint32_t i = ms_json_first(array); i < json->tokens[array].end; i = json->tokens[i].end) {
        keyed = keyed && is_keyed_row(json, i);
        added = added && is_added_row(json, i, &any_failed);
        if (!keyed && !added)
            return false;
    }
    *style = keyed ? MS_JSON_KEYED_ROWS : MS_JSON_ADDED_ROWS;
    return keyed || any_failed;
}

/* ---- lists ---- */

static void add_list(finder *f, ms_json_list list)
{
    g_array_append_val(f->shape->lists, list);
}

static ms_json_list list_of(const ms_json *json, uint32_t parent, uint32_t name, uint32_t container,
                            ms_json_listed listed)
{
    return (ms_json_list){
        .container = container,
        .name = name,
        .parent = parent,
        .listed = listed,
        .style = ms_json_has_type(json, container, MS_JSON_OBJECT) ? MS_JSON_MAP : MS_JSON_ROWS,
    };
}

/* Rows that themselves say what became of them. */
static void add_rows_list(finder *f, uint32_t parent, uint32_t name, uint32_t container,
                          const contents *of)
{
    ms_json_list list = list_of(f->json, parent, name, container, MS_JSON_LISTED);

    list.return_codes = has_return_codes(of);
    list.only_errors = only_errors(of);
    list.codes_tell = of->code_ok;
    list.failed = of->failed;
    add_list(f, list);
}

static bool is_container(const ms_json *json, uint32_t token)
{
    return json->tokens[token].type <= MS_JSON_ARRAY;
}

/* "errors", "created": a name that says what is in it. */
static bool tells_of_lists(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    ms_json_list_name kind = ms_json_list_name_of(json, name);

    if (is_keyed(json, name) || memchr(json->text + token->offset, '.', token->length))
        return false;
    return kind == MS_JSON_BAD_LIST || kind == MS_JSON_GOOD_LIST || kind == MS_JSON_FAIR_LIST ||
           (kind == MS_JSON_ROW_LIST && ms_json_has_type(json, name + 1, MS_JSON_ARRAY));
}

/* A map of identifiers, {"id-1": {...}}, and not an object with members of its own. */
static bool has_ids_for_names(const ms_json *json, uint32_t object, bool scalars)
{
    bool any = false;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_role role = ms_json_member_of(json, i).role;
        bool is_scalar = json->tokens[i + 1].type > MS_JSON_ARRAY &&
                         !ms_json_has_type(json, i + 1, MS_JSON_NULL);

        if ((role != MS_JSON_OTHER && role != MS_JSON_ID) || (is_scalar && !scalars) ||
            (is_container(json, i + 1) && tells_of_lists(json, i)))
            return false;
        if (role == MS_JSON_ID && !is_keyed(json, i) && is_scalar)
            return false;
        any = true;
    }
    return any;
}

/* {"a": "created", "b": "failed"}, {"7": 201, "8": 404}, {"x/1": true} */
static bool is_map_of_words(const ms_json *json, uint32_t object)
{
    static const ms_json_member status = {MS_JSON_STATUS, 0, MS_JSON_NO_NAME};
    unsigned words = 0, others = 0;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        ms_json_type type = (ms_json_type)json->tokens[i + 1].type;

        if (type <= MS_JSON_ARRAY || type == MS_JSON_NULL)
            return false;
        ms_json_told told = ms_json_tell(json, NULL, status, i + 1);

        if (!told.plain)
            return false;
        if (type == MS_JSON_STRING)
            words++;
        else if (is_keyed(json, i))
            others++;
        else
            return false;
    }
    return words + others > 0 && has_ids_for_names(json, object, true);
}

/* ---- an object ---- */

/* What was found in an object: the token of a name, and that of the value, or of the list in it. */
typedef struct {
    uint32_t name, value;
} found_value;

/* NULL as long as there is none. */
typedef GArray *names;

static guint length_of(names of)
{
    return of ? of->len : 0;
}

static uint32_t name_at(names of, guint index)
{
    return g_array_index(of, found_value, index).name;
}

static uint32_t value_at(names of, guint index)
{
    return g_array_index(of, found_value, index).value;
}

static void add_value(names *to, uint32_t name, uint32_t value)
{
    found_value found = {name, value};

    if (!*to)
        *to = g_array_new(FALSE, FALSE, sizeof(found_value));
    g_array_append_val(*to, found);
}

static void add_name(names *to, uint32_t name)
{
    add_value(to, name, name + 1);
}

/* The lists in one object, by what their names say. */
typedef struct {
    names good, fair, bad, rows, any, children;
    bool bad_is_there; /* a list of failures, if only null or empty */
    bool bad_has_rows; /* something is in one */
    uint32_t error;    /* name of an object that describes one error; 0 */
    uint32_t count;    /* name of a number that counts successes; 0 */
} found_lists;

static void free_lists(found_lists *found)
{
    names *all[] = {&found->good, &found->fair, &found->bad,
                    &found->rows, &found->any,  &found->children};

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (*all[i])
            g_array_free(*all[i], TRUE);
    }
}

/* {"failed": {"count": 1, "items": [...]}}, {"failed": {"ids": [...]}}: the list in it, if it has
 * one and says nothing but a number. 0 if not. */
static uint32_t list_inside(const ms_json *json, uint32_t object)
{
    uint32_t list = 0;

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        bool rows = ms_json_has_type(json, i + 1, MS_JSON_ARRAY) &&
                    (ms_json_list_name_of(json, i) == MS_JSON_ROW_LIST ||
                     ms_json_member_of(json, i).role == MS_JSON_IDS);

        if (rows && list == 0)
            list = i + 1;
        else if (rows || !ms_json_has_type(json, i + 1, MS_JSON_NUMBER))
            return 0;
    }
    return list;
}

static void find_bad(const ms_json *json, uint32_t name, found_lists *found)
{
    uint32_t value = name + 1;
    bool object = ms_json_has_type(json, value, MS_JSON_OBJECT);
    uint32_t inside = object ? list_inside(json, value) : 0;

    if (ms_json_has_type(json, value, MS_JSON_NULL)) {
        found->bad_is_there = true;
    } else if (inside) {
        found->bad_is_there = true;
        found->bad_has_rows = found->bad_has_rows || !ms_json_is_empty(json, inside);
        add_value(&found->bad, name, inside);
    } else if (ms_json_has_type(json, value, MS_JSON_ARRAY) ||
               (ms_json_has_type(json, value, MS_JSON_OBJECT) &&
                (ms_json_is_empty(json, value) || has_ids_for_names(json, value, true)))) {
        found->bad_is_there = true;
        found->bad_has_rows = found->bad_has_rows || !ms_json_is_empty(json, value);
        add_name(&found->bad, name);
    } else if (ms_json_has_type(json, value, MS_JSON_OBJECT)) {
        if (ms_json_member_of(json, name).role == MS_JSON_ERROR)
            found->error = name;
        else
            add_name(&found->children, name);
    }
}

static void find_count(const ms_json *json, uint32_t name, found_lists *found)
{
    const ms_json_token *value = &json->tokens[name + 1];

    if (value->type == MS_JSON_NUMBER && g_ascii_isdigit(json->text[value->offset]) &&
        json->text[value->offset] != '0' && ms_json_counts_good(json, name))
        found->count = name;
}

/* {"responseHeader": {"errors": [{"id": 5}]}}: what speaks of the whole may list what failed. */
static bool holds_failures(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_has_type(json, i + 1, MS_JSON_ARRAY) && !ms_json_is_empty(json, i + 1) &&
            ms_json_list_name_of(json, i) == MS_JSON_BAD_LIST)
            return true;
    }
    return false;
}

static void find_list(const ms_json *json, uint32_t name, found_lists *found)
{
    uint32_t value = name + 1;
    bool map = ms_json_has_type(json, value, MS_JSON_OBJECT);

    switch (ms_json_list_name_of(json, name)) {
    case MS_JSON_BAD_LIST:
        find_bad(json, name, found);
        return;
    case MS_JSON_NO_LIST:
        if (map && holds_failures(json, value))
            add_name(&found->children, name);
        return;
    case MS_JSON_GOOD_LIST:
        if (map && list_inside(json, value)) {
            add_value(&found->good, name, list_inside(json, value));
            return;
        }
        if (!map || ms_json_is_empty(json, value) || has_ids_for_names(json, value, false)) {
            if (is_container(json, value))
                add_name(&found->good, name);
            return;
        }
        break;
    case MS_JSON_FAIR_LIST:
        if (ms_json_has_type(json, value, MS_JSON_ARRAY)) {
            add_name(&found->fair, name);
            return;
        }
        break;
    case MS_JSON_ROW_LIST:
    case MS_JSON_VERB_LIST:
        if (is_container(json, value))
            add_name(&found->rows, name);
        return;
    case MS_JSON_ASIDE_LIST:
    case MS_JSON_ANY_LIST:
        if (is_container(json, value))
            add_name(&found->any, name);
        return;
    }
    if (is_container(json, value))
        add_name(&found->children, name);
}

/* Lists of one object that are compared by their names. */
#define PAIRED_LISTS 16u

/* Is it the other name without "not": "enrolled" beside "notEnrolled"? */
static bool is_opposite(const ms_json *json, uint32_t name, uint32_t negated)
{
    ms_json_words plain, other;

    ms_json_split_name(json, name, &plain);
    ms_json_split_name(json, negated, &other);
    return plain.count > 0 && other.count == plain.count + 1 &&
           (ms_json_word_is(&other, 0, "not") || ms_json_word_is(&other, 0, "non")) &&
           strcmp(other.whole + other.start[1], plain.whole) == 0;
}

/* A list of any name is one of successes where another has the same name negated. */
static void find_opposites(const ms_json *json, found_lists *found)
{
    for (guint i = 0; i < MIN(length_of(found->bad), PAIRED_LISTS); i++) {
        for (guint j = 0; j < MIN(length_of(found->any), PAIRED_LISTS); j++) {
            if (is_opposite(json, name_at(found->any, j), name_at(found->bad, i))) {
                add_value(&found->good, name_at(found->any, j), value_at(found->any, j));
                g_array_remove_index(found->any, j);
                break;
            }
        }
    }
}

static found_lists find_lists(const ms_json *json, uint32_t object)
{
    found_lists found = {0};

    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (is_container(json, i + 1) || ms_json_has_type(json, i + 1, MS_JSON_NULL))
            find_list(json, i, &found);
        else
            find_count(json, i, &found);
    }
    find_opposites(json, &found);
    return found;
}

/* ---- lists of successes and failures ---- */

static bool holds_null(const ms_json *json, names lists)
{
    for (guint i = 0; i < length_of(lists); i++) {
        if (look_into(json, value_at(lists, i)).nulls > 0)
            return true;
    }
    return false;
}

static void add_all(finder *f, uint32_t object, names lists, ms_json_listed listed, bool skips_null)
{
    for (guint i = 0; i < length_of(lists); i++) {
        uint32_t value = value_at(lists, i);
        ms_json_list list = list_of(f->json, object, name_at(lists, i), value, listed);

        list.skips_null = skips_null;
        if (listed == MS_JSON_LISTED_FAILED)
            list.failed = look_into(f->json, value).n;
        add_list(f, list);
    }
}

/* Does a list of failures say which rows it is about? */
static bool is_named(const ms_json *json, uint32_t list)
{
    bool map = ms_json_has_type(json, list, MS_JSON_OBJECT);

    for (uint32_t i = ms_json_first(list); i < json->tokens[list].end; i = json->tokens[i].end) {
        const ms_json_token *of = &json->tokens[i];

        if (map ||
            (of->type == MS_JSON_STRING && !memchr(json->text + of->offset, ' ', of->length)))
            return true;
        if (of->type == MS_JSON_OBJECT && ms_json_fate_of(json, i).named_well)
            return true;
    }
    return false;
}

static bool are_named(const ms_json *json, names lists)
{
    for (guint i = 0; i < length_of(lists); i++) {
        if (is_named(json, value_at(lists, i)))
            return true;
    }
    return false;
}

static uint32_t entries_of(const ms_json *json, names lists)
{
    uint32_t n = 0;

    for (guint i = 0; i < length_of(lists); i++) {
        contents of = look_into(json, value_at(lists, i));

        n += of.n - of.nulls;
    }
    return n;
}

/* What a single error object is about, as one more row. */
static void add_error(finder *f, uint32_t object, uint32_t name)
{
    ms_json_list list = list_of(f->json, object, name, name + 1, MS_JSON_LISTED_FAILED);

    list.style = MS_JSON_SINGLE;
    add_list(f, list);
}

static void add_failures(finder *f, uint32_t object, const found_lists *found, bool skips_null)
{
    add_all(f, object, found->bad, MS_JSON_LISTED_FAILED, skips_null);
    if (found->error && !found->bad_has_rows)
        add_error(f, object, found->error);
}

/* {"created": [...], "notCreated": [...]} */
static bool take_sides(finder *f, uint32_t object, const found_lists *found)
{
    bool failures = found->bad_is_there || found->error;
    bool skip = holds_null(f->json, found->bad);

    if (length_of(found->good) == 0 && (length_of(found->fair) == 0 || !failures))
        return false;
    if (entries_of(f->json, found->good) + entries_of(f->json, found->fair) == 0 &&
        !found->bad_has_rows && length_of(found->rows) + length_of(found->any) > 0)
        return false;
    add_all(f, object, found->good, MS_JSON_LISTED_OK, skip);
    if (failures)
        add_all(f, object, found->fair, MS_JSON_LISTED_OK, skip);
    add_failures(f, object, found, true);
    return true;
}

/* ---- lists of rows ---- */

/* Does every element of a list that may be anything say, in a way that only rows have, what became
 * of it? Beside an error, a word will do that may be the resource's own: "sent". */
static bool is_plainly_rows(const ms_json *json, uint32_t name, const contents *of)
{
    bool aside = ms_json_list_name_of(json, name) == MS_JSON_ASIDE_LIST;
    uint32_t told = only_errors(of) ? of->errors : of->plain;

    return of->objects == of->n && of->n > 0 &&
           (of->plain == of->n || (has_return_codes(of) && of->told > 0 && of->named == of->n) ||
            (only_errors(of) && told > 0 && of->named == of->n) ||
            (of->errors > 0 && of->reads == of->n && of->named == of->n)) &&
           (!aside || of->named == of->n || of->failed < of->n);
}

/* Members are rows, {"/a": {"error": false}, "/b": {"error": true}}, or words. */
static bool is_map_of_rows(const ms_json *json, uint32_t object, const contents *of)
{
    if (!ms_json_has_type(json, object, MS_JSON_OBJECT) || of->n == 0)
        return false;
    if (of->objects == 0)
        return is_map_of_words(json, object);
    return of->objects == of->n && has_ids_for_names(json, object, false) &&
           (of->plain == of->n || only_errors(of));
}

/* Does a list with a name for rows hold rows? */
static bool holds_rows(const ms_json *json, uint32_t name, const contents *of, ms_json_style *style)
{
    uint32_t value = name + 1;

    *style = MS_JSON_ROWS;
    if (ms_json_has_type(json, value, MS_JSON_OBJECT)) {
        *style = MS_JSON_MAP;
        return is_map_of_rows(json, value, of);
    }
    return any_told(of) || (of->n > 0 && find_own_style(json, value, style));
}

/* Elements that hold lists of their own, {"type": "a", "success": [...], "failed": [...]}, are no
 * rows. */
static bool holds_groups(const ms_json *json, uint32_t array)
{
    for (uint32_t i = ms_json_first(array); i < json->tokens[array].end; i = json->tokens[i].end) {
        if (!ms_json_has_type(json, i, MS_JSON_OBJECT))
            return false;
        found_lists found = find_lists(json, i);
        bool group = length_of(found.good) > 0 && length_of(found.bad) > 0 &&
                     !ms_json_fate_of(json, i).named;

        free_lists(&found);
        if (!group)
            return false;
    }
    return !ms_json_is_empty(json, array);
}

typedef struct {
    unsigned lists;
    uint32_t n, failed, reads;
} taken;

static void take_list(finder *f, uint32_t object, uint32_t name, taken *sum, bool known)
{
    const ms_json *json = f->json;
    contents of = look_into(json, name + 1);
    ms_json_style style = MS_JSON_ROWS;
    bool map = ms_json_has_type(json, name + 1, MS_JSON_OBJECT);

    if (!map && holds_groups(json, name + 1))
        return;
    if (known ? !holds_rows(json, name, &of, &style)
        : map ? !is_map_of_rows(json, name + 1, &of)
              : !is_plainly_rows(json, name, &of))
        return;
    add_rows_list(f, object, name, name + 1, &of);
    if (style != MS_JSON_ROWS)
        g_array_index(f->shape->lists, ms_json_list, f->shape->lists->len - 1).style = style;
    sum->lists++;
    sum->n += of.n;
    sum->failed += of.failed;
    sum->reads += of.reads + of.scalars;
}

/* {"create": [{"error": ...}], "update": [{"id": 5}]}: where one of the lists mentions only errors,
 * one that mentions none has none. */
static void take_verbs(finder *f, uint32_t object, const found_lists *found, guint from)
{
    bool errors = false;

    for (guint i = from; i < f->shape->lists->len; i++)
        errors = errors || g_array_index(f->shape->lists, ms_json_list, i).only_errors;
    for (guint i = 0; errors && i < length_of(found->rows); i++) {
        uint32_t name = name_at(found->rows, i);
        contents of = look_into(f->json, name + 1);

        if (ms_json_list_name_of(f->json, name) != MS_JSON_VERB_LIST || of.objects != of.n ||
            of.n == 0 || of.told > 0 || !ms_json_has_type(f->json, name + 1, MS_JSON_ARRAY))
            continue;
        ms_json_list list = list_of(f->json, object, name, name + 1, MS_JSON_LISTED);

        list.only_errors = true;
        add_list(f, list);
    }
}

/* The rows of an object, and besides them what failed, unless that only repeats it. */
static bool take_rows(finder *f, uint32_t object, const found_lists *found)
{
    guint before = f->shape->lists->len;
    taken sum = {0};

    for (guint i = 0; i < length_of(found->rows); i++)
        take_list(f, object, name_at(found->rows, i), &sum, true);
    take_verbs(f, object, found, before);
    /* What is inside the elements of a list, {"users": [{"logins": [...]}]}, belongs to them. */
    if (sum.lists == 0 && f->elements == 0) {
        for (guint i = 0; i < length_of(found->any); i++)
            take_list(f, object, name_at(found->any, i), &sum, false);
    }
    if (sum.lists == 0)
        return false;
    bool failures = found->bad_has_rows || found->error;

    if (failures && sum.reads == 0) { /* "active": a status of the resource */
        g_array_set_size(f->shape->lists, before);
        return false;
    }
    bool again = sum.failed >= entries_of(f->json, found->bad) + (found->error ? 1 : 0);

    if (failures && (!again || are_named(f->json, found->bad)))
        add_failures(f, object, found, true);
    return true;
}

/* ---- failures, and what is beside them ---- */

/* {"data": {"items": [...]}, "errors": [...]} */
static uint32_t find_deeper(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_has_type(json, i + 1, MS_JSON_ARRAY) && !ms_json_is_empty(json, i + 1) &&
            ms_json_list_name_of(json, i) == MS_JSON_ROW_LIST && look_into(json, i + 1).told == 0)
            return i;
    }
    return 0;
}

/* The list that has a name for rows, or else the only one of objects that have names. */
static uint32_t find_partner(const ms_json *json, const found_lists *found)
{
    uint32_t partner = 0;

    for (guint i = 0; i < length_of(found->rows); i++) {
        if (ms_json_has_type(json, value_at(found->rows, i), MS_JSON_ARRAY) ||
            has_ids_for_names(json, value_at(found->rows, i), false))
            return name_at(found->rows, i);
        partner = found->bad_has_rows ? find_deeper(json, value_at(found->rows, i)) : 0;
        if (partner)
            return partner;
    }
    for (guint i = 0; i < length_of(found->any) && found->bad_has_rows; i++) {
        uint32_t name = name_at(found->any, i);
        contents of = look_into(json, name + 1);

        bool any = ms_json_list_name_of(json, name) == MS_JSON_ANY_LIST;

        /* "messages", "requests": rows only if each says what became of it. */
        if (ms_json_has_type(json, name + 1, MS_JSON_OBJECT) || of.n == 0 ||
            of.objects + of.nulls < of.n || of.named + of.nulls < of.n || (!any && of.reads < of.n))
            continue;
        if (partner)
            return 0;
        partner = name;
    }
    return partner;
}

/* Do errors say where they are, {"path": ["b", 0]}, as those of GraphQL do? */
static bool have_paths(const ms_json *json, uint32_t errors)
{
    if (!ms_json_has_type(json, errors, MS_JSON_ARRAY))
        return false;
    for (uint32_t i = ms_json_first(errors); i < json->tokens[errors].end;
         i = json->tokens[i].end) {
        if (!ms_json_has_type(json, i, MS_JSON_OBJECT))
            return false;
        for (uint32_t j = ms_json_first(i); j < json->tokens[i].end; j = json->tokens[j + 1].end) {
            if (ms_json_is(json, j, "path", 4) && ms_json_has_type(json, j + 1, MS_JSON_ARRAY))
                return true;
        }
    }
    return false;
}

static bool has_scalars(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (!is_container(json, i + 1) && !ms_json_has_type(json, i + 1, MS_JSON_NULL))
            return true;
    }
    return false;
}

/* {"data": {...}, "errors": [...]}: the answers to several questions, or one resource. */
static bool take_data(finder *f, uint32_t object, const found_lists *found)
{
    const ms_json *json = f->json;

    for (guint i = 0; i < length_of(found->rows); i++) {
        uint32_t name = name_at(found->rows, i), value = name + 1;

        if (!ms_json_has_type(json, value, MS_JSON_OBJECT) || ms_json_is_empty(json, value))
            continue;
        ms_json_list list = list_of(json, object, name, value, MS_JSON_LISTED_BESIDE);

        list.skips_null = true;
        if (has_scalars(json, value) || !have_paths(json, value_at(found->bad, 0))) {
            if (!ms_json_fate_of(json, value).named)
                continue;
            list.style = MS_JSON_SINGLE;
        }
        add_list(f, list);
        return true;
    }
    return false;
}

static bool take_failures(finder *f, uint32_t object, const found_lists *found)
{
    if (length_of(found->bad) == 0 && !found->error)
        return false;
    bool paths = length_of(found->bad) > 0 && have_paths(f->json, value_at(found->bad, 0));
    uint32_t partner = paths ? 0 : find_partner(f->json, found);

    if (!partner && found->bad_has_rows && take_data(f, object, found)) {
        add_failures(f, object, found, true);
        return true;
    }
    if (!partner && (!found->bad_has_rows || f->elements > 0))
        return false;
    if (partner) {
        ms_json_list list = list_of(f->json, object, partner, partner + 1, MS_JSON_LISTED_BESIDE);

        list.skips_null = true;
        add_list(f, list);
    }
    add_failures(f, object, found, partner != 0);
    return true;
}

/* ---- the whole ---- */

static bool find_in(finder *f, uint32_t token, unsigned deep);

static bool find_in_names(finder *f, names lists, unsigned deep)
{
    bool any = false;

    for (guint i = 0; i < length_of(lists); i++)
        any = find_in(f, value_at(lists, i), deep) || any;
    return any;
}

static bool has_other_list(const finder *f, guint from)
{
    for (guint i = from; i < f->shape->lists->len; i++) {
        if (g_array_index(f->shape->lists, ms_json_list, i).listed != MS_JSON_LISTED_FAILED)
            return true;
    }
    return false;
}

/* How many rows of the lists from `from` on failed. */
static uint32_t failed_from(const finder *f, guint from)
{
    uint32_t failed = 0;

    for (guint i = from; i < f->shape->lists->len; i++)
        failed += g_array_index(f->shape->lists, ms_json_list, i).failed;
    return failed;
}

/* {"items": []}: a place for rows, with none in it. */
static bool take_empty(finder *f, uint32_t object, const found_lists *found)
{
    for (guint i = 0; i < length_of(found->rows); i++) {
        if (!ms_json_is_empty(f->json, value_at(found->rows, i)))
            return false;
    }
    for (guint i = 0; i < length_of(found->rows); i++) {
        uint32_t name = name_at(found->rows, i);

        if (ms_json_has_type(f->json, name + 1, MS_JSON_ARRAY)) {
            add_list(f, list_of(f->json, object, name, name + 1, MS_JSON_LISTED));
            return true;
        }
    }
    return false;
}

/* Lists of an object, or else deeper. If they are only failures, the successes may be deeper. */
static bool find_in_object(finder *f, uint32_t object, unsigned deep)
{
    found_lists found = find_lists(f->json, object);
    guint from = f->shape->lists->len;

    if (found.count != 0 && f->shape->others == MS_JSON_NO_TOKEN)
        f->shape->others = found.count;
    bool any = take_sides(f, object, &found) || take_rows(f, object, &found) ||
               take_failures(f, object, &found);

    if (!any || !has_other_list(f, from)) {
        guint behind = f->shape->lists->len;

        any = find_in_names(f, found.rows, deep + 1) || any;
        any = find_in_names(f, found.children, deep + 1) || any;
        any = find_in_names(f, found.any, deep + 1) || any;
        /* What only repeats that rows failed. */
        if (behind > from &&
            failed_from(f, behind) >= failed_from(f, from) - failed_from(f, behind))
            g_array_remove_range(f->shape->lists, from, behind - from);
    }
    any = any || take_empty(f, object, &found);
    free_lists(&found);
    return any;
}

static bool find_in_elements(finder *f, uint32_t array, unsigned deep)
{
    bool any = false;

    f->elements++;
    for (uint32_t i = ms_json_first(array); i < f->json->tokens[array].end;
         i = f->json->tokens[i].end)
        any = find_in(f, i, deep + 1) || any;
    f->elements--;
    return any;
}

/* Lists inside something that is not itself a list of rows. */
static bool find_in(finder *f, uint32_t token, unsigned deep)
{
    if (deep > LISTS_DEEP)
        return false;
    if (ms_json_has_type(f->json, token, MS_JSON_OBJECT))
        return find_in_object(f, token, deep);
    return ms_json_has_type(f->json, token, MS_JSON_ARRAY) && find_in_elements(f, token, deep);
}

/* ["ERROR_...", [rows]] */
static bool find_tagged(finder *f, uint32_t array)
{
    const ms_json *json = f->json;
    uint32_t tag = ms_json_first(array), rows = tag + 1;
    ms_json_style style = MS_JSON_ROWS;

    if (json->tokens[array].end <= rows || !ms_json_has_type(json, tag, MS_JSON_STRING) ||
        !ms_json_has_type(json, rows, MS_JSON_ARRAY) ||
        json->tokens[rows].end != json->tokens[array].end)
        return false;
    contents of = look_into(json, rows);

    if (!any_told(&of) && of.n > 0 && !find_own_style(json, rows, &style))
        return false;
    bool failed = strncmp(json->text + json->tokens[tag].offset + 1, "ERROR", 5) == 0;

    f->shape->tag = tag;
    add_list(f, (ms_json_list){.container = rows, .style = style, .tagged = failed});
    return true;
}

static void find_in_root_array(finder *f, uint32_t array)
{
    contents of = look_into(f->json, array);
    ms_json_style style = MS_JSON_ROWS;

    if (find_tagged(f, array))
        return;
    bool groups = holds_groups(f->json, array);
    bool rows = of.n == 0 || any_told(&of) || find_own_style(f->json, array, &style);

    if (rows && !groups) {
        add_rows_list(f, 0, 0, array, &of);
        g_array_index(f->shape->lists, ms_json_list, 0).style = style;
    } else {
        find_in_elements(f, array, 1);
    }
}

/* "/a/b.txt", "urn:x:1", "17": it can only be an identifier. */
static bool is_surely_id(const ms_json *json, uint32_t name)
{
    const ms_json_token *token = &json->tokens[name];
    const char *text = json->text + token->offset;
    bool digits = token->length > 2;

    /* Between the quotes, of which a body that is cut off lacks the second. */
    for (uint32_t i = 1; i + 1 < token->length; i++) {
        if (text[i] == ':' || (i == 1 && text[i] == '/'))
            return true;
        digits = digits && g_ascii_isdigit(text[i]);
    }
    return digits;
}

/* {"/a": 200, "/b": "deleted"}: all there is are identifiers and what became of them. What may be
 * on or off is something else. */
static bool is_map_alone(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        bool told = ms_json_has_type(json, i + 1, MS_JSON_NUMBER) ||
                    ms_json_has_type(json, i + 1, MS_JSON_STRING);

        if (!told || !is_surely_id(json, i))
            return false;
    }
    return is_map_of_words(json, object);
}

/* {"responseHeader": {"status": 0}} names no row. */
static bool speaks_of_whole(const ms_json *json, uint32_t object)
{
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_list_name_of(json, i) == MS_JSON_NO_LIST && !is_keyed(json, i))
            return true;
    }
    return false;
}

/* {"/a": {"error": false}, "/b": {"error": true, "message": "..."}}, {"/a": 200, "/b": 404} */
static bool find_root_map(finder *f, uint32_t object)
{
    const ms_json *json = f->json;
    contents of = look_into(json, object);
    bool words = of.objects == 0 && is_map_alone(json, object);

    if (!words && (of.objects != of.n || of.plain == 0 || speaks_of_whole(json, object) ||
                   !has_ids_for_names(json, object, false)))
        return false;
    add_rows_list(f, 0, 0, object, &of);
    return true;
}

/* {"status": 207, "data": {...}, "error": {...}}, {"id": 7, "status": 201}: everything that is said
 * is about one row. */
static void find_single(finder *f, uint32_t object)
{
    ms_json_fate fate = ms_json_fate_of(f->json, object);
    found_lists found = find_lists(f->json, object);
    bool alone = !found.good && !found.fair && !found.bad && !found.rows && !found.any &&
                 !found.children && !found.error;

    if ((found.error && fate.error) || (alone && fate.named && fate.plain))
        add_list(f, (ms_json_list){.container = object, .style = MS_JSON_SINGLE});
    free_lists(&found);
}

/* In the order of the text, but rows that themselves say what became of them come before what may
 * be the same rows again. */
static gint compare_lists(gconstpointer a, gconstpointer b)
{
    const ms_json_list *left = a, *right = b;

    if (left->parent != right->parent)
        return left->parent < right->parent ? -1 : 1;
    if ((left->listed == MS_JSON_LISTED) != (right->listed == MS_JSON_LISTED))
        return left->listed == MS_JSON_LISTED ? -1 : 1;
    return left->container < right->container ? -1 : left->container > right->container;
}

/* What a body says about rows that it does not list, where everything that it lists failed. */
static void settle_others(finder *f)
{
    bool rows = false;

    for (guint i = 0; i < f->shape->lists->len; i++) {
        const ms_json_list *list = &g_array_index(f->shape->lists, ms_json_list, i);

        rows = rows ||
               (list->listed == MS_JSON_LISTED &&
                (list->style == MS_JSON_SINGLE || !ms_json_is_empty(f->json, list->container)));
    }
    if (rows || (f->shape->others == MS_JSON_NO_TOKEN && has_other_list(f, 0)))
        f->shape->others = 0;
}

/* How deep an object that speaks of the whole may be nested: {"ocs": {"meta": {"status":
 * "failure"}}}. */
#define WHOLE_DEEP 3u

/* Does the body, or an object in it, say in a way that only describes a fate that it failed? */
static bool says_failure(const ms_json *json, uint32_t object, unsigned deep)
{
    ms_json_fate fate = ms_json_fate_of(json, object);

    if (fate.failed && fate.plain)
        return true;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end && deep < WHOLE_DEEP;
         i = json->tokens[i + 1].end) {
        if (ms_json_has_type(json, i + 1, MS_JSON_OBJECT) && says_failure(json, i + 1, deep + 1))
            return true;
    }
    return false;
}

ms_json_shape ms_json_find_shape(const ms_json *json)
{
    ms_json_shape shape = {.lists = g_array_new(FALSE, FALSE, sizeof(ms_json_list)),
                           .others = MS_JSON_NO_TOKEN};
    finder f = {json, &shape, 0};

    if (json->count == 0)
        return shape;
    if (ms_json_has_type(json, 0, MS_JSON_ARRAY)) {
        find_in_root_array(&f, 0);
    } else if (ms_json_has_type(json, 0, MS_JSON_OBJECT)) {
        if (!find_in_object(&f, 0, 0) && !find_root_map(&f, 0))
            find_single(&f, 0);
        shape.refused = says_failure(json, 0, 0);
        shape.claims_failure = says_failure(json, 0, WHOLE_DEEP);
    }
    g_array_sort(shape.lists, compare_lists);
    settle_others(&f);
    return shape;
}

void ms_json_clear_shape(ms_json_shape *shape)
{
    g_array_free(shape->lists, TRUE);
}
