/* ndjson.c
 * Writing records as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ndjson.h"

#include <string.h>

#include "record_shape.h"
#include "visible.h"

/* ---- what cannot stand as it is ---- */

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

/* ---- values ---- */

/* Most lists of names are the one before, and share its items: its text is copied. */
typedef struct {
    GString *to;
    const record_strings *last;
    gsize last_at, last_length; /* of its text */
} writing;

/* Most of what is appended has few bytes: GLib is only called where more room is needed. The NUL is
 * missing until the record is written. */
static inline void put_bytes(GString *to, const char *bytes, gsize length)
{
    if (to->allocated_len - to->len <= length) {
        g_string_append_len(to, bytes, (gssize)length);
        return;
    }
    memcpy(to->str + to->len, bytes, length);
    to->len += length;
}

#define PUT(to, literal) put_bytes(to, literal, sizeof literal - 1)

/* What follows another value or member. */
static void separate(GString *to)
{
    if (to->str[to->len - 1] != '[' && to->str[to->len - 1] != '{')
        PUT(to, ",");
}

/* Bits of the bytes that mean nothing to JSON, to terminals and to web pages. */
static const uint32_t plain[256 / 32] = {0,
                                         ~(UINT32_C(1) << ('"' - 32) | UINT32_C(1) << ('<' - 32)),
                                         ~(UINT32_C(1) << ('\\' - 64)), ~(UINT32_C(1) << 31)};

static gsize plain_bytes(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;

    while (plain[*at / 32] >> *at % 32 & 1)
        at++;
    return (gsize)(at - (const uint8_t *)text);
}

/* A character that is not plain. @return what follows it */
static const char *put_special(GString *to, const char *at)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    const char *next = g_utf8_next_char(at);
    gunichar c = g_utf8_get_char(at);

    if (c < sizeof letters && letters[c] != '\0') {
        put_bytes(to, (const char[]){'\\', letters[c]}, 2);
    } else if (at[0] == '<' && at[1] == '/') {
        put_bytes(to, "<\\/", 3); /* a web page that holds it does not see the end of a script */
        next++;
    } else if (ms_is_unsafe(c)) {
        append_escape(to, c);
    } else {
        put_bytes(to, at, (gsize)(next - at));
    }
    return next;
}

/* null if it is not known */
static void put_text(GString *to, const char *text)
{
    if (!text) {
        PUT(to, "null");
        return;
    }
    PUT(to, "\"");
    for (;;) {
        gsize length = plain_bytes(text);

        put_bytes(to, text, length);
        if (text[length] == '\0')
            break;
        text = put_special(to, text + length);
    }
    PUT(to, "\"");
}

static void put_number(GString *to, int64_t value)
{
    char digits[sizeof "-9223372036854775808"];
    char *first = digits + sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do
        *--first = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--first = '-';
    put_bytes(to, first, (gsize)(digits + sizeof digits - first));
}

/* A number, or null if it is unknown. */
static void put_number_but(GString *to, int64_t value, int64_t unknown)
{
    if (value == unknown)
        PUT(to, "null");
    else
        put_number(to, value);
}

static void put_texts(GString *to, const record_strings *texts)
{
    PUT(to, "[");
    for (uint32_t i = 0; i < texts->count; i++) {
        separate(to);
        put_text(to, texts->items[i]);
    }
    PUT(to, "]");
}

static void put_names(writing *w, const record_strings *names)
{
    if (w->last && names->items == w->last->items && names->count == w->last->count) {
        g_string_append_len(w->to, w->to->str + w->last_at, (gssize)w->last_length);
        return;
    }
    w->last = names;
    w->last_at = w->to->len;
    put_texts(w->to, names);
    w->last_length = w->to->len - w->last_at;
}

static void put_members(writing *w, const record_shape *shape, const void *object, bool more);

static void put_list(writing *w, const record_field *field, const void *object)
{
    uint32_t count;
    const char *first = record_list_of(field, object, &count);

    PUT(w->to, "[");
    for (uint32_t i = 0; i < count; i++) {
        separate(w->to);
        PUT(w->to, "{");
        put_members(w, field->of, first + i * field->of->size, false);
        PUT(w->to, "}");
    }
    PUT(w->to, "]");
}

/* Reasons that do not occur are omitted; null if it was not counted. */
static void put_unseen(GString *to, const unseen_counts *unseen)
{
    if (!unseen->known) {
        PUT(to, "null");
        return;
    }
    PUT(to, "[");
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (unseen->of[i].count == 0)
            continue;
        separate(to);
        PUT(to, "{\"reason\":");
        put_text(to, unseen_name((unseen_reason)i));
        PUT(to, ",\"count\":");
        put_number(to, (int64_t)unseen->of[i].count);
        PUT(to, ",\"bytes\":");
        put_number(to, (int64_t)unseen->of[i].bytes);
        PUT(to, "}");
    }
    PUT(to, "]");
}

static void put_value(writing *w, const record_field *field, const void *object)
{
    const record_value value = record_value_of(field, object);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
        put_text(w->to, *value.text);
        break;
    case RECORD_DECIMAL:
        if (*value.text)
            put_bytes(w->to, *value.text, strlen(*value.text));
        else
            PUT(w->to, "null");
        break;
    case RECORD_TEXTS:
        put_texts(w->to, value.texts);
        break;
    case RECORD_NAMES:
        put_names(w, value.texts);
        break;
    case RECORD_NUMBER:
    case RECORD_COUNT:
        put_number(w->to, *value.number);
        break;
    case RECORD_FRAME:
        put_number_but(w->to, *value.number, field->presence == RECORD_OR_NULL ? 0 : -1);
        break;
    case RECORD_INDEX:
    case RECORD_TOTAL:
        put_number_but(w->to, *value.large, RECORD_UNKNOWN);
        break;
    case RECORD_STATUS:
        put_number_but(w->to, *value.status, RECORD_UNKNOWN);
        break;
    case RECORD_HTTP_STATUS:
        put_number_but(w->to, *value.status, 0);
        break;
    case RECORD_BOOL:
        if (*value.flag)
            PUT(w->to, "true");
        else
            PUT(w->to, "false");
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        put_text(w->to, record_word(field->kind, *value.word));
        break;
    case RECORD_UNSEEN:
        put_unseen(w->to, value.unseen);
        break;
    case RECORD_LIST:
        put_list(w, field, object);
        break;
    case RECORD_MARK:
    case RECORD_DERIVED:
        break;
    }
}

/* @param more  of other members */
static void put_members(writing *w, const record_shape *shape, const void *object, bool more)
{
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        if (!record_field_is_key(field))
            continue;
        put_bytes(w->to, field->member + !more, field->member_length - !more);
        put_value(w, field, object);
        more = true;
    }
}

static void put_record(GString *to, const record_shape *shape, const void *record)
{
    writing w = {.to = to};

    PUT(to, "{\"type\":");
    put_text(to, shape->name);
    PUT(to, ",\"schema\":");
    put_number(to, RECORD_SCHEMA);
    put_members(&w, shape, record, true);
    PUT(to, "}");
    to->str[to->len] = '\0';
}

void ndjson_put_exchange(GString *text, const exchange_record *record)
{
    put_record(text, &record_exchange_shape, record);
}

void ndjson_put_capture(GString *text, const capture_record *record)
{
    put_record(text, &record_capture_shape, record);
}

void ndjson_exchange(GString *text, const exchange_record *record)
{
    ndjson_put_exchange(text, record);
    g_string_append_c(text, '\n');
}

void ndjson_capture(GString *text, const capture_record *record)
{
    ndjson_put_capture(text, record);
    g_string_append_c(text, '\n');
}
