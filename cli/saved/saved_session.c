/* saved_session.c
 * The exchanges of a saved session.
 *
 * They are read in the order of time, one at a time, so that the history of a session is built as
 * for a capture and memory does not grow with the number of values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saved_session.h"

#include "codings.h"
#include "history.h"
#include "interrupt.h"
#include "limit_table.h"
#include "record_tap.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* Digits of a second: no format has more. */
#define DIGITS 6

void saved_begin(capture_record *summary)
{
    g_clear_pointer((char **)&summary->error, g_free);
    summary->complete = true;
    summary->frames = 0;
    summary->unseen.known = true;
}

capture_result saved_fail(capture_record *summary, capture_result result, char *error)
{
    if (summary->complete) /* the first thing that is wrong is what is reported */
        summary->error = error;
    else
        g_free(error);
    summary->complete = false;
    return result;
}

/* --------------------------------------------------------------------------------- history ----
 */

/* Requests that wait for their answer while others come. With more than that, what was known when a
 * request was sent is no longer distinguished from what was known when its answer came. */
#define MOST_WAITING 4096

/* What is known about an entry so far. */
typedef struct {
    exchange *exchange;      /* the request was sent; NULL before and afterwards */
    exchange_record *record; /* waits for those of earlier entries; or NULL */
    bool done;
} progress;

typedef struct {
    const saved_source *from;
    const saved_target *to;
    progress *progress;        /* of each entry */
    uint32_t next;             /* the first that is not done */
    unsigned waiting;          /* requests */
    exchange_capture *capture; /* the history of the file */
    bool ended;
} reader;

static const saved_times *times_of(const reader *r, uint32_t index)
{
    return &g_array_index(r->from->times, saved_times, index);
}

static bool read_entry(const reader *r, uint32_t index, bool whole, saved_entry *to)
{
    *to = (saved_entry){.request = http_header_new(), .response = http_header_new()};
    return r->from->read(r->from->data, index, whole, to);
}

/* Not every entry has an address, but all have a URL: in the history of a session, a server is the
 * origin that the client meant. */
static const char *origin_of(bool tls)
{
    return tls ? "https" : "http";
}

/* ------------------------------------------------------------------------------------- bodies ----
 */

/* With its content codings undone, as far as that goes. */
static GByteArray *plain_body(const saved_body *of, const char *codings, size_t limit,
                              codings_result *result, const char **instead)
{
    GByteArray *plain = NULL;

    *result = CODINGS_WHOLE;
    if (of->coded && of->length > 0) {
        *result = codings_read(codings, of->bytes, of->length, limit, &plain, instead);
    } else {
        plain = g_byte_array_new();
        g_byte_array_append(plain, of->bytes, (guint)of->length);
    }
    return plain;
}

static size_t most_bytes(const reader *r)
{
    ms_limits limits = ms_limits_in_force(r->to->limits);

    return (size_t)limits.of[MS_MAX_BODY] + 1;
}

static void read_request_body(const reader *r, exchange *of, const saved_entry *from)
{
    const char *codings = of->request_fields[HTTP_CONTENT_ENCODING], *instead;
    codings_result result;

    if (exchange_request_bytes(of, 1) == 0 || !from->asked.bytes)
        return;
    GByteArray *plain = plain_body(&from->asked, codings, most_bytes(r), &result, &instead);

    if (result == CODINGS_WHOLE)
        exchange_read_request(of, plain->data, plain->len);
    g_byte_array_unref(plain);
}

/* ----------------------------------------------------------------------------------- requests ----
 */

static exchange *set_request(reader *r, const saved_entry *from, uint32_t index)
{
    sighting seen = {.frame = index + 1,
                     .time = times_of(r, index)->sent,
                     .sender = from->client,
                     .receiver = origin_of(from->tls),
                     .tls = from->tls,
                     .stream = -1};
    exchange *made = exchange_new(r->capture, &seen);

    if (from->unasked) {
        made->request_unknown = from->unasked;
        return made;
    }
    exchange_set_request(made, &seen, &from->request);
    read_request_body(r, made, from);
    if (made->webdav)
        made->unannounced =
            sides_unannounced(made, from->request.content_length > 0 || from->asked.length > 0);
    return made;
}

/* What is wrong with it is reported when the answer is read. */
static void request_sent(reader *r, uint32_t index)
{
    saved_entry entry;

    if (r->waiting >= MOST_WAITING)
        return;
    if (read_entry(r, index, false, &entry)) {
        r->progress[index].exchange = set_request(r, &entry, index);
        r->waiting++;
    }
    saved_entry_clear(&entry);
}

/* ------------------------------------------------------------------------------------ answers ----
 */

/* As in captures: a 207, a body with one of the three roots, or a batch. */
static bool is_multistatus(const exchange *of, const GByteArray *body, const ms_context *context)
{
    return of->http_status == 207 ||
           (body->len > 0 && ms_is_ours(body->data, body->len, context, true));
}

/* Its record; NULL if it is no Multi-Status.
 * @param missing  why the body is not all there, or NULL */
