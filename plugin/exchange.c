/* exchange.c
 * Requests and responses, paired per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "exchange.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/to_str.h>

#include <epan/dissectors/packet-tcp.h>

#include "compat.h"

/* Registration: the protocol under which a conversation keeps its connection. */
static int proto_of_connections = -1;

/* What a conversation keeps: the requests that wait for an answer, the oldest first. */
typedef struct {
    wmem_list_t *waiting;
} connection;

void exchange_init(int proto)
{
    proto_of_connections = proto;
}

static connection *connection_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    connection *found =
        (connection *)conversation_get_proto_data(conversation, proto_of_connections);

    if (!found) {
        found = wmem_new0(wmem_file_scope(), connection);
        found->waiting = wmem_list_new(wmem_file_scope());
        conversation_add_proto_data(conversation, proto_of_connections, found);
    }
    return found;
}

static const char *copy(const char *text)
{
    return text ? wmem_strdup(wmem_file_scope(), text) : NULL;
}

static const char *endpoint(const address *host, uint32_t port)
{
    char *text = address_to_str(NULL, host);
    const char *made = wmem_strdup_printf(wmem_file_scope(),
                                          host->type == AT_IPv6 ? "[%s]:%u" : "%s:%u", text, port);

    wmem_free(NULL, text);
    return made;
}

static int64_t tcp_stream(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (!conversation || pinfo->ptype != PT_TCP)
        return -1;
    const struct tcp_analysis *tcp = get_tcp_conversation_data(conversation, pinfo);

    return tcp ? (int64_t)tcp->stream : -1;
}

static exchange *new_exchange(packet_info *pinfo)
{
    exchange *made = wmem_new0(wmem_file_scope(), exchange);

    nstime_set_unset(&made->request_time);
    made->stream = tcp_stream(pinfo);
    made->h2_stream = -1;
    return made;
}

static void set_response(exchange *of, packet_info *pinfo)
{
    of->frame = pinfo->num;
    of->time = pinfo->abs_ts;
    of->complete = true;
    if (!of->client)
        of->client = endpoint(&pinfo->dst, pinfo->destport);
    if (!of->server)
        of->server = endpoint(&pinfo->src, pinfo->srcport);
}

exchange *exchange_request(packet_info *pinfo, const http1_header *header)
{
    exchange *made = new_exchange(pinfo);

    made->request_frame = pinfo->num;
    made->request_time = pinfo->abs_ts;
    made->method = copy(header->method);
    made->uri = copy(header->uri);
    made->host = copy(header->host);
    made->user_agent = copy(header->user_agent);
    wmem_list_append(connection_of(pinfo)->waiting, made);
    return made;
}

static exchange *take_waiting(connection *of)
{
    wmem_list_frame_t *oldest = wmem_list_head(of->waiting);

    if (!oldest)
        return NULL;
    exchange *taken = (exchange *)wmem_list_frame_data(oldest);

    wmem_list_remove_frame(of->waiting, oldest);
    return taken;
}

exchange *exchange_response(packet_info *pinfo, const http1_header *header)
{
    exchange *of = take_waiting(connection_of(pinfo));

    if (!of)
        of = new_exchange(pinfo);
    set_response(of, pinfo);
    of->http_status = header->status;
    of->protocol = copy(header->protocol);
    of->content_type = copy(header->content_type);
    of->content_encoding = copy(header->content_encoding);
    of->server_software = copy(header->server);
    return of;
}

exchange *exchange_believed(packet_info *pinfo, int proto_http)
{
    http1_belief belief = http1_ask(pinfo, proto_http);
    exchange *made = new_exchange(pinfo);

    set_response(made, pinfo);
    made->http_status = belief.status;
    made->method = copy(belief.method);
    made->uri = copy(belief.uri);
    made->host = copy(belief.host);
    return made;
}

void exchange_set_report(exchange *of, const char *name)
{
    of->report = copy(name);
}

void exchange_free(exchange *of)
{
    const char *const strings[] = {of->method,
                                   of->uri,
                                   of->host,
                                   of->report,
                                   of->user_agent,
                                   of->content_type,
                                   of->content_encoding,
                                   of->server_software,
                                   of->protocol,
                                   of->client,
                                   of->server};

    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        wmem_free(wmem_file_scope(), (void *)(uintptr_t)strings[i]);
    wmem_free(wmem_file_scope(), of);
}
