/* wire.c
 * Records as bytes.
 *
 * A text is its length, its bytes and a NUL; one that is not known has the length NO_TEXT. Names of
 * properties, conditions and rules occur many times: the first time the number of names so far and
 * the text, then its number. Most lists of names are the one before: then there is only LIKE_LAST.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "wire.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "record_build.h"

#define NO_TEXT UINT32_MAX
#define LIKE_LAST UINT32_MAX

/* The plain texts of an exchange. */
static const size_t texts[] = {
    offsetof(exchange_record, capture),    offsetof(exchange_record, time),
    offsetof(exchange_record, client),     offsetof(exchange_record, server),
    offsetof(exchange_record, protocol),   offsetof(exchange_record, host),
    offsetof(exchange_record, method),     offsetof(exchange_record, uri),
    offsetof(exchange_record, report),     offsetof(exchange_record, missing),
    offsetof(exchange_record, format),     offsetof(exchange_record, response_time),
    offsetof(exchange_record, user_agent), offsetof(exchange_record, server_software),
    offsetof(exchange_record, server_dav), offsetof(exchange_record, server_allow),
    offsetof(exchange_record, sync_token),
};

static const char **text_at(exchange_record *record, size_t offset)
{
    return (const char **)(void *)((char *)record + offset);
}

/* Bytes that the parts of lists have at least: what there are more of cannot be there. */
#define LEAST_TEXT 4
#define LEAST_PROPSTAT (5 * 4)
#define LEAST_RESPONSE (9 * 4)
#define LEAST_LOCK (6 * 4)
#define LEAST_FINDING (4 * 4)

/* ---------------------------------------------------------------------------------- writing ----
 */

typedef struct {
    GString *to;
    GHashTable *names; /* address -> number + 1; names of a record are kept once */
    record_strings last;
} writing;

static void put_number(writing *w, uint32_t value)
{
    g_string_append_len(w->to, (const char *)&value, sizeof value);
}

static void put_signed(writing *w, int64_t value)
{
    g_string_append_len(w->to, (const char *)&value, sizeof value);
}

static void put_text(writing *w, const char *text)
{
    size_t length = text ? strlen(text) : 0;

    put_number(w, text ? (uint32_t)MIN(length, WIRE_MOST) : NO_TEXT);
    if (text)
        g_string_append_len(w->to, text, (gssize)MIN(length, WIRE_MOST) + 1);
}

static void put_texts(writing *w, const record_strings *strings)
{
    put_number(w, strings->count);
    for (uint32_t i = 0; i < strings->count; i++)
        put_text(w, strings->items[i]);
}

static void put_name(writing *w, const char *name)
{
    uint32_t so_far = g_hash_table_size(w->names);
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(w->names, name));

    put_number(w, number > 0 ? number - 1 : so_far);
    if (number > 0)
        return;
    g_hash_table_insert(w->names, (void *)name, GUINT_TO_POINTER(so_far + 1));
    put_text(w, name);
}

static bool is_like_last(const writing *w, const record_strings *names)
{
    return names->count > 0 && names->count == w->last.count &&
           memcmp(names->items, w->last.items, names->count * sizeof *names->items) == 0;
}

static void put_names(writing *w, const record_strings *names)
{
    if (is_like_last(w, names)) {
        put_number(w, LIKE_LAST);
        return;
    }
    put_number(w, names->count);
    for (uint32_t i = 0; i < names->count; i++)
        put_name(w, names->items[i]);
    if (names->count > 0)
        w->last = *names;
}

static void put_propstat(writing *w, const record_propstat *propstat)
{
    put_number(w, (uint32_t)propstat->status);
    put_number(w, propstat->outcome);
    put_names(w, &propstat->properties);
    put_names(w, &propstat->conditions);
    put_text(w, propstat->description);
}

static void put_response(writing *w, const record_response *response)
{
    put_texts(w, &response->hrefs);
    put_number(w, (uint32_t)response->status);
    put_number(w, response->outcome);
    put_number(w, response->selected);
    put_text(w, response->reason);
    put_number(w, response->n_propstats);
    for (uint32_t i = 0; i < response->n_propstats; i++)
        put_propstat(w, &response->propstats[i]);
    put_names(w, &response->conditions);
    put_text(w, response->description);
    put_text(w, response->location);
}

static void put_lock(writing *w, const record_lock *held)
{
    put_number(w, held->response);
    put_number(w, held->lock.frame);
    put_text(w, held->lock.root);
    put_text(w, held->lock.owner);
    put_text(w, held->lock.client);
    put_text(w, held->lock.agent);
}

static void put_finding(writing *w, const record_finding *finding)
{
    put_name(w, finding->rule);
    put_number(w, finding->severity);
    put_text(w, finding->message);
    put_text(w, finding->href);
}

