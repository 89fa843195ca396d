/* unseen.c
 * The table of reasons.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unseen.h"

#include <string.h>

#include <glib.h>

static const struct {
    const char *name, *one, *many, *help;
} reasons[UNSEEN_REASONS] = {
    [UNSEEN_TLS] = {"tls", "TLS connection without keys", "TLS connections without keys",
                    "A key log of client or server opens TLS: --keylog FILE, written with "
                    "SSLKEYLOGFILE."},
    [UNSEEN_TLS_KEYS] = {"tls-keys", "TLS connection that the keys do not fit",
                         "TLS connections that the keys do not fit",
                         "The key log must be of the same programs and the same time as the "
                         "capture, and the capture must have the handshake."},
    [UNSEEN_QUIC] =
        {"quic", "QUIC connection (HTTP/3)", "QUIC connections (HTTP/3)",
         "--keylog takes a file of keys, as for TLS; --version says whether HTTP/3 is read."},
    [UNSEEN_SSH] = {"ssh", "SSH connection", "SSH connections", NULL},
    [UNSEEN_WEBSOCKET] = {"websocket", "WebSocket", "WebSockets", NULL},
    [UNSEEN_PORT] = {"port", "HTTP connection that Wireshark took for something else",
                     "HTTP connections that Wireshark took for something else",
                     "Decode the port as what it is: -d tcp.port==PORT,http, or http2 for HTTP/2."},
    [UNSEEN_OFF] = {"off", "connection of a protocol that is switched off",
                    "connections of protocols that are switched off",
                    "The profile or --disable-protocol has switched a protocol off: "
                    "--enable-protocol NAME."},
    [UNSEEN_START] = {"start", "connection whose start is missing",
                      "connections whose start is missing",
                      "Start the capture before the connections begin."},
    [UNSEEN_HOLES] = {"holes", "connection with missing packets",
                      "connections with missing packets",
                      "The capture has lost packets: a larger buffer (dumpcap -B) or a capture "
                      "filter helps. Or it was made where only one direction passes: capture "
                      "where both do."},
    [UNSEEN_CUT] = {"cut", "connection with packets that were cut",
                    "connections with packets that were cut",
                    "Capture whole packets: snap length 0 (tcpdump -s 0)."},
    [UNSEEN_CODING] = {"coding", "response with an unknown content coding",
                       "responses with an unknown content coding", NULL},
    [UNSEEN_LIMIT] = {"limit", "response beyond a limit", "responses beyond a limit",
                      "docs/limits.md names the preference that raises each limit."},
    [UNSEEN_TUNNEL] = {"tunnel", "packet of an unknown link type or a closed tunnel",
                       "packets of an unknown link type or a closed tunnel",
                       "Capture inside the tunnel, or on a link type that Wireshark knows."},
    [UNSEEN_PASSED] = {"passed", "connection that the proxy passed on unread",
                       "connections that the proxy passed on unread",
                       "mitmproxy does not read what ignore_hosts and tcp_hosts name, Fiddler what "
                       "it is not told to decrypt."},
};

const char *unseen_name(unseen_reason reason)
{
    return reasons[reason].name;
}

bool unseen_find(const char *name, unseen_reason *reason)
{
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (strcmp(reasons[i].name, name) == 0) {
            *reason = (unseen_reason)i;
            return true;
        }
    }
    return false;
}

const char *unseen_title(unseen_reason reason)
{
    return reasons[reason].many;
}

const char *unseen_help(unseen_reason reason)
{
    return reasons[reason].help;
}

char *unseen_bytes(uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes / 1000;
    size_t i = 0;

    if (bytes < 1000)
        return g_strdup_printf("%u byte%s", (unsigned)bytes, bytes == 1 ? "" : "s");
    for (; value >= 999.95 && i + 1 < G_N_ELEMENTS(units); i++)
        value /= 1000;
    return g_strdup_printf("%.1f %s", value, units[i]);
}

char *unseen_words(unseen_reason reason, const unseen_count *count)
{
    g_autofree char *bytes = unseen_bytes(count->bytes);

    return g_strdup_printf("%" G_GUINT64_FORMAT " %s%s%s", (guint64)count->count,
                           count->count == 1 ? reasons[reason].one : reasons[reason].many,
                           count->bytes > 0 ? ", " : "", count->bytes > 0 ? bytes : "");
}

void unseen_add(unseen_counts *to, unseen_reason reason, uint64_t count, uint64_t bytes)
{
    to->known = true;
    to->of[reason].count += count;
    to->of[reason].bytes += bytes;
}

void unseen_add_all(unseen_counts *to, const unseen_counts *more)
{
    to->known = to->known || more->known;
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        to->of[i].count += more->of[i].count;
        to->of[i].bytes += more->of[i].bytes;
    }
}

unseen_count unseen_sum(const unseen_counts *of)
{
    unseen_count sum = {0, 0};

    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        sum.count += of->of[i].count;
        sum.bytes += of->of[i].bytes;
    }
    return sum;
}

char *unseen_line(const unseen_counts *of)
{
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (of->of[i].count == 0)
            continue;
        g_autofree char *words = unseen_words((unseen_reason)i, &of->of[i]);

        g_string_append_printf(line, "%s%s", line->len > 0 ? "; " : "", words);
    }
    return g_string_free(line, line->len == 0);
}
