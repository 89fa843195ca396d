/* quic_frames.c
 * The frames of QUIC that a packet carries, from the fields that Wireshark shows of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "quic_frames.h"

#include <epan/conversation.h>
#include <epan/epan_dissect.h>

#include "compat.h"

/* The fields that are read, in the order in which they are in a packet. */
enum {
    CONNECTION,
    HEADER_FORM,
    LONG_TYPE,
    LONG_TYPE_V2,
    PACKET_NUMBER,
    FRAME_TYPE,
    ACK_LARGEST,
    ACK_FIRST,
    ACK_GAP,
    ACK_RANGE,
    STREAM_ID,
    OFFSET,
    STREAM_DATA,
    RESET_ID,
    FIELDS
};

static const char *const names[FIELDS] = {
    [CONNECTION] = "quic.connection.number",
    [HEADER_FORM] = "quic.header_form",
    [LONG_TYPE] = "quic.long.packet_type",
    [LONG_TYPE_V2] = "quic.long.packet_type_v2",
    [PACKET_NUMBER] = "quic.packet_number",
    [FRAME_TYPE] = "quic.frame_type",
    [ACK_LARGEST] = "quic.ack.largest_acknowledged",
    [ACK_FIRST] = "quic.ack.first_ack_range",
    [ACK_GAP] = "quic.ack.gap",
    [ACK_RANGE] = "quic.ack.ack_range",
    [STREAM_ID] = "quic.stream.stream_id",
    [OFFSET] = "quic.stream.offset",
    [STREAM_DATA] = "quic.stream_data",
    [RESET_ID] = "quic.rsts.stream_id",
};

/* Registration. */
static int ids[FIELDS];
static int proto_quic = -1;
static dissector_handle_t quic_handle, watching_handle;
static const heur_dtbl_entry_t *own_heuristic; /* Wireshark's */
static bool (*is_wanted)(const packet_info *pinfo);

/* The trees into which the packet's QUIC was dissected, and which packet that is. */
static GPtrArray *trees;
static uint32_t watched;

/* conversation_t to how many packets behind the handshake could not be decrypted, in a row. After
 * so many, nobody has the keys, and trees would take time for nothing: the conversation is QUIC's
 * again. Packets of 0-RTT do not count: their key is another one. */
static GHashTable *closed;
#define MOST_CLOSED 4u

/* The packet begins with a short header: it is behind the handshake (RFC 9000 section 17.3). */
static bool is_short;

/* ---- trees ---- */

static wmem_callback_result free_own(wmem_allocator_t *scope, wmem_cb_event_t event, void *own)
{
    (void)scope;
    (void)event;
    g_ptr_array_set_size(trees, 0);
    epan_dissect_free((epan_dissect_t *)own);
    return FALSE;
}

/* Nobody but us looks at it. Its nodes are in the packet's memory. */
static proto_tree *new_tree(packet_info *pinfo)
{
    epan_dissect_t *own = epan_dissect_new(NULL, TRUE, FALSE);

    own->tree->tree_data->pinfo = pinfo;
    wmem_register_callback(pinfo->pool, free_own, own);
    return own->tree;
}

static void ask_for_fields(proto_tree *tree)
{
    epan_dissect_t of = {.tree = tree};

    for (unsigned i = 0; i < FIELDS; i++)
        epan_dissect_prime_with_hfid(&of, ids[i]);
}

/* The tree that QUIC is to be dissected into. */
static proto_tree *watch(packet_info *pinfo, proto_tree *tree)
{
    if (pinfo->flags.in_error_pkt || !is_wanted(pinfo))
        return tree;
    if (watched != pinfo->num)
        g_ptr_array_set_size(trees, 0);
    watched = pinfo->num;
    if (!tree)
        tree = new_tree(pinfo);
    ask_for_fields(tree);
    if (!g_ptr_array_find(trees, tree, NULL))
        g_ptr_array_add(trees, tree);
    return tree;
}

/* ---- dissecting ---- */

enum { LONG_HEADER = 0x80 };

static int dissect_watched(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    proto_tree *into = watch(pinfo, tree);

    is_short = tvb_captured_length(tvb) > 0 && (buffer_byte(tvb, 0) & LONG_HEADER) == 0;
    packet_leave_layer(pinfo);
    return call_dissector_with_data(quic_handle, tvb, pinfo, into, data);
}

static unsigned closed_packets(conversation_t *of)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(closed, of));
}

