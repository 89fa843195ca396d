/* listings.c
 * What a server said earlier about collections, and whether it still says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "listings.h"

#include <string.h>

#include "href.h"
#include "methods.h"
#include "names.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* Collections that are followed; tokens and changes that are kept of each, the newest ones; bytes
 * of a token or CTag; bytes of an error body that are looked at. */
#define COLLECTIONS 1024
#define TOKENS 16
#define CHANGES 32
#define TEXT 256
#define ERROR_BODY 4096

#define GETCTAG "{http://calendarserver.org/ns/}getctag"

/* A token, when it was issued for the first time. */
typedef struct {
    char *token;
    moment at;
    uint32_t frame;
} given_token;

typedef enum { CREATED, DELETED, CHANGED } change_kind;

/* A member that was changed. */
typedef struct {
    char *path;
    change_kind kind;
    const char *method;
    moment asked, answered;
    uint32_t frame;
} change;

/* A token that was refused, and has not been reported yet. */
typedef struct {
    char *client; /* NULL: there is none */
    char *token;
    uint32_t given, refused; /* frames */
} refusal;

/* A listing of the members with their entity tags. */
typedef struct {
    bool known;
    guint64 hash;
    uint32_t frame;
} listing;

typedef struct {
    given_token tokens[TOKENS];
    unsigned n_tokens; /* of all there have ever been */
    change changes[CHANGES];
    unsigned n_changes; /* likewise */
    refusal refused;

    char *ctag; /* NULL if not known */
    uint32_t ctag_frame;
    listing under_ctag; /* between two answers with that CTag */
    listing since;      /* the first one after the last answer with it */
    bool differs;       /* there was another one after that */
} collection;

struct listings {
    GHashTable *collections; /* by server and path */
};

static void free_collection(void *data)
{
    collection *gone = data;

    for (unsigned i = 0; i < TOKENS; i++)
        g_free(gone->tokens[i].token);
    for (unsigned i = 0; i < CHANGES; i++)
        g_free(gone->changes[i].path);
    g_free(gone->refused.client);
    g_free(gone->refused.token);
    g_free(gone->ctag);
    g_free(gone);
}

listings *listings_new(void)
{
    listings *made = g_new(listings, 1);

    made->collections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_collection);
    return made;
}

void listings_free(listings *of)
{
    g_hash_table_destroy(of->collections);
    g_free(of);
}

static collection *collection_at(const exchange *of, const char *path, bool make)
{
    GHashTable *collections = of->capture->listings->collections;
    char *server = sides_server_key(of);
    char *key = g_strconcat(server, "\n", path, NULL);
    collection *found = g_hash_table_lookup(collections, key);

    g_free(server);
    if (found || !make || g_hash_table_size(collections) >= COLLECTIONS) {
        g_free(key);
        return found;
    }
    found = g_new0(collection, 1);
    g_hash_table_insert(collections, key, found);
    return found;
}

static collection *collection_of(const exchange *of, const char *href, bool make)
{
    char *path = ms_href_path(href);
    collection *found = collection_at(of, path, make);

    g_free(path);
    return found;
}

static bool is_sync(const exchange *of)
{
    return g_strcmp0(of->report, MS_DAV("sync-collection")) == 0 && of->uri && of->request;
}

/* The token that the client had; NULL if it had none, or one that is too long to be followed. */
static const char *token_had(const exchange *of)
{
    const char *token = of->request->sync_token.text;

    return token && *token && strlen(token) <= TEXT ? token : NULL;
}

/* ---- tokens ---- */

static const given_token *find_token(const collection *in, const char *token)
{
    for (unsigned i = 0; i < MIN(in->n_tokens, TOKENS); i++) {
        if (strcmp(in->tokens[i].token, token) == 0)
            return &in->tokens[i];
    }
    return NULL;
}

static void learn_token(const exchange *of, collection *in, const char *token)
{
    if (!token || !*token || strlen(token) > TEXT || find_token(in, token))
        return;
    given_token *next = &in->tokens[in->n_tokens++ % TOKENS];

    g_free(next->token);
    *next = (given_token){g_strdup(token), of->time, of->frame};
}

/* A server may do so at any time (RFC 6578 section 3.2), and the client has to start over. */
static void look_at_refusal(const exchange *of, const uint8_t *body, size_t length)
{
    collection *in = is_sync(of) && of->http_status >= 400 && body && token_had(of)
                         ? collection_of(of, of->uri, false)
                         : NULL;
    const given_token *given = in ? find_token(in, token_had(of)) : NULL;

    if (!given ||
        !g_strstr_len((const char *)body, (gssize)MIN(length, ERROR_BODY), "valid-sync-token"))
        return;
    g_free(in->refused.client);
    g_free(in->refused.token);
    in->refused = (refusal){sides_client_key(of), g_strdup(given->token), given->frame, of->frame};
}

