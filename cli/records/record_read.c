/* record_read.c
 * Reading records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_read.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "record_build.h"
#include "record_shape.h"

/* The state of reading. After the first complaint, the record is given up. */
typedef struct {
    exchange_record *record; /* has the memory; holds the fields of an exchange */
    const char *where;       /* the list that an object stands in: "responses", NULL at the top */
    size_t index;
    char *message;
} reading;

static bool complain_key(reading *r, const char *key, const char *what)
{
    if (r->message)
        return false;
    if (r->where)
        r->message = g_strdup_printf("is not a valid record: \"%s\" of %s[%" G_GSIZE_FORMAT "] %s",
                                     key, r->where, r->index, what);
    else
        r->message = g_strdup_printf("is not a valid record: \"%s\" %s", key, what);
    return false;
}

/* ------------------------------------------------------------------------------ one value ---- */

/* A text, or null. */
static bool read_text(reading *r, const json_t *object, const char *key, const char **to)
{
    const json_t *value = json_object_get(object, key);

    *to = NULL;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_string(value))
        return complain_key(r, key, "is neither a string nor null");
    *to = record_keep_text(r->record, json_string_value(value));
    return true;
}

/* A whole number from 0 to `most`; `unknown` for null. */
static bool read_number(reading *r, const json_t *object, const char *key, int64_t most,
                        int64_t unknown, int64_t *to)
{
    const json_t *value = json_object_get(object, key);

    *to = unknown;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_integer(value))
        return complain_key(r, key, "is not a whole number");
    if (json_integer_value(value) < 0 || json_integer_value(value) > most)
        return complain_key(r, key, "is a number that does not occur");
    *to = json_integer_value(value);
    return true;
}

/* Digits enough for every number that doubles hold exactly in the precision of a capture. */
#define MOST_SECONDS 1e9

/* A number with as many decimals as the time has; kept as text. */
static bool read_seconds(reading *r, const json_t *object, const char *key, const char *time,
                         const char **to)
{
    const json_t *value = json_object_get(object, key);
    const char *fraction = time ? strchr(time, '.') : NULL;
    size_t digits = fraction ? strspn(fraction + 1, "0123456789") : 6;

    *to = NULL;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_number(value))
        return complain_key(r, key, "is not a number");
    double seconds = json_number_value(value);

    if (!(fabs(seconds) <= MOST_SECONDS))
        return complain_key(r, key, "is a number that does not occur");
    g_autofree char *format = g_strdup_printf("%%.%df", digits == 9 ? 9 : 6);
    char text[64];

    g_ascii_formatd(text, sizeof text, format, seconds);
    *to = record_keep_text(r->record, text);
    return true;
}

static bool read_bool(reading *r, const json_t *object, const char *key, bool *to)
{
    const json_t *value = json_object_get(object, key);

    *to = json_is_true(value);
    return json_is_boolean(value) || complain_key(r, key, "is not true or false");
}

/* One of the words of a kind. */
static bool read_word(reading *r, const json_t *object, const record_field *field, unsigned *to)
{
    const char *text = json_string_value(json_object_get(object, field->key));

    if (!text)
        return complain_key(r, field->key, "is not a string");
    for (*to = 0; *to < record_word_count(field->kind); ++*to) {
        if (strcmp(record_word(field->kind, *to), text) == 0)
            return true;
    }
    return complain_key(r, field->key, "has a value that this version does not know");
}

/* ---------------------------------------------------------------------------------- lists ---- */

/* An array; NULL after a complaint. */
static const json_t *read_array(reading *r, const json_t *object, const char *key)
{
    const json_t *array = json_object_get(object, key);

    if (json_is_array(array))
        return array;
    complain_key(r, key, "is not an array");
    return NULL;
}