/* That of the packet may be another one since: later versions have one for each connection. */
static conversation_t *udp_conversation(packet_info *pinfo)
{
    return find_conversation(pinfo->num, &pinfo->src, &pinfo->dst, CONVERSATION_UDP, pinfo->srcport,
                             pinfo->destport, 0);
}

/* From the next packet of the conversation on. What was dissected stays what it was. */
static void take_place(packet_info *pinfo)
{
    conversation_t *conversation = udp_conversation(pinfo);
    dissector_handle_t known =
        conversation ? conversation_get_dissector(conversation, pinfo->num + 1) : NULL;

    if (conversation && known != watching_handle && (!known || known == quic_handle) &&
        closed_packets(conversation) < MOST_CLOSED)
        conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1, watching_handle);
}

static void note_closed(packet_info *pinfo)
{
    conversation_t *conversation = udp_conversation(pinfo);
    unsigned packets = conversation ? closed_packets(conversation) + 1 : MOST_CLOSED + 1;

    if (packets > MOST_CLOSED)
        return;
    g_hash_table_insert(closed, conversation, GUINT_TO_POINTER(packets));
    if (packets == MOST_CLOSED)
        conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1, quic_handle);
}

static void note_open(packet_info *pinfo)
{
    conversation_t *conversation = g_hash_table_size(closed) > 0 ? udp_conversation(pinfo) : NULL;

    if (conversation)
        g_hash_table_remove(closed, conversation);
}

/* A first look: this is asked of every datagram that nobody knows. RFC 9000 section 17, RFC 9369
 * section 3.1. */
static bool may_be_quic(tvbuff_t *tvb)
{
    enum { LEAST = 19, FIXED = 0x40 };

    if (tvb_captured_length(tvb) < LEAST)
        return false;
    uint8_t first = buffer_byte(tvb, 0);
    uint32_t version = tvb_get_ntohl(tvb, 1);

    if ((first & LONG_HEADER) == 0)
        return (first & FIXED) != 0 && get_quic_connections_count() > 0;
    return version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000;
}

/* QUIC's own way to find itself, with a tree. What this one does not know it may find all the same.
 */
static heuristic_result find_quic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!own_heuristic->enabled || !may_be_quic(tvb) ||
        !own_heuristic->dissector(tvb, pinfo, watch(pinfo, tree), data))
        return FALSE;
    if (!PINFO_FD_VISITED(pinfo))
        take_place(pinfo);
    return TRUE;
}

static void end_capture(void)
{
    g_ptr_array_set_size(trees, 0);
    g_hash_table_remove_all(closed);
    watched = 0;
}

void quic_frames_init(bool (*wanted)(const packet_info *pinfo))
{
    const header_field_info *field = NULL;

    is_wanted = wanted;
    trees = g_ptr_array_new();
    closed = g_hash_table_new(NULL, NULL);
    proto_quic = proto_get_id_by_filter_name("quic");
    quic_handle = find_dissector("quic");
    for (unsigned i = 0; i < FIELDS && (i == 0 || field); i++) {
        field = proto_registrar_get_byname(names[i]);
        ids[i] = field ? field->id : -1;
    }
    register_init_routine(end_capture);
    if (!quic_handle || !field)
        return;
    watching_handle = create_dissector_handle(dissect_watched, proto_quic);
    own_heuristic = find_heur_dissector_by_unique_short_name("quic");
    if (own_heuristic)
        heur_dissector_add("udp", find_quic, "QUIC, with HTTP/3", "multistatus_quic", proto_quic,
                           HEURISTIC_ENABLE);
}

/* ---- reading ---- */

typedef struct {
    packet_info *pinfo;
    void (*tell)(packet_info *pinfo, const quic_frame *frame);
    quic_frame frame;
    bool known;       /* the connection is */
    bool any;         /* a frame was there */
    bool application; /* of 0-RTT or 1-RTT, which share their numbers (RFC 9000 section 12.3) */
    uint64_t next;    /* of an ACK frame: the number before the next range, and one more */
} reading;

/* RFC 9000 section 12.3. */
#define MOST_NUMBER ((UINT64_C(1) << 62) - 1)

static unsigned field_of(const field_info *of)
{
    unsigned i = 0;

    while (i < FIELDS && ids[i] != of->hfinfo->id)
        i++;
    return i;
}

