/* flow_entry.c
 * A flow of mitmproxy: tnetstrings in, a saved entry out.
 *
 * What is read has had the same names from version 4 of the format on; only the addresses have
 * two. A flow whose messages a user has edited also holds what they were before ("backup"): what
 * counts is what was sent in the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "flow_entry.h"

#include <string.h>

#include "http1.h"

/* ---------------------------------------------------------------------------------- values ---- */

static http_slice slice_of(const tnet *of)
{
    return (http_slice){(const char *)of->bytes, (const char *)of->bytes + of->length};
}

/* NULL if it is no string. */
static const char *text_of(arena *scope, const tnet *in, const char *key)
{
    tnet value = tnet_member(in, key);

    return tnet_is_string(&value) ? http_slice_copy(scope, slice_of(&value)) : NULL;
}

static bool is_word(const tnet *of, const char *word)
{
    return tnet_is_string(of) && http_slice_is(slice_of(of), word);
}

static moment moment_of(const tnet *message, const char *key)
{
    tnet value = tnet_member(message, key);
    double seconds = tnet_number(&value, -1);

    if (!(seconds > 0 && seconds < 1e11))
        return moment_unknown();
    int64_t microseconds = (int64_t)(seconds * 1e6 + 0.5);

    return (moment){microseconds / 1000000, (int32_t)(microseconds % 1000000) * 1000};
}

static moment end_of(const tnet *message)
{
    moment end = moment_of(message, "timestamp_end");

    return moment_is_known(end) ? end : moment_of(message, "timestamp_start");
}

saved_times flow_times(const tnet *flow)
{
    tnet request = tnet_member(flow, "request"), response = tnet_member(flow, "response");

    return (saved_times){end_of(&request), end_of(&response)};
}

/* ------------------------------------------------------------------------------- addresses ---- */

/* [host, port, ...]; NULL if it is none. */
static const char *socket_of(saved_entry *to, const tnet *address)
{
    tnet rest = *address, host, port;

    if (address->type != TNET_LIST || !tnet_take(&rest, &host) || !tnet_take(&rest, &port) ||
        !tnet_is_string(&host) || port.type != TNET_INTEGER)
        return NULL;
    return saved_entry_socket(to, http_slice_copy(&to->scope, slice_of(&host)),
                              arena_print(&to->scope, "%.0f", tnet_number(&port, 0)));
}

/* The address of the other side of a connection: under the first of the names that has one. */
static const char *peer_of(saved_entry *to, const tnet *flow, const char *connection,
                           const char *older)
{
    tnet of = tnet_member(flow, connection);
    tnet newer = tnet_member(&of, "peername"), old = tnet_member(&of, older);
    const char *found = socket_of(to, &newer);

    return found ? found : socket_of(to, &old);
}

/* Of a request without the field: HTTP/2 has it elsewhere. */
static void set_host(saved_entry *to, const tnet *request)
{
    const char **field = &to->request.fields[HTTP_HOST];
    const char *authority = text_of(&to->scope, request, "authority");
    const char *host = text_of(&to->scope, request, "host");
    tnet number = tnet_member(request, "port");
    double port = tnet_number(&number, 0);

    if (*field)
        return;
    if (authority && *authority)
        *field = authority;
    else if (host && port != (to->tls ? 443 : 80))
        *field = saved_entry_socket(to, host, arena_print(&to->scope, "%.0f", port));
    else
        *field = host;
}

/* -------------------------------------------------------------------------------- messages ---- */

static bool read_fields(saved_entry *to, http_header *header, const tnet *message)
{
    tnet fields = tnet_member(message, "headers"), field;

    if (fields.type != TNET_LIST || !tnet_is_whole(&fields))
        return false;
    while (tnet_take(&fields, &field)) {
        tnet name, value;

        if (field.type == TNET_LIST && tnet_take(&field, &name) && tnet_take(&field, &value) &&
            tnet_is_string(&name) && tnet_is_string(&value))
            http_header_set(&to->scope, header, slice_of(&name), slice_of(&value));
    }
    header->protocol = saved_protocol(text_of(&to->scope, message, "http_version"));
    return true;
}

/* Transfer codings are gone, content codings are not. Of a message that was streamed, or did not
 * come to its end, there is none. */
static saved_body body_of(const tnet *message)
{
    tnet content = tnet_member(message, "content");

    if (!tnet_is_string(&content))
        return (saved_body){NULL, 0, false};
    saved_body body = {g_malloc(content.length + 1), content.length, true};

    memcpy(body.bytes, content.bytes, content.length);
    return body;
}

static bool read_request(saved_entry *to, const tnet *flow)
{
    tnet request = tnet_member(flow, "request"), scheme = tnet_member(&request, "scheme");

    if (!tnet_is_whole(&request) || !read_fields(to, &to->request, &request))
        return false;
    to->tls = is_word(&scheme, "https");
    to->request.method = text_of(&to->scope, &request, "method");
    to->request.uri = text_of(&to->scope, &request, "path");
    set_host(to, &request);
    to->asked = body_of(&request);
    to->client = peer_of(to, flow, "client_conn", "address");
    to->server = peer_of(to, flow, "server_conn", "ip_address");
    return to->request.method && to->request.uri;
}

