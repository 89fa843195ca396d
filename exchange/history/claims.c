/* claims.c
 * What a server said earlier about single resources, and whether it still says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "claims.h"

#include <string.h>

#include "href.h"
#include "methods.h"
#include "names.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* Servers, resources of one server and connections that are remembered; when there are more, all of
 * that kind are forgotten. Properties of one resource, and bytes of a text. */
#define SERVERS 256
#define RESOURCES 4096
#define CONNECTIONS 4096
#define PROPERTIES 32
#define TEXT 1024

/* A property that was set. */
typedef struct {
    char *name;
    char *value;  /* NULL if it is not a plain text */
    char *client; /* properties may differ from user to user */
    uint32_t frame;
    moment at;
} claimed_property;

/* Where a claim comes from. */
typedef struct {
    const char *method; /* NULL: there is none */
    uint32_t frame;
    moment at;
} origin;

typedef struct {
    origin gone;           /* the server removed it */
    origin content;        /* the server sent or took its content, with: */
    char *etag;            /* NULL if not known */
    int64_t length;        /* -1 if not known */
    GPtrArray *properties; /* of claimed_property; NULL without any */
} resource;

typedef struct {
    GHashTable *resources; /* by path */
    unsigned gone;         /* how often one was removed: while this is 0, there is nothing to look
                            * up */
    bool patched;          /* some property was set */
} server;

struct claims {
    GHashTable *servers;
    GHashTable *connections; /* that a Multi-Status was seen on */
};

/* ---- memory ---- */

static void free_property(void *data)
{
    claimed_property *gone = data;

    g_free(gone->name);
    g_free(gone->value);
    g_free(gone->client);
    g_free(gone);
}

static void free_resource(void *data)
{
    resource *gone = data;

    g_free(gone->etag);
    if (gone->properties)
        g_ptr_array_unref(gone->properties);
    g_free(gone);
}

static void free_server(void *data)
{
    server *gone = data;

    g_hash_table_destroy(gone->resources);
    g_free(gone);
}

claims *claims_new(void)
{
    claims *made = g_new(claims, 1);

    made->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_server);
    made->connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return made;
}

void claims_free(claims *of)
{
    g_hash_table_destroy(of->servers);
    g_hash_table_destroy(of->connections);
    g_free(of);
}

static server *server_of(const exchange *of, bool make)
{
    GHashTable *servers = of->capture->claims->servers;

    if (!make && g_hash_table_size(servers) == 0)
        return NULL;
    char *key = sides_server_key(of);
    server *found = g_hash_table_lookup(servers, key);

    if (found || !make) {
        g_free(key);
        return found;
    }
    if (g_hash_table_size(servers) >= SERVERS)
        g_hash_table_remove_all(servers);
    found = g_new0(server, 1);
    found->resources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_resource);
    g_hash_table_insert(servers, key, found);
    return found;
}

static resource *resource_at(server *at, const char *path)
{
    resource *found = g_hash_table_lookup(at->resources, path);

    if (found)
        return found;
    if (g_hash_table_size(at->resources) >= RESOURCES)
        g_hash_table_remove_all(at->resources);
    found = g_new0(resource, 1);
    found->length = -1;
    g_hash_table_insert(at->resources, g_strdup(path), found);
    return found;
}

/* ---- forgetting ---- */

static gboolean is_at_or_below(void *key, void *value, void *data)
{
    const char *tree = data;

    (void)value;
    return ms_href_is_within(key, strcmp(tree, "/") == 0 ? "" : tree);
}

/* Subversion's revisions are resources of their own kind. */
static bool is_followed(const char *uri)
{
    return uri && *uri != '*' && !strstr(uri, "/!svn/");
}

static void forget(server *at, const char *uri, bool tree)
{
    if (!at || !is_followed(uri))
        return;
    char *path = ms_href_path(uri);

    if (tree)
        g_hash_table_foreach_remove(at->resources, is_at_or_below, path);
    else
        g_hash_table_remove(at->resources, path);
    g_free(path);
}

/* When a resource's properties change, its content stays the same, except for its entity tag. */
static void forget_content(server *at, const char *uri)
{
    char *path = at && is_followed(uri) ? ms_href_path(uri) : NULL;
    resource *of = path ? g_hash_table_lookup(at->resources, path) : NULL;

    if (of)
        of->content.method = of->gone.method = NULL;
    g_free(path);
}

