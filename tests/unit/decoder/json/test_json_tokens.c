/* test_json_tokens.c
 * The reader of JSON texts: what RFC 8259 allows, what it does not, and where it stops.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "json_tokens.h"
#include "unit.h"

/* Reads a copy that is exactly as long as the text is. */
static char *read_copy(ms_json *json, const char *text, size_t length)
{
    char *copy = malloc(length);

    g_assert_nonnull(copy);
    memcpy(copy, text, length);
    ms_json_read(json, copy, length, NULL);
    return copy;
}

/* ---- right and wrong ---- */

typedef struct {
    const char *name;
    const char *text;
    int error_at; /* -1: none; the length of the text: it is cut off */
} text_row;

static const text_row texts[] = {
    {"object", "{}", -1},
    {"array", " [ ] ", -1},
    {"nested", "[{\"a\":[1,{\"b\":null}]},true,false]", -1},
    {"number-alone", "-0.5e+10", -1},
    {"string-alone", "\"\"", -1},
    {"white-space", "\t\r\n [1 , 2\n]\t", -1},
    {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"", -1},
    {"delete-character", "\"\x7f\"", -1},
    {"nothing", "", 0},
    {"white-space-only", "  ", 2},
    {"leading-zero", "[01]", 1},
    {"plus", "[+1]", 1},
    {"no-fraction", "[1.]", 3},
    {"no-integer", "[.5]", 1},
    {"no-exponent", "[1e]", 3},
    {"minus-alone", "[-]", 2},
    {"hexadecimal", "[0x1]", 2},
    {"not-a-number", "[NaN]", 1},
    {"capital-literal", "[True]", 1},
    {"longer-literal", "[truex]", 5},
    {"single-quotes", "['a']", 1},
    {"no-quotes", "{a:1}", 1},
    {"trailing-comma", "[1,]", 3},
    {"trailing-comma-object", "{\"a\":1,}", 7},
    {"two-commas", "[1,,2]", 3},
    {"no-comma", "[1 2]", 3},
    {"no-colon", "{\"a\" 1}", 5},
    {"name-is-number", "{1:1}", 1},
    {"wrong-end", "[1}", 2},
    {"comment", "[1 /* x */]", 3},
    {"control-character", "[\"a\nb\"]", 3},
    {"unknown-escape", "[\"\\x\"]", 2},
    {"short-unicode", "[\"\\u12G4\"]", 2},
    {"behind", "{} x", 3},
    {"two-values", "{}{}", 2},
    {"lines", "{\"a\":1}\n{\"b\":2}\r\n[3]\n\n", -1},
    {"lines-of-two", "{}\n{} {}", 6},
    {"scalar-on-a-line", "{}\n1", 3},
    {"line-behind-scalar", "1\n{}", 2},
    {"cut-line", "{}\n{\"a\"", 7},
    {"end-alone", "]", 0},
    {"form-feed", "[\f1]", 1},
    {"cut-string", "[\"ab", 4},
    {"cut-escape", "[\"ab\\", 5},
    {"cut-unicode", "[\"ab\\u12", 8},
    {"cut-number", "[12", 3},
    {"cut-literal", "[tru", 4},
    {"cut-array", "[1", 2},
    {"cut-name", "{\"a", 3},
    {"cut-member", "{\"a\":", 5},
    {"cut-behind-comma", "{\"a\":1,", 7},
};

static void test_text(const void *data)
{
    const text_row *row = data;
    ms_json json;
    size_t length = strlen(row->text);
    char *copy = read_copy(&json, row->text, length);

    if (row->error_at < 0) {
        unit_check(!json.error, "error at %zu: %s", json.error_at, json.error);
    } else {
        unit_check(json.error != NULL, "no error");
        unit_check(json.error_at == (size_t)row->error_at, "error at %zu, expected %d: %s",
                   json.error_at, row->error_at, json.error);
        unit_check(json.cut == ((size_t)row->error_at == length), "cut is %d", json.cut);
    }
    ms_json_clear(&json);
    free(copy);
}

/* ---- tokens ---- */

/* What has to be true whatever the text was. */
static void check_tokens(const ms_json *json, size_t length)
{
    for (uint32_t i = 0; i < json->count; i++) {
        const ms_json_token *token = &json->tokens[i];

        unit_check(token->offset <= length && token->length <= length - token->offset,
                   "token %u leaves the text", i);
        unit_check(token->end > i && token->end <= json->count, "token %u ends at %u", i,
                   token->end);
        if (token->type != MS_JSON_OBJECT)
            continue;
        for (uint32_t j = i + 1; j < token->end; j = json->tokens[j + 1].end) {
            unit_check(json->tokens[j].type == MS_JSON_STRING, "name %u is no string", j);
            unit_check(j + 1 < token->end, "name %u has no value", j);
        }
    }
}

