/* har_entry.c
 * An entry of a HAR file: JSON in, a saved entry out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har_entry.h"

#include <string.h>

#include <jansson.h>

#include "rules.h"

/* ---------------------------------------------------------------------------------- values ---- */

uint32_t har_member(const ms_json *json, uint32_t object, const char *name)
{
    if (json->count == 0 || !ms_json_has_type(json, object, MS_JSON_OBJECT))
        return 0;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_is(json, i, name, strlen(name)))
            return i + 1;
    }
    return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static http_slice slice_of(const char *text)
{
    return (http_slice){text, text + strlen(text)};
}

static void read_header(arena *scope, http_header *header, const json_t *message)
{
    size_t index;
    json_t *field;

    json_array_foreach(json_object_get(message, "headers"), index, field)
    {
        const char *name = text_of(field, "name"), *value = text_of(field, "value");

        if (name && value)
            http_header_set(scope, header, slice_of(name), slice_of(value));
    }
}

/* ------------------------------------------------------------------------------------ body ---- */

/* Without codings: they were undone when it was saved.
 * @param is_text  the file has it as text: in UTF-8, whatever it was originally */
static saved_body content_of(const json_t *response, bool *is_text)
{
    const json_t *kept = json_object_get(response, "content");
    const json_t *text = json_object_get(kept, "text");
    const char *coding = text_of(kept, "encoding");
    saved_body body = {0};

    *is_text = false;
    if (!json_is_string(text))
        return body;
    *is_text = !coding || g_ascii_strcasecmp(coding, "base64") != 0;
    if (*is_text) {
        body.length = json_string_length(text);
        body.bytes = g_memdup2(json_string_value(text), body.length);
    } else {
        body.bytes = g_base64_decode(json_string_value(text), &body.length);
    }
    return body;
}

/* Was there one? */
static bool had_body(const json_t *response)
{
    const json_t *size = json_object_get(json_object_get(response, "content"), "size");

    return json_is_number(size) && json_number_value(size) > 0;
}

/* --------------------------------------------------------------------------------- messages ----
 */

static void read_request(saved_entry *to, const json_t *request)
{
    const json_t *body = json_object_get(json_object_get(request, "postData"), "text");
    const char *address = text_of(request, "url");

    read_header(&to->scope, &to->request, request);
    to->request.method = arena_copy(&to->scope, text_of(request, "method"));
    saved_entry_set_url(to, address ? address : "");
    if (json_is_string(body)) {
        to->asked.length = json_string_length(body);
        to->asked.bytes = g_memdup2(json_string_value(body), to->asked.length);
    }
}

/* A text was decoded when it was saved: what the header says about its encoding no longer holds. */
static void set_type(saved_entry *to, const json_t *response, bool is_text)
{
    const char **type = &to->response.fields[HTTP_CONTENT_TYPE];

    if (!*type)
        *type = arena_copy(&to->scope, text_of(json_object_get(response, "content"), "mimeType"));
    if (*type && is_text && strstr(*type, "charset"))
        *type = arena_print(&to->scope, "%.*s; charset=utf-8",
                            (int)MIN(strcspn(*type, ";"), G_MAXINT), *type);
}

static void read_response(saved_entry *to, const json_t *response)
{
    bool is_text;

    to->answered = true;
    read_header(&to->scope, &to->response, response);
    to->response.status = (int)json_integer_value(json_object_get(response, "status"));
    to->response.reason = arena_copy(&to->scope, text_of(response, "statusText"));
    to->response.protocol = saved_protocol(text_of(response, "httpVersion"));
    to->body = content_of(response, &is_text);
    if (to->body.length == 0 && had_body(response))
        to->missing = SAVED_NO_BODY("HAR file");
    set_type(to, response, is_text);
}

/* ------------------------------------------------------------------------------------- text ----
 */

static bool read_escape(const char *at, const char *end, uint32_t *unit)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return false;
    *unit = 0;
    for (int i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(at[i]))
            return false;
        *unit = *unit << 4 | (uint32_t)g_ascii_xdigit_value(at[i]);
    }
    return true;
}

