/* layers.c
 * What the protocols that Wireshark found in a frame say about what could be looked into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "layers.h"

#include <string.h>

#include <epan/packet.h>

/* ---- what is read though no layer says so ---- */

static GHashTable *read_flows; /* by flow_key: FOUND_ flags of what was read; NULL while there is
                                   nothing */
static unseen_count holes;

void layers_note_read(const packet_info *pinfo, bool udp, unsigned found)
{
    flow_key key;

    if (!layers_key(pinfo, udp, &key))
        return;
    if (!read_flows)
        read_flows = g_hash_table_new_full(flow_key_hash, flow_key_equal, g_free, NULL);
    found |= GPOINTER_TO_UINT(g_hash_table_lookup(read_flows, &key));
    g_hash_table_insert(read_flows, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(found));
}

void layers_note_holes(uint64_t bytes)
{
    holes.count++;
    holes.bytes += bytes;
}

void layers_forget(void)
{
    g_clear_pointer(&read_flows, g_hash_table_destroy);
    holes = (unseen_count){0, 0};
}

/* ---- layers ---- */

/* Layers above TLS that are part of its handshake: certificates and what is in them. */
static bool is_of_handshake(const char *name)
{
    static const char *const prefixes[] = {"tls", "x509", "pkcs", "pkix", "cms", "ocsp", "_ws"};

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (g_str_has_prefix(name, prefixes[i]))
            return true;
    }
    return false;
}

static unsigned found_in_layer(const char *name, unsigned before)
{
    static const struct {
        const char *name;
        unsigned found;
    } layers[] = {{"http", FOUND_HTTP},
                  {"http2", FOUND_HTTP | FOUND_HTTP2},
                  {"tls", FOUND_TLS},
                  {"ssh", FOUND_SSH},
                  {"quic", FOUND_QUIC}};
    unsigned found = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(layers); i++) {
        if (strcmp(layers[i].name, name) == 0)
            found = layers[i].found;
    }
    if ((before & FOUND_TLS) != 0 && !is_of_handshake(name))
        found |= FOUND_INSIDE;
    return found;
}

/* QUIC has a handshake of TLS inside that everybody can read, and more layers behind that. */
static unsigned found_in_all(unsigned found, const flow_key *key)
{
    unsigned read = read_flows ? GPOINTER_TO_UINT(g_hash_table_lookup(read_flows, key)) : 0;

    return ((found & FOUND_QUIC) != 0 ? FOUND_QUIC : found) | read;
}

/* Payload that no dissector knows inside something that wraps packets; or something that stays
 * closed. */
static bool is_closed(const char *last, const char *before)
{
    static const char *const closed[] = {"esp", "wg", "openvpn", "ipcomp", "macsec"};
    static const char *const wrappers[] = {"frame", "gre", "l2tp",   "vxlan", "gtp",
                                           "mpls",  "ppp", "geneve", "wlan",  "user_dlt"};

    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++) {
        if (strcmp(closed[i], last) == 0)
            return true;
    }
    for (size_t i = 0; strcmp(last, "data") == 0 && before && i < G_N_ELEMENTS(wrappers); i++) {
        if (strcmp(wrappers[i], before) == 0)
            return true;
    }
    return false;
}

bool layers_key(const packet_info *pinfo, bool udp, flow_key *key)
{
    int length = pinfo->src.type == AT_IPv4 ? 4 : pinfo->src.type == AT_IPv6 ? 16 : 0;

    if (length == 0 || pinfo->src.len != length || pinfo->dst.len != length)
        return false;
    const packet_flow flow = {pinfo->src.data, pinfo->dst.data, (uint8_t)length,
                              (uint16_t)pinfo->srcport, (uint16_t)pinfo->destport};

    flow_key_make(key, &flow);
    key->transport = udp;
    return true;
}

frame_layers layers_read(const packet_info *pinfo)
{
    const char *last = NULL, *before = NULL;
    bool tcp = false, udp = false;
    frame_layers made = {0};

    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
         layer = wmem_list_frame_next(layer)) {
        before = last;
        last = proto_get_protocol_filter_name(GPOINTER_TO_INT(wmem_list_frame_data(layer)));
        tcp = tcp || strcmp(last, "tcp") == 0;
        udp = udp || strcmp(last, "udp") == 0;
        made.found |= found_in_layer(last, made.found);
    }
    if ((made.found != 0 || read_flows) && (tcp || udp) && layers_key(pinfo, !tcp, &made.key)) {
        made.found = found_in_all(made.found, &made.key);
        if (made.found != 0)
            return made;
    }
    made.found = 0;
    made.closed = last && is_closed(last, before);
    return made;
}

static bool is_off(const char *name)
{
    int id = proto_get_id_by_filter_name(name);

    return id != -1 && !proto_is_protocol_enabled(find_protocol_by_id(id));
}

coverage_terms layers_terms(bool keys)
{
    return (coverage_terms){.keys = keys,
                            .no_http = is_off("http") || is_off("multistatus") || is_off("tcp"),
                            .no_tls = is_off("tls"),
                            .holes = holes};
}
