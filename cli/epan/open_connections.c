/* open_connections.c
 * Counting connections by what Wireshark's TCP dissector reports about each segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "open_connections.h"

#include <stdbool.h>

#include "libraries.h"
#include <epan/tap.h>

#include <epan/dissectors/packet-tcp.h>

/* A port scan must not use memory without bound: beyond this, counting starts over. */
#define MOST_CONNECTIONS 65536

/* Which side has ended its direction (RFC 9293 section 3.6). */
enum { FIRST_ENDED = 1, SECOND_ENDED = 2, BOTH_ENDED = 3 };

static _Atomic uint32_t *told;

/* Of each open connection which sides have ended, by a hash of its sockets: a session that is
 * replaced (capture_reader_renew_at) numbers its streams from the beginning, but sockets stay. */
static GHashTable *open_ones;

static guint hash_socket(const address *host, uint16_t port)
{
    return add_address_to_hash(port, host) * 2654435761u;
}

static void count_segment(const struct tcpheader *segment)
{
    guint from = hash_socket(&segment->ip_src, segment->th_sport);
    guint to = hash_socket(&segment->ip_dst, segment->th_dport);
    gpointer key = GUINT_TO_POINTER(from ^ to), value = NULL;
    unsigned own = from < to ? FIRST_ENDED : SECOND_ENDED;
    bool known = g_hash_table_lookup_extended(open_ones, key, NULL, &value);
    unsigned ended = GPOINTER_TO_UINT(value);

    if (segment->th_flags & TH_SYN)
        ended = 0;
    else if (!known && segment->th_seglen == 0)
        return; /* the last acknowledgement, of a connection that has ended */
    if (segment->th_flags & TH_FIN)
        ended |= own;
    if (ended == BOTH_ENDED || (segment->th_flags & TH_RST)) {
        g_hash_table_remove(open_ones, key);
        return;
    }
    if (g_hash_table_size(open_ones) >= MOST_CONNECTIONS)
        g_hash_table_remove_all(open_ones);
    g_hash_table_insert(open_ones, key, GUINT_TO_POINTER(ended));
}

static tap_packet_status on_segment(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                    const void *segment, tap_flags_t flags)
{
    (void)data;
    (void)pinfo;
    (void)edt;
    (void)flags;
    count_segment((const struct tcpheader *)segment);
    atomic_store_explicit(told, g_hash_table_size(open_ones), memory_order_relaxed);
    return TAP_PACKET_DONT_REDRAW;
}

void open_connections_begin(_Atomic uint32_t *to)
{
    told = to;
    atomic_store(told, 0);
    open_ones = g_hash_table_new(g_direct_hash, g_direct_equal);
    GString *error = register_tap_listener("tcp", &told, NULL, TL_REQUIRES_NOTHING, NULL,
                                           on_segment, NULL, NULL);

    if (!error)
        return;
    g_string_free(error, TRUE); /* there is no such tap: nothing is counted */
    g_clear_pointer(&open_ones, g_hash_table_destroy);
}

void open_connections_end(void)
{
    if (open_ones)
        remove_tap_listener(&told);
    g_clear_pointer(&open_ones, g_hash_table_destroy);
}
