/* saved_entry.c
 * What entries of every kind of file have in common.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saved_entry.h"

#include <string.h>

void saved_entry_clear(saved_entry *of)
{
    g_free(of->asked.bytes);
    g_free(of->body.bytes);
    g_free(of->wrong);
    arena_clear(&of->scope);
    memset(of, 0, sizeof *of);
}

const char *saved_protocol(const char *version)
{
    static const struct {
        const char *written, *protocol;
    } protocols[] = {
        {"http/1.0", "HTTP/1.0"}, {"http/1.1", "HTTP/1.1"}, {"http/2.0", "HTTP/2"},
        {"http/2", "HTTP/2"},     {"h2", "HTTP/2"},         {"h2c", "HTTP/2"},
        {"http/3.0", "HTTP/3"},   {"http/3", "HTTP/3"},     {"h3", "HTTP/3"},
    };

    for (size_t i = 0; version && i < G_N_ELEMENTS(protocols); i++) {
        if (g_ascii_strcasecmp(version, protocols[i].written) == 0)
            return protocols[i].protocol;
    }
    return NULL;
}

moment saved_moment(const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, utc) : NULL;

    return time ? (moment){g_date_time_to_unix(time),
                           (int32_t)g_date_time_get_microsecond(time) * 1000}
                : moment_unknown();
}

void saved_entry_set_url(saved_entry *of, const char *url)
{
    http_header *request = &of->request;
    const char *colon = strstr(url, "://");

    of->tls = g_ascii_strncasecmp(url, "https:", 6) == 0;
    request->uri = arena_copy(&of->scope, url);
    if (!colon)
        return;
    const char *from = colon + 3;
    size_t length = strcspn(from, "/?#");
    const char *rest = from + length;
    const char *user = memchr(from, '@', length);

    if (user)
        from = user + 1;
    if (!request->fields[HTTP_HOST])
        request->fields[HTTP_HOST] = arena_copy_bytes(&of->scope, from, (size_t)(rest - from));
    request->uri = arena_print(&of->scope, "%s%.*s", *rest == '/' ? "" : "/",
                               (int)MIN(strcspn(rest, "#"), G_MAXINT), rest);
}

const char *saved_entry_socket(saved_entry *of, const char *address, const char *port)
{
    const char *host = of->request.fields[HTTP_HOST];
    const char *colon = host ? strrchr(host, ':') : NULL;

    if (!address || !*address)
        return NULL;
    if (!port && colon && !strchr(colon, ']'))
        port = colon + 1;
    bool bare = strchr(address, ':') && *address != '[';

    return arena_print(&of->scope, "%s%s%s:%s", bare ? "[" : "", address, bare ? "]" : "",
                       port      ? port
                       : of->tls ? "443"
                                 : "80");
}
