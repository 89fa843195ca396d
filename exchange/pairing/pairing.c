/* pairing.c
 * Which request a response of HTTP/1 answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "pairing.h"

#include <glib.h>

#include "stream.h"

/* Pairs that rest on the client's waiting are final when this many have followed. */
#define CHAIN_LIMIT 4096u

/* So many in a row that fit make it likely enough that the client waits. */
#define FITTING 16u

/* Responses that wait for their requests; beyond that the oldest have none. */
#define OPEN_LIMIT 16384u

/* Messages after missing bytes that are kept until the count is found: from there they are counted
 * backwards. */
#define PARKED_LIMIT 64u

/* Requests that are looked at for one response, where the count is lost. */
#define TRIED 64u

typedef struct {
    message_places at;
    void *message;
    bool first;   /* of the connection, as far as that was seen */
    bool alone;   /* the client had heard something since its previous request: it may be one that
                   * waits */
    bool follows; /* nothing is missing before it: at.sure, which is forgotten when it is decided */
} entry;

/* A pair that may be withdrawn. */
typedef struct {
    void *response, *request;
} link;

/* What the count rests on. */
typedef enum {
    COUNT_WHOLE,    /* nothing is missing since the connection began */
    COUNT_ANCHORED, /* it was found again after missing bytes */
    COUNT_LOST
} count_state;

struct pairing {
    GQueue requests;  /* of entry *, not yet answered */
    GQueue responses; /* of entry *, open */
    GQueue chain;     /* of link *, since the count was found */
    GQueue parked;    /* of entry *, responses since the count was lost or bytes were missing */
    GQueue past;      /* of entry *, requests before the oldest of `requests`, likewise */
    count_state count;
    bool needs_waiting; /* the anchor does not hold if the client does not wait */
    bool confirmed;     /* since then something has shown that it is right */
    bool pipelines;     /* the client asked before it was answered */
    bool holed;         /* what is missing may have held requests; none has come since */
    bool any_request;   /* one was seen */
    bool ended;
    int64_t client_read;       /* NO_PLACE at first */
    int64_t last_acknowledged; /* of the newest request */
    int64_t paired_end;        /* end of the newest response if it is paired and known, else
                                  NO_PLACE */
    bool newest_is_paired;
    entry *newest_request;  /* while its end is not known; it may already be answered */
    entry *newest_response; /* likewise */
    pairing_told told;
    pairing_done done;
    void *data;
};

const char *pair_reason(pair_state state)
{
    static const char *const reasons[] = {
        [PAIR_NAMED] = NULL,
        [PAIR_ASSUMED] = "the capture lacks bytes of this connection, and nothing up to here "
                         "confirms which request this answers; a second pass (tshark -2) knows "
                         "more",
        [PAIR_OPEN] = NULL,
        [PAIR_NOT_HELD] = "the capture does not hold the request",
        [PAIR_UNDECIDED] = "the capture lacks bytes of this connection, and what is there leaves "
                           "open which request this answers",
        [PAIR_CONTRADICTED] = "the capture lacks bytes of this connection, and the order of what "
                              "is there fits no request for certain",
        [PAIR_UNREADABLE] = "the header of the request cannot be read: the capture lacks bytes "
                            "that it is in or refers to (QPACK), or it is broken",
    };

    return reasons[state];
}

pairing *pairing_new(pairing_told told, pairing_done done, void *data)
{
    pairing *made = g_new0(pairing, 1);

    made->client_read = made->last_acknowledged = made->paired_end = NO_PLACE;
    made->told = told;
    made->done = done;
    made->data = data;
    return made;
}

static void free_entry(pairing *of, entry *gone)
{
    if (of->newest_request == gone)
        of->newest_request = NULL;
    if (of->newest_response == gone)
        of->newest_response = NULL;
    g_free(gone);
}

void pairing_free(pairing *of)
{
    if (!of)
        return;
    g_queue_clear_full(&of->requests, g_free);
    g_queue_clear_full(&of->responses, g_free);
    g_queue_clear_full(&of->chain, g_free);
    g_queue_clear_full(&of->parked, g_free);
    g_queue_clear_full(&of->past, g_free);
    g_free(of);
}

/* ---- telling ---- */

/* The oldest pair of the chain will stay. */
static void confirm_oldest(pairing *of)
{
    link *oldest = g_queue_pop_head(&of->chain);

    of->told(of->data, oldest->response, oldest->request, PAIR_NAMED, true);
    of->done(of->data, oldest->request);
    g_free(oldest);
}

static void confirm_chain(pairing *of)
{
    while (of->chain.length > 0)
        confirm_oldest(of);
}

static void lose_count(pairing *of)
{
    confirm_chain(of);
    of->count = COUNT_LOST;
    of->confirmed = false;
}

/* The count has been wrong ever since it was found. */
static void revoke_chain(pairing *of)
{
    link *gone;

    while ((gone = g_queue_pop_head(&of->chain)) != NULL) {
        of->told(of->data, gone->response, NULL, PAIR_CONTRADICTED, true);
        of->done(of->data, gone->request);
        g_free(gone);
    }
    lose_count(of);
}

