/* header.c
 * The header of one HTTP message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "header.h"

#include <string.h>

#include <glib.h>

http_header http_header_new(void)
{
    return (http_header){.content_length = -1};
}

const char *http_slice_copy(arena *scope, http_slice slice)
{
    const char *end = memchr(slice.at, '\0', (size_t)(slice.end - slice.at));
    size_t length = (size_t)((end ? end : slice.end) - slice.at);

    if (g_utf8_validate(slice.at, (gssize)length, NULL))
        return arena_copy_bytes(scope, slice.at, length);
    char *valid = g_utf8_make_valid(slice.at, (gssize)length);
    const char *kept = arena_copy(scope, valid);

    g_free(valid);
    return kept;
}

static bool is_name(http_slice name, const char *wanted)
{
    /* Asked of every field of every message, and mostly the first letter says no. */
    if (name.at == name.end || ((*name.at ^ *wanted) & ~0x20) != 0)
        return false;
    return http_slice_is(name, wanted);
}

static int64_t number(http_slice text)
{
    int64_t value = 0;

    if (text.at == text.end)
        return -1;
    for (const char *at = text.at; at < text.end; at++) {
        if (!g_ascii_isdigit(*at) || value > INT64_MAX / 10 - 1)
            return -1;
        value = value * 10 + (*at - '0');
    }
    return value;
}

static const char *const field_names[HTTP_FIELDS] = {
    [HTTP_HOST] = "Host",
    [HTTP_USER_AGENT] = "User-Agent",
    [HTTP_DEPTH] = "Depth",
    [HTTP_PREFER] = "Prefer",
    [HTTP_BRIEF] = "Brief",
    [HTTP_OVERWRITE] = "Overwrite",
    [HTTP_DESTINATION] = "Destination",
    [HTTP_IF] = "If",
    [HTTP_IF_MATCH] = "If-Match",
    [HTTP_IF_NONE_MATCH] = "If-None-Match",
    [HTTP_IF_UNMODIFIED] = "If-Unmodified-Since",
    [HTTP_TIMEOUT] = "Timeout",
    [HTTP_AMZ_TARGET] = "X-Amz-Target",
    [HTTP_DAV] = "DAV",
    [HTTP_CONTENT_TYPE] = "Content-Type",
    [HTTP_CONTENT_ENCODING] = "Content-Encoding",
    [HTTP_LOCK_TOKEN] = "Lock-Token",
    [HTTP_SERVER] = "Server",
    [HTTP_ALLOW] = "Allow",
    [HTTP_LOCATION] = "Location",
    [HTTP_CACHE_CONTROL] = "Cache-Control",
    [HTTP_PREFERENCE_APPLIED] = "Preference-Applied",
    [HTTP_MSDAVEXT_ERROR] = "X-MSDAVEXT_ERROR",
    [HTTP_ETAG] = "ETag",
    [HTTP_ELASTIC_PRODUCT] = "X-Elastic-Product",
};

/* Where a field is kept, NULL for one that does not matter. Those with a colon are HTTP/2's (RFC
 * 9113 section 8.3). */
static const char **place_of(http_header *header, http_slice name)
{
    if (is_name(name, ":method"))
        return &header->method;
    if (is_name(name, ":path"))
        return &header->uri;
    if (is_name(name, ":authority"))
        return &header->fields[HTTP_HOST];
    for (unsigned i = 0; i < HTTP_FIELDS; i++) {
        if (is_name(name, field_names[i]))
            return &header->fields[i];
    }
    return NULL;
}

/* Bytes of a list that is put together from several fields. Each one is copied once more. */
#define LIST_LIMIT (8u * 1024)

/* Lists between commas may come in several fields (RFC 9110 section 5.3). */
static bool is_list(const http_header *header, const char *const *place)
{
    static const http_field lists[] = {HTTP_DAV, HTTP_ALLOW, HTTP_PREFER, HTTP_CACHE_CONTROL,
                                       HTTP_PREFERENCE_APPLIED};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (place == &header->fields[lists[i]])
            return true;
    }
    return false;
}

/* RFC 9110 section 8.6 allows no sign; Wireshark reads one, and what follows is in step with it. */
static int64_t content_length(http_slice text)
{
    if (text.end - text.at > 1 && *text.at == '+')
        text.at++;
    return number(text);
}

/* Codings of the message beside chunked, which only frames it (RFC 9112 section 7). */
static void add_transfer_codings(arena *scope, http_header *header, http_slice value)
{
    http_slice coding;

    for (bool more = true; more;) {
        more = http_next_part(&value, &coding, ',');
        if (!more)
            coding = value;
        coding = http_trim(coding);
        if (coding.at == coding.end || http_slice_is(coding, "chunked") ||
            http_slice_is(coding, "identity"))
            continue;
        const char *name = http_slice_copy(scope, coding);

        header->transfer =
            header->transfer ? arena_print(scope, "%s, %s", header->transfer, name) : name;
    }
}

void http_header_set(arena *scope, http_header *header, http_slice name, http_slice value)
{
    const char **place = place_of(header, name);

    if (place) {
        const char *text = http_slice_copy(scope, value);

        if (!*place)
            *place = text;
        else if (is_list(header, place) && strlen(*place) < LIST_LIMIT)
            *place = arena_print(scope, "%s, %s", *place, text);
    } else if (is_name(name, "Content-Length")) {
        header->content_length = content_length(value);
    } else if (is_name(name, "<unknown>")) { /* Wireshark's word for it, which is no token */
        header->unread = true;
    } else if (is_name(name, "Expect")) {
        header->expects = true;
    } else if (is_name(name, "Transfer-Encoding")) {
        header->chunked = http_slice_ends(value, "chunked");
        add_transfer_codings(scope, header, value);
    } else if (is_name(name, ":status") && value.end - value.at == 3) {
        header->status = (int)number(value);
    }
}
