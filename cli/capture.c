/* capture.c
 * Reading one capture with wiretap and epan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat.h"
#include <epan/epan.h>
#include <epan/ex-opt.h>
#include <epan/frame_data_sequence.h>
#include <epan/packet.h>
#include <epan/secrets.h>
#include <epan/tap.h>

#include "diagnostics.h"
#include "interrupt.h"
#include "multistatus-tap.h"
#include "record_tap.h"

/* What epan asks about frames other than the one that it dissects. The name is epan's, the contents
 * are ours. */
struct packet_provider_data {
    wtap *wth;
    frame_data_sequence *frames; /* two passes only */
    const frame_data *reference;
    const frame_data *previous_displayed;
    const frame_data *previous_captured;
};

struct capture_reader {
    dfilter_t *filter;
    bool two_passes;
    capture_receiver receiver;
    void *receiver_data;

    /* The capture that is being read. */
    struct packet_provider_data provider;
    epan_t *epan;
    epan_dissect_t *edt;
    compat_reader record;
    int file_type;
    bool wants_fields;
    nstime_t elapsed;
    uint32_t bytes;
    int digits;                                /* of a second, in the time stamp of this frame */
    int most_digits;                           /* ... of any frame so far */
    frame_data reference, displayed, captured; /* one pass only: copies */
    GPtrArray *held;                           /* exchange_record, not yet handed out */
    guint held_before;                         /* this frame */
    GByteArray *matching; /* with a filter: a bit for every frame that matches */
    capture_record *summary;
    capture_position *position; /* tell it there, unless NULL */
    bool hurried;               /* always at_once */
    bool at_once;               /* hand out every exchange at once */
    bool ended;                 /* by the receiver */
};

/* -------------------------------------------------------------------------------- provider ---- */

static const nstime_t *get_frame_ts(struct packet_provider_data *provider, uint32_t number)
{
    const frame_data *known[] = {provider->reference, provider->previous_displayed,
                                 provider->previous_captured};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i] && known[i]->num == number)
            return &known[i]->abs_ts;
    }
    const frame_data *frame =
        provider->frames ? frame_data_sequence_find(provider->frames, number) : NULL;

    return frame ? &frame->abs_ts : NULL;
}

static const char *interface_text(struct packet_provider_data *provider, uint32_t id,
                                  const unsigned *options, size_t n_options)
{
    wtapng_iface_descriptions_t *interfaces = wtap_file_get_idb_info(provider->wth);
    wtap_block_t block = id < interfaces->interface_data->len
                             ? g_array_index(interfaces->interface_data, wtap_block_t, id)
                             : NULL;
    char *text;

    g_free(interfaces);
    for (size_t i = 0; block && i < n_options; i++) {
        if (wtap_block_get_string_option_value(block, options[i], &text) == WTAP_OPTTYPE_SUCCESS)
            return text;
    }
    return NULL;
}

static const char *get_interface_name(struct packet_provider_data *provider,
                                      uint32_t id COMPAT_SECTION_PARAMETER)
{
    static const unsigned options[] = {OPT_IDB_NAME, OPT_IDB_DESCRIPTION, OPT_IDB_HARDWARE};
    const char *name = interface_text(provider, COMPAT_INTERFACE(provider->wth, id), options,
                                      G_N_ELEMENTS(options));

    return name ? name : "unknown";
}

static const char *get_interface_description(struct packet_provider_data *provider,
                                             uint32_t id COMPAT_SECTION_PARAMETER)
{
    static const unsigned options[] = {OPT_IDB_DESCRIPTION};

    return interface_text(provider, COMPAT_INTERFACE(provider->wth, id), options,
                          G_N_ELEMENTS(options));
}

static const struct packet_provider_funcs provider_functions = {
    .get_frame_ts = get_frame_ts,
    .get_interface_name = get_interface_name,
    .get_interface_description = get_interface_description,
};

/* ------------------------------------------------------------------------------------- tap ---- */

static tap_packet_status on_exchange(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                     const void *tapped, tap_flags_t flags)
{
    capture_reader *reader = data;

    (void)pinfo;
    (void)edt;
    (void)flags;
    g_ptr_array_add(reader->held,
                    exchange_record_new(tapped, reader->summary->capture, reader->digits));
    return TAP_PACKET_DONT_REDRAW;
}

