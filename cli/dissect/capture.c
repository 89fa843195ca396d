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

#include "libraries.h"
#include <epan/epan.h>
#include <epan/ex-opt.h>
#include <epan/frame_data_sequence.h>
#include <epan/packet.h>
#include <epan/secrets.h>
#include <epan/tap.h>

#include <epan/dissectors/packet-tcp.h>

#include "codings.h"
#include "coverage.h"
#include "diagnostics.h"
#include "har.h"
#include "heap.h"
#include "interrupt.h"
#include "layers.h"
#include "messages.h"
#include "multistatus-tap.h"
#include "preferences.h"
#include "record_tap.h"
#include "sift.h"

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
    sieve_use use_sieve;
    bool verbose;
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
    GByteArray *matching; /* with a filter: a bit for every frame that matches */
    capture_record *summary;
    unsigned format; /* -X read_format:NAME */
    const char *path;
    sieve *sieve;                /* NULL if all frames are dissected */
    sieve *counter;              /* ... which then sees them all, for what they carry; or NULL */
    flow_notes *notes;           /* what the first pass has noted, if there was one */
    coverage *seen;              /* what the dissectors have found */
    unseen_counts unseen_before; /* of earlier sessions of this capture */
    bool has_keys;               /* for TLS, from the settings */
    bool has_secrets;            /* ... from the capture */
    GArray *shifts; /* for each stream that epan has numbered, how many were left out before it */
    uint32_t frame; /* the one that is being dissected */
    capture_position *position; /* tell it there, unless NULL */
    bool hurried;               /* always at_once */
    bool expects_har;           /* standard input is JSON */
    size_t renew_at;            /* bytes by which a session on a pipe may grow; 0: any */
    size_t memory_before;       /* the session's start */
    bool sifts;                 /* this capture, so it is read twice */
    int64_t told_from;          /* half of its bytes, the second time */
    bool live;
    bool renewed; /* this is not the capture's first session */
    bool at_once; /* hand out every exchange at once */
    bool ended;   /* by the receiver */
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

/* To be called in every frame: gives the streams that began in it their place among all. */
static void note_streams(capture_reader *reader)
{
    while (reader->sieve && reader->shifts->len < get_tcp_stream_count()) {
        uint32_t before = sieve_streams_before(reader->sieve, reader->frame);

        g_array_append_val(reader->shifts, before);
    }
}

/* The number that Wireshark shows when it sees the whole capture. */
static int64_t real_stream(const capture_reader *reader, int64_t stream)
{
    return reader->sieve && stream >= 0 && stream < (int64_t)reader->shifts->len
               ? stream + g_array_index(reader->shifts, uint32_t, stream)
               : stream;
}

/* The number that Wireshark shows: frames may have changed places. */
static uint32_t real_frame(const void *data, uint32_t place)
{
    const capture_reader *reader = data;

    return reader->sieve ? sieve_real_number(reader->sieve, place) : place;
}

/* An exchange is told of: in the frame in which it ends, or in a later one. */
static void on_exchange(const multistatus_record *told, void *data)
{
    capture_reader *reader = data;
    exchange_record *record = exchange_record_new(told, reader->summary->capture, reader->digits);
    unseen_reason unread = layers_response(told);

    note_streams(reader);
    if (unread != UNSEEN_REASONS)
        coverage_response(reader->seen, unread, unread == UNSEEN_CODING ? told->body_length : 0);
    /* In a later session numbers began anew: they are not those that Wireshark shows. */
    record->stream = reader->renewed ? RECORD_UNKNOWN : real_stream(reader, record->stream);
    reader->summary->exchanges++;
    g_ptr_array_add(reader->held, record);
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
    reader->shifts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    multistatus_tell_settled(on_exchange, reader, filter != NULL);
    multistatus_number_frames(real_frame, reader);
    return reader;
}

void capture_reader_use_sieve(capture_reader *reader, sieve_use use, bool verbose)
{
    reader->use_sieve = use;
    reader->verbose = verbose;
}

void capture_reader_has_keys(capture_reader *reader, bool has)
{
    reader->has_keys = has;
}