/* @param names  they occur many times: each is kept once */
static bool read_strings(reading *r, const json_t *object, const char *key, bool names,
                         record_strings *to)
{
    const json_t *array = read_array(r, object, key);
    size_t count = json_array_size(array);

    if (!array)
        return false;
    to->items = record_allocate(r->record, count * sizeof *to->items);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(array, i));

        if (!text)
            return complain_key(r, key, "holds something that is not a string");
        to->items[to->count++] =
            names ? record_keep_name(r->record, text) : record_keep_text(r->record, text);
    }
    return true;
}

static bool read_object(reading *r, const json_t *object, const record_shape *shape, void *to);

static bool read_list(reading *r, const json_t *object, const record_field *field, void *to)
{
    if (field->presence == RECORD_OR_NOTHING && !json_object_get(object, field->key))
        return true;
    const json_t *array = read_array(r, object, field->key);
    size_t count = json_array_size(array);
    const record_shape *of = field->of;
    const char *where = r->where, *fault;
    size_t index = r->index;

    if (!array)
        return false;
    char *first = record_allocate(r->record, count * of->size);

    record_set_list(field, to, first, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(array, i);

        if (!json_is_object(item))
            return complain_key(r, field->key, "holds something that is not an object");
        r->where = field->key;
        r->index = i;
        if (!read_object(r, item, of, first + i * of->size))
            return false;
        fault = record_complete(r->record, of, first, (uint32_t)i);
        if (fault)
            return complain_key(r, of->fields->key, fault);
    }
    r->where = where;
    r->index = index;
    return true;
}

/* ------------------------------------------------------------------------------- any value ---- */

/* A whole number of 32 bits. */
static bool read_small(reading *r, const json_t *object, const record_field *field, uint32_t *to)
{
    int64_t number;

    if (!read_number(r, object, field->key, UINT32_MAX, RECORD_UNKNOWN, &number))
        return false;
    *to = number == RECORD_UNKNOWN ? 0 : (uint32_t)number;
    bool lacking = field->kind == RECORD_FRAME ? *to == 0 : number == RECORD_UNKNOWN;

    return !lacking || field->presence != RECORD_NEEDED ||
           complain_key(r, field->key, "is missing");
}

static bool read_status(reading *r, const json_t *object, const record_field *field, int *to)
{
    int64_t number;
    int unknown = field->kind == RECORD_STATUS ? RECORD_UNKNOWN : 0;

    if (!read_number(r, object, field->key, RECORD_STATUS_MOST, unknown, &number))
        return false;
    *to = (int)number;
    return true;
}

/* Older records have no such key. Unknown reasons are skipped. */
static bool read_unseen(reading *r, const json_t *object, const char *key, unseen_counts *to)
{
    const json_t *list = json_object_get(object, key), *item;
    size_t i;

    *to = (unseen_counts){.known = json_is_array(list)};
    if (list && !json_is_null(list) && !json_is_array(list))
        return complain_key(r, key, "is neither an array nor null");
    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(json_object_get(item, "reason"));
        unseen_reason reason;
        int64_t count, bytes;

        if (!name)
            return complain_key(r, "reason", "is not a string");
        if (!read_number(r, item, "count", INT64_MAX, 0, &count) ||
            !read_number(r, item, "bytes", INT64_MAX, 0, &bytes))
            return false;
        if (unseen_find(name, &reason))
            unseen_add(to, reason, (uint64_t)count, (uint64_t)bytes);
    }
    return true;
}

static bool read_value(reading *r, const json_t *object, const record_field *field, void *data)
{
    const record_value to = record_value_of(field, data);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
        return read_text(r, object, field->key, to.text) &&
               (*to.text || field->presence != RECORD_NEEDED ||
                complain_key(r, field->key, "is missing"));
    case RECORD_DECIMAL:
        return read_seconds(r, object, field->key, r->record->time, to.text);
    case RECORD_TEXTS:
    case RECORD_NAMES:
        return read_strings(r, object, field->key, field->kind == RECORD_NAMES, to.texts);
    case RECORD_NUMBER:
    case RECORD_FRAME:
        return read_small(r, object, field, to.number);
    case RECORD_INDEX:
        return read_number(r, object, field->key, INT64_MAX, RECORD_UNKNOWN, to.large);
    case RECORD_TOTAL:
        return read_number(r, object, field->key, INT64_MAX, 0, to.large);
    case RECORD_STATUS:
    case RECORD_HTTP_STATUS:
        return read_status(r, object, field, to.status);
    case RECORD_BOOL:
        return read_bool(r, object, field->key, to.flag);
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        return read_word(r, object, field, to.word);
    case RECORD_UNSEEN:
        return read_unseen(r, object, field->key, to.unseen);
    case RECORD_LIST:
        return read_list(r, object, field, data);
    case RECORD_COUNT: /* the lists follow */
    case RECORD_MARK:
    case RECORD_DERIVED:
        break;
    }
    return true;
}