static bool is_same_token(const ms_json_token *a, const ms_json_token *b)
{
    return a->offset == b->offset && a->length == b->length && a->end == b->end &&
           a->type == b->type && a->escaped == b->escaped && a->complete == b->complete;
}

/* However a text is cut, names and values come in pairs, and what is whole stays as it is. */
static void test_cuts(void)
{
    static const char text[] = "{\"a\":[1,\"\\u00e4\",{\"b\":{\"c\":[true,null]}}],\"d\":-1.5e3}";
    ms_json whole;

    ms_json_read(&whole, text, strlen(text), NULL);
    for (size_t length = 0; length < strlen(text); length++) {
        ms_json json;
        char *copy = read_copy(&json, text, length);

        unit_check(json.cut && json.error_at == length, "%zu bytes: not cut", length);
        check_tokens(&json, length);
        for (uint32_t i = 0; i < json.count; i++) {
            if (json.tokens[i].complete)
                unit_check(is_same_token(&json.tokens[i], &whole.tokens[i]),
                           "%zu bytes: token %u is another", length, i);
        }
        ms_json_clear(&json);
        free(copy);
    }
    ms_json_clear(&whole);
}

/* Texts on lines of their own are the elements of an array, with their places. */
static void test_lines(void)
{
    static const char text[] = " {\"a\":1}\n{\"b\":[2]}\n";
    ms_json json;

    ms_json_read(&json, text, strlen(text), NULL);
    unit_check(json.lines && json.tokens[0].type == MS_JSON_ARRAY, "no array");
    unit_check(json.tokens[0].complete && json.tokens[0].end == json.count, "the array ends at %u",
               json.tokens[0].end);
    unit_check(json.tokens[1].offset == 1 && json.tokens[1].length == 7, "the first line is %u+%u",
               json.tokens[1].offset, json.tokens[1].length);
    uint32_t second = json.tokens[1].end;

    unit_check(json.tokens[second].offset == 9 && json.tokens[second].length == 9,
               "the second line is %u+%u", json.tokens[second].offset, json.tokens[second].length);
    check_tokens(&json, strlen(text));
    ms_json_clear(&json);
}

static void test_texts(void)
{
    static const struct {
        const char *json, *text;
        unsigned replaced;
    } rows[] = {
        {"\"a\"", "a", 0},
        {"\"\\u00e4\\n\"", "\xC3\xA4\n", 0},
        {"\"\\uD83D\\uDE00\"", "\xF0\x9F\x98\x80", 0},
        {"\"\\uD83Dx\"", "\xEF\xBF\xBDx", 1},
        {"\"\\uDE00\\uD83D\"", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {"\"\\u0000\"", "\xEF\xBF\xBD", 1},
        {"12.50", "12.50", 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_json json;
        GString *text = g_string_new(NULL);

        ms_json_read(&json, rows[i].json, strlen(rows[i].json), NULL);
        unsigned replaced = ms_json_append_text(&json, 0, text);

        unit_check_text(rows[i].json, text->str, rows[i].text);
        g_assert_cmpuint(replaced, ==, rows[i].replaced);
        g_string_free(text, TRUE);
        ms_json_clear(&json);
    }
}

/* ---- limits ---- */

static void test_depth(void)
{
    GString *text = g_string_new(NULL);
    ms_json json;

    for (int i = 0; i < MS_LIMIT_DEPTH; i++)
        g_string_append_c(text, '[');
    for (int i = 0; i < MS_LIMIT_DEPTH; i++)
        g_string_append_c(text, ']');
    ms_json_read(&json, text->str, text->len, NULL);
    unit_check(!json.limit && !json.error, "the deepest text is refused");
    ms_json_clear(&json);
    g_string_insert_c(text, 0, '[');
    ms_json_read(&json, text->str, text->len, NULL);
    unit_check(json.limit && json.limit_at == MS_LIMIT_DEPTH, "a deeper one is not");
    check_tokens(&json, text->len);
    ms_json_clear(&json);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("json-tokens/text", texts, test_text);
    g_test_add_func("/json-tokens/cuts", test_cuts);
    g_test_add_func("/json-tokens/lines", test_lines);
    g_test_add_func("/json-tokens/texts", test_texts);
    g_test_add_func("/json-tokens/depth", test_depth);
    return g_test_run();
}