/* When a resource's properties may have changed, nobody can tell which. */
static void forget_properties(server *at, const char *uri)
{
    char *path = at && is_followed(uri) ? ms_href_path(uri) : NULL;
    resource *of = path ? g_hash_table_lookup(at->resources, path) : NULL;

    if (of && of->properties)
        g_ptr_array_set_size(of->properties, 0);
    g_free(path);
}

/* ---- learning from whatever answer ---- */

static void note_gone(const exchange *of)
{
    server *at = server_of(of, true);
    char *path = ms_href_path(of->uri);

    forget(at, of->uri, true);
    resource_at(at, path)->gone = (origin){ms_method_find(of->method)->name, of->frame, of->time};
    at->gone++;
    g_free(path);
}

static void note_content(const exchange *of, const char *method, int64_t length)
{
    const char *etag = of->response_fields[HTTP_ETAG];
    bool fits = etag && strlen(etag) <= TEXT;
    size_t end = of->uri ? strcspn(of->uri, "?#") : 0;

    /* A collection's content is not what its properties describe, and a query may name another
     * resource. */
    if (!is_followed(of->uri) || end == 0 || of->uri[end] != '\0' || of->uri[end - 1] == '/' ||
        (!fits && length < 0))
        return;
    char *path = ms_href_path(of->uri);
    resource *about = resource_at(server_of(of, true), path);

    g_free(about->etag);
    about->etag = fits ? g_strdup(etag) : NULL;
    about->length = length;
    about->content = (origin){method, of->frame, of->time};
    about->gone.method = NULL;
    g_free(path);
}

static char *connection_key(const exchange *of)
{
    return g_strconcat(of->client ? of->client : "", " ", of->server ? of->server : "", NULL);
}

/* Content as it is, on a connection with a Multi-Status: the command does not look into connections
 * that only have GET. */
static void look_at_content(const exchange *of)
{
    GHashTable *connections = of->capture->claims->connections;

    if (of->http_status != 200 || g_hash_table_size(connections) == 0 ||
        of->response_fields[HTTP_CONTENT_ENCODING])
        return;
    char *key = connection_key(of);

    if (g_hash_table_contains(connections, key))
        note_content(of, "GET", of->content_length);
    g_free(key);
}

static void look_at_change(const exchange *of, const ms_method *method)
{
    const char *destination = of->request_fields[HTTP_DESTINATION];
    bool done = of->http_status / 100 == 2 && of->http_status != 207 && of->http_status != 202;
    server *at = server_of(of, false);

    if (ms_method_has(method, MS_METHOD_COPIES))
        forget(at, destination, true);
    /* What became of each property is known from a Multi-Status only: learn_properties(). */
    if (strcmp(of->method, "PROPPATCH") == 0 && of->http_status != 207)
        forget_properties(at, of->uri);
    if (strcmp(of->method, "PROPPATCH") == 0 || strcmp(of->method, "ACL") == 0)
        forget_content(at, of->uri);
    else if (ms_method_has(method, MS_METHOD_ITSELF | MS_METHOD_REMOVES))
        forget(at, of->uri, ms_method_has(method, MS_METHOD_REMOVES));
    else if (at && !ms_method_has(method, MS_METHOD_COPIES))
        g_hash_table_remove_all(at->resources);
    if (done && ms_method_has(method, MS_METHOD_REMOVES) && is_followed(of->uri))
        note_gone(of);
    else if (done && strcmp(of->method, "PUT") == 0)
        note_content(of, "PUT", -1);
}

void claims_answered(const exchange *of)
{
    const ms_method *method = ms_method_find(of->method);

    if (!of->method || !of->uri)
        return;
    if (strcmp(of->method, "GET") == 0)
        look_at_content(of);
    /* A refused request changes nothing; one that the server aborted may have. */
    else if (!ms_method_has(method, MS_METHOD_SAFE) && of->http_status / 100 != 4)
        look_at_change(of, method);
}

/* ---- properties that were set (RFC 4918 section 9.2) ---- */

static const ms_propstat *next_ok(const ms_document *document, const ms_response *response,
                                  uint32_t *index)
{
    while (*index < response->propstats.count) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + (*index)++];

        if (propstat->outcome == MS_OK)
            return propstat;
    }
    return NULL;
}

/* The last of several values counts; one that was both set and removed cannot be relied on. */
static bool find_set(const ms_request *request, const char *name, const char **value)
{
    bool found = false;

    for (uint32_t i = 0; i < request->n_set; i++) {
        if (strcmp(request->set[i].text, name) == 0) {
            *value = request->set_values[i];
            found = true;
        }
    }
    for (uint32_t i = 0; i < request->n_remove; i++)
        found = found && strcmp(request->remove[i].text, name) != 0;
    return found;
}