/* Programs that cut texts by UTF-16 units leave half a surrogate pair (RFC 8259 section 8.2). */
static bool mend_escapes(GString *text)
{
    bool mended = false;
    char *at = text->str, *end = text->str + text->len;
    uint32_t unit, low;

    while (at < end) {
        if (*at != '\\') {
            at++;
        } else if (!read_escape(at, end, &unit)) {
            at += 2;
        } else if (unit < 0xD800 || unit >= 0xE000) {
            at += 6;
        } else if (unit < 0xDC00 && read_escape(at + 6, end, &low) && low >= 0xDC00 &&
                   low < 0xE000) {
            at += 12;
        } else {
            memcpy(at, "\\uFFFD", 6);
            mended = true;
            at += 6;
        }
    }
    return mended;
}

/* In an entry with half a pair, U+FFFD takes its place. */
static json_t *load_text(const char *text, size_t length, bool *mended, json_error_t *error)
{
    const size_t flags = JSON_ALLOW_NUL | JSON_DECODE_ANY;
    json_t *entry = json_loadb(text, length, flags, error);

    if (entry)
        return entry;
    g_autoptr(GString) copy = g_string_new_len(text, (gssize)length);

    *mended = mend_escapes(copy);
    if (!*mended)
        return NULL;
    return json_loadb(copy->str, copy->len, flags, error);
}

/* ------------------------------------------------------------------------------------ time ---- */

static char *member_text(const ms_json *json, uint32_t object, const char *name, ms_json_type type)
{
    uint32_t token = har_member(json, object, name);

    if (token == 0 || !ms_json_has_type(json, token, type))
        return NULL;
    GString *text = g_string_new(NULL);

    ms_json_append_text(json, token, text);
    return g_string_free(text, FALSE);
}

/* An entry has a start time and a duration: the answer arrives at its end. */
static saved_times times_of(const ms_json *json, uint32_t entry)
{
    g_autofree char *started = member_text(json, entry, "startedDateTime", MS_JSON_STRING);
    g_autofree char *duration = member_text(json, entry, "time", MS_JSON_NUMBER);
    double milliseconds = duration ? g_ascii_strtod(duration, NULL) : -1;
    moment begun = saved_moment(started);

    saved_times made = {moment_unknown(), begun};

    if (!moment_is_known(begun) || !(milliseconds >= 0 && milliseconds < 1e12))
        return made;
    int64_t microseconds = (int64_t)(milliseconds * 1000 + 0.5) + begun.nanoseconds / 1000;

    made.sent = begun;
    made.answered.seconds += microseconds / 1000000;
    made.answered.nanoseconds = (int32_t)(microseconds % 1000000) * 1000;
    return made;
}

har_source har_source_new(const ms_json *json, uint32_t array)
{
    har_source made = {.json = json,
                       .entries = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                       .times = g_array_new(FALSE, FALSE, sizeof(saved_times))};

    for (uint32_t i = ms_json_first(array); i < json->tokens[array].end && json->tokens[i].complete;
         i = json->tokens[i].end) {
        saved_times times = times_of(json, i);

        g_array_append_val(made.entries, i);
        g_array_append_val(made.times, times);
    }
    return made;
}

void har_source_clear(har_source *of)
{
    g_array_unref(of->entries);
    g_array_unref(of->times);
}

/* What is wrong with it, of which a part could be read. */
static char *mended_text(uint32_t index, uint32_t offset)
{
    return g_strdup_printf("has half of a surrogate pair in a text of entry %u at byte %u: "
                           "U+FFFD stands in its place",
                           index + 1, offset);
}

bool har_entry_read(void *data, uint32_t index, bool whole, saved_entry *to)
{
    const har_source *from = data;
    uint32_t token = g_array_index(from->entries, uint32_t, index);
    uint32_t read = whole ? token : har_member(from->json, token, "request");
    const ms_json_token *at = &from->json->tokens[read];
    bool mended = false;
    json_error_t error = {.text = ""};

    if (read == 0)
        return false;
    json_t *entry = load_text(from->json->text + at->offset, at->length, &mended, &error);

    if (!entry) {
        to->wrong = g_strdup_printf("has an entry that cannot be read, number %u at byte %u: %s",
                                    index + 1, at->offset, error.text);
        return false;
    }
    if (mended)
        to->wrong = mended_text(index, at->offset);
    read_request(to, whole ? json_object_get(entry, "request") : entry);
    if (whole) {
        to->server = saved_entry_socket(to, text_of(entry, "serverIPAddress"), NULL);
        read_response(to, json_object_get(entry, "response"));
    }
    json_decref(entry);
    return true;
}
