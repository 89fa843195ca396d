/* json_tokens.c
 * Reading JSON texts, RFC 8259.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json_tokens.h"

#include <string.h>

#include "limit_table.h"

/* What may come next. */
typedef enum {
    A_VALUE,
    A_VALUE_OR_END, /* behind "[" */
    A_NAME,         /* behind "," */
    A_NAME_OR_END,  /* behind "{" */
    A_COLON,
    A_COMMA_OR_END,
    NOTHING
} expectation;

typedef struct {
    ms_json *json;
    const char *start, *at, *end;
    expectation expected;
    uint32_t open[MS_DEPTH_MOST]; /* the objects and arrays that are still open */
    unsigned depth;
    bool line_ended; /* before the place that is being read */
    ms_limits limits;
} reader;

static size_t place(const reader *r, const char *at)
{
    return (size_t)(at - r->start);
}

static bool fail(reader *r, const char *at, const char *what)
{
    r->json->error = what;
    r->json->error_at = place(r, at);
    return false;
}

static bool fail_cut(reader *r)
{
    r->json->cut = true;
    return fail(r, r->end, "the text ends in the middle of a value");
}

static bool reach_limit(reader *r, ms_limit_kind kind)
{
    r->json->limit = &ms_limit_table[kind];
    r->json->limit_at = place(r, r->at);
    return false;
}

static ms_json_token *token_at(const reader *r, uint32_t index)
{
    return &g_array_index(r->json->array, ms_json_token, index);
}

/* Adds the token that goes from r->at to `end`. */
static bool add(reader *r, ms_json_type type, const char *end, bool escaped)
{
    ms_json_token token = {
        .offset = (uint32_t)place(r, r->at),
        .length = (uint32_t)(end - r->at),
        .end = r->json->array->len + 1,
        .type = (uint8_t)type,
        .escaped = escaped,
        .complete = true,
    };

    if (r->json->array->len >= r->limits.of[MS_MAX_ELEMENTS])
        return reach_limit(r, MS_MAX_ELEMENTS);
    g_array_append_val(r->json->array, token);
    r->at = end;
    return true;
}

/* ---- scalars ---- */

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && g_ascii_isdigit(*at))
        at++;
    return at;
}

/* RFC 8259 section 6. A number that touches the end of the text may be incomplete. */
static bool read_number(reader *r)
{
    const char *at = r->at, *end = r->end;

    if (*at == '-')
        at++;
    const char *digits = at;

    at = skip_digits(at, end);
    if (at < end && at == digits)
        return fail(r, at, "not a number");
    if (at - digits > 1 && *digits == '0')
        return fail(r, digits, "a number with a leading zero");
    if (at < end && *at == '.') {
        digits = ++at;
        at = skip_digits(at, end);
        if (at < end && at == digits)
            return fail(r, at, "a decimal point without digits after it");
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        digits = at;
        at = skip_digits(at, end);
        if (at < end && at == digits)
            return fail(r, at, "an exponent without digits");
    }
    if (at == end && (r->depth > 0 || !g_ascii_isdigit(at[-1])))
        return fail_cut(r);
    return add(r, MS_JSON_NUMBER, at, false);
}

static bool read_literal(reader *r, const char *word, ms_json_type type)
{
    size_t length = strlen(word);
    size_t there = MIN(length, (size_t)(r->end - r->at));

    if (memcmp(r->at, word, there) != 0)
        return fail(r, r->at, "not a JSON value");
    if (there < length)
        return fail_cut(r);
    return add(r, type, r->at + length, false);
}

/* Steps over an escape. NULL after an error. */
static const char *skip_escape(reader *r, const char *at)
{
    if (at + 1 >= r->end) {
        fail_cut(r);
        return NULL;
    }
    if (at[1] != 'u') {
        if (strchr("\"\\/bfnrt", at[1]) && at[1] != '\0')
            return at + 2;
        fail(r, at, "an escape that JSON does not know");
        return NULL;
    }
    for (const char *digit = at + 2; digit < at + 6; digit++) {
        if (digit >= r->end) {
            fail_cut(r);
            return NULL;
        }
        if (!g_ascii_isxdigit(*digit)) {
            fail(r, at, "\\u without four hexadecimal digits");
            return NULL;
        }
    }
    return at + 6;
}