static void unref_record(gpointer record)
{
    exchange_record_unref(record);
}

capture_reader *capture_reader_new(const char *filter, bool two_passes, capture_receiver receiver,
                                   void *data)
{
    capture_reader *reader = g_new0(capture_reader, 1);
    char *reason;
    int column, length;

    if (filter && !compat_compile(filter, &reader->filter, &reason, &column, &length)) {
        g_free(reason); /* session_start() has let it pass: this cannot be */
        g_free(reader);
        return NULL;
    }
    reader->two_passes = two_passes;
    reader->receiver = receiver;
    reader->receiver_data = data;
    reader->held = g_ptr_array_new_with_free_func(unref_record);
    reader->matching = g_byte_array_new();
    GString *error = register_tap_listener(MULTISTATUS_TAP, reader, NULL, TL_REQUIRES_NOTHING, NULL,
                                           on_exchange, NULL, NULL);

    if (error) {
        complain("%s", error->str);
        g_string_free(error, TRUE);
        capture_reader_free(reader);
        return NULL;
    }
    return reader;
}

void capture_reader_free(capture_reader *reader)
{
    remove_tap_listener(reader);
    g_ptr_array_unref(reader->held);
    g_byte_array_unref(reader->matching);
    dfilter_free(reader->filter);
    g_free(reader);
}

void capture_reader_watch(capture_reader *reader, capture_position *position)
{
    reader->position = position;
}

void capture_reader_hurry(capture_reader *reader)
{
    reader->hurried = true;
}

/* ---------------------------------------------------------------------------- handing out ---- */

static void set_matching(capture_reader *reader, uint32_t frame)
{
    guint byte = frame / 8;

    while (reader->matching->len <= byte)
        g_byte_array_append(reader->matching, (const guint8 *)"", 1);
    reader->matching->data[byte] |= (guint8)(1u << frame % 8);
}

static bool is_matching(const capture_reader *reader, uint32_t frame)
{
    return !reader->filter || (frame / 8 < reader->matching->len &&
                               (reader->matching->data[frame / 8] >> frame % 8 & 1) != 0);
}

