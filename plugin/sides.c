/* sides.c
 * What each server and client of the capture said of itself.
 *
 * RFC 4918 sections 10.1 and 18 (DAV), RFC 9110 section 10.2.1 (Allow).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sides.h"

#include <string.h>

#include <epan/epan.h>

#include "href.h"

/* Servers and clients of one capture that are remembered, and resources of one server whose answer
 * to OPTIONS is. A client asks once for each collection that it opens. */
#define SIDES 4096
#define RESOURCES 1024
/* Different texts that are kept: products, lists of methods. A server says the same all day. */
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
    announcement latest;   /* about whatever resource */
    wmem_map_t *resources; /* path to announcement */
} side;

/* The sides of this capture by name. */
static wmem_map_t *servers, *clients;

/* What they said, each text once. */
static wmem_map_t *texts;

static void start_capture(void)
{
    servers = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
    clients = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
    texts = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
}

void sides_init(void)
{
    register_init_routine(start_capture);
}

/* ---- names ---- */

char *sides_server_key(wmem_allocator_t *scope, const exchange *of)
{
    const char *host = of->request_fields[HTTP_HOST];

    return wmem_strdup_printf(scope, "%s%s%s", of->server ? of->server : "", host ? " " : "",
                              host ? host : "");
}

char *sides_client_key(wmem_allocator_t *scope, const exchange *of)
{
    const char *colon = of->client ? strrchr(of->client, ':') : NULL;

    return colon ? wmem_strndup(scope, of->client, (size_t)(colon - of->client))
                 : wmem_strdup(scope, "");
}

/* NULL if it is not known and there is no room for it; `key` is not kept. */
static side *side_of(wmem_map_t *sides, char *key, bool make)
{
    side *found = (side *)wmem_map_lookup(sides, key);

    if (!found && make && wmem_map_size(sides) < SIDES) {
        found = wmem_new0(wmem_file_scope(), side);
        wmem_map_insert(sides, wmem_strdup(wmem_file_scope(), key), found);
    }
    wmem_free(NULL, key);
    return found;
}

/* ---- learning ---- */

/* NULL if it is NULL, or there is no room for more. */
static const char *keep(const char *text)
{
    char *kept = text ? (char *)wmem_map_lookup(texts, text) : NULL;

    if (!kept && text && wmem_map_size(texts) < TEXTS) {
        kept = wmem_strdup(wmem_file_scope(), text);
        wmem_map_insert(texts, kept, kept);
    }
    return kept;
}

static void note(const char **what, const char *text)
{
    if (text)
        *what = keep(text);
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
static void note_version(side *of, const char *version)
{
    if (!version || is_listed(of->versions, version) ||
        (of->versions && strlen(of->versions) > 100))
        return;
    of->versions = of->versions
                       ? wmem_strdup_printf(wmem_file_scope(), "%s, %s", of->versions, version)
                       : wmem_strdup(wmem_file_scope(), version);
}

static void learn_announcement(side *server, const exchange *of)
{
    const char *dav = of->response_fields[HTTP_DAV], *allow = of->response_fields[HTTP_ALLOW];

    if (g_strcmp0(of->method, "OPTIONS") != 0 || of->http_status / 100 != 2 || (!dav && !allow))
        return;
    announcement made = {keep(dav), keep(allow), of->frame};
    char *path = ms_href_path(of->uri);

    server->latest = made;
    if (!server->resources)
        server->resources = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
    announcement *kept = (announcement *)wmem_map_lookup(server->resources, path);

    if (kept) {
        *kept = made;
    } else if (wmem_map_size(server->resources) < RESOURCES) {
        kept = wmem_new(wmem_file_scope(), announcement);
        *kept = made;
        wmem_map_insert(server->resources, wmem_strdup(wmem_file_scope(), path), kept);
    }
    g_free(path);
}

/* A resource that was made, replaced or removed allows other methods than before. */
static void forget_resource(side *server, const exchange *of)
{
    static const char *const changing[] = {"PUT",  "MKCOL", "MKCALENDAR", "DELETE",
                                           "MOVE", "COPY",  "LOCK",       "BIND"};
    bool changes = false;

    for (size_t i = 0; i < G_N_ELEMENTS(changing) && server->resources; i++)
        changes = changes || g_strcmp0(of->method, changing[i]) == 0;
    if (!changes || of->http_status / 100 != 2)
        return;
    const char *hrefs[] = {of->uri, of->request_fields[HTTP_DESTINATION]};

    for (size_t i = 0; i < G_N_ELEMENTS(hrefs); i++) {
        char *path = hrefs[i] ? ms_href_path(hrefs[i]) : NULL;

        if (path)
            wmem_map_remove(server->resources, path);
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
    const announcement *found = (announcement *)wmem_map_lookup(server->resources, path);

    g_free(path);
    return found;
}

void sides_answered(exchange *of)
{
    side *server = side_of(servers, sides_server_key(NULL, of), true);
    side *client = side_of(clients, sides_client_key(NULL, of), true);

    if (server) {
        note(&server->product, of->response_fields[HTTP_SERVER]);
        note_version(server, of->protocol);
        if (of->uri) {
            forget_resource(server, of);
            learn_announcement(server, of);
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
        note(&client->product, of->request_fields[HTTP_USER_AGENT]);
        note_version(client, of->protocol);
        of->client_versions = client->versions;
    }
}

/* Methods that need a compliance class or feature (the token in DAV). A server without it may know
 * the method, but not in the sense of the specification. */
static const struct {
    const char *method;
    bool with_body; /* only then */
    const char *token;
    const char *source;
} needs[] = {
    {"LOCK", false, "2", "RFC 4918 section 18.2"},
    {"UNLOCK", false, "2", "RFC 4918 section 18.2"},
    {"ACL", false, "access-control", "RFC 3744 section 7.2"},
    {"MKCALENDAR", false, "calendar-access", "RFC 4791 section 5.1"},
    {"MKCOL", true, "extended-mkcol", "RFC 5689 section 3.1"},
    {"BIND", false, "bind", "RFC 5842 section 8.1"},
};

const char *sides_unannounced(exchange *request, bool has_body)
{
    const side *server = side_of(servers, sides_server_key(NULL, request), false);
    const announcement *about = announced_for(server, request->uri);

    if (!about || !request->method || strcmp(request->method, "OPTIONS") == 0)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(needs) && about->dav; i++) {
        if (strcmp(needs[i].method, request->method) == 0 && (has_body || !needs[i].with_body) &&
            !is_listed(about->dav, needs[i].token))
            return wmem_strdup_printf(
                wmem_file_scope(),
                "%s needs \"%s\" in DAV (%s), and the server announces \"%s\" for this resource "
                "(frame %u)",
                request->method, needs[i].token, needs[i].source, about->dav, about->frame);
    }
    if (about->allow && !is_listed(about->allow, request->method))
        return wmem_strdup_printf(wmem_file_scope(),
                                  "The server does not list %s in Allow for this resource (\"%s\", "
                                  "frame %u)",
                                  request->method, about->allow, about->frame);
    return NULL;
}