static void put_exchange(writing *w, const exchange_record *record)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        put_text(w, *text_at((exchange_record *)record, texts[i]));
    put_number(w, record->frame);
    put_number(w, record->request_frame);
    put_signed(w, record->stream);
    put_signed(w, record->h2_stream);
    put_number(w, (uint32_t)record->http_status);
    put_number(w, record->complete);
    put_number(w, record->marked);
    put_number(w, record->body_bytes);
    put_number(w, record->verdict);
    put_number(w, record->n_responses);
    for (uint32_t i = 0; i < record->n_responses; i++)
        put_response(w, &record->responses[i]);
    put_number(w, record->n_locks);
    for (uint32_t i = 0; i < record->n_locks; i++)
        put_lock(w, &record->locks[i]);
    put_number(w, record->n_findings);
    for (uint32_t i = 0; i < record->n_findings; i++)
        put_finding(w, &record->findings[i]);
}

/* Leaves room for the heading, which is known at the end. */
static size_t begin_message(GString *to)
{
    size_t start = to->len;
    static const wire_heading nothing;

    g_string_append_len(to, (const char *)&nothing, sizeof nothing);
    return start;
}

static bool end_message(GString *to, size_t start, wire_kind kind, uint32_t value)
{
    size_t length = to->len - start - sizeof(wire_heading);
    const wire_heading heading = {.kind = kind, .length = (uint32_t)length, .value = value};

    if (length > WIRE_MOST) {
        g_string_truncate(to, start);
        return false;
    }
    memcpy(to->str + start, &heading, sizeof heading);
    return true;
}

bool wire_write_exchange(GString *to, const exchange_record *record)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_direct_hash, g_direct_equal);
    writing w = {.to = to, .names = names};
    size_t start = begin_message(to);

    put_exchange(&w, record);
    return end_message(to, start, WIRE_EXCHANGE, record->frame);
}

bool wire_write_capture(GString *to, const capture_record *record, uint32_t result)
{
    writing w = {.to = to};
    size_t start = begin_message(to);

    put_text(&w, record->capture);
    put_signed(&w, (int64_t)record->frames);
    put_signed(&w, (int64_t)record->exchanges);
    put_number(&w, record->complete);
    put_text(&w, record->error);
    return end_message(to, start, WIRE_CAPTURE, result);
}

/* ---------------------------------------------------------------------------------- reading ----
 */

/* Once it is broken, everything reads as nothing. */
typedef struct {
    const char *at;
    size_t left;
    exchange_record *record;
    GPtrArray *names;
    record_strings last;
    bool broken;
} reading;

static void refuse(reading *r)
{
    r->broken = true;
    r->left = 0;
}

static const char *take(reading *r, size_t length)
{
    const char *at = r->at;

    if (length > r->left) {
        refuse(r);
        return NULL;
    }
    r->at += length;
    r->left -= length;
    return at;
}

/* At most `most`. */
static uint32_t read_number(reading *r, uint32_t most)
{
    const char *at = take(r, sizeof(uint32_t));
    uint32_t value = 0;

    if (at)
        memcpy(&value, at, sizeof value);
    if (value <= most)
        return value;
    refuse(r);
    return 0;
}

static int64_t read_signed(reading *r, int64_t least)
{
    const char *at = take(r, sizeof(int64_t));
    int64_t value = least;

    if (at)
        memcpy(&value, at, sizeof value);
    if (value >= least)
        return value;
    refuse(r);
    return least;
}

/* A length of a list whose parts have so many bytes at least. */
static uint32_t read_count(reading *r, size_t least)
{
    return read_number(r, (uint32_t)MIN(r->left / least, UINT32_MAX - 1));
}

static int read_status(reading *r, int unknown)
{
    uint32_t value = read_number(r, UINT32_MAX);

    if (value == (uint32_t)unknown)
        return unknown;
    if (value <= RECORD_STATUS_MOST)
        return (int)value;
    refuse(r);
    return unknown;
}

static const char *read_text(reading *r)
{
    uint32_t length = read_number(r, UINT32_MAX);

    if (r->broken || length == NO_TEXT)
        return NULL;
    const char *text = take(r, (size_t)length + 1);

    /* A NUL within is not valid. */
    if (text && text[length] == '\0' && g_utf8_validate(text, (gssize)length, NULL))
        return text;
    refuse(r);
    return NULL;
}

static const char *read_needed_text(reading *r)
{
    const char *text = read_text(r);

    if (text)
        return text;
    refuse(r);
    return "";
}

static record_strings read_texts(reading *r)
{
    record_strings strings = {NULL, read_count(r, LEAST_TEXT)};

    strings.items = record_allocate(r->record, strings.count * sizeof *strings.items);
    for (uint32_t i = 0; i < strings.count; i++)
        strings.items[i] = read_needed_text(r);
    return strings;
}

static const char *read_name(reading *r)
{
    uint32_t number = read_number(r, r->names->len);

    if (number < r->names->len)
        return r->names->pdata[number];
    const char *name = read_needed_text(r);

    g_ptr_array_add(r->names, (void *)name);
    return name;
}

/* Lists that are equal share their items. */
static record_strings read_names(reading *r)
{
    uint32_t count = read_number(r, UINT32_MAX);

    if (count == LIKE_LAST && r->last.count > 0)
        return r->last;
    if (count > r->left / sizeof(uint32_t)) {
        refuse(r);
        count = 0;
    }
    record_strings names = {record_allocate(r->record, count * sizeof(char *)), count};

    for (uint32_t i = 0; i < count; i++)
        names.items[i] = read_name(r);
    if (count > 0)
        r->last = names;
    return names;
}

