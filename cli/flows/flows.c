/* flows.c
 * Reading files of mitmproxy: one flow behind the other, each a dictionary.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "flows.h"

#include <string.h>

#include "flow_entry.h"

/* Of a flow, in whatever version. */
static bool is_member(const tnet *key)
{
    static const char *const names[] = {
        "backup",    "client_conn", "comment",           "error",    "id",      "intercepted",
        "is_replay", "marked",      "messages",          "metadata", "mode",    "request",
        "response",  "server_conn", "timestamp_created", "type",     "version", "websocket",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strlen(names[i]) == key->length && memcmp(names[i], key->bytes, key->length) == 0)
            return true;
    }
    return false;
}

bool flows_begin(const uint8_t *start, size_t length)
{
    if (length == 0)
        return false;
    const uint8_t *at = start, *end = start + length;
    tnet first, key;

    /* "1234:" and the first key. */
    while (at < end && g_ascii_isdigit(*at))
        at++;
    if (at == start || at == end || *at != ':')
        return false;
    at++;
    if (tnet_next(&at, end, &key) != TNET_READ || !tnet_is_string(&key))
        return false;
    if (!is_member(&key))
        return false;
    /* What follows is its value, or the file ends there. */
    return tnet_next(&at, end, &first) != TNET_DAMAGED;
}

/* What is wrong behind the last flow that is whole; NULL if nothing is. */
static char *read_flows(const saved_file *file, GArray *flows)
{
    const uint8_t *at = file->bytes, *end = file->bytes + file->length;

    while (at < end && flows->len < FLOWS_LIMIT) {
        const uint8_t *from = at;
        tnet flow;
        tnet_result result = tnet_next(&at, end, &flow);

        if (result == TNET_CUT)
            return g_strdup_printf("is a mitmproxy file that is cut short at byte %zu, in the flow "
                                   "that begins at byte %zu",
                                   file->length, (size_t)(from - file->bytes));
        if (result == TNET_DAMAGED || flow.type != TNET_DICTIONARY)
            return g_strdup_printf("is a mitmproxy file that is damaged at byte %zu: no flow "
                                   "begins there",
                                   (size_t)(from - file->bytes));
        g_array_append_val(flows, flow);
    }
    return at < end ? g_strdup_printf("is a mitmproxy file of more than %u flows, the limit; the "
                                      "rest was not read",
                                      FLOWS_LIMIT)
                    : NULL;
}

static void look_over(const GArray *flows, GArray *times, unseen_counts *unseen)
{
    for (guint i = 0; i < flows->len; i++) {
        const tnet *flow = &g_array_index(flows, tnet, i);
        saved_times of = flow_times(flow);

        g_array_append_val(times, of);
        flow_note_unseen(flow, unseen);
    }
}

capture_result flows_read(const saved_file *from, const saved_target *to)
{
    flow_source source = {from->bytes, g_array_new(FALSE, FALSE, sizeof(tnet))};
    saved_source entries = {g_array_new(FALSE, FALSE, sizeof(saved_times)), flow_entry_read,
                            &source};
    char *wrong = read_flows(from, source.flows);

    look_over(source.flows, entries.times, &to->summary->unseen);
    capture_result result = saved_session_read(&entries, to);

    if (result == CAPTURE_COMPLETE && from->wrong)
        result = saved_fail(to->summary, CAPTURE_CUT, g_strdup(from->wrong));
    if (result == CAPTURE_COMPLETE && wrong)
        result = saved_fail(to->summary, CAPTURE_CUT, g_steal_pointer(&wrong));
    g_free(wrong);
    g_array_unref(entries.times);
    g_array_unref(source.flows);
    return result;
}
