/* talks.c
 * What the messages of a connection come to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "talks.h"

#include <string.h>

#include "codings.h"
#include "history.h"
#include "href.h"
#include "sides.h"
#include "unfinished.h"

/* As much of a body tells whether it may be Multi-Status. */
#define SNIFFED MS_SNIFF_WINDOW

/* Of the body of an answer to LOCK. */
#define LOCK_BYTES (64u * 1024)

/* What is known of a message. It is the message's owner. */
typedef struct learned {
    talk *in;
    GList in_talk;
    exchange *exchange;
    exchange *answer;        /* of a request: that of its response, if it is another one */
    struct learned *request; /* of a response */
    bool shared;             /* of a response: the exchange is that of its request */
    bool ours;               /* of a response: a 207, or it may be Multi-Status by its body */
    bool sniffed;
    bool handed;  /* the exchange goes on over HTTP/2 */
    bool told;    /* to the history */
    bool broken;  /* bytes of its body are missing, and that was told */
    size_t keeps; /* of a request: so many bytes of its body */
    bool final;
    pair_state state;
} learned;
/* The state of this capture. */
static GQueue begun;        /* of exchange *: responses that began in the frame */
static GQueue gone;         /* of exchange *: not needed when the frame is done with */
static bool at_once = true; /* exchanges are told of in the frame where they end */
static bool draws = true;

/* ---- telling ---- */

void talks_settle_first(bool drawing)
{
    at_once = false;
    draws = drawing;
}

bool talks_tell_at_once(void)
{
    return at_once;
}

bool talks_draw(void)
{
    return draws;
}

static sighting sighting_of(const talk *in, const http1_message *of, const arrival *when)
{
    return (sighting){
        .frame = when->frame,
        .time = {when->seconds, when->nanoseconds},
        .sender = in->names[of->direction],
        .receiver = in->names[!of->direction],
        .tls = in->tls,
        .stream = in->stream,
    };
}

/* ---- what a response is ---- */

static ms_context context_of(const learned *about)
{
    return exchange_context(about->exchange, about->in->capture->limits, false);
}

/* Does the header let a body be ours that has to be undone first? */
static bool may_be_ours(const learned *about, const char *type)
{
    if (!type || strstr(type, "xml") || strstr(type, "json") || strstr(type, "multipart"))
        return true;
    const ms_context context = context_of(about);

    return ms_batch_is_promising(&context);
}

static const char *codings_of(const http1_message *of)
{
    return of->header.fields[HTTP_CONTENT_ENCODING];
}

static void begins_to_be_ours(learned *about, http1_message *of)
{
    if (about->ours)
        return;
    about->ours = true;
    unfinished_begins(about->exchange, of);
    about->exchange->held = true;
    if (draws && about->in->http)
        g_queue_push_tail(&begun, about->exchange);
}

/* ---- events ---- */

static exchange *first_exchange(const talk *in, const sighting *seen)
{
    exchange *made = exchange_new(in->capture, seen);

    made->messages = 1;
    return made;
}

static exchange *new_exchange(const talk *in, const http1_message *of, const sighting *seen)
{
    exchange *made = first_exchange(in, seen);

    made->h3_stream = of->stream;
    return made;
}

static void on_begins(void *data, http1_message *of)
{
    talk *in = (talk *)data;
    learned *about = g_new0(learned, 1);
    sighting seen = sighting_of(in, of, &of->began);

    in->begun = true;
    about->in = in;
    about->in_talk.data = about;
    g_queue_push_tail_link(&in->learned, &about->in_talk);
    about->state = PAIR_OPEN;
    of->owner = about;
    if (!of->request)
        return;
    about->exchange = new_exchange(in, of, &seen);
    exchange_set_request(about->exchange, &seen, &of->header);
    if (about->exchange->webdav)
        about->exchange->unannounced =
            sides_unannounced(about->exchange, of->header.content_length > 0);
    in->asked = about->exchange;
    in->is_asked = true;
}