static void claim_property(resource *about, const exchange *of, const char *name, const char *value)
{
    claimed_property *made = NULL;

    if (!about->properties)
        about->properties = g_ptr_array_new_with_free_func(free_property);
    for (guint i = 0; i < about->properties->len && !made; i++) {
        claimed_property *one = g_ptr_array_index(about->properties, i);

        made = strcmp(one->name, name) == 0 ? one : NULL;
    }
    if (!made && about->properties->len >= PROPERTIES)
        return;
    if (!made) {
        made = g_new0(claimed_property, 1);
        made->name = g_strdup(name);
        g_ptr_array_add(about->properties, made);
    }
    g_free(made->value);
    g_free(made->client);
    made->value = value && strlen(value) <= TEXT ? g_strdup(value) : NULL;
    made->client = sides_client_key(of);
    made->frame = of->frame;
    made->at = of->time;
}

static void unclaim_property(resource *about, const char *name)
{
    for (guint i = 0; about->properties && i < about->properties->len; i++) {
        const claimed_property *one = g_ptr_array_index(about->properties, i);

        if (strcmp(one->name, name) == 0) {
            g_ptr_array_remove_index_fast(about->properties, i);
            return;
        }
    }
}

/* What was set has its value from now on; of what was removed, and of what was set beside something
 * that failed, nothing is to be expected any more. */
static void learn_property(const exchange *of, server *at, const char *path, const char *name,
                           bool reliable)
{
    const char *value = NULL;
    resource *about;

    if (reliable && strlen(name) <= TEXT && find_set(of->request, name, &value)) {
        claim_property(resource_at(at, path), of, name, value);
        at->patched = true;
    } else if ((about = g_hash_table_lookup(at->resources, path)) != NULL) {
        unclaim_property(about, name);
    }
}

static void learn_properties(const exchange *of, const ms_document *document)
{
    const ms_request *request = of->request;
    uint32_t index = 0;
    const ms_propstat *propstat;

    if (g_strcmp0(of->method, "PROPPATCH") != 0 || !is_followed(of->uri))
        return;
    server *at = server_of(of, true);

    if (document->undecoded || document->n_responses != 1 || !document->responses[0].complete) {
        forget_properties(at, of->uri);
        return;
    }
    bool reliable = request && request->well_formed && !request->truncated &&
                    document->failed == 0 && document->responses[0].outcome == MS_OK;
    char *path = ms_href_path(of->uri);

    while ((propstat = next_ok(document, &document->responses[0], &index)) != NULL) {
        ms_range range = propstat->properties;

        for (uint32_t i = range.first; i < range.first + range.count;
             i = document->properties[i].end)
            learn_property(of, at, path, document->properties[i].name, reliable);
    }
    g_free(path);
}

static bool reads(const exchange *of)
{
    return ms_method_has(ms_method_find(of->method), MS_METHOD_SAFE);
}

bool claims_want_values(const exchange *of)
{
    const server *at = reads(of) ? server_of(of, false) : NULL;

    return at && at->patched && g_hash_table_size(at->resources) > 0;
}

/* ---- comparing ---- */

typedef struct {
    const exchange *of;
    const ms_document *document;
    server *at;
    char *client;
    observer seen;
} comparison;

static const claimed_property *find_claim(const resource *about, const char *name)
{
    for (guint i = 0; about->properties && i < about->properties->len; i++) {
        const claimed_property *one = g_ptr_array_index(about->properties, i);

        if (strcmp(one->name, name) == 0)
            return one;
    }
    return NULL;
}

static void compare_property(comparison *c, const char *href, const resource *about,
                             const ms_element *property, bool is_leaf, ms_outcome outcome)
{
    const claimed_property *claim = find_claim(about, property->name);

    if (!claim || !is_asked_after(c->of, claim->at) || strcmp(claim->client, c->client) != 0)
        return;
    char *name = ms_short_name(property->name);

    if (outcome == MS_ABSENT)
        observe(&c->seen, MS_RULE_PROPERTY_NOT_KEPT,
                "%.200s: %.200s does not exist, but the PROPPATCH of frame %u set it, and the "
                "server said "
                "200 to that",
                href, name, claim->frame);
    else if (outcome == MS_OK && is_leaf && claim->value && property->value &&
             strcmp(claim->value, property->value) != 0)
        observe(&c->seen, MS_RULE_PROPERTY_NOT_KEPT,
                "%.200s: %.200s is \"%.100s\", but the PROPPATCH of frame %u set it to \"%.100s\", "
                "and the "
                "server said 200 to that",
                href, name, property->value, claim->frame, claim->value);
    g_free(name);
}

