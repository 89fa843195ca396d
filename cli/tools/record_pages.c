/* record_pages.c
 * Writes what the pages say about records from the tables of their fields, or checks that it is
 * there: the tables in records.md, each between "<!-- fields: NAME -->" and "<!-- end -->", and all
 * of record.schema.json (JSON Schema, draft 7).
 *
 * Usage: multistatus-record-pages [--check] DIRECTORY
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "record_build.h"
#include "record_shape.h"

/* In the order in which the schema defines them. */
static const record_shape *const shapes[] = {
    &record_propstat_shape, &record_response_shape, &record_detail_shape,  &record_lock_shape,
    &record_finding_shape,  &record_exchange_shape, &record_capture_shape,
};

static bool is_record(const record_shape *shape)
{
    return shape == &record_exchange_shape || shape == &record_capture_shape;
}

/* ---------------------------------------------------------------------------------- tables ---- */

static void append_words(GString *row, record_kind kind)
{
    for (unsigned value = 0; value < record_word_count(kind); value++)
        g_string_append_printf(row, "%s`%s`", value > 0 ? ", " : "", record_word(kind, value));
}

static void append_type(GString *row, const record_field *field)
{
    static const char *const types[] = {
        [RECORD_TEXT] = "text",
        [RECORD_TIME] = "time",
        [RECORD_NAME] = "text",
        [RECORD_DECIMAL] = "number",
        [RECORD_TEXTS] = "list of texts",
        [RECORD_NAMES] = "list of texts",
        [RECORD_NUMBER] = "number",
        [RECORD_FRAME] = "number",
        [RECORD_INDEX] = "number",
        [RECORD_TOTAL] = "number",
        [RECORD_COUNT] = "number",
        [RECORD_STATUS] = "number",
        [RECORD_HTTP_STATUS] = "number",
        [RECORD_BOOL] = "true or false",
        [RECORD_OUTCOME] = "[outcome](outcomes.md)",
        [RECORD_VERDICT] = "[verdict](outcomes.md)",
    };

    if (field->kind == RECORD_LIST || field->kind == RECORD_UNSEEN)
        g_string_append_printf(row, "list of objects, [below](#%s)", field->key);
    else if (field->kind == RECORD_SEVERITY)
        append_words(row, field->kind);
    else
        g_string_append(row, types[field->kind]);
    if (field->presence == RECORD_OR_NULL)
        g_string_append(row, " or null");
}

static void append_table(GString *page, const record_shape *shape)
{
    g_string_append(page, "\n| key | type | what it is |\n|---|---|---|\n");
    if (is_record(shape))
        g_string_append_printf(page,
                               "| `type` | text | `%s` |\n"
                               "| `schema` | number | version of the format: %d |\n",
                               shape->name, RECORD_SCHEMA);
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (!record_field_is_key(field))
            continue;
        g_string_append_printf(page, "| `%s` | ", field->key);
        append_type(page, field);
        g_string_append_printf(page, " | %s |\n", field->about);
    }
    g_string_append_c(page, '\n');
}

/* @return what `page` is to be, owned by the caller; NULL if a place for a table is missing */
static char *page_with_tables(const char *page)
{
    GString *made = g_string_new(page);

    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *mark = g_strdup_printf("<!-- fields: %s -->\n", shapes[i]->name);
        const char *start = strstr(made->str, mark);
        const char *end = start ? strstr(start, "<!-- end -->") : NULL;
        g_autofree char *rest = g_strdup(end);

        if (!end) {
            fprintf(stderr, "There is no place for the fields of %s.\n", shapes[i]->name);
            g_string_free(made, TRUE);
            return NULL;
        }
        g_string_truncate(made, (gsize)(start - made->str) + strlen(mark));
        append_table(made, shapes[i]);
        g_string_append(made, rest);
    }
    return g_string_free(made, FALSE);
}

/* ---------------------------------------------------------------------------------- schema ---- */

static json_t *type_of(const char *type, const record_field *field)
{
    return field->presence == RECORD_OR_NULL ? json_pack("{s[ss]}", "type", type, "null")
                                             : json_pack("{ss}", "type", type);
}

static json_t *integer(const record_field *field, int least, int64_t most)
{
    json_t *schema = type_of("integer", field);

    json_object_set_new(schema, "minimum", json_integer(least));
    if (most != INT64_MAX)
        json_object_set_new(schema, "maximum", json_integer(most));
    return schema;
}

static json_t *reference(const char *to)
{
    return json_pack("{ss+}", "$ref", "#/definitions/", to);
}

static json_t *array_of(json_t *items)
{
    return json_pack("{ssso}", "type", "array", "items", items);
}

static json_t *words_of(record_kind kind)
{
    json_t *words = json_array();

    for (unsigned value = 0; value < record_word_count(kind); value++)
        json_array_append_new(words, json_string(record_word(kind, value)));
    return json_pack("{so}", "enum", words);
}

