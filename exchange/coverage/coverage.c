/* coverage.c
 * What connections carry, what is missing of them, and what that means for the statement.
 *
 * RFC 9112 sections 3 and 4, RFC 8446 section 5.1, RFC 4253 section 4.2, RFC 6455 section 1.3,
 * RFC 8999 section 5.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "coverage.h"

#include <string.h>

#include "http2_settings.h"
#include "lines.h"
#include "octets.h"
#include "serial.h"

/* ----------------------------------------------------------------------------- connections ---- */

unsigned flow_key_make(flow_key *key, const packet_flow *from)
{
    int order = memcmp(from->source, from->destination, from->address_length);
    unsigned swapped = order > 0 || (order == 0 && from->source_port > from->destination_port);
    const uint8_t *addresses[] = {from->source, from->destination};
    uint16_t ports[] = {from->source_port, from->destination_port};

    memset(key, 0, sizeof *key);
    for (unsigned i = 0; i < 2; i++) {
        memcpy(key->addresses[i], addresses[i ^ swapped], from->address_length);
        key->ports[i] = ports[i ^ swapped];
    }
    key->address_length = from->address_length;
    return swapped;
}

guint flow_key_hash(gconstpointer key)
{
    const uint8_t *at = key;
    guint hash = 5381;

    for (size_t i = 0; i < sizeof(flow_key); i++)
        hash = hash * 33 + at[i];
    return hash;
}

gboolean flow_key_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(flow_key)) == 0;
}

/* ----------------------------------------------------------------------- the first bytes ---- */

static bool begins(const uint8_t *bytes, size_t length, const char *words)
{
    size_t n = strlen(words);

    return length >= n && memcmp(bytes, words, n) == 0;
}

static bool is_tls_record(const uint8_t *bytes, size_t length)
{
    return length >= 3 && bytes[0] >= 0x14 && bytes[0] <= 0x17 && bytes[1] == 0x03 &&
           bytes[2] <= 0x04;
}

/* "GET / HTTP/1.1": the version stands at the end of the line, if the line is there. */
static bool is_request(const uint8_t *bytes, size_t length)
{
    const uint8_t *end = memchr(bytes, '\n', length);
    size_t method = 0;

    while (method < length && method < 24 &&
           (g_ascii_isupper(bytes[method]) || bytes[method] == '-'))
        method++;
    if (method < 3 || method + 2 > length || bytes[method] != ' ')
        return false;
    if (!end)
        return bytes[method + 1] == '/' || begins(bytes + method + 1, length - method - 1, "http");
    size_t line = (size_t)(end - bytes);

    line -= line > 0 && bytes[line - 1] == '\r';
    return line >= method + 10 && memcmp(bytes + line - 8, "HTTP/", 5) == 0;
}

/* 0 if it is not one. */
static int status_of(const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes;
    int at = http_status_place(text, length);

    return at > 0 ? http_status_read(text + at) : 0;
}

static bool is_response(const uint8_t *bytes, size_t length)
{
    return begins(bytes, length, "HTTP/1.") || http_status_place((const char *)bytes, length) > 0;
}

static bool is_http(const uint8_t *bytes, size_t length)
{
    return is_response(bytes, length) || is_request(bytes, length);
}

static flow_carries read_beginning(const uint8_t *bytes, size_t length)
{
    if (is_tls_record(bytes, length))
        return CARRIES_TLS;
    if (begins(bytes, length, "SSH-"))
        return CARRIES_SSH;
    return is_http(bytes, length) ? CARRIES_HTTP : CARRIES_OTHER;
}

/* ---------------------------------------------------------------------------------- gaps ---- */

static void remember_gap(flow_note *of, flow_side *side, uint32_t start, uint32_t end)
{
    if (side->n_gaps == FLOW_GAPS) { /* the oldest one will hardly be filled any more */
        of->lost += side->gaps[0].end - side->gaps[0].start;
        memmove(&side->gaps[0], &side->gaps[1], (FLOW_GAPS - 1) * sizeof side->gaps[0]);
        side->n_gaps--;
    }
    side->gaps[side->n_gaps].start = start;
    side->gaps[side->n_gaps].end = end;
    side->n_gaps++;
}