static void compare_content(comparison *c, const char *href, const resource *about,
                            const ms_element *property)
{
    bool is_etag = strcmp(property->name, MS_DAV("getetag")) == 0;
    guint64 length;

    if (!about->content.method || !property->value || !is_asked_after(c->of, about->content.at))
        return;
    if (is_etag && about->etag && !is_same_etag(about->etag, property->value))
        observe(&c->seen, MS_RULE_ETAG_DIFFERS,
                "%.200s: getetag is %.100s, but the answer to the %s in frame %u has ETag: %.100s",
                href, property->value, about->content.method, about->content.frame, about->etag);
    else if (about->length >= 0 && strcmp(property->name, MS_DAV("getcontentlength")) == 0 &&
             g_ascii_string_to_unsigned(property->value, 10, 0, G_MAXUINT64, &length, NULL) &&
             length != (guint64)about->length)
        observe(&c->seen, MS_RULE_VALUE_DIFFERS,
                "%.200s: getcontentlength is %.40s, but the answer to the %s in frame %u has "
                "Content-Length: %" G_GINT64_FORMAT,
                href, property->value, about->content.method, about->content.frame, about->length);
}

static void compare_properties(comparison *c, const char *href, const resource *about,
                               const ms_response *response)
{
    const ms_document *document = c->document;

    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        ms_range range = propstat->properties;

        for (uint32_t j = range.first; j < range.first + range.count;
             j = document->properties[j].end) {
            const ms_element *property = &document->properties[j];

            compare_property(c, href, about, property, property->end == j + 1, propstat->outcome);
            if (propstat->outcome == MS_OK)
                compare_content(c, href, about, property);
        }
    }
}

/* The resource or a collection above it that was removed; NULL if none was. */
static const resource *find_gone(const comparison *c, const char *path)
{
    char *at = g_strdup(path);
    const resource *found = NULL;

    while (!found && *at) {
        found = g_hash_table_lookup(c->at->resources, at);
        if (found && (!found->gone.method || !is_asked_after(c->of, found->gone.at)))
            found = NULL;
        char *slash = strrchr(at, '/');

        *(slash ? slash : at) = '\0';
    }
    g_free(at);
    return found;
}

static void compare_response(comparison *c, const ms_response *response)
{
    const char *href =
        response->hrefs.count > 0 ? c->document->hrefs[response->hrefs.first].text : "";

    if (response->outcome != MS_OK || !response->complete || !is_followed(href) || !*href)
        return;
    char *path = ms_href_path(href);
    const resource *gone = c->at->gone > 0 ? find_gone(c, path) : NULL;
    const resource *about = g_hash_table_lookup(c->at->resources, path);

    if (gone)
        observe(&c->seen, MS_RULE_DELETED_STILL_THERE,
                "%.200s is there, but the server said in frame %u that the %s had succeeded", href,
                gone->gone.frame, gone->gone.method);
    else if (about)
        compare_properties(c, href, about, response);
    g_free(path);
}

static bool observed_any(const observer *of)
{
    return of->of[0].count > 0;
}

static void compare(const exchange *of, const ms_document *document, observation_receiver found,
                    void *data)
{
    comparison c = {.of = of, .document = document, .at = server_of(of, false)};

    if (!c.at || g_hash_table_size(c.at->resources) == 0 || !of->method || !reads(of))
        return;
    c.client = sides_client_key(of);
    for (uint32_t i = 0; i < document->n_responses; i++)
        compare_response(&c, &document->responses[i]);
    if (observed_any(&c.seen) && is_change_under_way(of))
        found = NULL;
    observer_finish(&c.seen, found, data);
    g_free(c.client);
}

void claims_judge(const exchange *of, const ms_document *document, observation_receiver found,
                  void *data)
{
    GHashTable *connections = of->capture->claims->connections;

    if (g_hash_table_size(connections) >= CONNECTIONS)
        g_hash_table_remove_all(connections);
    g_hash_table_add(connections, connection_key(of));
    if (!document->undecoded && document->format == MS_FORMAT_XML)
        compare(of, document, found, data);
    learn_properties(of, document);
}