static exchange_record *judge(const reader *r, exchange *of, const GByteArray *body,
                              const char *missing, const char *server)
{
    ms_context context = exchange_context(of, r->to->limits, history_wants_values(of));

    if (!is_multistatus(of, body, &context))
        return NULL;
    of->complete = !missing;
    context = exchange_context(of, r->to->limits, history_wants_values(of));
    ms_document *document = body->len > 0
                                ? ms_decode(body->data, body->len, &context)
                                : ms_undecoded(missing ? missing : MS_REASON_NO_BODY, &context);

    history_judge(of, document);
    history_add_findings(of, document);
    const char *origin = of->server;
    multistatus_record tapped = {
        .exchange = of, .document = document, .body_length = body->len, .missing = missing};

    of->server = server;
    exchange_record *record = exchange_record_new(&tapped, r->to->summary->capture, DIGITS);

    /* A proxy has two connections: one with the client, one with the server. */
    record->community_id = NULL;
    of->server = origin;
    ms_document_free(document);
    return record;
}

static exchange_record *read_answer(reader *r, exchange *of, const saved_entry *from,
                                    uint32_t index)
{
    sighting seen = {.frame = index + 1,
                     .time = times_of(r, index)->answered,
                     .sender = origin_of(of->tls),
                     .receiver = from->client,
                     .stream = -1};
    codings_result result;

    exchange_set_response(of, &seen, &from->response);
    of->complete = of->delivered = true;
    const char *codings = of->response_fields[HTTP_CONTENT_ENCODING];
    GByteArray *body = plain_body(&from->body, codings, most_bytes(r), &result, &of->miscoded);
    g_autofree char *words = from->missing ? NULL : codings_words(codings, result);

    if (from->body.coded && of->http_status == 207 && from->body.length > 0)
        of->unnamed = codings_unnamed(codings, from->body.bytes, from->body.length);
    of->bomb = result == CODINGS_LARGE;
    exchange_record *record =
        judge(r, of, body, from->missing ? from->missing : words, from->server);

    history_answered(of, from->body.bytes ? body->data : NULL, body->len);
    g_byte_array_unref(body);
    return record;
}

static void read_exchange(reader *r, const saved_entry *from, uint32_t index)
{
    progress *known = &r->progress[index];
    exchange *of = known->exchange ? known->exchange : set_request(r, from, index);

    if (from->answered)
        known->record = read_answer(r, of, from, index);
    r->waiting -= known->exchange != NULL;
    known->exchange = NULL;
    exchange_free(of);
}

/* Records come in the order of the entries. */
static void hand_out(reader *r)
{
    while (!r->ended && r->next < r->from->times->len && r->progress[r->next].done) {
        exchange_record *record = r->progress[r->next++].record;

        r->to->summary->frames++;
        if (!record)
            continue;
        r->progress[r->next - 1].record = NULL;
        r->to->summary->exchanges++;
        r->ended = !r->to->receiver(r->to->data, record);
        exchange_record_unref(record);
    }
}

/* ------------------------------------------------------------------------------------- events ----
 */

/* What is wrong with it, NULL if nothing is. */
static char *answer_came(reader *r, uint32_t index)
{
    progress *known = &r->progress[index];
    saved_entry entry;
    bool readable = read_entry(r, index, true, &entry);

    known->done = true;
    if (readable)
        read_exchange(r, &entry, index);
    else if (known->exchange)
        r->waiting--; /* its exchange goes with the session */
    /* What nobody reads may be as it likes. */
    char *wrong = !readable || known->record ? g_steal_pointer(&entry.wrong) : NULL;

    saved_entry_clear(&entry);
    return wrong;
}

static capture_result read_events(reader *r, const GArray *events)
{
    capture_record *summary = r->to->summary;
    capture_result result = CAPTURE_COMPLETE;

    for (uint32_t i = 0; i < events->len && !r->ended && interrupt_signal() == 0; i++) {
        const saved_event *event = &g_array_index(events, saved_event, i);
        bool answered_next = i + 1 < events->len && event[1].entry == event->entry;
        char *wrong = event->answer ? answer_came(r, event->entry) : NULL;

        if (wrong)
            result = saved_fail(summary, CAPTURE_CUT, wrong);
        if (!event->answer && !answered_next)
            request_sent(r, event->entry);
        hand_out(r);
    }
    if (r->ended || interrupt_signal() != 0)
        return saved_fail(summary, CAPTURE_INTERRUPTED,
                          g_strdup("was not read to its end: interrupted"));
    return result;
}

capture_result saved_session_read(const saved_source *from, const saved_target *to)
{
    uint32_t count = from->times->len;
    GArray *events = saved_events(from->times);
    reader r = {
        .from = from, .to = to, .progress = g_new0(progress, count), .capture = history_begin()};

    r.capture->batches = to->batches;
    capture_result result = read_events(&r, events);

    for (uint32_t i = r.next; i < count; i++)
        exchange_record_unref(r.progress[i].record);
    history_end(r.capture);
    g_free(r.progress);
    g_array_unref(events);
    return result;
}
