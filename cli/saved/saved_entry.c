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