static void read_propstat(reading *r, record_propstat *to)
{
    to->status = read_status(r, RECORD_UNKNOWN);
    to->outcome = (ms_outcome)read_number(r, MS_OUTCOMES - 1);
    to->properties = read_names(r);
    to->conditions = read_names(r);
    to->description = read_text(r);
}

static void read_response(reading *r, record_response *to)
{
    to->hrefs = read_texts(r);
    to->status = read_status(r, RECORD_UNKNOWN);
    to->outcome = (ms_outcome)read_number(r, MS_OUTCOMES - 1);
    to->selected = read_number(r, 1) == 1;
    to->reason = read_text(r);
    to->n_propstats = read_count(r, LEAST_PROPSTAT);
    to->propstats = record_allocate(r->record, to->n_propstats * sizeof *to->propstats);
    for (uint32_t i = 0; i < to->n_propstats; i++)
        read_propstat(r, &to->propstats[i]);
    to->code = record_deciding_status(to);
    to->conditions = read_names(r);
    to->description = read_text(r);
    to->location = read_text(r);
}

static void read_responses(reading *r)
{
    exchange_record *record = r->record;

    record->n_responses = read_count(r, LEAST_RESPONSE);
    record->responses = record_allocate(record, record->n_responses * sizeof *record->responses);
    for (uint32_t i = 0; i < record->n_responses; i++)
        read_response(r, &record->responses[i]);
    record_count_outcomes(record);
}

/* Each is about a later resource than the one before. */
static void read_locks(reading *r)
{
    exchange_record *record = r->record;

    record->n_locks = read_count(r, LEAST_LOCK);
    record->locks = record_allocate(record, record->n_locks * sizeof *record->locks);
    for (uint32_t i = 0; i < record->n_locks; i++) {
        record_lock *to = &record->locks[i];

        to->response = read_number(r, UINT32_MAX);
        if (to->response >= record->n_responses || (i > 0 && to->response <= to[-1].response))
            refuse(r);
        to->lock.frame = read_number(r, UINT32_MAX);
        to->lock.root = read_text(r);
        to->lock.owner = read_text(r);
        to->lock.client = read_text(r);
        to->lock.agent = read_text(r);
    }
}

static void read_findings(reading *r)
{
    exchange_record *record = r->record;

    record->n_findings = read_count(r, LEAST_FINDING);
    record->findings = record_allocate(record, record->n_findings * sizeof *record->findings);
    for (uint32_t i = 0; i < record->n_findings; i++) {
        record_finding *to = &record->findings[i];

        to->rule = read_name(r);
        to->severity = (ms_severity)read_number(r, MS_ERROR);
        to->message = read_needed_text(r);
        to->href = read_text(r);
    }
}

/* It is printed as a number. */
static bool is_decimal(const char *text)
{
    size_t whole = strspn(text += *text == '-', "0123456789");

    if (whole == 0 || text[whole] != '.')
        return false;
    text += whole + 1;
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void read_exchange(reading *r)
{
    exchange_record *record = r->record;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *text_at(record, texts[i]) = read_text(r);
    record->frame = read_number(r, UINT32_MAX);
    record->request_frame = read_number(r, UINT32_MAX);
    record->stream = read_signed(r, RECORD_UNKNOWN);
    record->h2_stream = read_signed(r, RECORD_UNKNOWN);
    record->http_status = read_status(r, 0);
    record->complete = read_number(r, 1) == 1;
    record->marked = read_number(r, 1) == 1;
    record->body_bytes = read_number(r, UINT32_MAX);
    record->verdict = (ms_verdict)read_number(r, MS_VERDICTS - 1);
    read_responses(r);
    read_locks(r);
    read_findings(r);
    if (!record->capture || record->frame == 0 || r->left > 0 ||
        (record->response_time && !is_decimal(record->response_time)))
        refuse(r);
}

exchange_record *wire_read_exchange(char *bytes, size_t length)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    reading r = {.at = bytes, .left = length, .record = exchange_record_empty(), .names = names};

    g_ptr_array_add(r.record->blocks, bytes);
    read_exchange(&r);
    if (!r.broken)
        return r.record;
    exchange_record_unref(r.record);
    return NULL;
}

capture_record *wire_read_capture(const char *bytes, size_t length)
{
    reading r = {.at = bytes, .left = length};
    const char *name = read_text(&r);
    capture_record *record = capture_record_new(name ? name : "");

    record->frames = (uint64_t)read_signed(&r, 0);
    record->exchanges = (uint64_t)read_signed(&r, 0);
    record->complete = read_number(&r, 1) == 1;
    record->error = g_strdup(read_text(&r));
    if (name && !r.broken && r.left == 0)
        return record;
    capture_record_free(record);
    return NULL;
}

/* --------------------------------------------------------------------------------- sending ---- */

bool wire_send(int to, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t sent = write(to, at, length);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}
