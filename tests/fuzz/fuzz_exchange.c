/* fuzz_exchange.c
 * The whole path in one process: a capture of one connection is built around the fuzzer's bytes
 * (traffic.h) and read as the command reads it, through wiretap and libwireshark: in two passes,
 * with every item of the tree, as Wireshark shows it; then in one pass without a tree, with the
 * sieve and without, which gives the same records. Wireshark's libraries themselves are the
 * system's, without instrumentation; what they keep of a capture is released at its end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/tap.h>
#include <epan/tvbuff.h>

#include "capture.h"
#include "dissectors.h"
#include "libraries.h"
#include "memory_file.h"
#include "ndjson.h"
#include "options.h"
#include "session.h"
#include "traffic.h"

static memory_file file;

/* ------------------------------------------------------------------------------------ tree ---- */

/* Walks a tree without recursion, as deep as it may be. */
static proto_node *next_node(proto_node *node)
{
    if (node->first_child)
        return node->first_child;
    while (node && !node->next)
        node = node->parent;
    return node ? node->next : NULL;
}

/* What Wireshark does with an item that it shows. */
static void show_item(const proto_node *node)
{
    field_info *info = PNODE_FINFO(node);
    char label[ITEM_LABEL_LENGTH];

    if (!info)
        return;
    if (info->rep)
        fuzz_check(strlen(info->rep->representation) < ITEM_LABEL_LENGTH);
    else
        compat_fill_label(info, label);
    if (info->ds_tvb && info->length > 0)
        (void)tvb_captured_length(info->ds_tvb);
}

static tap_packet_status on_frame(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                  const void *frame, tap_flags_t flags)
{
    (void)data;
    (void)pinfo;
    (void)frame;
    (void)flags;
    for (proto_node *node = edt->tree; node; node = next_node(node))
        show_item(node);
    return TAP_PACKET_DONT_REDRAW;
}

static void show_trees(bool shown)
{
    static int listener;

    if (shown)
        fuzz_check(!register_tap_listener("frame", &listener, NULL, TL_REQUIRES_PROTO_TREE, NULL,
                                          on_frame, NULL, NULL));
    else
        remove_tap_listener(&listener);
    epan_set_always_visible(shown);
}

/* ----------------------------------------------------------------------------------- bytes ---- */

/* What our side calls by the name without "__wrap_" (option --wrap of the linker): the bytes of a
 * packet lie in a buffer of their length, not in wiretap's, which is longer. Calls within the
 * library are left alone: there somebody else may own the bytes. */
tvbuff_t *__real_tvb_new_real_data(const guint8 *data, const guint length,
                                   const gint reported_length);
tvbuff_t *__wrap_tvb_new_real_data(const guint8 *data, const guint length,
                                   const gint reported_length);

tvbuff_t *__wrap_tvb_new_real_data(const guint8 *data, const guint length,
                                   const gint reported_length)
{
    fuzz_input input = {data, length};
    size_t copied = length;
    char *copy = fuzz_copy(&input, &copied);
    tvbuff_t *tvb = __real_tvb_new_real_data((const guint8 *)copy, length, reported_length);

    tvb_set_free_cb(tvb, free);
    return tvb;
}

/* --------------------------------------------------------------------------------- reading ---- */

static bool take_record(void *data, exchange_record *record)
{
    fuzz_check(record->verdict < MS_VERDICTS && record->frame > 0);
    ndjson_exchange(data, record);
    return true;
}

static void start(void)
{
    static char program[] = "fuzz_exchange", input[] = "capture";
    static char *arguments[] = {program, input, NULL};
    static options o;

    /* Every allocation on its own, so that the sanitizer sees reads outside it. */
    g_setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", FALSE);
    file = memory_file_new();
    fuzz_check(options_parse(&o, 2, arguments));
    dissectors_have(&multistatus_dissectors);
    fuzz_check(session_start(&o.run.dissect, false, program) == EXIT_ANALYSED);
    fuzz_check(session_start_dissectors() == EXIT_ANALYSED);
}

/* A reader listens to every dissection while it exists, so each reading has its own. */
static GString *read_capture(bool two_passes, sieve_use use)
{
    GString *records = g_string_new(NULL);
    capture_reader *reader = capture_reader_new(false, two_passes, take_record, records);
    capture_record *summary = capture_record_new("fuzz");

    fuzz_check(reader);
    capture_reader_use_sieve(reader, use, false);
    (void)capture_read(reader, file.path, summary);
    capture_record_free(summary);
    capture_reader_free(reader);
    return records;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!file.fd)
        start();
    GByteArray *capture = traffic_capture(data, size);

    memory_file_set(&file, capture->data, capture->len);
    g_byte_array_free(capture, TRUE);
    show_trees(true);
    g_string_free(read_capture(true, SIEVE_OFF), TRUE);
    show_trees(false);
    /* Compares only like with like: libwireshark may take a connection for another protocol on the
     * second pass, after something that looks like one turned up late on the first. */
    GString *whole = read_capture(false, SIEVE_OFF);
    GString *through_sieve = read_capture(false, SIEVE_ON);

    if (!g_string_equal(whole, through_sieve))
        g_printerr("without the sieve:\n%sthrough the sieve:\n%s", whole->str, through_sieve->str);
    fuzz_check(g_string_equal(whole, through_sieve));
    g_string_free(whole, TRUE);
    g_string_free(through_sieve, TRUE);
    return 0;
}