static void tell_history(learned *about, const http1_message *of)
{
    if (about->told || about->state == PAIR_OPEN || of->state == MESSAGE_OPEN)
        return;
    about->told = true;
    const GByteArray *kept = unfinished_data(about->exchange), *body = kept ? kept : of->body;
    bool plain = !codings_are_any(codings_of(of));
    bool has_body = body && plain && of->state == MESSAGE_WHOLE;

    history_answered(about->exchange, has_body ? body->data : NULL, has_body ? body->len : 0);
}

/* A message may wait long for the other one of its pair, and if the capture holds one direction
 * alone, all do: of one that has ended, only a body stays that the history is to read, unless it is
 * kept to be told of (unfinished.h). */
static void drop_body(const learned *about, http1_message *of)
{
    if (!of->request && !about->told && !codings_are_any(codings_of(of)) &&
        !unfinished_data(about->exchange))
        return;
    g_byte_array_unref(of->body);
    of->body = g_byte_array_new();
}

static void take_request(learned *response, learned *request, bool final)
{
    response->in->is_asked = response->in->is_asked && response->in->asked != request->exchange;
    response->request = request;
    if (response->shared)
        return;
    if (!response->exchange && final) {
        response->exchange = request->exchange;
        response->exchange->messages++;
        response->shared = true;
        return;
    }
    if (!response->exchange) {
        sighting seen = {.stream = response->in->stream, .tls = response->in->tls};

        response->exchange = first_exchange(response->in, &seen);
    }
    exchange_adopt_request(response->exchange, request->exchange);
    request->answer = response->exchange;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    learned *about = (learned *)response->owner;

    (void)data;
    about->state = state;
    about->final = final;
    if (about->request)
        about->request->answer = NULL;
    about->request = NULL;
    if (request)
        take_request(about, (learned *)request->owner, final);
    else if (about->exchange && !about->shared)
        exchange_forget_request(about->exchange);
    if (!about->exchange)
        return;
    about->exchange->request_unknown = request ? NULL : pair_reason(state);
    about->exchange->assumed = state == PAIR_ASSUMED;
    tell_history(about, response);
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    talk *in = (talk *)data;
    learned *about = (learned *)of->owner;
    sighting seen = sighting_of(in, of, &of->began);
    const char *type = of->header.fields[HTTP_CONTENT_TYPE];

    if (of->request)
        return about->keeps =
                   exchange_request_bytes(about->exchange, exchange_most_bytes(in->capture));
    if (!about->exchange)
        about->exchange = new_exchange(in, of, &seen);
    exchange_set_response(about->exchange, &seen, &of->header);
    about->exchange->request_unknown = pair_reason(about->state);
    if (of->header.status == 207) {
        sides_answered(about->exchange);
        begins_to_be_ours(about, of);
        return UNFINISHED_LIMIT;
    }
    if (request && g_strcmp0(request->header.method, "LOCK") == 0)
        return UNFINISHED_LIMIT;
    if (!(in->capture->by_root || in->capture->batches != MS_BATCHES_OFF) ||
        (codings_are_any(codings_of(of)) && !may_be_ours(about, type)))
        return 0;
    return UNFINISHED_LIMIT;
}

static bool sniff(const learned *about, const http1_message *of)
{
    if (!of->body)
        return false;
    const ms_context context = context_of(about);

    return ms_may_be_ours(of->body->data, of->body->len, &context, about->in->capture->by_root);
}

static size_t on_grows(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request)
        return about->keeps;
    if (about->ours)
        return unfinished_grows(about->exchange);
    if (codings_are_any(codings_of(of)) || of->body->len < SNIFFED || about->sniffed)
        return of->body->len > LOCK_BYTES && about->sniffed ? 0 : UNFINISHED_LIMIT;
    about->sniffed = true;
    if (sniff(about, of))
        begins_to_be_ours(about, of);
    else if (g_strcmp0(about->exchange->method, "LOCK") != 0)
        return 0;
    return UNFINISHED_LIMIT;
}

/* ---- ends ---- */

