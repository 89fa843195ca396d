/* sides.c
 * What each server and client of the capture said about itself.
 *
 * RFC 4918 sections 10.1 and 18 (DAV), RFC 9110 section 10.2.1 (Allow).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sides.h"

#include <string.h>

#include "href.h"
#include "methods.h"

/* Servers and clients of one capture that are remembered, and resources of one server whose answer
 * to OPTIONS is. A client asks once for each collection that it opens. */
#define SIDES 4096
#define RESOURCES 1024
/* Different texts that are kept: products, lists of methods. A server keeps saying the same. */
#define TEXTS 16384

/* What was announced for a resource. */
typedef struct {
    const char *dav;   /* NULL if the answer had no such field */
    const char *allow; /* likewise */
    uint32_t frame;    /* of that answer */
} announcement;

typedef struct {
    const char *product;
    const char *versions;  /* of HTTP: "HTTP/1.1, HTTP/2" */
    announcement latest;   /* about any resource */
    GHashTable *resources; /* path to announcement; NULL without any */
} side;

struct sides {
    GHashTable *servers, *clients; /* name to side */
    GHashTable *texts;             /* what they said, each text once */
    arena memory;                  /* of the lists of versions */
};

static void free_side(void *data)
{
    side *gone = data;

    if (gone->resources)
        g_hash_table_destroy(gone->resources);
    g_free(gone);
}

sides *sides_new(void)
{
    sides *made = g_new0(sides, 1);

    made->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_side);
    made->clients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_side);
    made->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return made;
}

void sides_free(sides *of)
{
    g_hash_table_destroy(of->servers);
    g_hash_table_destroy(of->clients);
    g_hash_table_destroy(of->texts);
    arena_clear(&of->memory);
    g_free(of);
}

/* ---- names ---- */

char *sides_server_key(const exchange *of)
{
    const char *host = of->request_fields[HTTP_HOST];

    return g_strconcat(of->server ? of->server : "", host ? " " : "", host, NULL);
}

char *sides_client_key(const exchange *of)
{
    const char *colon = of->client ? strrchr(of->client, ':') : NULL;

    return g_strndup(colon ? of->client : "", colon ? (size_t)(colon - of->client) : 0);
}

/* NULL if it is not known and there is no room for it. It takes `key`. */
static side *side_of(GHashTable *in, char *key, bool make)
{
    side *found = g_hash_table_lookup(in, key);

    if (!found && make && g_hash_table_size(in) < SIDES) {
        found = g_new0(side, 1);
        g_hash_table_insert(in, key, found);
    } else {
        g_free(key);
    }
    return found;
}

/* ---- learning ---- */

/* NULL if it is NULL, or there is no room for more. */
static const char *keep(sides *in, const char *text)
{
    char *kept = text ? g_hash_table_lookup(in->texts, text) : NULL;

    if (!kept && text && g_hash_table_size(in->texts) < TEXTS) {
        kept = g_strdup(text);
        g_hash_table_add(in->texts, kept);
    }
    return kept;
}

static void note(sides *in, const char **what, const char *text)
{
    if (text)
        *what = keep(in, text);
}

static bool is_listed(const char *list, const char *value)
{
    size_t length = strlen(value);

    for (const char *at = list; at && *at; at += strcspn(at, ",")) {
        at += strspn(at, ", \t");
        size_t size = strcspn(at, ", \t");

        if (size == length && g_ascii_strncasecmp(at, value, length) == 0)
            return true;
    }
    return false;
}

/* HTTP has three or four versions: the list stays short. */
static void note_version(sides *in, side *of, const char *version)
{
    if (!version || is_listed(of->versions, version) ||
        (of->versions && strlen(of->versions) > 100))
        return;
    of->versions = of->versions ? arena_print(&in->memory, "%s, %s", of->versions, version)
                                : arena_copy(&in->memory, version);
}