/* Bytes that come late. @return how many of them had been missing */
static uint32_t fill_gaps(flow_side *side, uint32_t start, uint32_t end)
{
    uint32_t filled = 0;

    for (unsigned i = 0; i < side->n_gaps; i++) {
        uint32_t from = side->gaps[i].start, to = side->gaps[i].end;

        if (serial_distance(start, from) < 0)
            from = start;
        if (serial_distance(to, end) < 0)
            to = end;
        if (serial_distance(from, to) <= 0)
            continue;
        filled += to - from;
        /* From the front or from the back; a piece in the middle leaves the longer end. */
        if (from == side->gaps[i].start)
            side->gaps[i].start = to;
        else
            side->gaps[i].end = from;
    }
    return filled;
}

/* Farther than any window: the numbers began anew. */
#define BEYOND_WINDOW (1 << 30)

/* What is acknowledged was sent: nothing else tells of bytes at the end of a direction, or of all
 * of it, where the capture holds the other direction alone. */
static void acknowledge(flow_side *sent, const flow_segment *segment)
{
    if (!segment->ack || segment->reset)
        return;
    if (!sent->has_acknowledged) {
        sent->acknowledged = segment->acknowledged;
        sent->has_acknowledged = true;
        if (!sent->has_next)
            sent->next = segment->acknowledged;
    } else if (serial_distance(sent->acknowledged, segment->acknowledged) > 0) {
        sent->acknowledged = segment->acknowledged;
    }
}

/* A FIN is acknowledged as if it were a byte. */
static uint32_t missing_at_end(const flow_side *side)
{
    int32_t beyond = side->has_acknowledged ? serial_distance(side->next, side->acknowledged) : 0;

    return beyond > 1 && beyond < BEYOND_WINDOW ? (uint32_t)beyond : 0;
}

static uint64_t missing_of(const flow_note *of)
{
    uint64_t missing = of->lost;

    for (unsigned d = 0; d < 2; d++) {
        missing += missing_at_end(&of->sides[d]);
        for (unsigned i = 0; i < of->sides[d].n_gaps; i++)
            missing += of->sides[d].gaps[i].end - of->sides[d].gaps[i].start;
    }
    return missing;
}

/* @param follows  it begins where the last one ended
 * @return how many bytes of a segment are new */
static uint32_t place(flow_note *of, flow_side *side, const flow_segment *segment, bool *follows)
{
    uint32_t length = (uint32_t)segment->reported, end = segment->sequence + length;
    int32_t ahead = side->has_next ? serial_distance(side->next, segment->sequence) : 0;

    *follows = ahead == 0;
    if (ahead > BEYOND_WINDOW || ahead < -BEYOND_WINDOW)
        ahead = 0;
    else if (ahead > 0)
        remember_gap(of, side, side->next, segment->sequence);
    if (ahead >= 0) {
        side->next = end;
        side->has_next = true;
        return length;
    }
    int32_t beyond = serial_distance(side->next, end);
    uint32_t filled = fill_gaps(side, segment->sequence, end);

    if (beyond > 0)
        side->next = end;
    return filled + (beyond > 0 ? (uint32_t)beyond : 0);
}

/* ------------------------------------------------------------------------------------- TLS ---- */

enum { RECORD_HANDSHAKE = 0x16, RECORD_DATA = 0x17, RECORD_HEADER = 5 };

/* From one record to the next, as far as they follow each other. */
static void read_records(flow_note *of, flow_side *side, const flow_segment *segment, bool follows)
{
    const uint8_t *at = segment->payload, *end = at + segment->length;

    if (!follows && !is_tls_record(at, segment->length)) {
        of->data =
            true; /* what was lost, or what is here, is behind the handshake or belongs to it */
        side->record_left = 0;
        return;
    }
    if (!follows)
        side->record_left = 0;
    while (at < end) {
        if (side->record_left > 0) {
            size_t taken = MIN((size_t)(end - at), side->record_left);

            side->record_left -= (uint32_t)taken;
            at += taken;
        } else if (end - at < RECORD_HEADER) {
            return; /* a header in two segments: the next one is taken for the middle of a record */
        } else if (!is_tls_record(at, (size_t)(end - at))) {
            of->data = true;
            return;
        } else {
            bool hello = end - at > RECORD_HEADER && (at[5] == 1 || at[5] == 2);

            of->handshake = of->handshake || (at[0] == RECORD_HANDSHAKE && hello);
            of->data = of->data || at[0] == RECORD_DATA;
            side->record_left = octets_16(at + 3);
            at += RECORD_HEADER;
        }
    }
    /* The rest of it, which was cut off, has passed, too. */
    size_t cut = segment->reported - segment->length;

    side->record_left -= (uint32_t)MIN(cut, side->record_left);
}