void capture_reader_free(capture_reader *reader)
{
    g_ptr_array_unref(reader->held);
    g_byte_array_unref(reader->matching);
    g_array_unref(reader->shifts);
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

void capture_reader_expect_har(capture_reader *reader, bool expected)
{
    reader->expects_har = expected;
}

void capture_reader_renew_at(capture_reader *reader, size_t bytes)
{
    reader->renew_at = bytes;
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
        exchange_record *record = reader->held->pdata[i];

        if (is_matching(reader, record->frame) && !reader->receiver(reader->receiver_data, record))
            reader->ended = true;
    }
    g_ptr_array_set_size(reader->held, 0);
}

static void settle_frame(capture_reader *reader, uint32_t frame)
{
    if (reader->filter && dfilter_apply_edt(reader->filter, reader->edt))
        set_matching(reader, frame);
    /* Exchanges are told of in the first pass, and frames are filtered in the second. */
    if (reader->at_once && !(reader->filter && reader->two_passes))
        hand_out(reader);
}

/* What is open stays so. */
static void finish_exchanges(capture_reader *reader)
{
    reader->digits = reader->most_digits;
    multistatus_finish();
}

/* ---------------------------------------------------------------------------------- frames ---- */

static bool is_interrupted(void)
{
    return interrupt_signal() != 0;
}

