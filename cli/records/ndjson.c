/* ndjson.c
 * Writing records as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ndjson.h"

#include <wsutil/json_dumper.h>

#include "record_shape.h"
#include "visible.h"

#define NUMBER "%" G_GINT64_FORMAT

static void put_text(json_dumper *json, const char *text)
{
    json_dumper_value_string(json, text); /* NULL becomes null */
}

static void put_number(json_dumper *json, int64_t value)
{
    json_dumper_value_anyf(json, NUMBER, value);
}

/* A number, or null if it is unknown. */
static void put_number_but(json_dumper *json, int64_t value, int64_t unknown)
{
    if (value == unknown)
        put_text(json, NULL);
    else
        put_number(json, value);
}

static void put_texts(json_dumper *json, const record_strings *texts)
{
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < texts->count; i++)
        put_text(json, texts->items[i]);
    json_dumper_end_array(json);
}

static void put_object(json_dumper *json, const record_shape *shape, const void *object);

static void put_list(json_dumper *json, const record_field *field, const void *object)
{
    uint32_t count;
    const char *first = record_list_of(field, object, &count);

    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < count; i++) {
        json_dumper_begin_object(json);
        put_object(json, field->of, first + i * field->of->size);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

/* Reasons that do not occur are omitted; null if it was not counted. */
static void put_unseen(json_dumper *json, const unseen_counts *unseen)
{
    if (!unseen->known) {
        put_text(json, NULL);
        return;
    }
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (unseen->of[i].count == 0)
            continue;
        json_dumper_begin_object(json);
        json_dumper_set_member_name(json, "reason");
        put_text(json, unseen_name((unseen_reason)i));
        json_dumper_set_member_name(json, "count");
        put_number(json, (int64_t)unseen->of[i].count);
        json_dumper_set_member_name(json, "bytes");
        put_number(json, (int64_t)unseen->of[i].bytes);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

static void put_value(json_dumper *json, const record_field *field, const void *object)
{
    const record_value value = record_value_of(field, object);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
        put_text(json, *value.text);
        break;
    case RECORD_DECIMAL:
        json_dumper_value_anyf(json, "%s", *value.text ? *value.text : "null");
        break;
    case RECORD_TEXTS:
    case RECORD_NAMES:
        put_texts(json, value.texts);
        break;
    case RECORD_NUMBER:
    case RECORD_COUNT:
        put_number(json, *value.number);
        break;
    case RECORD_FRAME:
        put_number_but(json, *value.number, field->presence == RECORD_OR_NULL ? 0 : -1);
        break;
    case RECORD_INDEX:
    case RECORD_TOTAL:
        put_number_but(json, *value.large, RECORD_UNKNOWN);
        break;
    case RECORD_STATUS:
        put_number_but(json, *value.status, RECORD_UNKNOWN);
        break;
    case RECORD_HTTP_STATUS:
        put_number_but(json, *value.status, 0);
        break;
    case RECORD_BOOL:
        json_dumper_value_anyf(json, "%s", *value.flag ? "true" : "false");
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        put_text(json, record_word(field->kind, *value.word));
        break;
    case RECORD_UNSEEN:
        put_unseen(json, value.unseen);
        break;
    case RECORD_LIST:
        put_list(json, field, object);
        break;
    case RECORD_MARK:
    case RECORD_DERIVED:
        break;
    }
}

static void put_object(json_dumper *json, const record_shape *shape, const void *object)
{
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (!record_field_is_key(field))
            continue;
        json_dumper_set_member_name(json, field->key);
        put_value(json, field, object);
    }
}

static void put_record(json_dumper *json, const record_shape *shape, const void *record)
{
    json_dumper_begin_object(json);
    json_dumper_set_member_name(json, "type");
    put_text(json, shape->name);
    json_dumper_set_member_name(json, "schema");
    put_number(json, RECORD_SCHEMA);
    put_object(json, shape, record);
    json_dumper_end_object(json);
}

void ndjson_put_exchange(json_dumper *json, const exchange_record *record)
{
    put_record(json, &record_exchange_shape, record);
}

void ndjson_put_capture(json_dumper *json, const capture_record *record)
{
    put_record(json, &record_capture_shape, record);
}

static void append_escape(GString *to, gunichar c)
{
    if (c < 0x10000)
        g_string_append_printf(to, "\\u%04x", (unsigned)c);
    else
        g_string_append_printf(to, "\\u%04x\\u%04x", 0xD800 + ((unsigned)(c - 0x10000) >> 10),
                               0xDC00 + ((unsigned)c & 0x3FF));
}

/* The first character that JSON may hold as it is but that a terminal had better not see. */
static const char *find_unsafe(const char *at)
{
    for (; *at; at = g_utf8_next_char(at)) {
        while (*at != '\0' && (guchar)*at < 0x7F)
            at++;
        if (*at == '\0')
            break;
        if (ms_is_unsafe(g_utf8_get_char(at)))
            return at;
    }
    return NULL;
}

void ndjson_make_visible(GString *text, gsize from)
{
    const char *unsafe = find_unsafe(text->str + from);

    if (!unsafe)
        return;
    g_autofree char *rest = g_strdup(text->str + from);
    const char *at = rest;

    g_string_truncate(text, from);
    while ((unsafe = find_unsafe(at)) != NULL) {
        g_string_append_len(text, at, unsafe - at);
        append_escape(text, g_utf8_get_char(unsafe));
        at = g_utf8_next_char(unsafe);
    }
    g_string_append(text, at);
}

/* json_dumper_finish() ends the line. */

void ndjson_exchange(GString *text, const exchange_record *record)
{
    json_dumper json = {.output_string = text};
    const gsize from = text->len;

    ndjson_put_exchange(&json, record);
    json_dumper_finish(&json);
    ndjson_make_visible(text, from);
}

void ndjson_capture(GString *text, const capture_record *record)
{
    json_dumper json = {.output_string = text};
    const gsize from = text->len;

    ndjson_put_capture(&json, record);
    json_dumper_finish(&json);
    ndjson_make_visible(text, from);
}