static GByteArray *undone(const learned *about, const http1_message *of, codings_result *result)
{
    GByteArray *plain;

    *result =
        codings_undo(codings_of(of), of->body ? of->body->data : NULL, of->body ? of->body->len : 0,
                     exchange_most_bytes(about->in->capture), &plain);
    return plain;
}

static void request_ends(learned *about, const http1_message *of)
{
    exchange *asked = about->exchange;
    codings_result result;
    GByteArray *plain = undone(about, of, &result);

    if (of->state == MESSAGE_WHOLE) {
        asked->request_frame = of->ended.frame;
        asked->request_time = (moment){of->ended.seconds, of->ended.nanoseconds};
    }
    if (plain->len > 0)
        exchange_read_request(asked, plain->data, plain->len);
    if (about->answer)
        exchange_adopt_request(about->answer, asked);
    if (about->in->watcher && draws && asked->webdav && about->in->http)
        about->in->watcher->request(asked, of, plain);
    g_byte_array_unref(plain);
}

/* Is it Multi-Status by its body, or a batch, if not by its status? */
static bool is_ours(const learned *about, const GByteArray *plain)
{
    if (about->exchange->http_status == 207)
        return true;
    const ms_context context = context_of(about);

    return ms_is_ours(plain->data, plain->len, &context, about->in->capture->by_root);
}

/* Is the request one for a batch? */
static bool asks_for_batch(const ms_context *context)
{
    return (context->uri && ms_batch_is_path(context->uri, strlen(context->uri))) ||
           (context->amz_target &&
            ms_batch_is_target(context->amz_target, strlen(context->amz_target)));
}

/* Does the body speak of what the request asked about that it seems to answer, or of what is below;
 * or is it the answer to a batch, and the request one? The answer to another one hardly would be.
 */
static bool names_its_request(const learned *about, const GByteArray *plain)
{
    const ms_context context = context_of(about);
    ms_document *document = ms_decode(plain->data, plain->len, &context);
    char *asked = context.uri ? ms_href_path(context.uri) : NULL;
    char *told = document->n_hrefs > 0 ? ms_href_path(document->targets[0].text) : NULL;
    bool names = (asked && told && ms_href_is_within(told, asked)) ||
                 (document->batch && asks_for_batch(&context));

    g_free(asked);
    g_free(told);
    ms_document_free(document);
    return names;
}

static void show_response(learned *about, const http1_message *of)
{
    exchange *answered = about->exchange;
    const uint8_t *bytes = of->body ? of->body->data : NULL;
    size_t length = of->body ? of->body->len : 0;
    GByteArray *plain;
    codings_result result =
        codings_read(codings_of(of), bytes, length, exchange_most_bytes(answered->capture), &plain,
                     &answered->miscoded);

    if (answered->http_status == 207 && length > 0)
        answered->unnamed = codings_unnamed(codings_of(of), bytes, length);
    about->exchange->bomb = result == CODINGS_LARGE;
    about->ours = is_ours(about, plain);
    answered->assumed =
        answered->assumed && !(at_once && about->ours && names_its_request(about, plain));
    if (about->ours && about->in->watcher && draws && about->in->http) {
        char *words = result != CODINGS_WHOLE ? codings_words(codings_of(of), result) : NULL;

        about->in->watcher->response(about->exchange, of, plain, words);
        g_free(words);
    }
    g_byte_array_unref(plain);
}

static void response_is_whole(learned *about, http1_message *of)
{
    sighting seen = sighting_of(about->in, of, &of->ended);
    bool kept = about->ours;

    exchange_set_parties(about->exchange, &seen);
    about->exchange->complete = about->exchange->delivered = true;
    if (about->ours || (of->body && of->body->len > 0))
        show_response(about, of);
    if (at_once || !about->ours || (!about->in->http && about->final)) {
        unfinished_forget(about->exchange);
        return;
    }
    if (!kept)
        unfinished_begins(about->exchange, of);
    unfinished_ends(about->exchange);
}

