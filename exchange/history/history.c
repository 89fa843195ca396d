/* history.c
 * What the capture showed before an exchange and what follows from that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "history.h"

#include <string.h>

#include "claims.h"
#include "listings.h"
#include "methods.h"
#include "rules.h"
#include "sequence.h"
#include "sides.h"

/* Resources of one body whose locks are looked for: nobody reads more, and each means checking
 * every lock of the server. */
#define LOCKED_RESOURCES 200

typedef struct kept_finding {
    unsigned rule;
    const char *message;
    struct kept_finding *next;
} kept_finding;

typedef struct {
    uint32_t response;
    const lock *lock;
} kept_lock;

enum { WORD = 64 };

typedef struct {
    uint64_t words[(MS_RULE_COUNT + WORD - 1) / WORD];
} rule_set;

/* Servers of one capture whose habits are remembered: for others they are reported each time. */
#define SERVERS 4096

/* All of it lives in the memory of the exchange. */
struct past {
    kept_finding *first, **last;
    rule_set repeated; /* habits that have been reported for the server */
    kept_lock *locks;  /* in the order of the resources */
    unsigned n_locks;
};

exchange_capture *history_begin(void)
{
    exchange_capture *made = g_new0(exchange_capture, 1);

    made->sides = sides_new();
    made->locks = locks_new();
    made->sequence = sequence_new();
    made->claims = claims_new();
    made->listings = listings_new();
    made->habits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    made->webdav_servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return made;
}

void history_end(exchange_capture *of)
{
    exchange_free_all(of);
    sides_free(of->sides);
    locks_free(of->locks);
    sequence_free(of->sequence);
    claims_free(of->claims);
    listings_free(of->listings);
    g_hash_table_destroy(of->habits);
    g_hash_table_destroy(of->webdav_servers);
    g_free(of);
}

void history_answered(exchange *of, const uint8_t *body, size_t length)
{
    claims_answered(of);
    listings_answered(of, length > 0 ? body : NULL, length);
    if (of->http_status != 207 && !of->webdav &&
        !ms_method_has(ms_method_find(of->method), MS_METHOD_TELLS))
        return;
    sides_answered(of);
    if (of->http_status == 423 && of->request_kept && of->uri)
        of->blocking = locks_holding(of);
    locks_answered(of, length > 0 ? body : NULL, length);
}

/* ---- judging ---- */

static void keep_finding(void *data, unsigned rule, const char *message)
{
    exchange *of = data;
    kept_finding *made = arena_allocate(&of->memory, sizeof *made);

    made->rule = rule;
    made->message = arena_copy(&of->memory, message);
    *of->past->last = made;
    of->past->last = &made->next;
}

static void find_locks(exchange *of, const ms_document *document)
{
    kept_lock found[LOCKED_RESOURCES];
    unsigned asked = 0, count = 0;

    for (uint32_t i = 0; i < document->n_responses && asked < LOCKED_RESOURCES; i++) {
        const ms_response *response = &document->responses[i];

        if (response->outcome != MS_FAILED)
            continue;
        asked++;
        const lock *held = locks_in_the_way(of, document, response);

        if (held)
            found[count++] = (kept_lock){i, held};
    }
    if (count == 0)
        return;
    of->past->locks = arena_allocate(&of->memory, count * sizeof *found);
    of->past->n_locks = count;
    memcpy(of->past->locks, found, count * sizeof *found);
}

/* Was a token refused because its lock had run out (RFC 4918 section 6.6)? */
static void judge_expiry(exchange *of, const ms_document *document)
{
    bool refused = false;

    for (uint32_t i = 0; i < document->n_responses && !refused; i++)
        refused = document->responses[i].code == 423 || document->responses[i].code == 412;
    const lock *expired = refused ? locks_expired(of) : NULL;

    if (!expired)
        return;
    char *message = g_strdup_printf("The request submits the token of a lock on %.200s (taken in "
                                    "frame %u) whose timeout had run "
                                    "out before: the client has to lock it anew",
                                    expired->known.root, expired->known.frame);

    keep_finding(of, MS_RULE_LOCK_EXPIRED, message);
    g_free(message);
}

/* ---- habits ---- */

/* The habits that have been reported for a server: by its address and port, since one server has
 * many names; sessions of other tools only have names. NULL if there are too many servers. */
static rule_set *told_of(const exchange *of)
{
    bool address = of->server && strchr(of->server, ':');
    char *server = address ? g_strdup(of->server) : sides_server_key(of);
    rule_set *told = g_hash_table_lookup(of->capture->habits, server);

    if (!told && g_hash_table_size(of->capture->habits) < SERVERS) {
        told = g_new0(rule_set, 1);
        g_hash_table_insert(of->capture->habits, g_strdup(server), told);
    }
    g_free(server);
    return told;
}

/* Each habit is reported with the first body of a server that shows it. */
static void judge_habits(exchange *of, const ms_document *document)
{
    rule_set *told = NULL;

    for (uint32_t i = 0; i < document->n_findings; i++) {
        const ms_rule *rule = document->findings[i].rule;
        size_t index = (size_t)(rule - ms_rules);
        uint64_t bit = UINT64_C(1) << index % WORD;

        if (rule->per != MS_PER_SERVER)
            continue;
        told = told ? told : told_of(of);
        if (!told)
            return;
        of->past->repeated.words[index / WORD] |= told->words[index / WORD] & bit;
        told->words[index / WORD] |= bit;
    }
}

bool history_wants_values(const exchange *of)
{
    return !of->past && claims_want_values(of);
}

void history_judge(exchange *of, const ms_document *document)
{
    if (of->past)
        return;
    of->past = arena_allocate(&of->memory, sizeof *of->past);
    of->past->last = &of->past->first;
    sides_answered(of);
    if (of->unannounced)
        keep_finding(of, MS_RULE_NOT_ANNOUNCED, of->unannounced);
    sequence_judge(of, document, keep_finding, of);
    claims_judge(of, document, keep_finding, of);
    listings_judge(of, document, keep_finding, of);
    judge_expiry(of, document);
    judge_habits(of, document);
    find_locks(of, document);
}

/* ---- showing ---- */

static void drop_repeated(const struct past *past, ms_document *document)
{
    for (unsigned rule = 0; rule < MS_RULE_COUNT; rule++) {
        if (past->repeated.words[rule / WORD] >> rule % WORD & 1)
            ms_drop_finding(document, rule);
    }
}

void history_add_findings(const exchange *of, ms_document *document)
{
    if (of->past)
        drop_repeated(of->past, document);
    for (const kept_finding *i = of->past ? of->past->first : NULL; i; i = i->next)
        ms_add_finding(document, i->rule, MS_NO_RESPONSE, document->span, "%s", i->message);
}

const lock *history_lock(const exchange *of, uint32_t response)
{
    unsigned low = 0, high = of->past ? of->past->n_locks : 0;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const kept_lock *one = &of->past->locks[middle];

        if (one->response == response)
            return one->lock;
        if (one->response < response)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