static const char *missing_of(saved_entry *to, const tnet *flow)
{
    tnet error = tnet_member(flow, "error");
    const char *words = text_of(&to->scope, &error, "msg");

    return words ? arena_print(&to->scope, "mitmproxy did not get all of it: %s", words)
                 : SAVED_NO_BODY("mitmproxy file");
}

/* True, too, if there is no response. */
static bool read_response(saved_entry *to, const tnet *flow)
{
    tnet response = tnet_member(flow, "response");

    if (response.type != TNET_DICTIONARY)
        return response.type == TNET_NULL || response.type == TNET_NONE;
    tnet status = tnet_member(&response, "status_code");
    double code = tnet_number(&status, -1);

    if (!tnet_is_whole(&response) || !read_fields(to, &to->response, &response) ||
        !(code >= 0 && code < 1000))
        return false;
    to->answered = true;
    to->response.status = (int)code;
    const char *reason = text_of(&to->scope, &response, "reason");

    to->response.reason = reason && *reason ? reason : NULL;
    to->body = body_of(&response);
    if (!to->body.bytes && to->response.content_length != 0)
        to->missing = missing_of(to, flow);
    return true;
}

/* ----------------------------------------------------------------------------------- flows ---- */

/* Why a flow of that version is not read; NULL if it is. */
static const char *refuse(saved_entry *to, const tnet *flow)
{
    tnet version = tnet_member(flow, "version");
    double number = tnet_number(&version, -1);

    if (number >= FLOWS_OLDEST && number <= FLOWS_NEWEST)
        return NULL;
    if (number < 0)
        return arena_print(&to->scope, "it is of a version before %d of the format, or of none",
                           FLOWS_OLDEST);
    return arena_print(&to->scope, "it is of version %.0f of the format, and %d to %d are read",
                       number, FLOWS_OLDEST, FLOWS_NEWEST);
}

bool flow_entry_read(void *data, uint32_t index, bool whole, saved_entry *to)
{
    const flow_source *from = data;
    const tnet *flow = &g_array_index(from->flows, tnet, index);
    tnet type = tnet_member(flow, "type");
    const char *why = refuse(to, flow);

    if (!why && !tnet_is_whole(flow))
        why = "it is damaged";
    if (!why && tnet_is_string(&type) && !is_word(&type, "http"))
        return false; /* tcp, udp, dns: nothing is wrong */
    if (!why && !read_request(to, flow))
        why = "its request is damaged";
    if (!why && whole && !read_response(to, flow))
        why = "its response is damaged";
    if (why)
        to->wrong = g_strdup_printf("has a flow that cannot be read, number %u at byte %zu: %s",
                                    index + 1, (size_t)(flow->bytes - from->file), why);
    return !why;
}

/* ---------------------------------------------------------------------------------- unseen ---- */

/* Messages are lists: of TCP [from the client, bytes, time], of WebSocket [opcode, from the client,
 * bytes, ...]. */
static uint64_t bytes_of(const tnet *message)
{
    tnet rest = *message, part;
    uint64_t bytes = 0;

    while (message->type == TNET_LIST && tnet_take(&rest, &part))
        bytes += tnet_is_string(&part) ? part.length : 0;
    return bytes;
}

static uint64_t bytes_of_all(const tnet *messages)
{
    tnet rest = *messages, message;
    uint64_t bytes = 0;

    while (messages->type == TNET_LIST && tnet_take(&rest, &message))
        bytes += bytes_of(&message);
    return bytes;
}

/* Does it begin as TLS does, or a request of HTTP? */
static bool may_hold_http(const tnet *messages)
{
    tnet rest = *messages, first, sender, bytes;

    if (messages->type != TNET_LIST || !tnet_take(&rest, &first) || first.type != TNET_LIST ||
        !tnet_take(&first, &sender) || !tnet_take(&first, &bytes) || bytes.length < 3)
        return false;
    if (bytes.bytes[0] == 0x16 && bytes.bytes[1] == 3)
        return true;
    const uint8_t *end = memchr(bytes.bytes, '\n', bytes.length);

    return end && http1_is_header((const char *)bytes.bytes, (size_t)(end + 1 - bytes.bytes), true);
}

void flow_note_unseen(const tnet *flow, unseen_counts *to)
{
    tnet socket = tnet_member(flow, "websocket"), within = tnet_member(&socket, "messages");
    tnet passed = tnet_member(flow, "messages");

    if (within.type == TNET_LIST)
        unseen_add(to, UNSEEN_WEBSOCKET, 1, bytes_of_all(&within));
    if (may_hold_http(&passed))
        unseen_add(to, UNSEEN_PASSED, 1, bytes_of_all(&passed));
}