static void response_is_partial(learned *about, http1_message *of)
{
    if (about->broken)
        return;
    if (!about->ours && sniff(about, of) && !codings_are_any(codings_of(of)))
        begins_to_be_ours(about, of);
    if (!about->ours)
        return;
    unfinished_ends(about->exchange);
    if (at_once && about->in->http)
        unfinished_settle(about->exchange);
}

/* RFC 7540 section 3.2: the request of HTTP/1 is answered over HTTP/2, as that of stream 1. */
static void hand_over(learned *about)
{
    if (!about->shared && !about->request)
        return;
    about->handed = true;
    /* In passes without taps, too: HTTP/2 is learned from them, maybe in a later pass. */
    if (about->in->watcher)
        about->in->watcher->upgrades(about->in->stream, about->exchange);
}

static void response_ends(learned *about, http1_message *of)
{
    if (of->header.status == 101) {
        hand_over(about);
        return;
    }
    tell_history(about, of);
    if (of->state == MESSAGE_WHOLE)
        response_is_whole(about, of);
    else
        response_is_partial(about, of);
}

/* Nothing more of it will be shown than is there by now. */
static void on_breaks(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request || !at_once)
        return;
    response_is_partial(about, of);
    about->broken = about->ours;
}

static bool on_ends(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request)
        request_ends(about, of);
    else
        response_ends(about, of);
    if (of->body)
        drop_body(about, of);
    return !of->request && about->state == PAIR_ASSUMED && !about->exchange->assumed;
}

/* What is shown again when a frame is looked at again stays as long as the capture, and so does
 * what HTTP/2 goes on with. */
static bool is_to_stay(const learned *about)
{
    return about->handed || (about->ours && (at_once || draws));
}

/* Nothing but those who tell of it need it now. */
static void finish_exchange(exchange *of)
{
    if (of->unfinished)
        of->finished = true;
    else
        g_queue_push_tail(&gone, of);
}

static void on_gone(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (!of->request && about->ours && !about->in->http)
        unfinished_forget(about->exchange);
    else if (!of->request && about->ours && !at_once)
        unfinished_settle(about->exchange);
    if (!of->request && about->request)
        about->request->answer = NULL;
    if (!is_to_stay(about) && --about->exchange->messages == 0)
        finish_exchange(about->exchange);
    if (about->in->asked == about->exchange)
        about->in->asked = NULL;
    g_queue_unlink(&about->in->learned, &about->in_talk);
    g_free(about);
}
/* ---- talks ---- */

/* Messages of a connection that is open at the end of the capture are freed without a word. */
void talk_clear(talk *of)
{
    while (of->learned.head) {
        learned *about = (learned *)of->learned.head->data;

        g_queue_unlink(&of->learned, &about->in_talk);
        g_free(about);
    }
    g_free(of->names[0]);
    g_free(of->names[1]);
}

bool talk_is_named(const talk *of, unsigned direction)
{
    return of->names[direction] != NULL;
}

void talk_name_sides(talk *of, unsigned direction, const char *sender, const char *receiver)
{
    if (!of->names[direction])
        of->names[direction] = g_strdup(sender);
    if (!of->names[!direction])
        of->names[!direction] = g_strdup(receiver);
}

dialogue_listener talk_listener(talk *of)
{
    return (dialogue_listener){on_begins, on_keeps,  on_grows, on_breaks,
                               on_ends,   on_paired, on_gone,  of};
}

bool talk_is_waiting(const talk *of, moment when)
{
    return of->asked && of->is_asked && exchange_may_wait(of->asked, when);
}

/* ---- frames ---- */

static void free_gone(void)
{
    exchange *of;

    while ((of = (exchange *)g_queue_pop_head(&gone)) != NULL)
        exchange_free(of);
}
void talks_begin_frame(void)
{
    free_gone();
    g_queue_clear(&begun);
}

exchange *talks_next_begun(void)
{
    return (exchange *)g_queue_pop_head(&begun);
}

void talks_end(void)
{
    g_queue_clear(&begun);
    g_queue_clear(&gone);
}