static bool read_string(reader *r)
{
    const char *at = r->at + 1;
    bool escaped = false;

    while (at < r->end && *at != '"') {
        if ((unsigned char)*at < 0x20)
            return fail(r, at, "a control character in a string");
        if (*at == '\\') {
            escaped = true;
            at = skip_escape(r, at);
            if (!at)
                return false;
        } else {
            at++;
        }
    }
    if (at >= r->end)
        return fail_cut(r);
    return add(r, MS_JSON_STRING, at + 1, escaped);
}

/* ---- structure ---- */

static bool open_container(reader *r, ms_json_type type)
{
    uint32_t index = r->json->array->len;

    if (r->depth >= r->limits.of[MS_MAX_DEPTH])
        return reach_limit(r, MS_MAX_DEPTH);
    if (!add(r, type, r->at + 1, false))
        return false;
    token_at(r, index)->complete = false;
    r->open[r->depth++] = index;
    r->expected = type == MS_JSON_OBJECT ? A_NAME_OR_END : A_VALUE_OR_END;
    return true;
}

static void close_container(reader *r, const char *end, bool complete)
{
    ms_json_token *token = token_at(r, r->open[--r->depth]);

    token->length = (uint32_t)place(r, end) - token->offset;
    token->end = r->json->array->len;
    token->complete = complete;
    r->expected = r->depth > 0 ? A_COMMA_OR_END : NOTHING;
}

static bool in_object(const reader *r)
{
    return r->depth > 0 && token_at(r, r->open[r->depth - 1])->type == MS_JSON_OBJECT;
}

static bool read_scalar(reader *r)
{
    switch (*r->at) {
    case '"':
        return read_string(r);
    case 't':
        return read_literal(r, "true", MS_JSON_TRUE);
    case 'f':
        return read_literal(r, "false", MS_JSON_FALSE);
    case 'n':
        return read_literal(r, "null", MS_JSON_NULL);
    default:
        if (*r->at == '-' || g_ascii_isdigit(*r->at))
            return read_number(r);
        return fail(r, r->at, "not a JSON value");
    }
}

static bool read_value(reader *r)
{
    if (*r->at == '{')
        return open_container(r, MS_JSON_OBJECT);
    if (*r->at == '[')
        return open_container(r, MS_JSON_ARRAY);
    if (!read_scalar(r))
        return false;
    r->expected = r->depth > 0 ? A_COMMA_OR_END : NOTHING;
    return true;
}

static bool read_end(reader *r)
{
    r->at++;
    close_container(r, r->at, true);
    return true;
}

static bool read_name(reader *r)
{
    if (*r->at != '"')
        return fail(r, r->at, "not the name of a member");
    if (!read_string(r))
        return false;
    r->expected = A_COLON;
    return true;
}

static bool read_colon(reader *r)
{
    if (*r->at != ':')
        return fail(r, r->at, "no colon after the name of a member");
    r->at++;
    r->expected = A_VALUE;
    return true;
}

static bool read_comma(reader *r)
{
    if (*r->at == (in_object(r) ? '}' : ']'))
        return read_end(r);
    if (*r->at != ',')
        return fail(r, r->at, "neither a comma nor the end of the object or array");
    r->at++;
    r->expected = in_object(r) ? A_NAME : A_VALUE;
    return true;
}

/* A text after the first one, on a line of its own: from here on, the elements of a list are read.
 */
static bool read_line(reader *r)
{
    GArray *array = r->json->array;

    if (array->len >= r->limits.of[MS_MAX_ELEMENTS])
        return reach_limit(r, MS_MAX_ELEMENTS);
    if (!r->json->lines) {
        ms_json_token list = *token_at(r, 0);

        list.type = MS_JSON_ARRAY;
        g_array_prepend_val(array, list);
        for (guint i = 1; i < array->len; i++)
            token_at(r, i)->end++;
        r->json->lines = true;
    }
    return read_value(r);
}

static bool may_be_line(const reader *r)
{
    return r->line_ended && strchr("{[", *r->at) &&
           (r->json->lines || token_at(r, 0)->type <= MS_JSON_ARRAY);
}

static bool read_next(reader *r)
{
    switch (r->expected) {
    case A_VALUE_OR_END:
        return *r->at == ']' ? read_end(r) : read_value(r);
    case A_NAME_OR_END:
        return *r->at == '}' ? read_end(r) : read_name(r);
    case A_VALUE:
        return read_value(r);
    case A_NAME:
        return read_name(r);
    case A_COLON:
        return read_colon(r);
    case A_COMMA_OR_END:
        return read_comma(r);
    case NOTHING:
        if (may_be_line(r))
            return read_line(r);
        break;
    }
    return fail(r, r->at, "something else stands after the JSON text");
}

