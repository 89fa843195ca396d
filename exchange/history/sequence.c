/* sequence.c
 * What only a series of exchanges shows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sequence.h"

#include <string.h>

#include "href.h"
#include "names.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* Collections whose sync-tokens are followed, steps kept of each, bytes of a token. */
#define COLLECTIONS 1024
#define STEPS 32
#define TOKEN 256

/* Requests that failed and are remembered. When there are more, all are forgotten: a client that
 * repeats itself does so soon. */
#define REQUESTS 8192

/* A client had one token and was given another one. */
typedef struct {
    char *from, *to;
    uint32_t frame;
} step;

/* The newest steps of one collection, in a ring. */
typedef struct {
    step steps[STEPS];
    unsigned count; /* of all steps ever */
} collection;

typedef struct {
    guint result;   /* what failed, and how */
    unsigned times; /* in a row */
    uint32_t first; /* frame of the first of them */
} repetition;

struct sequence {
    GHashTable *collections; /* by server, client and path */
    GHashTable *requests;    /* repetitions by server, client, method, URI and report */
};

static void free_collection(void *data)
{
    collection *gone = data;

    for (unsigned i = 0; i < STEPS; i++) {
        g_free(gone->steps[i].from);
        g_free(gone->steps[i].to);
    }
    g_free(gone);
}

sequence *sequence_new(void)
{
    sequence *made = g_new(sequence, 1);

    made->collections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_collection);
    made->requests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return made;
}

void sequence_free(sequence *of)
{
    g_hash_table_destroy(of->collections);
    g_hash_table_destroy(of->requests);
    g_free(of);
}

/* A listener: where findings are reported. */
typedef struct {
    const exchange *of;
    const ms_document *document;
    void (*found)(void *data, unsigned rule, const char *message);
    void *data;
} listening;

G_GNUC_PRINTF(3, 4)
static void tell(const listening *to, unsigned rule, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    to->found(to->data, rule, message);
    g_free(message);
}

/* What tells one kind of request from another: who asks whom for what. The caller frees it with
 * g_free(). */
static char *request_key(const exchange *of, const char *what)
{
    char *server = sides_server_key(of), *client = sides_client_key(of);
    const char *agent = of->request_fields[HTTP_USER_AGENT];
    char *key = g_strconcat(server, "\n", client, "\n", agent ? agent : "", "\n", what, NULL);

    g_free(server);
    g_free(client);
    return key;
}

/* ---- sync-tokens ---- */

static collection *collection_of(const exchange *of)
{
    char *path = ms_href_path(of->uri);
    char *key = request_key(of, path);
    GHashTable *collections = of->capture->sequence->collections;
    collection *found = g_hash_table_lookup(collections, key);

    if (!found && g_hash_table_size(collections) < COLLECTIONS) {
        found = g_new0(collection, 1);
        g_hash_table_insert(collections, key, found);
    } else {
        g_free(key);
    }
    g_free(path);
    return found;
}

static const step *find_step(const collection *in, const char *from, const char *to)
{
    for (unsigned i = 0; i < MIN(in->count, STEPS); i++) {
        const step *one = &in->steps[i];

        if ((!from || strcmp(one->from, from) == 0) && (!to || strcmp(one->to, to) == 0))
            return one;
    }
    return NULL;
}

static void add_step(collection *in, const char *from, const char *to, uint32_t frame)
{
    if (find_step(in, from, to))
        return;
    step *next = &in->steps[in->count++ % STEPS];

    g_free(next->from);
    g_free(next->to);
    *next = (step){g_strdup(from), g_strdup(to), frame};
}

/* The step that led away from `earlier`, if that is how the client came to `now`. */
static const step *came_from(const collection *in, const char *now, const char *earlier)
{
    const char *at = now;

    for (unsigned i = 0; i < STEPS; i++) {
        const step *last = find_step(in, NULL, at);

        if (!last)
            return NULL;
        if (strcmp(last->from, earlier) == 0)
            return last;
        at = last->from;
    }
    return NULL;
}

/* Tokens stand for states, each newer than the one before: a client that returns to one it has left
 * gets the same changes again, forever if the server goes on like that. */