static gint compare_frames(gconstpointer a, gconstpointer b)
{
    const exchange_record *left = *(const exchange_record *const *)a;
    const exchange_record *right = *(const exchange_record *const *)b;

    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* g_ptr_array_sort() keeps the order of equal frames. */
static void hand_out(capture_reader *reader)
{
    g_ptr_array_sort(reader->held, compare_frames);
    for (guint i = 0; i < reader->held->len && !reader->ended; i++) {
        if (!reader->receiver(reader->receiver_data, reader->held->pdata[i]))
            reader->ended = true;
    }
    g_ptr_array_set_size(reader->held, 0);
}

/* The exchanges of the frame that was just dissected. */
static void settle_frame(capture_reader *reader, uint32_t frame)
{
    reader->summary->exchanges += reader->held->len - reader->held_before;
    if (reader->filter && dfilter_apply_edt(reader->filter, reader->edt))
        set_matching(reader, frame);
    if (!is_matching(reader, frame))
        g_ptr_array_set_size(reader->held, (gint)reader->held_before);
    if (reader->at_once)
        hand_out(reader);
    reader->held_before = reader->held->len;
}

static void on_unfinished(const multistatus_record *record, void *data)
{
    capture_reader *reader = data;

    reader->summary->exchanges++;
    reader->digits = reader->most_digits;
    if (is_matching(reader, record->exchange->frame))
        on_exchange(reader, NULL, NULL, record, 0);
}

/* ---------------------------------------------------------------------------------- frames ---- */

static bool must_end(const capture_reader *reader)
{
    return reader->ended || interrupt_signal() != 0;
}

/* A tree costs more than all the rest: it is made for those who ask for fields. */
static bool needs_tree(const capture_reader *reader, bool taps)
{
    return postdissectors_want_hfids() ||
           (taps && (reader->filter || have_filtering_tap_listeners() ||
                     (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0));
}

/* The second pass has no place in the file. */
static void tell_frame(const capture_reader *reader, uint32_t frame)
{
    if (reader->position)
        atomic_store_explicit(&reader->position->frame, frame, memory_order_relaxed);
}

static void tell_bytes(const capture_reader *reader)
{
    if (reader->position)
        atomic_store_explicit(&reader->position->bytes,
                              (uint64_t)wtap_read_so_far(reader->provider.wth),
                              memory_order_relaxed);
}

static void dissect(capture_reader *reader, frame_data *frame, bool taps)
{
    struct packet_provider_data *provider = &reader->provider;

    tell_frame(reader, frame->num);
    reader->digits = reader->record.rec.tsprec > WTAP_TSPREC_USEC ? 9 : 6;
    reader->most_digits = MAX(reader->most_digits, reader->digits);
    if (reader->filter && taps)
        epan_dissect_prime_with_dfilter(reader->edt, reader->filter);
    if (reader->wants_fields)
        compat_prime_postdissectors(reader->edt);
    frame_data_set_before_dissect(frame, &reader->elapsed, &provider->reference,
                                  provider->previous_displayed);
    if (provider->reference == frame) {
        reader->reference = *frame;
        provider->reference = &reader->reference;
    }
    /* The options of the record are needed once more by wiretap, which epan does not know. */
    wtap_block_t block = wtap_block_ref(reader->record.rec.block);

    compat_dissect(reader->edt, reader->file_type, &reader->record, frame, taps);
    if (taps)
        settle_frame(reader, frame->num);
    frame_data_set_after_dissect(frame, &reader->bytes);
    epan_dissect_reset(reader->edt);
    reader->record.rec.block = block;
}

static void dissect_only_pass(capture_reader *reader, frame_data *frame)
{
    dissect(reader, frame, true);
    reader->displayed = *frame;
    reader->provider.previous_displayed = &reader->displayed;
    reader->captured = *frame;
    reader->provider.previous_captured = &reader->captured;
    frame_data_destroy(frame);
}

static void dissect_first_pass(capture_reader *reader, frame_data *frame)
{
    dissect(reader, frame, false);
    reader->provider.previous_displayed = reader->provider.previous_captured =
        frame_data_sequence_add(reader->provider.frames, frame);
}

/* Reads the capture from its start to its end. Returns a wiretap error, or 0. */
static int read_frames(capture_reader *reader, char **err_info)
{
    int err = 0;
    int64_t offset;
    frame_data frame;

    reader->edt = epan_dissect_new(reader->epan, needs_tree(reader, !reader->two_passes), FALSE);
    while (!must_end(reader) &&
           compat_read(reader->provider.wth, &reader->record, &err, err_info, &offset)) {
        tell_bytes(reader);
        frame_data_init(&frame, (uint32_t)++reader->summary->frames, &reader->record.rec, offset,
                        reader->bytes);
        if (reader->two_passes)
            dissect_first_pass(reader, &frame);
        else
            dissect_only_pass(reader, &frame);
        wtap_rec_reset(&reader->record.rec);
    }
    epan_dissect_free(reader->edt);
    return err;
}

static int read_frames_again(capture_reader *reader, char **err_info)
{
    struct packet_provider_data *provider = &reader->provider;
    int err = 0;

    wtap_sequential_close(provider->wth);
    postseq_cleanup_all_protocols();
    provider->previous_displayed = provider->previous_captured = NULL;
    reader->edt = epan_dissect_new(reader->epan, needs_tree(reader, true), FALSE);
    for (uint32_t i = 1; i <= reader->summary->frames && !must_end(reader); i++) {
        frame_data *frame = frame_data_sequence_find(provider->frames, i);

        if (!compat_seek_read(provider->wth, frame->file_off, &reader->record, &err, err_info))
            break;
        dissect(reader, frame, true);
        provider->previous_displayed = provider->previous_captured = frame;
        wtap_rec_reset(&reader->record.rec);
    }
    epan_dissect_free(reader->edt);
    return err;
}

/* -------------------------------------------------------------------------------- captures ---- */

/* Wiretap opens images, JSON and other files, too, as one packet that holds the file. */
static bool holds_packets(wtap *wth)
{
    switch (wtap_file_encap(wth)) {
    case WTAP_ENCAP_MIME:
    case WTAP_ENCAP_JSON:
    case WTAP_ENCAP_RUBY_MARSHAL:
        return false;
    default:
        return true;
    }
}

/* Some formats have no signature, and wiretap takes a text now and then for one of them. A pipe is
 * not opened a second time: that would wait for somebody to write to it. */
static bool is_text(const char *path)
{
    char start[512];
    FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rb") : NULL;
    size_t length = file ? fread(start, 1, sizeof start, file) : 0;

    if (file)
        fclose(file);
    for (size_t i = 0; i < length; i++) {
        if (g_ascii_iscntrl(start[i]) && !g_ascii_isspace(start[i]))
            return false;
    }
    return length > 0;
}

bool capture_is_live(const char *path)
{
    struct stat status;
    int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &status) : stat(path, &status);

    return failed == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static void begin(capture_reader *reader, const char *path, capture_record *summary)
{
    reader->summary = summary;
    reader->file_type = wtap_file_type_subtype(reader->provider.wth);
    reader->elapsed = (nstime_t)NSTIME_INIT_ZERO;
    reader->bytes = 0;
    reader->most_digits = 6;
    reader->held_before = 0;
    /* Whoever reads from a pipe wants the results as they come. */
    reader->at_once = reader->hurried || capture_is_live(path);
    g_byte_array_set_size(reader->matching, 0);
    reader->provider.frames = reader->two_passes ? new_frame_data_sequence() : NULL;
    reader->provider.reference = NULL;
    reader->provider.previous_displayed = NULL;
    reader->provider.previous_captured = NULL;
    reader->wants_fields = postdissectors_want_hfids();
    reader->epan = epan_new(&reader->provider, &provider_functions);
    wtap_set_cb_new_secrets(reader->provider.wth, secrets_wtap_callback);
    compat_reader_init(&reader->record);
}

static void end(capture_reader *reader)
{
    compat_reader_clear(&reader->record);
    epan_free(reader->epan);
    if (reader->provider.frames)
        free_frame_data_sequence(reader->provider.frames);
    wtap_close(reader->provider.wth);
    reader->provider.wth = NULL;
}

static capture_result fail_to_open(capture_record *summary, int err, char *err_info)
{
    summary->complete = false;
    summary->error = open_error_text(err, err_info);
    return err == WTAP_ERR_FILE_UNKNOWN_FORMAT ? CAPTURE_FOREIGN : CAPTURE_FAILED;
}

static capture_result interrupted(capture_record *summary)
{
    summary->complete = false;
    summary->error = g_strdup("was not read to its end: interrupted");
    return CAPTURE_INTERRUPTED;
}

static capture_result finish(capture_reader *reader, const char *path, int err, char *err_info)
{
    capture_record *summary = reader->summary;

    if (must_end(reader)) {
        g_free(err_info);
        return interrupted(summary);
    }
    if (err != 0 && summary->frames <= 1 && is_text(path)) {
        g_free(err_info);
        summary->frames = 0;
        return fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    }
    if (err != 0) {
        summary->complete = false;
        summary->error = read_error_text(err, err_info);
        return CAPTURE_CUT;
    }
    return CAPTURE_COMPLETE;
}

capture_result capture_read(capture_reader *reader, const char *path, capture_record *summary)
{
    int err = 0;
    char *err_info = NULL;

    /* -X read_format:NAME, as in tshark */
    unsigned type = ex_opt_count("read_format") > 0
                        ? open_info_name_to_type(ex_opt_get_nth("read_format", 0))
                        : WTAP_TYPE_AUTO;

    reader->provider.wth = wtap_open_offline(path, type, &err, &err_info, reader->two_passes);
    if (!reader->provider.wth && interrupt_signal() != 0) {
        g_free(err_info); /* nobody had opened the other end of a pipe */
        return interrupted(summary);
    }
    if (!reader->provider.wth)
        return fail_to_open(summary, err, err_info);
    if (!holds_packets(reader->provider.wth)) {
        wtap_close(reader->provider.wth);
        return fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    }
    begin(reader, path, summary);
    err = read_frames(reader, &err_info);
    /* As in tshark, the second pass takes what the first one got, even from a damaged file. */
    if (reader->two_passes && !must_end(reader)) {
        int err_again;
        char *err_info_again = NULL;

        err_again = read_frames_again(reader, &err_info_again);
        if (err == 0) {
            err = err_again;
            err_info = err_info_again;
        } else {
            g_free(err_info_again);
        }
    }
    if (!must_end(reader))
        multistatus_unfinished(on_unfinished, reader);
    hand_out(reader);
    capture_result result = finish(reader, path, err, err_info);

    end(reader);
    return result;
}
