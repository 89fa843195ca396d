/* reader.c
 * Segments of plain HTTP/1 to exchanges.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "reader.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "dialogue.h"
#include "history.h"
#include "talks.h"
#include "unfinished.h"

typedef struct {
    talk talk;
    dialogue *dialogue;
    uint32_t stream;
} channel;

struct reader {
    exchange_capture *capture;
    GHashTable *channels; /* by the number of their stream */
    settled_call call;
    void *data;
};

static void free_channel(gpointer data)
{
    channel *of = data;

    dialogue_free(of->dialogue);
    talk_clear(&of->talk);
    g_free(of);
}

/* ---- the end ---- */

static gint compare_streams(gconstpointer a, gconstpointer b)
{
    const channel *left = a, *right = b;

    return left->stream < right->stream ? -1 : left->stream > right->stream;
}

/* What ends first is judged first: in the order of the streams. */
void reader_finish(reader *of)
{
    GList *channels = g_list_sort(g_hash_table_get_values(of->channels), compare_streams);

    for (const GList *i = channels; i; i = i->next)
        dialogue_finish(((const channel *)i->data)->dialogue);
    g_list_free(channels);
    settled_tell_all(of->call, of->data);
}

/* ---- life ---- */

reader *reader_new(const reader_terms *terms, settled_call call, void *data)
{
    reader *made = g_new0(reader, 1);

    talks_settle_first(false);
    made->capture = history_begin();
    made->capture->forget = unfinished_forget;
    made->capture->limits = terms->limits;
    made->capture->batches = terms->batches;
    made->capture->by_root = terms->by_root;
    made->channels = g_hash_table_new_full(NULL, NULL, NULL, free_channel);
    made->call = call;
    made->data = data;
    return made;
}

void reader_free(reader *of)
{
    if (!of)
        return;
    g_hash_table_unref(of->channels);
    talks_end();
    history_end(of->capture);
    unfinished_end();
    g_free(of);
}

/* ---- connections ---- */

static channel *channel_of(reader *of, uint32_t stream)
{
    channel *found = g_hash_table_lookup(of->channels, GUINT_TO_POINTER(stream));

    if (found)
        return found;
    found = g_new0(channel, 1);
    found->stream = stream;
    found->talk.stream = stream;
    found->talk.capture = of->capture;
    dialogue_listener listener = talk_listener(&found->talk);

    found->dialogue = dialogue_new(&listener);
    g_hash_table_insert(of->channels, GUINT_TO_POINTER(stream), found);
    return found;
}

typedef struct {
    char text[INET6_ADDRSTRLEN + 16];
} name;

static name name_of(const uint8_t *address, uint8_t length, uint16_t port)
{
    bool v6 = length == 16;
    char host[INET6_ADDRSTRLEN] = "";
    name made;

    inet_ntop(v6 ? AF_INET6 : AF_INET, address, host, sizeof host);
    snprintf(made.text, sizeof made.text, v6 ? "[%s]:%u" : "%s:%u", host, port);
    return made;
}

static void name_sides(channel *of, const packet_flow *flow, unsigned direction)
{
    if (talk_is_named(&of->talk, direction))
        return;
    name sender = name_of(flow->source, flow->address_length, flow->source_port);
    name receiver = name_of(flow->destination, flow->address_length, flow->destination_port);

    talk_name_sides(&of->talk, direction, sender.text, receiver.text);
}

/* ---- segments ---- */

/* As Wireshark counts directions: they end in this order. */
static unsigned direction_of(const packet_flow *flow)
{
    flow_key key;

    return !flow_key_make(&key, flow);
}

bool reader_show(reader *of, const sieve_packet *from, uint32_t stream, arrival when)
{
    channel *in = channel_of(of, stream);
    const segment came = {
        .direction = direction_of(&from->flow),
        .sequence = from->sequence,
        .has_acknowledged = (from->flags & TCP_ACK) != 0,
        .acknowledged = from->acknowledged,
        .syn = (from->flags & TCP_SYN) != 0,
        .fin = (from->flags & TCP_FIN) != 0,
        .rst = (from->flags & TCP_RST) != 0,
        .bytes = from->length > 0 ? from->payload : NULL,
        .length = from->length,
        .reported = from->reported,
        .when = when,
    };

    talks_begin_frame();
    name_sides(in, &from->flow, came.direction);
    in->talk.http = in->talk.http || came.length > 0;
    dialogue_add(in->dialogue, &came);
    if (dialogue_may_change(in->dialogue))
        return false;
    settled_tell(of->call, of->data);
    return true;
}