/* ------------------------------------------------------------------------------------ HTTP ---- */

static bool mentions(const uint8_t *bytes, size_t length, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= length; i++) {
        if (g_ascii_strncasecmp((const char *)bytes + i, word, n) == 0)
            return true;
    }
    return false;
}

static void read_http(flow_note *of, const flow_segment *segment)
{
    const uint8_t *at = segment->payload;

    if (begins(at, segment->length, "CONNECT "))
        of->tunnel = true;
    else if (status_of(at, segment->length) == 101)
        of->websocket = mentions(at, segment->length, "\nupgrade: websocket");
}

/* -------------------------------------------------------------------------------- segments ---- */

static void begin(flow_note *of, flow_side *side, const flow_segment *segment)
{
    bool again = side->has_start && side->next != segment->sequence + 1 && side->has_payload;

    if (again && !segment->ack)
        of->connections++;
    if (again)
        of->lost += missing_at_end(side);
    side->has_start = true;
    side->has_payload = again ? false : side->has_payload;
    side->next = segment->sequence + 1;
    side->has_next = true;
    side->has_acknowledged = side->has_acknowledged && !again;
    side->record_left = 0;
}

/* What it is may show later: the first one who sends may do so behind a gap, or before the capture
 * began. */
static void classify(flow_note *of, flow_side *side, const flow_segment *segment, bool follows)
{
    flow_carries here = read_beginning(segment->payload, segment->length);
    bool from_start = side->has_start && follows && !side->has_payload;

    if (from_start)
        side->settles = http2_begins(segment->payload, segment->length);
    switch ((flow_carries)of->carries) {
    case CARRIES_NOTHING:
    case CARRIES_UNKNOWN:
        of->carries = here != CARRIES_OTHER ? here : from_start ? CARRIES_OTHER : CARRIES_UNKNOWN;
        break;
    case CARRIES_OTHER:
        if (is_response(segment->payload, segment->length))
            of->carries = CARRIES_HTTP;
        break;
    case CARRIES_HTTP:
        if (of->tunnel && (here == CARRIES_TLS || here == CARRIES_SSH)) {
            of->carries = (uint8_t)here;
            of->bytes = of->cut = of->before = 0;
        }
        break;
    default:
        break;
    }
}

void flow_note_divide(flow_note *of)
{
    of->lost = missing_of(of);
    of->connections++;
    of->sides[0] = of->sides[1] = (flow_side){0};
}

void flow_note_segment(flow_note *of, unsigned forward, const flow_segment *segment)
{
    flow_side *side = &of->sides[forward];
    bool follows = false;

    if (of->connections == 0)
        of->connections = 1;
    if (segment->syn)
        begin(of, side, segment);
    acknowledge(&of->sides[!forward], segment);
    if (segment->reported == 0)
        return;
    uint32_t fresh = place(of, side, segment, &follows);

    if (fresh == 0)
        return;
    if (segment->length > 0 && !of->websocket)
        classify(of, side, segment, follows);
    of->bytes += fresh;
    of->cut += MIN(fresh, segment->reported - segment->length);
    if (of->websocket)
        of->upgraded += fresh;
    else if (of->carries == CARRIES_UNKNOWN)
        of->before += fresh;
    else if (of->carries == CARRIES_TLS && segment->length > 0)
        read_records(of, side, segment, follows);
    else if (of->carries == CARRIES_HTTP && segment->length > 0)
        read_http(of, segment);
    side->has_payload = true;
}

bool flow_note_is_plain(const flow_note *of)
{
    bool closed = of->carries == CARRIES_TLS || of->carries == CARRIES_SSH;

    return !closed && !of->tunnel && !of->websocket && !of->fragments;
}

/* A long header with the fixed bit (RFC 8999 section 5.1) and a version that is known: 1, 2,
 * drafts, and Google's own; of what begins before the capture, anything on the port. */
