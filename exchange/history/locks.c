/* locks.c
 * The locks that the capture saw taken and not yet released.
 *
 * RFC 4918 sections 6.4 (what releases a lock), 7.4 and 7.5 (what a lock on a collection holds),
 * 9.10.2 (refresh), 10.5 (Lock-Token) and 16 (conditions that name the lock's root).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "locks.h"

#include <string.h>

#include "href.h"
#include "methods.h"
#include "names.h"
#include "observation.h"
#include "request.h"
#include "sides.h"

/* Locks of one server that are remembered, the newest ones: each lookup means a comparison with all
 * of them. */
#define LOCKS 512
/* Servers whose locks are remembered. */
#define SERVERS 1024
/* Bytes of a text that are kept. */
#define TEXT 512

struct locks {
    GHashTable *servers; /* server to GQueue of lock, the newest first */
    GQueue released;     /* of lock: pointers to them were handed out */
};

static void free_lock(void *data)
{
    lock *gone = data;

    g_free((char *)gone->token);
    g_free((char *)gone->known.root);
    g_free((char *)gone->known.owner);
    g_free((char *)gone->known.client);
    g_free((char *)gone->known.agent);
    g_free(gone->path);
    g_free(gone);
}

static void free_list(void *list)
{
    g_queue_free_full(list, free_lock);
}

locks *locks_new(void)
{
    locks *made = g_new0(locks, 1);

    made->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    return made;
}

void locks_free(locks *of)
{
    g_hash_table_destroy(of->servers);
    g_queue_clear_full(&of->released, free_lock);
    g_free(of);
}

static GQueue *locks_of(const exchange *of, bool make)
{
    GHashTable *servers = of->capture->locks->servers;
    char *key = sides_server_key(of);
    GQueue *found = g_hash_table_lookup(servers, key);

    if (!found && make && g_hash_table_size(servers) < SERVERS) {
        found = g_queue_new();
        g_hash_table_insert(servers, key, found);
    } else {
        g_free(key);
    }
    return found;
}

/* ---- paths ---- */

/* Without the slash at the end, "" for the root. The caller frees it with g_free(). */
static char *path_of(const char *href)
{
    char *path = ms_href_path(href);

    if (strcmp(path, "/") == 0)
        *path = '\0';
    return path;
}

static bool is_member(const char *path, const char *folder)
{
    return ms_href_is_below(path, folder) && !strchr(path + strlen(folder) + 1, '/');
}

/* ---- memory ---- */

static const char *keep(const char *text)
{
    return text && *text ? g_strndup(text, TEXT) : NULL;
}

static void drop(locks *in, GQueue *list, GList *at)
{
    lock *gone = at->data;

    g_queue_delete_link(list, at);
    if (gone->mentioned)
        g_queue_push_tail(&in->released, gone);
    else
        free_lock(gone);
}

static void drop_where(const exchange *of, bool (*applies)(const lock *one, const void *data),
                       const void *data)
{
    GQueue *list = locks_of(of, false);
    GList *next;

    for (GList *i = list ? list->head : NULL; i; i = next) {
        next = i->next;
        if (applies(i->data, data))
            drop(of->capture->locks, list, i);
    }
}

/* ---- taking ---- */

/* Lock-Token is a coded URL: <opaquelocktoken:...>. The caller frees it with g_free(). */
static char *bare_token(const char *field)
{
    const char *at = field ? field + strspn(field, " \t<") : "";

    return g_strndup(at, strcspn(at, ">"));
}

static bool has_token(const lock *one, const void *token)
{
    return one->token && strcmp(one->token, (const char *)token) == 0;
}

/* "Second-3600"; other words set no time. */
static void set_expiry(lock *of, const exchange *answer, const char *timeout)
{
    guint64 seconds;

    of->expires = moment_unknown();
    if (timeout && g_ascii_strncasecmp(timeout, "Second-", 7) == 0 &&
        g_ascii_string_to_unsigned(timeout + 7, 10, 0, UINT32_MAX, &seconds, NULL))
        of->expires = moment_later(answer->time, (int64_t)seconds);
}

static bool is_infinite(const exchange *of, const ms_request *answer)
{
    const char *depth =
        answer->lock_depth.text ? answer->lock_depth.text : of->request_fields[HTTP_DEPTH];

    return !depth || g_ascii_strcasecmp(depth, "0") != 0;
}