static void forget_request(pairing *of, entry *gone)
{
    of->done(of->data, gone->message);
    free_entry(of, gone);
}

static pair_state why_none(const pairing *of)
{
    return of->any_request ? PAIR_UNDECIDED : PAIR_NOT_HELD;
}

static void settle_parked(pairing *of)
{
    entry *gone;

    while ((gone = g_queue_pop_head(&of->parked)) != NULL) {
        of->told(of->data, gone->message, NULL, why_none(of), true);
        free_entry(of, gone);
    }
    while ((gone = g_queue_pop_head(&of->past)) != NULL)
        forget_request(of, gone);
}

/* After what is known so far. */
static void drop_request(pairing *of)
{
    entry *gone = g_queue_pop_head(&of->requests);

    if (!gone->follows) {
        entry *before;

        while ((before = g_queue_pop_head(&of->past)) != NULL)
            forget_request(of, before);
    }
    g_queue_push_tail(&of->past, gone);
    if (of->past.length > PARKED_LIMIT)
        forget_request(of, g_queue_pop_head(&of->past));
}

static void park_response(pairing *of)
{
    entry *parked = g_queue_pop_head(&of->responses);

    of->newest_is_paired = false;
    of->told(of->data, parked->message, NULL, why_none(of), false);
    g_queue_push_tail(&of->parked, parked);
    if (of->parked.length > PARKED_LIMIT) {
        entry *gone = g_queue_pop_head(&of->parked);

        of->told(of->data, gone->message, NULL, why_none(of), true);
        free_entry(of, gone);
    }
}

static void tell_none(pairing *of, pair_state why)
{
    entry *gone = g_queue_pop_head(&of->responses);

    of->newest_is_paired = false;
    of->told(of->data, gone->message, NULL, why, true);
    free_entry(of, gone);
}

static void link_up(pairing *of, void *response, void *request, bool first)
{
    link *made = g_new(link, 1);
    bool shown = of->confirmed || of->chain.length >= FITTING;

    *made = (link){response, request};
    of->told(of->data, response, request, shown ? PAIR_NAMED : PAIR_ASSUMED, false);
    if (first)
        g_queue_push_head(&of->chain, made);
    else
        g_queue_push_tail(&of->chain, made);
}

/* It asked before it was answered. */
static void note_pipelining(pairing *of)
{
    of->pipelines = true;
    if (of->count == COUNT_ANCHORED && of->needs_waiting)
        revoke_chain(of);
}

/* The server had more than this request when it began to answer it: the client had sent on. */
static bool had_more(const entry *request, const entry *response)
{
    return response->at.acknowledged != NO_PLACE && response->at.acknowledged > request->at.end;
}

static void tell_pair(pairing *of)
{
    entry *request = g_queue_pop_head(&of->requests);
    entry *response = g_queue_pop_head(&of->responses);
    bool final = of->count == COUNT_WHOLE, sent_on = had_more(request, response);

    of->newest_is_paired = of->newest_response == response;
    of->paired_end = response->at.end != INT64_MAX ? response->at.end : NO_PLACE;
    if (final) {
        of->told(of->data, response->message, request->message, PAIR_NAMED, true);
        of->done(of->data, request->message);
    } else {
        link_up(of, response->message, request->message, false);
        if (of->chain.length > CHAIN_LIMIT)
            confirm_oldest(of);
    }
    free_entry(of, request);
    free_entry(of, response);
    if (sent_on)
        note_pipelining(of);
}

/* ---- deciding ---- */

static bool server_had(const entry *request, const entry *response)
{
    return response->at.acknowledged == NO_PLACE ||
           request->at.header_end <= response->at.acknowledged;
}

static bool is_possible(const entry *request, const entry *response)
{
    return server_had(request, response) &&
           (request->at.acknowledged == NO_PLACE || request->at.acknowledged <= response->at.begin);
}

/* All that the server had when it began the response was seen. */
static bool is_all_seen(const pairing *of, const entry *response)
{
    return of->ended || (response->at.acknowledged != NO_PLACE && of->client_read != NO_PLACE &&
                         of->client_read >= response->at.acknowledged);
}

/* Is it certain that there is nothing else between the two? */
static bool is_anchor(const pairing *of, const entry *request, const entry *response)
{
    if (response->at.acknowledged == NO_PLACE || request->at.acknowledged == NO_PLACE ||
        request->at.acknowledged < response->at.start)
        return false;
    if (request->first)
        return true;
    return !of->pipelines && request->alone && response->at.acknowledged <= request->at.end;
}

/* Finds the count again, if it can be. */
static bool find_anchor(pairing *of, const entry *response)
{
    unsigned tried = 0;

    /* What the client sent before it heard of the responses so far can be no anchor any more. */
    while (of->requests.head) {
        const entry *oldest = of->requests.head->data;

        if (oldest->at.acknowledged == NO_PLACE || oldest->at.acknowledged >= response->at.start)
            break;
        drop_request(of);
    }
    for (GList *i = of->requests.head; i && tried < TRIED; i = i->next, tried++) {
        const entry *request = i->data;

        if (!server_had(request, response))
            return false;
        if (!is_possible(request, response) || !is_anchor(of, request, response))
            continue;
        of->needs_waiting = !request->first;
        while (of->requests.head != i)
            drop_request(of);
        return true;
    }
    return false;
}