bool flow_is_quic(const packet_flow *flow, const uint8_t *at, size_t length)
{
    static const char *const versions[] = {"\x00\x00\x00\x01", "\x6b\x33\x43\xcf", "\xff\x00\x00",
                                           "Q0", "T0"};
    static const size_t lengths[] = {4, 4, 3, 2, 2};
    enum { QUIC_PORT = 443 };

    if (length < 5)
        return false;
    for (size_t i = 0; (at[0] & 0xc0) == 0xc0 && i < G_N_ELEMENTS(versions); i++) {
        if (memcmp(at + 1, versions[i], lengths[i]) == 0)
            return true;
    }
    return (at[0] & 0xc0) == 0x40 && length >= 20 &&
           (flow->source_port == QUIC_PORT || flow->destination_port == QUIC_PORT);
}

/* ------------------------------------------------------------------------------- statement ---- */

/* Of a connection that was read: what is missing of it. */
static void conclude_parts(unseen_counts *to, const flow_note *note)
{
    uint64_t missing = missing_of(note);

    if (note->websocket && note->upgraded > 0)
        unseen_add(to, UNSEEN_WEBSOCKET, 1, note->upgraded);
    if (note->cut > 0)
        unseen_add(to, UNSEEN_CUT, 1, note->cut);
    if (note->before > 0 && !note->fragments)
        unseen_add(to, UNSEEN_START, 1, note->before);
    if (missing > 0 && !note->fragments)
        unseen_add(to, UNSEEN_HOLES, 1, missing);
}

static void conclude_tls(unseen_counts *to, const flow_note *note, unsigned found,
                         const coverage_terms *terms)
{
    /* Without keys, or without the handshake, what a dissector finds is chance. */
    if (terms->keys && note->handshake && (found & (FOUND_INSIDE | FOUND_HTTP)) != 0) {
        conclude_parts(to, note);
        return;
    }
    if (!note->data)
        return;
    unseen_reason reason = terms->no_tls      ? UNSEEN_OFF
                           : !note->handshake ? UNSEEN_START
                           : terms->keys      ? UNSEEN_TLS_KEYS
                                              : UNSEEN_TLS;

    unseen_add(to, reason, note->connections, note->bytes);
}

static void conclude_quic(unseen_counts *to, const flow_note *note, unsigned found)
{
    if ((found & FOUND_INSIDE) == 0)
        unseen_add(to, UNSEEN_QUIC, note->connections, note->bytes);
    else if (note->cut > 0)
        unseen_add(to, UNSEEN_CUT, note->connections, note->cut);
}

static void conclude_http(unseen_counts *to, const flow_note *note, unsigned found,
                          const coverage_terms *terms)
{
    if (terms->no_http)
        unseen_add(to, UNSEEN_OFF, note->connections, note->bytes);
    else if (note->kept && (found & (FOUND_HTTP | FOUND_READ)) == 0)
        unseen_add(to, UNSEEN_PORT, note->connections, note->bytes);
    else
        conclude_parts(to, note);
}

/* HTTP/2 of which the capture has not the side of the client, who says that it is. */
static bool is_unannounced(const flow_note *of)
{
    return (of->sides[0].settles && !of->sides[1].has_payload) ||
           (of->sides[1].settles && !of->sides[0].has_payload);
}

static void conclude_flow(unseen_counts *to, const flow_note *note, unsigned found,
                          const coverage_terms *terms)
{
    if (is_unannounced(note) && (found & FOUND_HTTP2) == 0) {
        unseen_add(to, terms->no_http ? UNSEEN_OFF : UNSEEN_PORT, note->connections, note->bytes);
        return;
    }
    switch ((flow_carries)note->carries) {
    case CARRIES_TLS:
        conclude_tls(to, note, found, terms);
        break;
    case CARRIES_SSH:
        unseen_add(to, UNSEEN_SSH, note->connections, note->bytes);
        break;
    case CARRIES_QUIC:
        conclude_quic(to, note, found);
        break;
    case CARRIES_HTTP:
        conclude_http(to, note, found, terms);
        break;
    case CARRIES_NOTHING:
        if (note->cut > 0)
            unseen_add(to, UNSEEN_CUT, note->connections, note->cut);
        break;
    case CARRIES_UNKNOWN:
    case CARRIES_OTHER:
        if ((note->kept && (found & (FOUND_HTTP | FOUND_READ)) != 0) ||
            note->carries == CARRIES_UNKNOWN)
            conclude_parts(to, note);
        break;
    }
}