static lock *new_lock(const exchange *of, const ms_request *answer, const char *token)
{
    lock *made = g_new0(lock, 1);
    const ms_request *request = of->request;
    const char *root = answer->lock_root.text ? answer->lock_root.text : of->uri;
    /* Servers mangle what the client said of itself. A refresh says nothing of it. */
    const char *owner = request && request->lock_owner.text && *request->lock_owner.text
                            ? request->lock_owner.text
                            : answer->lock_owner.text;

    made->path = path_of(root);
    made->token = keep(token);
    made->infinite = is_infinite(of, answer);
    made->known.root = keep(root);
    made->known.owner = keep(owner);
    made->known.client = keep(of->client);
    made->known.agent = keep(of->request_fields[HTTP_USER_AGENT]);
    made->known.frame = of->request_frame != 0 ? of->request_frame : of->frame;
    return made;
}

static lock *find_token(const GQueue *list, const char *token)
{
    for (GList *i = list->head; i; i = i->next) {
        if (has_token(i->data, token))
            return i->data;
    }
    return NULL;
}

/* A refresh also reveals a lock that was taken before the capture began. */
static void take(const exchange *of, const ms_request *answer)
{
    char *token = bare_token(of->response_fields[HTTP_LOCK_TOKEN]);
    const char *known = *token ? token : answer->lock_token.text;
    const char *root = answer->lock_root.text ? answer->lock_root.text : of->uri;
    GQueue *list = known && *known && root ? locks_of(of, true) : NULL;

    if (list) {
        lock *one = find_token(list, known);

        if (!one) {
            one = new_lock(of, answer, known);
            g_queue_push_head(list, one);
            if (list->length > LOCKS)
                drop(of->capture->locks, list, list->tail);
        }
        set_expiry(one, of, answer->lock_timeout.text);
    }
    g_free(token);
}

/* ---- releasing ---- */

static bool is_at_or_below(const lock *one, const void *path)
{
    return ms_href_is_within(one->path, (const char *)path);
}

/* Neither a resource that is gone nor one that moved takes its lock along (RFC 4918 sections 6.1
 * and 9.9.1). */
static void release_tree(const exchange *of)
{
    char *path = path_of(of->uri);

    drop_where(of, is_at_or_below, path);
    g_free(path);
}

static void release_token(const exchange *of)
{
    char *token = bare_token(of->request_fields[HTTP_LOCK_TOKEN]);

    drop_where(of, has_token, token);
    g_free(token);
}

void locks_answered(const exchange *of, const uint8_t *body, size_t length)
{
    if (!of->method || of->http_status / 100 != 2 || of->http_status == 207)
        return;
    if (strcmp(of->method, "LOCK") == 0) {
        ms_request *answer = ms_request_parse(body, length, of->response_fields[HTTP_CONTENT_TYPE]);

        take(of, answer);
        ms_request_free(answer);
    } else if (strcmp(of->method, "UNLOCK") == 0) {
        release_token(of);
    } else if (of->uri && ms_method_has(ms_method_find(of->method), MS_METHOD_RELEASES)) {
        release_tree(of);
    }
}

/* ---- asking ---- */

static bool has_expired(const lock *one, const exchange *of)
{
    return moment_is_known(one->expires) && moment_is_known(of->time) &&
           moment_is_before(one->expires, of->time);
}

/* Does the request show that it holds the lock? */
static bool is_submitted(const lock *one, const exchange *of)
{
    const char *field = of->request_fields[HTTP_IF];

    return field && one->token && strstr(field, one->token) != NULL;
}

/* How directly a lock holds a resource; 0 if it does not. */
static unsigned closeness(const lock *one, const char *path)
{
    if (strcmp(one->path, path) == 0)
        return 4;
    if (one->infinite && ms_href_is_below(path, one->path))
        return 3;
    if (is_member(path, one->path)) /* any lock forbids adding and removing members */
        return 2;
    /* A locked member keeps its collection where it is. */
    return ms_href_is_below(one->path, path) ? 1 : 0;
}