static void follow_token(const listening *to)
{
    const exchange *of = to->of;
    const char *given = to->document->sync_token.text;
    const char *had = of->request ? of->request->sync_token.text : NULL;

    if (!of->uri || !given || !had || !*had || strlen(given) > TOKEN || strlen(had) > TOKEN ||
        g_strcmp0(of->report, MS_DAV("sync-collection")) != 0 || strcmp(given, had) == 0)
        return;
    collection *in = collection_of(of);
    const step *left = in ? came_from(in, had, given) : NULL;

    if (left)
        tell(to, MS_RULE_SYNC_TOKEN_BACK,
             "The server gives out the sync-token %s again, which the client had left behind "
             "(frame %u): it will get the same changes once more",
             given, left->frame);
    else if (in)
        add_step(in, had, given, of->frame);
}

/* ---- repetitions ---- */

static guint mix(guint hash, guint value)
{
    return (hash ^ value) * 16777619u;
}

static guint mix_properties(guint hash, const ms_document *document, const ms_propstat *propstat)
{
    ms_range range = propstat->properties;

    if (!ms_outcome_is_failure(propstat->outcome))
        return hash;
    hash = mix(hash, (guint)propstat->status.code);
    for (uint32_t i = range.first; i < range.first + range.count; i = document->properties[i].end)
        hash = mix(hash, g_str_hash(document->properties[i].name));
    return hash;
}

/* What went wrong, where, and how: resources in whatever order. */
static guint result_of(const ms_document *document)
{
    guint sum = 0;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        guint hash = mix(2166136261u, (guint)response->code);

        if (!ms_outcome_is_failure(response->outcome) && response->outcome != MS_TRUNCATED)
            continue;
        for (uint32_t j = 0; j < response->hrefs.count; j++)
            hash = mix(hash, g_str_hash(document->hrefs[response->hrefs.first + j].text));
        for (uint32_t j = 0; j < response->propstats.count; j++)
            hash =
                mix_properties(hash, document, &document->propstats[response->propstats.first + j]);
        sum += hash;
    }
    return sum;
}

/* The caller frees it with g_free(). */
static char *repetition_key(const exchange *of)
{
    const char *token = of->request ? of->request->sync_token.text : NULL;
    char *what = g_strconcat(of->method, "\n", of->uri, "\n", of->report ? of->report : "", "\n",
                             token, NULL);
    char *key = request_key(of, what);

    g_free(what);
    return key;
}

static repetition *repetition_of(GHashTable *requests, const char *key)
{
    repetition *found = g_hash_table_lookup(requests, key);

    if (!found) {
        if (g_hash_table_size(requests) >= REQUESTS)
            g_hash_table_remove_all(requests);
        found = g_new0(repetition, 1);
        g_hash_table_insert(requests, g_strdup(key), found);
    }
    return found;
}

static void say_repetition(const listening *to, const repetition *of)
{
    const exchange *now = to->of;

    if (to->document->failed > 0)
        tell(to, MS_RULE_REPEATED_FAILURE,
             "%s %s fails in the same way for the third time (first in frame %u): the client does "
             "not learn from the answer",
             now->method, now->uri, of->first);
    else
        tell(to, MS_RULE_TRUNCATED_AGAIN,
             "%s %s is truncated at the same place for the third time (first in frame %u): the "
             "client gets no further",
             now->method, now->uri, of->first);
}

static void count_repetition(const listening *to)
{
    const exchange *of = to->of;
    const ms_document *document = to->document;

    if (!of->method || !of->uri)
        return;
    char *key = repetition_key(of);
    GHashTable *requests = of->capture->sequence->requests;

    if (document->failed > 0 || document->outcomes[MS_TRUNCATED] > 0) {
        repetition *known = repetition_of(requests, key);
        guint result = result_of(document);

        if (known->times == 0 || known->result != result)
            *known = (repetition){result, 0, of->frame};
        if (++known->times == SEQUENCE_REPEATED)
            say_repetition(to, known);
    } else {
        repetition *known = g_hash_table_lookup(requests, key);

        if (known)
            known->times = 0;
    }
    g_free(key);
}

void sequence_judge(const exchange *of, const ms_document *document,
                    void (*found)(void *data, unsigned rule, const char *message), void *data)
{
    listening to = {of, document, found, data};

    if (document->undecoded || !document->complete || document->error.present)
        return;
    follow_token(&to);
    count_repetition(&to);
}