static void tell_refusal(const exchange *of, collection *in, observer *seen)
{
    char *client = sides_client_key(of);

    if (in->refused.client && strcmp(in->refused.client, client) == 0) {
        observe(
            seen, MS_RULE_SYNC_TOKEN_REFUSED,
            "The client starts over, because the server refused the sync-token %.100s in frame %u, "
            "which it had given out in frame %u",
            in->refused.token, in->refused.refused, in->refused.given);
        g_free(in->refused.client);
        in->refused.client = NULL;
    }
    g_free(client);
}

/* ---- changes ---- */

static void note_change(const exchange *of, const char *href, change_kind kind)
{
    char *path = href ? ms_href_path(href) : g_strdup("");
    char *slash = strrchr(path, '/');
    collection *in = NULL;

    if (slash) {
        char *parent = g_strndup(path, slash > path ? (gsize)(slash - path) : 1);

        in = collection_at(of, parent, false);
        g_free(parent);
    }
    if (in) {
        change *next = &in->changes[in->n_changes++ % CHANGES];

        g_free(next->path);
        *next = (change){path,     kind,     ms_method_find(of->method)->name, of->request_time,
                         of->time, of->frame};
        path = NULL;
    }
    g_free(path);
}

static void look_at_change(const exchange *of, const ms_method *method)
{
    bool done = of->http_status / 100 == 2 && of->http_status != 207 && of->http_status != 202;
    bool created = done && of->http_status == 201 && strcmp(of->method, "PUT") == 0;

    if (!ms_method_has(method, MS_METHOD_ITSELF | MS_METHOD_REMOVES | MS_METHOD_COPIES)) {
        g_hash_table_remove_all(of->capture->listings->collections);
        return;
    }
    if (ms_method_has(method, MS_METHOD_COPIES))
        note_change(of, of->request_fields[HTTP_DESTINATION], CHANGED);
    if (ms_method_has(method, MS_METHOD_REMOVES))
        note_change(of, of->uri, done ? DELETED : CHANGED);
    else if (ms_method_has(method, MS_METHOD_ITSELF))
        note_change(of, of->uri, created ? CREATED : CHANGED);
}

void listings_answered(const exchange *of, const uint8_t *body, size_t length)
{
    const ms_method *method = ms_method_find(of->method);

    if (!of->method || !of->uri || g_hash_table_size(of->capture->listings->collections) == 0)
        return;
    if (ms_method_has(method, MS_METHOD_SAFE))
        look_at_refusal(of, body, length);
    else if (of->http_status / 100 != 4)
        look_at_change(of, method);
}

/* ---- what a synchronisation has to tell (RFC 6578 sections 3.2 and 3.5) ---- */

/* The newest change of each member that the answer has to report: it is newer than the token, and
 * was complete when the client asked. A member that came and went since need not be reported. */
static bool has_to_tell(const exchange *of, const collection *in, unsigned index, moment token)
{
    const change *one = &in->changes[index % CHANGES];
    unsigned oldest = in->n_changes > CHANGES ? in->n_changes - CHANGES : 0;

    if (one->kind == CHANGED || !moment_is_known(one->asked) ||
        !moment_is_before(token, one->asked) || !is_asked_after(of, one->answered))
        return false;
    for (unsigned i = oldest; i < in->n_changes; i++) {
        const change *other = &in->changes[i % CHANGES];

        if (i != index && strcmp(other->path, one->path) == 0 &&
            (i > index || one->kind == DELETED))
            return false;
    }
    return true;
}

static GHashTable *paths_of(const ms_document *document)
{
    GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (uint32_t i = 0; i < document->n_hrefs; i++)
        g_hash_table_add(paths, ms_href_path(document->hrefs[i].text));
    return paths;
}

static void look_for_changes(const exchange *of, const ms_document *document, const collection *in,
                             observer *seen)
{
    const given_token *had = token_had(of) ? find_token(in, token_had(of)) : NULL;
    unsigned oldest = in->n_changes > CHANGES ? in->n_changes - CHANGES : 0;
    GHashTable *paths = NULL;

    /* Where there is more to come, it may be in that part. */
    if (!had || !moment_is_known(had->at) || document->outcomes[MS_TRUNCATED] > 0 ||
        (of->request->has_limit && document->n_responses >= of->request->limit))
        return;
    for (unsigned i = oldest; i < in->n_changes; i++) {
        const change *one = &in->changes[i % CHANGES];

        if (!has_to_tell(of, in, i, had->at))
            continue;
        if (!paths)
            paths = paths_of(document);
        if (!g_hash_table_contains(paths, one->path))
            observe(seen, MS_RULE_SYNC_MISSES,
                    "The answer does not tell of %.200s, which the %s in frame %u %s after the "
                    "client's sync-token was given out",
                    one->path, one->method, one->frame,
                    one->kind == CREATED ? "created" : "removed");
    }
    if (paths)
        g_hash_table_destroy(paths);
}