/* The count was found, so what comes right before the two belongs together, too. */
static void count_backwards(pairing *of, const entry *response, const entry *request)
{
    bool follows = response->follows && request->follows;

    while (follows && of->parked.length > 0 && of->past.length > 0 &&
           is_possible(g_queue_peek_tail(&of->past), g_queue_peek_tail(&of->parked))) {
        entry *before = g_queue_pop_tail(&of->parked), *asked = g_queue_pop_tail(&of->past);

        follows = before->follows && asked->follows;
        link_up(of, before->message, asked->message, true);
        free_entry(of, before);
        free_entry(of, asked);
    }
    settle_parked(of);
}

/* The count is known: by it, the oldest request is the one. False if nothing can be said yet. */
static bool decide_by_count(pairing *of, const entry *response)
{
    const entry *request = g_queue_peek_head(&of->requests);

    if (request ? !request->at.sure : of->holed && is_all_seen(of, response)) {
        lose_count(of);
        return true;
    }
    if (!request && !is_all_seen(of, response))
        return false;
    bool fits = request && (of->count == COUNT_WHOLE ? server_had(request, response)
                                                     : is_possible(request, response));

    if (fits)
        tell_pair(of);
    else if (of->count == COUNT_WHOLE || response->at.unasked || of->ended)
        tell_none(of, PAIR_NOT_HELD);
    else
        revoke_chain(of);
    return true;
}

static bool decide_by_anchor(pairing *of, const entry *response)
{
    if (!is_all_seen(of, response))
        return false;
    if (!find_anchor(of, response)) {
        park_response(of);
        return true;
    }
    of->count = COUNT_ANCHORED;
    count_backwards(of, response, g_queue_peek_head(&of->requests));
    tell_pair(of);
    return true;
}

static void decide(pairing *of)
{
    entry *response;
    bool more = true;

    while (more && (response = g_queue_peek_head(&of->responses)) != NULL) {
        if (!response->at.sure && of->count != COUNT_LOST) {
            lose_count(of);
        }
        if (!response->follows)
            settle_parked(of);
        response->at.sure = true;
        more = of->count == COUNT_LOST ? decide_by_anchor(of, response)
                                       : decide_by_count(of, response);
    }
}

/* ---- what comes ---- */

void pairing_request(pairing *of, const message_places *at, void *request)
{
    entry *made = g_new0(entry, 1);
    bool before = of->last_acknowledged != NO_PLACE && at->acknowledged != NO_PLACE;

    made->at = *at;
    made->follows = at->sure;
    made->message = request;
    made->first = !of->any_request && !at->hasty;
    made->alone = !at->sure || !before || of->last_acknowledged < at->acknowledged;
    if (at->hasty || (before && of->last_acknowledged == at->acknowledged))
        note_pipelining(of);
    else if (at->sure && of->newest_is_paired && of->requests.length == 0 &&
             of->paired_end != NO_PLACE && at->acknowledged != NO_PLACE &&
             at->acknowledged < of->paired_end)
        note_pipelining(of);
    of->any_request = true;
    of->holed = false;
    of->last_acknowledged = at->acknowledged;
    of->newest_request = made;
    g_queue_push_tail(&of->requests, made);
    decide(of);
}

void pairing_request_ends(pairing *of, int64_t end)
{
    if (of->newest_request)
        of->newest_request->at.end = end;
    of->newest_request = NULL;
}

void pairing_response(pairing *of, const message_places *at, void *response)
{
    entry *made = g_new0(entry, 1);

    made->at = *at;
    made->follows = at->sure;
    made->message = response;
    of->newest_response = made;
    of->newest_is_paired = false;
    g_queue_push_tail(&of->responses, made);
    decide(of);
    if (of->responses.length > OPEN_LIMIT) {
        tell_none(of, PAIR_UNDECIDED);
        lose_count(of);
    }
}

void pairing_response_ends(pairing *of, int64_t end)
{
    const entry *next = g_queue_peek_head(&of->requests);

    if (of->newest_response)
        of->newest_response->at.end = end;
    if (!of->newest_is_paired)
        return;
    of->paired_end = end;
    if (next && next->at.sure && next->at.acknowledged != NO_PLACE && next->at.acknowledged < end)
        note_pipelining(of);
}

void pairing_confirm(pairing *of)
{
    of->confirmed = of->newest_is_paired && of->count == COUNT_ANCHORED;
}

void pairing_client_lost(pairing *of)
{
    of->holed = true;
}

void pairing_client_read(pairing *of, int64_t to)
{
    of->client_read = to;
    if (of->responses.length > 0)
        decide(of);
}

void pairing_end(pairing *of)
{
    of->ended = true;
    decide(of);
    settle_parked(of);
    confirm_chain(of);
    while (of->requests.length > 0)
        forget_request(of, g_queue_pop_head(&of->requests));
}