static bool must_end(const capture_reader *reader)
{
    return reader->ended || is_interrupted();
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

/* What is sifted first is read twice: each time counts half. */
static void tell_bytes(const capture_reader *reader, int64_t place)
{
    if (!reader->position)
        return;
    int64_t bytes = reader->sifts ? reader->told_from + place / 2 : place;

    atomic_store_explicit(&reader->position->bytes, (uint64_t)bytes, memory_order_relaxed);
}

static void tell_sifted(void *data, uint64_t bytes)
{
    tell_bytes(data, (int64_t)bytes);
}

/* From here on the capture is read for the second time. */
static void tell_second_reading(capture_reader *reader)
{
    int err;

    reader->told_from = wtap_file_size(reader->provider.wth, &err) / 2;
    tell_bytes(reader, 0);
}

/* What the frame that was just dissected shows to be open, and what to be closed. */
static void note_found(capture_reader *reader)
{
    const packet_info *pinfo = &reader->edt->pi;
    frame_layers layers = layers_read(pinfo);

    if (layers.found != 0)
        coverage_found(reader->seen, &layers.key, layers.found, pinfo->fd->pkt_len);
    else if (layers.closed)
        coverage_tunnel(reader->seen, pinfo->fd->pkt_len);
}

/* What was not looked into, up to here. */
static unseen_counts conclude(const capture_reader *reader)
{
    const coverage_terms terms = layers_terms(reader->has_keys || reader->has_secrets);
    flow_notes *counted = reader->counter ? sieve_notes(reader->counter, true) : NULL;
    flow_notes *none = !counted && !reader->notes ? flow_notes_new() : NULL;
    unseen_counts made = coverage_conclude(reader->seen,
                                           counted         ? counted
                                           : reader->notes ? reader->notes
                                                           : none,
                                           &terms);

    unseen_add_all(&made, &reader->unseen_before);
    flow_notes_free(counted);
    flow_notes_free(none);
    return made;
}

static void begin_coverage(capture_reader *reader, bool counting)
{
    coverage_free(reader->seen);
    sieve_free(reader->counter);
    reader->seen = coverage_new();
    reader->counter = counting ? sieve_new((sieve_task){SIEVE_COUNTS, reader->has_keys}) : NULL;
}

static void end_coverage(capture_reader *reader)
{
    coverage_free(reader->seen);
    sieve_free(reader->counter);
    flow_notes_free(reader->notes);
    reader->seen = NULL;
    reader->counter = NULL;
    reader->notes = NULL;
}

static void dissect(capture_reader *reader, frame_data *frame, bool taps)
{
    struct packet_provider_data *provider = &reader->provider;

    tell_frame(reader, real_frame(reader, frame->num));
    reader->digits = reader->record.rec.tsprec > WTAP_TSPREC_USEC ? 9 : 6;
    reader->most_digits = MAX(reader->most_digits, reader->digits);
    reader->frame = frame->num;
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
    note_streams(reader);
    if (!reader->two_passes || !taps)
        note_found(reader);
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

/* ------------------------------------------------------------------------------- long runs ---- */

/* So often, in frames, the memory is looked at. */
#define RENEWAL_EVERY 256
/* A session is renewed when nothing was sent for so long and nothing is under way; with half as
 * much memory again, a short pause will do; if none comes, at twice the memory. */
#define QUIET_MS 1000
#define SHORTLY_QUIET_MS 50

static int64_t ms_since(const frame_data *frame, const nstime_t *before)
{
    nstime_t gap;

    nstime_delta(&gap, &frame->abs_ts, before);
    return (int64_t)gap.secs * 1000 + gap.nsecs / 1000000;
}

static bool is_quiet(const frame_data *frame, const nstime_t *before, int64_t least_ms)
{
    return ms_since(frame, before) >= least_ms && !messages_are_waiting(before) &&
           !multistatus_is_under_way();
}

/* Whether the session has to end before this frame. */
static bool must_renew(const capture_reader *reader, const frame_data *frame)
{
    size_t used = heap_in_use();
    size_t grown = used > reader->memory_before ? used - reader->memory_before : 0;
    size_t quarter = reader->renew_at / 4;
    int64_t quiet = grown < reader->renew_at + 2 * quarter   ? QUIET_MS
                    : grown < reader->renew_at + 3 * quarter ? SHORTLY_QUIET_MS
                                                             : 0;

    return grown >= reader->renew_at &&
           (grown >= 2 * reader->renew_at || is_quiet(frame, &reader->captured.abs_ts, quiet));
}

/* libwireshark remembers every conversation until its session ends. A new one goes on with the same
 * frame numbers, as with tshark's -M; responses that had begun are reported as unfinished, answers
 * to requests of before have none. */
static void renew(capture_reader *reader)
{
    finish_exchanges(reader);
    hand_out(reader);
    reader->unseen_before = conclude(reader);
    begin_coverage(reader, reader->counter != NULL);
    epan_dissect_free(reader->edt);
    epan_free(reader->epan);
    reader->renewed = true;
    reader->epan = epan_new(&reader->provider, &provider_functions);
    /* Hands over again the secrets that were in the capture. */
    wtap_set_cb_new_secrets(reader->provider.wth, secrets_wtap_callback);
    reader->edt = epan_dissect_new(reader->epan, needs_tree(reader, true), FALSE);
    reader->memory_before = heap_in_use();
}

/* On a pipe, a look at the memory is due every RENEWAL_EVERY frames, and after every pause. */
static void bound_memory(capture_reader *reader, const frame_data *frame)
{
    if (!reader->live || reader->two_passes || reader->renew_at == 0 || frame->num == 1)
        return;
    bool due = frame->num % RENEWAL_EVERY == 0 ||
               ms_since(frame, &reader->captured.abs_ts) >= SHORTLY_QUIET_MS;

    if (due && must_renew(reader, frame))
        renew(reader);
}

/* --------------------------------------------------------------------------------- reading ---- */

/* Reads the capture from its start to its end. Returns a wiretap error, or 0. */
static int read_frames(capture_reader *reader, char **err_info)
{
    int err = 0;
    int64_t offset;
    frame_data frame;

    reader->edt = epan_dissect_new(reader->epan, needs_tree(reader, !reader->two_passes), FALSE);
    while (!must_end(reader) &&
           compat_read(reader->provider.wth, &reader->record, &err, err_info, &offset)) {
        tell_bytes(reader, wtap_read_so_far(reader->provider.wth));
        frame_data_init(&frame, (uint32_t)++reader->summary->frames, &reader->record.rec, offset,
                        reader->bytes);
        bound_memory(reader, &frame);
        if (reader->counter)
            sift_show(reader->counter, &reader->record);
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

bool capture_holds_packets(wtap *wth)
{
    switch (wtap_file_encap(wth)) {
    case WTAP_ENCAP_MIME:
    case WTAP_ENCAP_JSON:
    case WTAP_ENCAP_RUBY_MARSHAL:
    case WTAP_ENCAP_MP4:
    case WTAP_ENCAP_RFC7468: /* keys and certificates */
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

static void begin(capture_reader *reader, capture_record *summary)
{
    reader->summary = summary;
    reader->file_type = wtap_file_type_subtype(reader->provider.wth);
    reader->at_once = reader->hurried || reader->live;
    compat_reader_init(&reader->record);
}

/* What is to be dissected comes now, from the first frame on. */
static void begin_dissection(capture_reader *reader)
{
    reader->elapsed = (nstime_t)NSTIME_INIT_ZERO;
    reader->bytes = 0;
    reader->most_digits = 6;
    g_ptr_array_set_size(reader->held, 0);
    g_byte_array_set_size(reader->matching, 0);
    g_array_set_size(reader->shifts, 0);
    reader->provider.frames = reader->two_passes ? new_frame_data_sequence() : NULL;
    reader->provider.reference = NULL;
    reader->provider.previous_displayed = NULL;
    reader->provider.previous_captured = NULL;
    reader->wants_fields = postdissectors_want_hfids();
    reader->renewed = false;
    reader->epan = epan_new(&reader->provider, &provider_functions);
    wtap_set_cb_new_secrets(reader->provider.wth, secrets_wtap_callback);
    reader->memory_before = heap_in_use();
}

static void end_dissection(capture_reader *reader)
{
    if (reader->epan)
        epan_free(reader->epan);
    if (reader->provider.frames)
        free_frame_data_sequence(reader->provider.frames);
    reader->epan = NULL;
    reader->provider.frames = NULL;
}

static void end(capture_reader *reader)
{
    end_dissection(reader);
    compat_reader_clear(&reader->record);
    sieve_free(reader->sieve);
    reader->sieve = NULL;
    end_coverage(reader);
    if (reader->provider.wth)
        wtap_close(reader->provider.wth);
    reader->provider.wth = NULL;
}

static capture_result fail_to_open(capture_record *summary, int err, char *err_info)
{
    summary->complete = false;
    summary->error = open_error_text(err, err_info);
    return err == WTAP_ERR_FILE_UNKNOWN_FORMAT ? CAPTURE_FOREIGN : CAPTURE_FAILED;
}

/* A live capture ends when the user ends it: nothing is wrong with it. */
static capture_result interrupted(const capture_reader *reader, capture_record *summary)
{
    if (reader->live && !reader->ended)
        return CAPTURE_INTERRUPTED;
    summary->complete = false;
    summary->error = g_strdup("was not read to its end: interrupted");
    return CAPTURE_INTERRUPTED;
}

/* What is wrong, and where: the last frame that could be read. */
static char *text_at_its_place(const capture_record *summary, int err, char *err_info)
{
    g_autofree char *text = read_error_text(err, err_info);

    return summary->frames > 0 ? g_strdup_printf("%s after frame %" G_GUINT64_FORMAT, text,
                                                 (guint64)summary->frames)
                               : g_strdup_printf("%s, before its first frame", text);
}

/* Wiretap takes no bytes at all for a capture without packets. */
static bool is_empty(const capture_reader *reader)
{
    struct stat status;

    if (reader->summary->frames > 0)
        return false;
    if (reader->live)
        return wtap_read_so_far(reader->provider.wth) == 0;
    return (strcmp(reader->path, "-") == 0 ? fstat(STDIN_FILENO, &status)
                                           : stat(reader->path, &status)) == 0 &&
           status.st_size == 0;
}

static capture_result finish(capture_reader *reader, const char *path, int err, char *err_info)
{
    capture_record *summary = reader->summary;

    if (must_end(reader)) {
        g_free(err_info);
        return interrupted(reader, summary);
    }
    if (err != 0 && summary->frames <= 1 && is_text(path)) {
        g_free(err_info);
        summary->frames = 0;
        return fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    }
    if (err != 0) {
        summary->complete = false;
        summary->error = text_at_its_place(summary, err, err_info);
        return CAPTURE_CUT;
    }
    if (is_empty(reader)) {
        summary->complete = false;
        summary->error = g_strdup("is empty: it has not even the header of a capture");
        return CAPTURE_CUT;
    }
    return CAPTURE_COMPLETE;
}

static bool open_capture(capture_reader *reader, bool twice, int *err, char **err_info)
{
    if (reader->provider.wth)
        wtap_close(reader->provider.wth);
    reader->provider.wth = wtap_open_offline(reader->path, reader->format, err, err_info, twice);
    return reader->provider.wth != NULL;
}

/* --------------------------------------------------------------------- through the sieve ---- */

/* Fetches one frame after the other, those in between being skipped or read over. */
typedef struct {
    bool seeks;
    uint32_t at; /* the frame read last, where it does not seek */
} fetcher;

static bool fetch(capture_reader *reader, fetcher *by, uint32_t number, int64_t offset, int *err,
                  char **err_info)
{
    wtap *wth = reader->provider.wth;
    bool read = true;

    if (by->seeks)
        return compat_seek_read(wth, offset, &reader->record, err, err_info);
    while (read && by->at < number) {
        wtap_rec_reset(&reader->record.rec);
        read = compat_read(wth, &reader->record, err, err_info, &offset);
        by->at++;
    }
    return read;
}

/* Carries anything that the sieve did not read a packet of what it would leave out? This must be
 * known before the first frame is dissected. True also if the frames cannot be had again. */
static bool is_refuted(capture_reader *reader, bool seeks)
{
    fetcher by = {.seeks = seeks};
    uint32_t number;
    int64_t offset;
    int err = 0;
    char *err_info = NULL;
    bool refuted = false;

    while (!refuted && !must_end(reader) && sieve_next_unread(reader->sieve, &number, &offset)) {
        refuted = !fetch(reader, &by, number, offset, &err, &err_info) ||
                  sift_is_refuted(reader->sieve, &reader->record);
        wtap_rec_reset(&reader->record.rec);
    }
    g_free(err_info);
    return refuted;
}

static bool reopen(capture_reader *reader, bool seeks)
{
    int err = 0;
    char *err_info = NULL;
    bool opened = seeks || open_capture(reader, false, &err, &err_info);

    g_free(err_info);
    return opened;
}

/* Dissects what the sieve has kept. What cannot be read is the end, as ever. */
static int read_kept_frames(capture_reader *reader, bool seeks, char **err_info)
{
    fetcher by = {.seeks = seeks};
    uint32_t number;
    int64_t offset;
    int err = 0;
    frame_data frame;

    begin_dissection(reader);
    reader->edt = epan_dissect_new(reader->epan, needs_tree(reader, true), FALSE);
    while (!must_end(reader) && sieve_next(reader->sieve, &number, &offset) &&
           fetch(reader, &by, number, offset, &err, err_info)) {
        frame_data_init(&frame, number, &reader->record.rec, offset, reader->bytes);
        dissect_only_pass(reader, &frame);
        tell_bytes(reader, offset);
        wtap_rec_reset(&reader->record.rec);
    }
    epan_dissect_free(reader->edt);
    return err;
}

static void note_sieve(const capture_reader *reader)
{
    sieve_counts counts = sieve_count(reader->sieve);

    if (reader->verbose && reader->use_sieve != SIEVE_OFF)
        complain("%u of %u frames and %u of %u TCP flows cannot hold a Multi-Status body: they "
                 "were not dissected.",
                 counts.frames - counts.kept_frames, counts.frames,
                 counts.flows - counts.kept_flows, counts.flows);
}

static void drop_sieve(capture_reader *reader)
{
    sieve_free(reader->sieve);
    reader->sieve = NULL;
}

static bool must_end_sifting(void *data)
{
    (void)data;
    return is_interrupted();
}

static sifted look_through(capture_reader *reader)
{
    const sift_watcher watcher = {must_end_sifting, tell_sifted, reader};
    const sieve_task task = {reader->use_sieve == SIEVE_OFF ? SIEVE_ORDERS : SIEVE_LEAVES_OUT,
                             reader->has_keys};

    return sift(reader->provider.wth, reader->path, &reader->record, task, &watcher);
}

/* Whoever goes back in a compressed file uncompresses up to a mebibyte again. A few thousand times
 * that is a matter of seconds; beyond, the capture is read in its own order. */
static void mind_returns(const capture_reader *reader, sieve *by)
{
    enum { NEAR = 4096, MOST = 2000 };

    if (by && wtap_get_compression_type(reader->provider.wth) != WTAP_UNCOMPRESSED &&
        sieve_returns(by, NEAR) > MOST)
        sieve_stay(by);
}

/* Looks through the capture and dissects what may matter. False, before anything was dissected, if
 * all of it must be. */
static bool read_through_sieve(capture_reader *reader, int *err, char **err_info)
{
    sifted found = look_through(reader);
    tell_second_reading(reader);
    mind_returns(reader, found.by);
    /* Whoever has read the capture to its end hands over its secrets at once. */
    bool seeks =
        (found.by && sieve_moves(found.by)) ||
        (!found.secrets && wtap_get_compression_type(reader->provider.wth) == WTAP_UNCOMPRESSED);

    reader->sieve = found.by;
    reader->notes = found.notes;
    reader->has_secrets = found.secrets;
    *err = found.err;
    *err_info = found.err_info;
    if (!found.by || (reader->use_sieve == SIEVE_OFF && !sieve_moves(found.by)) ||
        (sieve_has_unread(found.by) && (!reopen(reader, seeks) || is_refuted(reader, seeks)))) {
        g_free(found.err_info);
        *err_info = NULL;
        drop_sieve(reader);
        return false;
    }
    note_sieve(reader);
    reader->summary->frames = found.frames;
    if (sieve_count(found.by).kept_frames > 0 && reopen(reader, seeks)) {
        char *later_info = NULL;
        int later = read_kept_frames(reader, seeks, &later_info);

        if (*err == 0) {
            *err = later;
            *err_info = later_info;
        } else {
            g_free(later_info);
        }
    }
    tell_bytes(reader, 2 * reader->told_from);
    reader->most_digits = found.nanoseconds ? 9 : 6;
    return true;
}

/* -------------------------------------------------------------------------- all the frames ---- */

static int read_all_frames(capture_reader *reader, char **err_info)
{
    begin_dissection(reader);
    begin_coverage(reader, reader->notes == NULL);
    int err = read_frames(reader, err_info);

    /* As in tshark, the second pass takes what the first one got, even from a damaged file. */
    if (reader->two_passes && !must_end(reader)) {
        int err_again;
        char *err_info_again = NULL;

        err_again = read_frames_again(reader, &err_info_again);
        if (err == 0) {
            err = err_again;
            *err_info = err_info_again;
        } else {
            g_free(err_info_again);
        }
    }
    return err;
}

static int read_capture(capture_reader *reader, bool sieved, char **err_info)
{
    int err = 0;

    if (sieved && read_through_sieve(reader, &err, err_info))
        return err;
    if (sieved && !open_capture(reader, false, &err, err_info))
        return err;
    return read_all_frames(reader, err_info);
}

static capture_result read_packets(capture_reader *reader, const char *path,
                                   capture_record *summary)
{
    int err = 0;
    char *err_info = NULL;
    bool sieved = !reader->filter && !reader->two_passes && sift_can_read(path);

    reader->path = path;
    /* Whoever reads from a pipe wants the results as they come. */
    reader->live = capture_is_live(path);
    reader->sifts = sieved;
    reader->told_from = 0;
    reader->has_secrets = false;
    reader->unseen_before = (unseen_counts){.known = true};
    /* -X read_format:NAME, as in tshark */
    reader->format = ex_opt_count("read_format") > 0
                         ? open_info_name_to_type(ex_opt_get_nth("read_format", 0))
                         : WTAP_TYPE_AUTO;
    bool opened = open_capture(reader, reader->two_passes || sieved, &err, &err_info);

    if (!opened && interrupt_signal() != 0) {
        g_free(err_info); /* nobody had opened the other end of a pipe */
        return interrupted(reader, summary);
    }
    if (!opened)
        return fail_to_open(summary, err, err_info);
    if (!capture_holds_packets(reader->provider.wth)) {
        wtap_close(reader->provider.wth);
        reader->provider.wth = NULL;
        return fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    }
    begin(reader, summary);
    begin_coverage(reader, false);
    err = read_capture(reader, sieved, &err_info);
    if (reader->epan && !must_end(reader))
        finish_exchanges(reader);
    reader->has_secrets = reader->has_secrets || sift_has_secrets(reader->provider.wth);
    summary->unseen = conclude(reader);
    hand_out(reader);
    capture_result result = finish(reader, path, err, err_info);

    end(reader);
    return result;
}

capture_result capture_read(capture_reader *reader, const char *path, capture_record *summary)
{
    bool har = ex_opt_count("read_format") == 0 && (reader->expects_har || har_suits(path));

    /* First, because wiretap takes many a HAR file for a capture of a format without a signature.
     */
    if (har) {
        capture_result result = har_read(path, reader->filter != NULL, &preferences.limits,
                                         reader->receiver, reader->receiver_data, summary);

        if (result != CAPTURE_FOREIGN || strcmp(path, "-") == 0)
            return result;
        g_clear_pointer((char **)&summary->error, g_free);
        summary->complete = true;
    }
    capture_result result = read_packets(reader, path, summary);

    if (har && result == CAPTURE_FOREIGN) {
        g_free((char *)summary->error);
        summary->error = g_strdup("is JSON, but neither a capture nor a HAR file");
    }
    return result;
}