static void judge_sync(const exchange *of, const ms_document *document, observer *seen)
{
    collection *in = is_sync(of) ? collection_of(of, of->uri, true) : NULL;

    if (!in)
        return;
    tell_refusal(of, in, seen);
    look_for_changes(of, document, in, seen);
    learn_token(of, in, document->sync_token.text);
}

/* ---- CTags ---- */

/* Another CTag, or the same again: whatever was listed in between was listed under the old one. */
static void look_at_ctag(const exchange *of, const char *href, const char *ctag, observer *seen)
{
    collection *in = collection_of(of, href, true);

    if (!in || strlen(ctag) > TEXT)
        return;
    if (!in->ctag || strcmp(in->ctag, ctag) != 0) {
        g_free(in->ctag);
        in->ctag = g_strdup(ctag);
        in->ctag_frame = of->frame;
        in->under_ctag.known = in->since.known = in->differs = false;
        return;
    }
    if (in->since.known && in->under_ctag.known &&
        (in->differs || in->since.hash != in->under_ctag.hash))
        observe(seen, MS_RULE_CTAG_STILL,
                "%.200s: getctag is %.100s as in frame %u, but between frames %u and %u an entity "
                "tag or a member changed: clients that only ask for it miss that",
                href, ctag, in->ctag_frame, in->under_ctag.frame, in->since.frame);
    if (in->since.known)
        in->under_ctag = in->since;
    in->since.known = in->differs = false;
}

static const char *value_of(const ms_document *document, const ms_response *response,
                            const char *name)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        ms_range range = propstat->properties;

        for (uint32_t j = range.first; propstat->outcome == MS_OK && j < range.first + range.count;
             j = document->properties[j].end) {
            if (strcmp(document->properties[j].name, name) == 0)
                return document->properties[j].value;
        }
    }
    return NULL;
}

static guint64 mix(guint64 hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (guchar)*text) * G_GUINT64_CONSTANT(0x100000001B3);
    return hash;
}

/* Members and their entity tags in whatever order. False if one has none, or none is listed. */
static bool hash_members(const exchange *of, const ms_document *document, guint64 *hash)
{
    bool any = false;

    *hash = 0;
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        const char *href =
            response->hrefs.count > 0 ? document->hrefs[response->hrefs.first].text : "";
        const char *etag = value_of(document, response, MS_DAV("getetag"));

        if (ms_href_same(href, of->uri))
            continue;
        if (response->outcome != MS_OK || !etag)
            return false;
        char *path = ms_href_path(href);

        *hash += mix(mix(G_GUINT64_CONSTANT(0xCBF29CE484222325), path), etag);
        any = true;
        g_free(path);
    }
    return any;
}

static void look_at_listing(const exchange *of, const ms_document *document)
{
    collection *in = g_strcmp0(of->method, "PROPFIND") == 0 && of->uri &&
                             g_strcmp0(of->request_fields[HTTP_DEPTH], "1") == 0
                         ? collection_of(of, of->uri, false)
                         : NULL;
    listing made = {true, 0, of->frame};

    if (!in || !in->ctag || !hash_members(of, document, &made.hash))
        return;
    if (!in->since.known)
        in->since = made;
    else if (in->since.hash != made.hash)
        in->differs = true;
}

/* In an answer that has both, the CTag is that of the listing. */
static void judge_ctags(const exchange *of, const ms_document *document, observer *seen, bool again)
{
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        const char *href =
            response->hrefs.count > 0 ? document->hrefs[response->hrefs.first].text : "";
        const char *ctag = value_of(document, response, GETCTAG);

        if (ctag && *href && (!again || ms_href_same(href, of->uri)))
            look_at_ctag(of, href, ctag, seen);
    }
}

static bool asks_for_ctag(const exchange *of)
{
    const ms_request *request = of->request;

    if (!request || !request->present || request->allprop)
        return true;
    for (uint32_t i = 0; i < request->n_properties; i++) {
        if (strcmp(request->properties[i].text, GETCTAG) == 0)
            return true;
    }
    return false;
}

void listings_judge(const exchange *of, const ms_document *document, observation_receiver found,
                    void *data)
{
    observer seen = {0};

    if (document->undecoded || !document->complete || document->error.present ||
        document->format != MS_FORMAT_XML)
        return;
    judge_sync(of, document, &seen);
    if (g_strcmp0(of->method, "PROPFIND") == 0 && of->uri) {
        bool ctags = asks_for_ctag(of);

        if (ctags)
            judge_ctags(of, document, &seen, false);
        look_at_listing(of, document);
        if (ctags)
            judge_ctags(of, document, &seen, true);
    }
    if (seen.of[0].count > 0 && is_change_under_way(of))
        found = NULL;
    observer_finish(&seen, found, data);
}