/* RFC 9000 sections 19.8 and 19.19. */
static void begin_frame(reading *by, uint64_t type)
{
    enum { STREAM = 8, STREAM_LAST = 15, FIN = 1, CLOSE = 0x1c, CLOSE_BY_APPLICATION };

    by->any = true;
    by->frame = (quic_frame){.connection = by->frame.connection};
    by->frame.fin = type >= STREAM && type <= STREAM_LAST && (type & FIN) != 0;
    if (type != CLOSE && type != CLOSE_BY_APPLICATION)
        return;
    by->frame.type = QUIC_CLOSE;
    if (by->known)
        by->tell(by->pinfo, &by->frame);
}

static void tell_numbers(reading *by, quic_frame_type type, uint64_t first, uint64_t last)
{
    by->frame.type = type;
    by->frame.first = first;
    by->frame.last = last;
    if (by->known && by->application)
        by->tell(by->pinfo, &by->frame);
}

/* RFC 9000 section 19.3.1: the range ends where the one before it begins, or the gap does. What
 * would be below zero is no range. */
static void tell_acknowledged(reading *by, uint64_t length)
{
    if (by->next == 0 || length >= by->next) {
        by->next = 0;
        return;
    }
    uint64_t last = by->next - 1;

    by->next = last - length;
    tell_numbers(by, QUIC_ACK_RANGE, last - length, last);
}

static void tell_stream(reading *by, const field_info *data)
{
    unsigned length = (unsigned)MAX(data->length, 0);

    by->frame.type = QUIC_STREAM;
    by->frame.length = length;
    by->frame.bytes = length > 0 ? tvb_get_ptr(data->ds_tvb, data->start, (int)length) : NULL;
    if (by->known)
        by->tell(by->pinfo, &by->frame);
}

static void read_field(reading *by, const field_info *of)
{
    switch (field_of(of)) {
    case CONNECTION:
        by->frame.connection = (uint32_t)field_number(of);
        by->known = true;
        break;
    case HEADER_FORM:
        by->application = field_number(of) == 0;
        break;
    case LONG_TYPE: /* RFC 9000 section 17.2 */
        by->application = field_number(of) == 1;
        break;
    case LONG_TYPE_V2: /* RFC 9369 section 3.2 */
        by->application = field_number(of) == 2;
        break;
    case PACKET_NUMBER:
        tell_numbers(by, QUIC_PACKET, field_number(of), field_number(of));
        break;
    case FRAME_TYPE:
        begin_frame(by, field_number(of));
        break;
    case ACK_LARGEST:
        by->next = MIN(field_number(of), MOST_NUMBER) + 1;
        break;
    case ACK_GAP: /* so many numbers and one more */
        by->next -= MIN(by->next, field_number(of) + 1);
        break;
    case ACK_FIRST:
    case ACK_RANGE:
        tell_acknowledged(by, field_number(of));
        break;
    case STREAM_ID:
        by->frame.stream = field_number(of);
        break;
    case OFFSET:
        by->frame.offset = field_number(of);
        break;
    case STREAM_DATA:
        tell_stream(by, of);
        break;
    case RESET_ID:
        by->frame.type = QUIC_RESET_STREAM;
        by->frame.stream = field_number(of);
        if (by->known)
            by->tell(by->pinfo, &by->frame);
        break;
    default:
        break;
    }
}

static void read_nodes(reading *by, const proto_node *below)
{
    for (const proto_node *node = below->first_child; node; node = node->next) {
        if (node->finfo)
            read_field(by, node->finfo);
        read_nodes(by, node);
    }
}

static bool is_quic(packet_info *pinfo)
{
    return wmem_list_find(pinfo->layers, GINT_TO_POINTER(proto_quic)) != NULL;
}

void quic_frames_tell(packet_info *pinfo, void (*tell)(packet_info *pinfo, const quic_frame *frame))
{
    if (!watching_handle)
        return;
    if (watched != pinfo->num) {
        if (pinfo->ptype == PT_UDP && is_quic(pinfo))
            take_place(pinfo);
        return;
    }
    for (unsigned i = 0; i < trees->len; i++) {
        reading by = {.pinfo = pinfo, .tell = tell};

        read_nodes(&by, (const proto_node *)trees->pdata[i]);
        if (by.any)
            note_open(pinfo);
        else if (is_short)
            note_closed(pinfo);
    }
    g_ptr_array_set_size(trees, 0);
    watched = 0;
}
