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

const char *http_slice_copy(wmem_allocator_t *scope, http_slice slice)
{
    char *text = wmem_strndup(scope, slice.at, (size_t)(slice.end - slice.at));

    if (g_utf8_validate(text, -1, NULL))
        return text;
    char *valid = g_utf8_make_valid(text, -1);
    const char *kept = wmem_strdup(scope, valid);

    g_free(valid);
    wmem_free(scope, text);
    return kept;
}

static bool is_name(http_slice name, const char *wanted)
{
    size_t length = strlen(wanted);

    return (size_t)(name.end - name.at) == length &&
           g_ascii_strncasecmp(name.at, wanted, length) == 0;
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

void http_header_set(wmem_allocator_t *scope, http_header *header, http_slice name,
                     http_slice value)
{
    const struct {
        const char *name;
        const char **field;
    } fields[] = {
        {"Host", &header->host},
        {"User-Agent", &header->user_agent},
        {"Server", &header->server},
        {"Content-Type", &header->content_type},
        {"Content-Encoding", &header->content_encoding},
        /* HTTP/2, RFC 9113 section 8.3. */
        {":method", &header->method},
        {":path", &header->uri},
        {":authority", &header->host},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (is_name(name, fields[i].name)) {
            if (!*fields[i].field)
                *fields[i].field = http_slice_copy(scope, value);
            return;
        }
    }
    if (is_name(name, "Content-Length"))
        header->content_length = number(value);
    else if (is_name(name, ":status") && value.end - value.at == 3)
        header->status = (int)number(value);
}