/* The record separator before each text of a sequence (RFC 7464 section 2.2). */
#define SEPARATOR '\x1e'

static bool is_between_texts(const reader *r)
{
    return r->expected == NOTHING || (r->expected == A_VALUE && r->json->array->len == 0);
}

static void skip_space(reader *r)
{
    bool between = is_between_texts(r);

    r->line_ended = false;
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r' ||
                              (between && *r->at == SEPARATOR))) {
        r->line_ended = r->line_ended || *r->at == '\n' || *r->at == SEPARATOR;
        r->at++;
    }
}

/* Closes what the end, or an error, left open. A name is followed by a value or is not kept. */
static void close_all(reader *r)
{
    bool dangling = r->expected == A_COLON || (r->expected == A_VALUE && in_object(r));

    if (dangling && r->json->array->len > 0)
        g_array_set_size(r->json->array, r->json->array->len - 1);
    while (r->depth > 0)
        close_container(r, r->at, false);
    if (r->json->lines) {
        ms_json_token *list = token_at(r, 0);

        list->end = r->json->array->len;
        list->length = (uint32_t)place(r, r->at) - list->offset;
        list->complete = !r->json->error && !r->json->limit;
    }
}

void ms_json_read(ms_json *json, const char *text, size_t length, const ms_limits *limits)
{
    reader r = {.json = json,
                .start = text,
                .at = text,
                .end = text + length,
                .limits = ms_limits_in_force(limits)};

    *json = (ms_json){.text = text,
                      .array = g_array_new(FALSE, FALSE, sizeof(ms_json_token)),
                      .names = g_new0(uint32_t, MS_JSON_KNOWN_NAMES)};
    r.expected = A_VALUE;
    for (;;) {
        skip_space(&r);
        if (r.at == r.end) {
            if (r.expected != NOTHING)
                fail_cut(&r);
            break;
        }
        if (!read_next(&r))
            break;
    }
    close_all(&r);
    json->tokens = (ms_json_token *)(void *)json->array->data;
    json->count = json->array->len;
}

void ms_json_clear(ms_json *json)
{
    if (json->array)
        g_array_free(json->array, TRUE);
    g_free(json->names);
    *json = (ms_json){0};
}

/* ---- texts ---- */

static unsigned code_unit(const char *at)
{
    unsigned unit = 0;

    for (int i = 0; i < 4; i++)
        unit = unit * 16 + (unsigned)g_ascii_xdigit_value(at[i]);
    return unit;
}

/* The character of "\uD83D\uDE00" or of one unit; moves past it. */
static gunichar read_unicode(const char **at, const char *end, unsigned *replaced)
{
    unsigned unit = code_unit(*at + 2);

    *at += 6;
    if (unit >= 0xD800 && unit < 0xDC00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        unsigned low = code_unit(*at + 2);

        if (low >= 0xDC00 && low < 0xE000) {
            *at += 6;
            return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    if (unit != 0 && (unit < 0xD800 || unit >= 0xE000))
        return unit;
    ++*replaced;
    return 0xFFFD;
}

static char unescape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

unsigned ms_json_append_text(const ms_json *json, uint32_t token, GString *text)
{
    const ms_json_token *of = &json->tokens[token];
    const char *at = json->text + of->offset, *end = at + of->length;
    unsigned replaced = 0;

    if (of->type == MS_JSON_STRING) {
        at++;
        end--;
    }
    if (!of->escaped) {
        g_string_append_len(text, at, end - at);
        return 0;
    }
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        const char *stop = escape ? escape : end;

        g_string_append_len(text, at, stop - at);
        at = stop;
        if (!escape)
            break;
        if (at[1] == 'u') {
            g_string_append_unichar(text, read_unicode(&at, end, &replaced));
        } else {
            g_string_append_c(text, unescape(at[1]));
            at += 2;
        }
    }
    return replaced;
}

bool ms_json_is(const ms_json *json, uint32_t token, const char *text, size_t length)
{
    const ms_json_token *of = &json->tokens[token];

    if (of->type != MS_JSON_STRING)
        return false;
    if (!of->escaped)
        return of->length == length + 2 && memcmp(json->text + of->offset + 1, text, length) == 0;
    GString *decoded = g_string_new(NULL);

    ms_json_append_text(json, token, decoded);
    bool same = decoded->len == length && memcmp(decoded->str, text, length) == 0;

    g_string_free(decoded, TRUE);
    return same;
}