static bool read_object(reading *r, const json_t *object, const record_shape *shape, void *to)
{
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (!read_value(r, object, field, to))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------- records ---- */

static bool check_counts(reading *r, const json_t *object)
{
    const record_shape *shape = &record_exchange_shape;
    int64_t number;

    record_count_outcomes(r->record);
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (field->kind != RECORD_COUNT)
            continue;
        if (!read_number(r, object, field->key, UINT32_MAX, RECORD_UNKNOWN, &number))
            return false;
        if (number != *record_value_of(field, r->record).number)
            return complain_key(r, field->key, "is not what the list of responses holds");
    }
    return true;
}

static bool read_exchange(reading *r, const json_t *object, any_record *to)
{
    if (!read_object(r, object, &record_exchange_shape, r->record) || !check_counts(r, object))
        return false;
    to->exchange = exchange_record_ref(r->record);
    return true;
}

static bool read_capture(reading *r, const json_t *object, any_record *to)
{
    capture_record record = {0};

    if (!read_object(r, object, &record_capture_shape, &record))
        return false;
    to->capture = capture_record_copy(&record);
    return true;
}

/* ----------------------------------------------------------------------------------- line ---- */

static const struct {
    const record_shape *shape;
    bool (*read)(reading *r, const json_t *object, any_record *to);
} types[] = {
    {&record_exchange_shape, read_exchange},
    {&record_capture_shape, read_capture},
};

static bool read_record(reading *r, const json_t *object, any_record *to)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    json_int_t schema = json_integer_value(json_object_get(object, "schema"));

    if (!type || schema < 1) {
        r->message = g_strdup("is not a record: it has no \"type\" or no \"schema\"");
        return false;
    }
    if (schema > RECORD_SCHEMA) {
        r->message =
            g_strdup_printf("is a record of schema %" JSON_INTEGER_FORMAT
                            ", made by a newer version; this one reads those up to schema %d",
                            schema, RECORD_SCHEMA);
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].shape->name, type) == 0)
            return types[i].read(r, object, to);
    }
    return complain_key(r, "type", "has a value that this version does not know");
}

/* Jansson's words without the copy of the input that it ends them with. */
static char *json_complaint(const json_error_t *error)
{
    const char *near = strstr(error->text, " near ");
    size_t length = near ? (size_t)(near - error->text) : strlen(error->text);

    return g_strdup_printf("is not JSON: %.*s at column %d", (int)length, error->text,
                           error->column);
}

bool record_read(const char *line, size_t length, any_record *to, char **message)
{
    reading r = {.record = exchange_record_empty()};
    json_error_t error;

    memset(to, 0, sizeof *to);
    *message = NULL;
    /* Depth is bounded by jansson itself, and a NUL inside a string is refused. */
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);

    if (!object)
        r.message = json_complaint(&error);
    else if (!json_is_object(object))
        r.message = g_strdup("is not a record: it is not a JSON object");
    bool fine = !r.message && read_record(&r, object, to);

    json_decref(object);
    exchange_record_unref(r.record);
    *message = r.message;
    return fine;
}

void any_record_clear(any_record *record)
{
    exchange_record_unref(record->exchange);
    capture_record_free(record->capture);
    memset(record, 0, sizeof *record);
}