static const lock *find_lock(const GQueue *list, const exchange *of, const char *href)
{
    char *path = path_of(href);
    lock *best = NULL;
    unsigned best_close = 0;

    for (GList *i = list->head; i; i = i->next) {
        lock *one = i->data;
        unsigned close = closeness(one, path);

        if (close > best_close && !has_expired(one, of) && !is_submitted(one, of)) {
            best = one;
            best_close = close;
        }
    }
    if (best)
        best->mentioned = true;
    g_free(path);
    return best;
}

/* The hrefs of lock-token-submitted and no-conflicting-lock name the root of the lock. */
static const lock *find_by_condition(const GQueue *list, const exchange *of,
                                     const ms_document *document, ms_range range)
{
    const lock *found = NULL;

    for (uint32_t i = range.first; i < range.first + range.count && !found; i++) {
        const ms_element *element = &document->conditions[i];

        if (strcmp(element->name, MS_DAV("lock-token-submitted")) != 0 &&
            strcmp(element->name, MS_DAV("no-conflicting-lock")) != 0)
            continue;
        for (uint32_t j = i + 1; j < element->end && !found; j++) {
            const char *href = document->conditions[j].value;

            if (href && strcmp(document->conditions[j].name, MS_DAV("href")) == 0)
                found = find_lock(list, of, href);
        }
    }
    return found;
}

/* Of a COPY or MOVE; NULL otherwise. */
static const char *destination_of(const exchange *of, const ms_method *method)
{
    return ms_method_has(method, MS_METHOD_COPIES) ? of->request_fields[HTTP_DESTINATION] : NULL;
}

/* What a request needs the lock of: a MOVE that of its source and of its destination, a COPY that
 * of its destination only (RFC 4918 sections 9.8.5 and 9.9.4). */
static const lock *find_for_request(const GQueue *list, const exchange *of)
{
    const ms_method *method = ms_method_find(of->method);
    const char *destination = destination_of(of, method);
    bool takes =
        !ms_method_has(method, MS_METHOD_COPIES) || ms_method_has(method, MS_METHOD_REMOVES);
    const lock *found = takes && of->uri ? find_lock(list, of, of->uri) : NULL;

    return !found && destination ? find_lock(list, of, destination) : found;
}

/* Is one of them the other, or below it? */
static bool is_related(const char *href, const char *other)
{
    char *path = path_of(href), *of = path_of(other);
    bool is = ms_href_is_within(path, of) || ms_href_is_below(of, path);

    g_free(path);
    g_free(of);
    return is;
}

/* Does a server name something else than what is locked? At one end of a COPY or MOVE it may mean
 * the other, and what is nowhere near the request (a path without its prefix) can only mean what
 * the request is about. */
static bool is_beside(const exchange *of, const char *href)
{
    const ms_method *method = ms_method_find(of->method);
    const char *destination = destination_of(of, method);

    if (!of->uri || ms_method_has(method, MS_METHOD_SAFE))
        return false;
    if (destination && (ms_href_same(href, of->uri) || ms_href_same(href, destination)))
        return true;
    return !is_related(href, of->uri) && !(destination && is_related(href, destination));
}

const lock *locks_holding(const exchange *of)
{
    const GQueue *list = locks_of(of, false);

    return list ? find_for_request(list, of) : NULL;
}

const lock *locks_in_the_way(const exchange *of, const ms_document *document,
                             const ms_response *response)
{
    const GQueue *list = locks_of(of, false);

    if (!list || list->length == 0)
        return NULL;
    const lock *found = find_by_condition(list, of, document, response->conditions);

    for (uint32_t i = 0; i < response->propstats.count && !found; i++)
        found = find_by_condition(list, of, document,
                                  document->propstats[response->propstats.first + i].conditions);
    if (found || response->code != 423 || response->hrefs.count == 0)
        return found;
    const char *href = document->hrefs[response->hrefs.first].text;

    found = find_lock(list, of, href);
    return !found && is_beside(of, href) ? find_for_request(list, of) : found;
}

const lock *locks_expired(const exchange *of)
{
    const GQueue *list = of->request_fields[HTTP_IF] ? locks_of(of, false) : NULL;

    for (GList *i = list ? list->head : NULL; i; i = i->next) {
        const lock *one = i->data;

        if (is_submitted(one, of) && is_asked_after(of, one->expires))
            return one;
    }
    return NULL;
}