static void learn_announcement(sides *in, side *server, const exchange *of)
{
    const char *dav = of->response_fields[HTTP_DAV], *allow = of->response_fields[HTTP_ALLOW];

    if (g_strcmp0(of->method, "OPTIONS") != 0 || of->http_status / 100 != 2 || (!dav && !allow))
        return;
    announcement made = {keep(in, dav), keep(in, allow), of->frame};
    char *path = ms_href_path(of->uri);

    server->latest = made;
    if (!server->resources)
        server->resources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (g_hash_table_contains(server->resources, path) ||
        g_hash_table_size(server->resources) < RESOURCES)
        g_hash_table_replace(server->resources, path, g_memdup2(&made, sizeof made));
    else
        g_free(path);
}

/* A resource that was created, replaced or removed may allow other methods than before. */
static void forget_resource(side *server, const exchange *of)
{
    if (!server->resources || of->http_status / 100 != 2 ||
        !ms_method_has(ms_method_find(of->method), MS_METHOD_CHANGES))
        return;
    const char *hrefs[] = {of->uri, of->request_fields[HTTP_DESTINATION]};

    for (size_t i = 0; i < G_N_ELEMENTS(hrefs); i++) {
        char *path = hrefs[i] ? ms_href_path(hrefs[i]) : NULL;

        if (path)
            g_hash_table_remove(server->resources, path);
        g_free(path);
    }
}

/* ---- asking ---- */

/* What was announced for the resource itself; NULL if nothing. */
static const announcement *announced_for(const side *server, const char *uri)
{
    if (!server || !server->resources || !uri)
        return NULL;
    char *path = ms_href_path(uri);
    const announcement *found = g_hash_table_lookup(server->resources, path);

    g_free(path);
    return found;
}

void sides_answered(exchange *of)
{
    sides *in = of->capture->sides;
    side *server = side_of(in->servers, sides_server_key(of), true);
    side *client = side_of(in->clients, sides_client_key(of), true);

    if (server) {
        note(in, &server->product, of->response_fields[HTTP_SERVER]);
        note_version(in, server, of->protocol);
        if (of->uri) {
            forget_resource(server, of);
            learn_announcement(in, server, of);
        }
        const announcement *about = announced_for(server, of->uri);

        if (!about)
            about = &server->latest;
        of->server_dav = about->dav;
        of->server_allow = about->allow;
        of->server_product = server->product;
        of->server_versions = server->versions;
    }
    if (client) {
        note(in, &client->product, of->request_fields[HTTP_USER_AGENT]);
        note_version(in, client, of->protocol);
        of->client_versions = client->versions;
    }
}

/* What the method needs and the server did not announce. A server without it may know the method,
 * but not as the specification defines it. */
static const char *lacking_token(const ms_method *method, const announcement *about, bool has_body)
{
    return about->dav && method->token &&
                   (has_body || !ms_method_has(method, MS_METHOD_TOKEN_FOR_BODY)) &&
                   !is_listed(about->dav, method->token)
               ? method->token
               : NULL;
}

const char *sides_unannounced(exchange *request, bool has_body)
{
    const side *server =
        side_of(request->capture->sides->servers, sides_server_key(request), false);
    const announcement *about = announced_for(server, request->uri);

    if (!about || !request->method || strcmp(request->method, "OPTIONS") == 0)
        return NULL;
    const ms_method *method = ms_method_find(request->method);
    const char *lacks = lacking_token(method, about, has_body);

    if (lacks)
        return arena_print(
            &request->memory,
            "%s needs \"%s\" in DAV (%s), and the server announces \"%s\" for this resource "
            "(frame %u)",
            request->method, lacks, method->token_source, about->dav, about->frame);
    if (about->allow && !is_listed(about->allow, request->method))
        return arena_print(&request->memory,
                           "The server does not list %s in Allow for this resource (\"%s\", "
                           "frame %u)",
                           request->method, about->allow, about->frame);
    return NULL;
}
