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

#include <epan/epan.h>

#include "href.h"
#include "names.h"
#include "request.h"
#include "sides.h"

/* Locks of one server that are remembered, the newest: each that is looked up costs a comparison
 * with all of them. */
#define LOCKS 512
/* Servers whose locks are. */
#define SERVERS 1024
/* Bytes of a text that are kept. */
#define TEXT 512

/* Server to wmem_list of lock, the newest first. */
static wmem_map_t *servers;

static void start_capture(void)
{
    servers = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
}

void locks_init(void)
{
    register_init_routine(start_capture);
}

static wmem_list_t *locks_of(const exchange *of, bool make)
{
    char *key = sides_server_key(NULL, of);
    wmem_list_t *found = (wmem_list_t *)wmem_map_lookup(servers, key);

    if (!found && make && wmem_map_size(servers) < SERVERS) {
        found = wmem_list_new(wmem_file_scope());
        wmem_map_insert(servers, wmem_strdup(wmem_file_scope(), key), found);
    }
    wmem_free(NULL, key);
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

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static bool is_member(const char *path, const char *folder)
{
    return is_below(path, folder) && !strchr(path + strlen(folder) + 1, '/');
}

/* ---- memory ---- */

static const char *keep(const char *text)
{
    return text && *text ? wmem_strndup(wmem_file_scope(), text, TEXT) : NULL;
}

static void release_text(const char *text)
{
    wmem_free(wmem_file_scope(), (void *)(uintptr_t)text);
}

static void drop(wmem_list_t *list, wmem_list_frame_t *at)
{
    lock *gone = (lock *)wmem_list_frame_data(at);

    wmem_list_remove_frame(list, at);
    gone->released = true;
    if (gone->mentioned)
        return;
    release_text(gone->token);
    release_text(gone->known.root);
    release_text(gone->known.owner);
    release_text(gone->known.client);
    release_text(gone->known.agent);
    wmem_free(wmem_file_scope(), gone->path);
    wmem_free(wmem_file_scope(), gone);
}

static void drop_where(wmem_list_t *list, bool (*applies)(const lock *one, const void *data),
                       const void *data)
{
    wmem_list_frame_t *next;

    for (wmem_list_frame_t *i = list ? wmem_list_head(list) : NULL; i; i = next) {
        next = wmem_list_frame_next(i);
        if (applies((const lock *)wmem_list_frame_data(i), data))
            drop(list, i);
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

    nstime_set_unset(&of->expires);
    if (timeout && g_ascii_strncasecmp(timeout, "Second-", 7) == 0 &&
        g_ascii_string_to_unsigned(timeout + 7, 10, 0, UINT32_MAX, &seconds, NULL)) {
        of->expires = answer->time;
        of->expires.secs += (time_t)seconds;
    }
}

static bool is_infinite(const exchange *of, const ms_request *answer)
{
    const char *depth =
        answer->lock_depth.text ? answer->lock_depth.text : of->request_fields[HTTP_DEPTH];

    return !depth || g_ascii_strcasecmp(depth, "0") != 0;
}

static lock *new_lock(const exchange *of, const ms_request *answer, const char *token)
{
    lock *made = wmem_new0(wmem_file_scope(), lock);
    const ms_request *request = of->request;
    const char *root = answer->lock_root.text ? answer->lock_root.text : of->uri;
    const char *owner = answer->lock_owner.text && *answer->lock_owner.text
                            ? answer->lock_owner.text
                        : request ? request->lock_owner.text
                                  : NULL;
    char *path = path_of(root);

    made->path = wmem_strdup(wmem_file_scope(), path);
    made->token = keep(token);
    made->infinite = is_infinite(of, answer);
    made->known.root = keep(root);
    made->known.owner = keep(owner);
    made->known.client = keep(of->client);
    made->known.agent = keep(of->request_fields[HTTP_USER_AGENT]);
    made->known.frame = of->request_frame != 0 ? of->request_frame : of->frame;
    g_free(path);
    return made;
}

static lock *find_token(wmem_list_t *list, const char *token)
{
    for (wmem_list_frame_t *i = wmem_list_head(list); i; i = wmem_list_frame_next(i)) {
        lock *one = (lock *)wmem_list_frame_data(i);

        if (has_token(one, token))
            return one;
    }
    return NULL;
}

/* A refresh of a lock that was taken before the capture began tells of it as well. */
static void take(const exchange *of, const ms_request *answer)
{
    char *token = bare_token(of->response_fields[HTTP_LOCK_TOKEN]);
    const char *known = *token ? token : answer->lock_token.text;
    const char *root = answer->lock_root.text ? answer->lock_root.text : of->uri;
    wmem_list_t *list = known && *known && root ? locks_of(of, true) : NULL;

    if (list) {
        lock *one = find_token(list, known);

        if (!one) {
            one = new_lock(of, answer, known);
            wmem_list_prepend(list, one);
            if (wmem_list_count(list) > LOCKS)
                drop(list, wmem_list_tail(list));
        }
        set_expiry(one, of, answer->lock_timeout.text);
    }
    g_free(token);
}

/* ---- releasing ---- */

static bool is_at_or_below(const lock *one, const void *path)
{
    return strcmp(one->path, (const char *)path) == 0 || is_below(one->path, (const char *)path);
}

/* Neither a resource that is gone nor one that moved takes its lock along (RFC 4918 sections 6.1
 * and 9.9.1). */
static void release_tree(const exchange *of)
{
    char *path = path_of(of->uri);

    drop_where(locks_of(of, false), is_at_or_below, path);
    g_free(path);
}

static void release_token(const exchange *of)
{
    char *token = bare_token(of->request_fields[HTTP_LOCK_TOKEN]);

    drop_where(locks_of(of, false), has_token, token);
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
    } else if (of->uri && (strcmp(of->method, "DELETE") == 0 || strcmp(of->method, "MOVE") == 0)) {
        release_tree(of);
    }
}

/* ---- asking ---- */

static bool has_expired(const lock *one, const exchange *of)
{
    return !nstime_is_unset(&one->expires) && nstime_cmp(&one->expires, &of->time) < 0;
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
    if (one->infinite && is_below(path, one->path))
        return 3;
    if (is_member(path, one->path)) /* to come and go as a member is what any lock forbids */
        return 2;
    return is_below(one->path, path) ? 1 : 0; /* a member keeps the collection in its place */
}

static const lock *find_lock(wmem_list_t *list, const exchange *of, const char *href)
{
    char *path = path_of(href);
    lock *best = NULL;
    unsigned best_close = 0;

    for (wmem_list_frame_t *i = wmem_list_head(list); i; i = wmem_list_frame_next(i)) {
        lock *one = (lock *)wmem_list_frame_data(i);
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
static const lock *find_by_condition(wmem_list_t *list, const exchange *of,
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

const lock *locks_holding(const exchange *of, const char *href)
{
    wmem_list_t *list = locks_of(of, false);

    return list ? find_lock(list, of, href) : NULL;
}

const lock *locks_in_the_way(const exchange *of, const ms_document *document,
                             const ms_response *response)
{
    wmem_list_t *list = locks_of(of, false);

    if (!list || wmem_list_count(list) == 0)
        return NULL;
    const lock *found = find_by_condition(list, of, document, response->conditions);

    for (uint32_t i = 0; i < response->propstats.count && !found; i++)
        found = find_by_condition(list, of, document,
                                  document->propstats[response->propstats.first + i].conditions);
    if (!found && response->code == 423 && response->hrefs.count > 0)
        found = find_lock(list, of, document->hrefs[response->hrefs.first].text);
    return found;
}
