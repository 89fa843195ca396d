/* unseen_branch.c
 * What could not be looked into, in the statistics tree: the same statement as the command's
 * (coverage.h), updated after every packet for the connection that it belongs to. It costs nothing
 * while no tree is shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unseen_branch.h"

#include <epan/packet.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/tap.h>

#include "layers.h"
#include "raw_segment.h"

#define BRANCH "Not looked into"

/* A connection. */
typedef struct {
    flow_key key;
    flow_note note;
    bool noted; /* its packets could be read */
    unsigned found;
    uint64_t bytes; /* of the frames in which that was found */
    unseen_counts told;
} watched_flow;

typedef struct {
    stats_tree *tree;  /* NULL while it has none */
    GHashTable *flows; /* watched_flow, by its key */
    unseen_counts all;
    bool keys; /* a file with secrets is configured */
} branch;

/* Several windows may show the tree at once. */
static GHashTable *branches;

/* Those without a tree, to be reused. A tree may end while Wireshark goes through the listeners to
 * free them: then none can be removed. */
static GSList *idle;

static guint hash_key(gconstpointer key)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(key, sizeof(flow_key));

    return g_bytes_hash(bytes);
}

static gboolean same_key(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(flow_key)) == 0;
}

static watched_flow *find_flow(branch *of, const flow_key *key)
{
    watched_flow *found = (watched_flow *)g_hash_table_lookup(of->flows, key);

    if (!found) {
        found = g_new0(watched_flow, 1);
        found->key = *key;
        g_hash_table_insert(of->flows, &found->key, found);
    }
    return found;
}

/* ---- the tree ---- */

static void put(branch *of, unseen_reason reason)
{
    int top = stats_tree_manip_node_int(MN_SET, of->tree, BRANCH, 0, TRUE,
                                        (int)MIN(unseen_sum(&of->all).count, G_MAXINT));

    stats_tree_manip_node_int(MN_SET, of->tree, unseen_title(reason), top, FALSE,
                              (int)MIN(of->all.of[reason].count, G_MAXINT));
}

static void count(branch *of, unseen_reason reason)
{
    of->all.of[reason].count++;
    put(of, reason);
}

/* Moves a connection from what was counted for it before to what is to be counted now. */
static bool retell(branch *of, const unseen_counts *before, const unseen_counts *now)
{
    bool changed = false;

    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        if (before->of[i].count == now->of[i].count)
            continue;
        of->all.of[i].count += now->of[i].count - before->of[i].count;
        put(of, (unseen_reason)i);
        changed = true;
    }
    return changed;
}

/* ---- packets ---- */

static void note_segment(branch *of, packet_info *pinfo)
{
    raw_segment read;
    flow_key key;

    if (!raw_segment_in_frame(pinfo, &read))
        return;
    const packet_flow flow = {(const uint8_t *)pinfo->net_src.data,
                              (const uint8_t *)pinfo->net_dst.data, (uint8_t)pinfo->net_src.len,
                              (uint16_t)pinfo->srcport, (uint16_t)pinfo->destport};
    const flow_segment carried = {.sequence = read.segment.sequence,
                                  .acknowledged = read.segment.acknowledged,
                                  .syn = read.segment.syn,
                                  .ack = read.segment.has_acknowledged,
                                  .reset = read.segment.rst,
                                  .payload = read.segment.bytes,
                                  .length = read.segment.length,
                                  .reported = read.segment.reported};
    unsigned forward = flow_key_make(&key, &flow);
    watched_flow *found = find_flow(of, &key);

    found->noted = true;
    flow_note_segment(&found->note, forward, &carried);
}

static tap_packet_status look(void *data, packet_info *pinfo, epan_dissect_t *edt,
                              const void *nothing, tap_flags_t flags)
{
    branch *of = (branch *)data;
    flow_key key;

    (void)edt;
    (void)nothing;
    (void)flags;
    if (!of->tree)
        return TAP_PACKET_DONT_REDRAW;
    note_segment(of, pinfo);
    frame_layers layers = layers_read(pinfo);

    if (layers.closed) {
        count(of, UNSEEN_TUNNEL);
        return TAP_PACKET_REDRAW;
    }
    if (layers.found != 0)
        key = layers.key;
    else if (pinfo->ptype != PT_TCP || !layers_key(pinfo, false, &key))
        return TAP_PACKET_DONT_REDRAW;
    watched_flow *flow = find_flow(of, &key);

    flow->found |= layers.found;
    flow->bytes += layers.found != 0 ? pinfo->fd->pkt_len : 0;
    /* Secrets may be in the capture itself: then HTTP inside the connection shows it. */
    const coverage_terms terms = layers_terms(of->keys || (flow->found & FOUND_HTTP) != 0);

    flow->note.kept = true; /* whether it may be Multi-Status does not matter here */
    unseen_counts now =
        flow_conclude(flow->noted ? &flow->note : NULL, flow->found, flow->bytes, &terms);
    bool changed = retell(of, &flow->told, &now);

    flow->told = now;
    return changed ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

void unseen_branch_response(stats_tree *tree, const multistatus_record *response)
{
    branch *of = branches ? (branch *)g_hash_table_lookup(branches, tree) : NULL;
    unseen_reason reason = multistatus_record_unread(response);

    if (of && reason != UNSEEN_REASONS)
        count(of, reason);
}

/* ---- its life ---- */

static bool has_keys(void)
{
    module_t *tls = prefs_find_module("tls");
    pref_t *file = tls ? prefs_find_preference(tls, "keylog_file") : NULL;
    const char *name = file ? prefs_get_string_value(file, pref_current) : NULL;

    return name && *name;
}

/* For a tree that ends. */
static void rest(void *data)
{
    branch *of = (branch *)data;

    g_clear_pointer(&of->flows, g_hash_table_unref);
    of->tree = NULL;
    idle = g_slist_prepend(idle, of);
}

/* Wireshark frees the listener. */
static void finish(void *data)
{
    branch *of = (branch *)data;

    unseen_branch_end(of->tree);
    idle = g_slist_remove(idle, of);
    g_free(of);
}

void unseen_branch_end(stats_tree *tree)
{
    if (branches && tree)
        g_hash_table_remove(branches, tree);
}

/* A registered listener; NULL if that is not possible. */
static branch *listener(void)
{
    if (idle) {
        branch *found = (branch *)idle->data;

        idle = g_slist_delete_link(idle, idle);
        *found = (branch){0};
        return found;
    }
    branch *made = g_new0(branch, 1);
    GString *error =
        register_tap_listener("frame", made, NULL, TL_REQUIRES_NOTHING, NULL, look, NULL, finish);

    if (error) { /* no such tap: it has been there for decades */
        g_string_free(error, TRUE);
        g_clear_pointer(&made, g_free);
    }
    return made;
}

void unseen_branch_start(stats_tree *tree)
{
    if (!branches)
        branches = g_hash_table_new_full(NULL, NULL, NULL, rest);
    unseen_branch_end(tree);
    stats_tree_create_node(tree, BRANCH, 0, STAT_DT_INT, TRUE);
    branch *made = listener();

    if (!made)
        return;
    made->tree = tree;
    made->flows = g_hash_table_new_full(hash_key, same_key, NULL, g_free);
    made->keys = has_keys();
    g_hash_table_insert(branches, tree, made);
}