flow_notes *flow_notes_new(void)
{
    flow_notes *notes = g_new0(flow_notes, 1);

    notes->rest.known = true;
    notes->flows = g_array_new(FALSE, FALSE, sizeof(noted_flow));
    return notes;
}

void flow_notes_free(flow_notes *notes)
{
    if (!notes)
        return;
    g_array_unref(notes->flows);
    g_free(notes);
}

void flow_notes_add(flow_notes *notes, const flow_key *key, const flow_note *note, bool dissected)
{
    static const coverage_terms nothing_special;

    if (note->bytes == 0)
        return;
    if (!dissected) {
        conclude_flow(&notes->rest, note, 0, &nothing_special);
        return;
    }
    noted_flow flow = {*key, *note};

    g_array_append_val(notes->flows, flow);
}

/* --------------------------------------------------------------------- what dissectors saw ---- */

typedef struct {
    flow_key key;
    unsigned found;
    uint64_t bytes;
    bool noted; /* the packets were read, too */
} found_flow;

struct coverage {
    GHashTable *flows; /* found_flow, by itself */
    unseen_counts others;
};

coverage *coverage_new(void)
{
    coverage *made = g_new0(coverage, 1);

    made->flows = g_hash_table_new_full(flow_key_hash, flow_key_equal, NULL, g_free);
    made->others.known = true;
    return made;
}

void coverage_free(coverage *of)
{
    if (!of)
        return;
    g_hash_table_unref(of->flows);
    g_free(of);
}

void coverage_found(coverage *of, const flow_key *key, unsigned found, uint32_t bytes)
{
    found_flow *flow = g_hash_table_lookup(of->flows, key);

    if (!flow) {
        flow = g_new0(found_flow, 1);
        flow->key = *key;
        g_hash_table_insert(of->flows, &flow->key, flow);
    }
    flow->found |= found;
    flow->bytes += bytes;
}

void coverage_tunnel(coverage *of, uint32_t bytes)
{
    unseen_add(&of->others, UNSEEN_TUNNEL, 1, bytes);
}

void coverage_response(coverage *of, unseen_reason reason, uint64_t bytes)
{
    unseen_add(&of->others, reason, 1, bytes);
}

/* A connection in packets that only the dissectors could read, inside of other packets. */
static void conclude_found(unseen_counts *to, unsigned found, uint64_t bytes,
                           const coverage_terms *terms)
{
    if ((found & FOUND_QUIC) != 0 && (found & FOUND_INSIDE) == 0)
        unseen_add(to, UNSEEN_QUIC, 1, bytes);
    else if ((found & FOUND_SSH) != 0)
        unseen_add(to, UNSEEN_SSH, 1, bytes);
    else if ((found & FOUND_TLS) != 0 && (found & (FOUND_INSIDE | FOUND_HTTP)) == 0)
        unseen_add(to, terms->keys ? UNSEEN_TLS_KEYS : UNSEEN_TLS, 1, bytes);
}

unseen_counts flow_conclude(const flow_note *note, unsigned found, uint64_t bytes,
                            const coverage_terms *terms)
{
    unseen_counts made = {.known = true};

    if (note && note->bytes > 0)
        conclude_flow(&made, note, found, terms);
    else if (!note)
        conclude_found(&made, found, bytes, terms);
    return made;
}

unseen_counts coverage_conclude(const coverage *of, const flow_notes *notes,
                                const coverage_terms *terms)
{
    unseen_counts made = of->others;
    GHashTableIter iter;
    gpointer value;

    unseen_add_all(&made, &notes->rest);
    for (guint i = 0; i < notes->flows->len; i++) {
        const noted_flow *noted = &g_array_index(notes->flows, noted_flow, i);
        found_flow *flow = g_hash_table_lookup(of->flows, &noted->key);

        if (flow)
            flow->noted = true;
        conclude_flow(&made, &noted->note, flow ? flow->found : 0, terms);
    }
    g_hash_table_iter_init(&iter, of->flows);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (!((found_flow *)value)->noted)
            conclude_found(&made, ((found_flow *)value)->found, ((found_flow *)value)->bytes,
                           terms);
    }
    unseen_add(&made, UNSEEN_HOLES, terms->holes.count, terms->holes.bytes);
    return made;
}