static json_t *schema_of_unseen(void)
{
    json_t *names = json_array();

    for (unsigned i = 0; i < UNSEEN_REASONS; i++)
        json_array_append_new(names, json_string(unseen_name((unseen_reason)i)));
    return json_pack("{s[ss]s{sss{s{so}s{sssi}s{sssi}}s[sss]sb}}", "type", "array", "null", "items",
                     "type", "object", "properties", "reason", "enum", names, "count", "type",
                     "integer", "minimum", 1, "bytes", "type", "integer", "minimum", 0, "required",
                     "reason", "count", "bytes", "additionalProperties", 0);
}

static json_t *schema_of_field(const record_field *field)
{
    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_NAME:
        return type_of("string", field);
    case RECORD_TIME:
        return reference("time");
    case RECORD_DECIMAL:
        return type_of("number", field);
    case RECORD_TEXTS:
    case RECORD_NAMES:
        return array_of(json_pack("{ss}", "type", "string"));
    case RECORD_NUMBER:
    case RECORD_COUNT:
        return integer(field, 0, UINT32_MAX);
    case RECORD_FRAME:
        return integer(field, field->presence != RECORD_OR_NOTHING, UINT32_MAX);
    case RECORD_INDEX:
    case RECORD_TOTAL:
        return integer(field, 0, INT64_MAX);
    case RECORD_STATUS:
        return integer(field, 0, RECORD_STATUS_MOST);
    case RECORD_HTTP_STATUS:
        return integer(field, 1, RECORD_STATUS_MOST);
    case RECORD_BOOL:
        return type_of("boolean", field);
    case RECORD_OUTCOME:
        return reference("outcome");
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        return words_of(field->kind);
    case RECORD_UNSEEN:
        return schema_of_unseen();
    case RECORD_LIST:
        return array_of(reference(field->of->name));
    case RECORD_MARK:
    case RECORD_DERIVED:
        break;
    }
    return NULL;
}

static json_t *schema_of_object(const record_shape *shape)
{
    json_t *properties = json_object(), *required = json_array();
    const char *key;
    json_t *value;

    if (is_record(shape)) {
        json_object_set_new(properties, "type", json_pack("{ss}", "const", shape->name));
        json_object_set_new(properties, "schema", json_pack("{si}", "const", RECORD_SCHEMA));
    }
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (!record_field_is_key(field))
            continue;
        json_t *schema = schema_of_field(field);

        json_object_set_new(schema, "description", json_string(field->about));
        json_object_set_new(properties, field->key, schema);
    }
    json_object_foreach(properties, key, value) json_array_append_new(required, json_string(key));
    return json_pack("{sssososb}", "type", "object", "properties", properties, "required", required,
                     "additionalProperties", 0);
}

static char *make_schema(void)
{
    json_t *definitions = json_object();

    json_object_set_new(definitions, "outcome", words_of(RECORD_OUTCOME));
    json_object_set_new(definitions, "time",
                        json_pack("{s[ss]ss}", "type", "string", "null", "pattern",
                                  "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                                  "\\.([0-9]{6}|[0-9]{9})Z$"));
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
        json_object_set_new(definitions, shapes[i]->name, schema_of_object(shapes[i]));
    json_t *schema = json_pack(
        "{ssssss s[oo] so}", "$schema", "http://json-schema.org/draft-07/schema#", "title",
        "A record of Multi-Status for Wireshark", "description",
        "One line of the NDJSON that `multistatus -T ndjson` writes. Keys are always present; "
        "unknown is null. Made by multistatus-record-pages.",
        "oneOf", reference(record_exchange_shape.name), reference(record_capture_shape.name),
        "definitions", definitions);
    char *text = json_dumps(schema, JSON_INDENT(1));
    char *line = g_strconcat(text, "\n", NULL);

    free(text);
    json_decref(schema);
    return line;
}

/* ----------------------------------------------------------------------------------- files ---- */

/* Writes a file's new contents, or says that they differ. */
static bool settle(const char *path, const char *old, const char *made, bool check)
{
    GError *error = NULL;

    if (check && strcmp(old, made) == 0)
        return true;
    if (check) {
        fprintf(stderr, "%s is not what the table of fields says: make it again.\n", path);
        return false;
    }
    if (g_file_set_contents(path, made, -1, &error))
        return true;
    fprintf(stderr, "%s\n", error->message);
    g_error_free(error);
    return false;
}

static bool settle_page(const char *directory, const char *name, bool check)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *old = NULL;
    GError *error = NULL;

    if (!g_file_get_contents(path, &old, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        g_error_free(error);
        return false;
    }
    g_autofree char *made = g_str_has_suffix(name, ".md") ? page_with_tables(old) : make_schema();

    return made && settle(path, old, made, check);
}

int main(int argc, char **argv)
{
    bool check = argc == 3 && strcmp(argv[1], "--check") == 0;

    if (argc != 2 + check) {
        fprintf(stderr, "usage: %s [--check] DIRECTORY\n", argv[0]);
        return 2;
    }
    const char *directory = argv[1 + check];
    bool page = settle_page(directory, "records.md", check);
    bool schema = settle_page(directory, "record.schema.json", check);

    return page && schema ? 0 : 1;
}
