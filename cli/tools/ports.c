/* ports.c
 * Prints, as C, the ports of which Wireshark takes what comes for a certain protocol: the sieve has
 * to know them without it (cli/sieve/ports.h). Run by the build.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libraries.h"
#include <wsutil/privileges.h>

#define PORTS 65536

typedef uint8_t port_bits[PORTS / 8];

/* Protocols over UDP that hand nothing on to IP, TCP, HTTP or TLS, and of which nothing is learned
 * for connections over TCP. The first ones take every datagram on their ports. */
static const char *const ending[] = {"dhcp", "dns", "llmnr", "mdns", "nbns", "ntp"};
static const char *const harmless[] = {
    "ath",      "db-lsp-disc", "dhcpv6", "elasticsearch", "eobi", "hcrt", "hsrp",  "kerberos",
    "manolito", "ptp",         "rip",    "ripng",         "snmp", "stun", "syslog"};

/* Those with heuristic dissectors for UDP that are on by default, in any version from 4.0 to 4.6:
 * all of them were looked at, and cli/sieve/datagram.c knows those that lead on. */
static const char *const heuristics[] = {
    "adwin_config", "alc",       "applemidi",    "ar_drone", "artnet",
    "asphodel",     "bt-dht",    "bt-tracker",   "caneth",   "cigi",
    "classicstun",  "clique-rm", "cltp",         "dcc",      "dcerpc",
    "dcp-etsi",     "dns",       "dplay",        "dtls",     "e100",
    "fortinet_sso", "giop",      "goose",        "gquic",    "hipercontracer",
    "icep",         "interlink", "json",         "jxta",     "lanforge",
    "lbmr",         "lbtrm",     "lbtru",        "lsd",      "miop",
    "mojito",       "mp2t",      "netperfmeter", "njack",    "ocp1",
    "pana",         "pathport",  "peekremote",   "pktgen",   "proxy",
    "quic",         "raknet",    "redbackli",    "reload",   "reload-framing",
    "rftap",        "rlm",       "rpc",          "rpcap",    "rtcp",
    "rtps",         "shicp",     "sip",          "sprt",     "srt",
    "stun",         "t38",       "tftp",         "thrift",   "udt",
    "waveagent",    "wg",        "wol",
};

static bool is_in(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

static void add(uint8_t *to, gpointer key)
{
    unsigned port = GPOINTER_TO_UINT(key);

    if (port < PORTS)
        to[port / 8] |= (uint8_t)(1u << port % 8);
}

static const char *protocol_of(gpointer entry)
{
    dissector_handle_t handle = dtbl_entry_get_initial_handle(entry);
    int id = handle ? dissector_handle_get_protocol_index(handle) : -1;

    return id == -1 ? "" : proto_get_protocol_filter_name(id);
}

static port_bits tcp, udp, udp_ending;
static bool known = true;

static void note_tcp(const gchar *table, ftenum_t type, gpointer key, gpointer value, gpointer data)
{
    (void)table;
    (void)type;
    (void)value;
    (void)data;
    add(tcp, key);
}

static void note_udp(const gchar *table, ftenum_t type, gpointer key, gpointer value, gpointer data)
{
    enum { PXE = 4011 }; /* of DHCP, but what is none goes to others */
    const char *name = protocol_of(value);
    bool ends = is_in(ending, G_N_ELEMENTS(ending), name);

    (void)table;
    (void)type;
    (void)data;
    if (ends && GPOINTER_TO_UINT(key) != PXE)
        add(udp_ending, key);
    else if (!ends && !is_in(harmless, G_N_ELEMENTS(harmless), name))
        add(udp, key);
}

static void note_heuristic(const gchar *table, struct heur_dtbl_entry *entry, gpointer data)
{
    const char *name = proto_get_protocol_filter_name(proto_get_id(entry->protocol));

    (void)table;
    (void)data;
    if (!entry->enabled || is_in(heuristics, G_N_ELEMENTS(heuristics), name))
        return;
    fprintf(stderr,
            "What UDP without a known port holds is left to Wireshark: the heuristic "
            "dissector of \"%s\" is new.\n",
            name);
    known = false;
}

static void print(const char *name, const uint8_t *ports)
{
    printf("\n\nconst port_set %s = {", name);
    for (size_t i = 0; i < PORTS / 8; i++)
        printf("%s%u,", i % 16 == 0 ? "\n    " : " ", ports[i]);
    printf("\n};");
}

int main(int argc, char **argv)
{
    (void)argc;
    compat_log_init("ports", NULL);
    init_process_policies();
    g_free(compat_configuration_init(argv[0]));
    wtap_init(FALSE);
    if (!epan_init(NULL, NULL, FALSE))
        return 1;
    dissector_table_foreach("tcp.port", note_tcp, NULL);
    dissector_table_foreach("udp.port", note_udp, NULL);
    heur_dissector_table_foreach("udp", note_heuristic, NULL);
    printf("/* Made by cli/tools/ports.c. */\n#include \"ports.h\"");
    print("tcp_ports_taken", tcp);
    print("udp_ports_taken", udp);
    print("udp_ports_ending", udp_ending);
    printf("\n\nconst bool udp_heuristics_known = %s;\n", known ? "true" : "false");
    return fflush(stdout) == 0 ? 0 : 1;
}
