/* frames.c
 * Dissecting frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "frames.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/packet.h>
#include <epan/secrets.h>
#include <epan/tap.h>

#include "fetcher.h"
#include "frame_provider.h"
#include "layers.h"
#include "multistatus-tap.h"
#include "open_connections.h"
#include "renewal.h"
#include "sift.h"

/* -------------------------------------------------------------------------- what it tells ---- */

/* An exchange is reported, in the frame in which it ends or in a later one. */
static void on_exchange(const multistatus_record *told, void *data)
{
    dissection *of = data;
    exchange_record *record = dissection_take(of, told);

    if (!record)
        return;
    real_numbers_note_streams(&of->numbers, get_tcp_stream_count());
    record->stream = real_numbers_stream(&of->numbers, record->stream);
}

/* Frames may be in another order. */
static uint32_t number_of(const void *data, uint32_t place)
{
    const dissection *of = data;

    return real_numbers_frame(&of->numbers, place);
}

static dfilter_t *filter;

void frames_filter(dfilter_t *by)
{
    filter = by;
}

static void listen_to_dissectors(dissection *of)
{
    if (of->listens)
        return;
    of->listens = true;
    multistatus_tell_settled(on_exchange, of, filter != NULL);
    multistatus_number_frames(number_of, of);
}

/* No more frames follow: what is open stays open. A chain that turned out to be broken is read
 * again, without what it is broken by. */
static void finish_exchanges(dissection *of)
{
    if (dissection_must_end(of) || (of->chain && of->chain->broken > 0))
        return;
    of->digits = of->most_digits;
    of->finishing = true;
    multistatus_finish();
    of->finishing = false;
}

/* What the frame that was just dissected shows to be open, and what it shows to be closed. */
static void note_layers(coverage *in, const packet_info *pinfo)
{
    frame_layers layers = layers_read(pinfo);

    if (layers.found != 0)
        coverage_found(in, &layers.key, layers.found, pinfo->fd->pkt_len);
    else if (layers.closed)
        coverage_tunnel(in, pinfo->fd->pkt_len);
}

/* -------------------------------------------------------------------------------- session ---- */

static void begin_session(dissection *of)
{
    of->epan = frame_provider_session(&of->provider);
    /* If this is not the first one: hands over again the secrets that were in the capture. */
    if (of->chain)
        capture_chain_tell_secrets(of->chain, secrets_wtap_callback);
    else
        wtap_set_cb_new_secrets(of->provider.wth, secrets_wtap_callback);
}

/* Dissection begins now, from the first frame on. */
static void begin(dissection *of)
{
    listen_to_dissectors(of);
    if (of->live && of->teller.position)
        open_connections_begin(&of->teller.position->connections);
    of->wants_fields = postdissectors_want_hfids();
    delivery_begin(&of->delivery);
    real_numbers_begin(&of->numbers);
    frame_provider_begin(&of->provider, of->two_passes);
    begin_session(of);
}

void frames_end(dissection *of)
{
    open_connections_end();
    epan_free(of->epan);
    of->epan = NULL;
    frame_provider_end(&of->provider);
}

/* --------------------------------------------------------------------------------- frames ---- */

/* A tree costs more than everything else: it is only made where fields are asked for. */
static bool needs_tree(bool taps)
{
    return postdissectors_want_hfids() ||
           (taps && (filter || have_filtering_tap_listeners() ||
                     (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0));
}

static void begin_pass(dissection *of, bool taps)
{
    of->edt = epan_dissect_new(of->epan, needs_tree(taps), FALSE);
}

static void end_pass(dissection *of)
{
    epan_dissect_free(of->edt);
    of->edt = NULL;
}

static void settle_frame(dissection *of, uint32_t frame)
{
    if (filter && dfilter_apply_edt(filter, of->edt))
        delivery_match(&of->delivery, frame);
    /* Exchanges are reported in the first pass, and frames are filtered in the second. */
    if (of->at_once && !(filter && of->two_passes))
        delivery_hand_out(&of->delivery);
}

static void prime(dissection *of, bool taps)
{
    if (filter && taps)
        epan_dissect_prime_with_dfilter(of->edt, filter);
    if (of->wants_fields)
        compat_prime_postdissectors(of->edt);
}

static void dissect(dissection *of, frame_data *frame, bool taps)
{
    dissection_at(of, frame->num);
    of->digits = of->record.rec.tsprec > WTAP_TSPREC_USEC ? 9 : 6;
    of->most_digits = MAX(of->most_digits, of->digits);
    prime(of, taps);
    frame_provider_before(&of->provider, frame);
    /* Wiretap still needs the options of the record, which epan does not know. */
    wtap_block_t block = wtap_block_ref(of->record.rec.block);

    compat_dissect(of->edt, of->file_type, &of->record, frame, taps);
    real_numbers_note_streams(&of->numbers, get_tcp_stream_count());
    if (!of->two_passes || !taps)
        note_layers(of->coverage.seen, &of->edt->pi);
    if (taps)
        settle_frame(of, frame->num);
    frame_data_set_after_dissect(frame, &of->provider.bytes);
    epan_dissect_reset(of->edt);
    of->record.rec.block = block;
}

static address address_of(const flow_key *key, unsigned side)
{
    address made;

    set_address(&made, key->address_length == sizeof(ws_in4_addr) ? AT_IPv4 : AT_IPv6,
                key->address_length, key->addresses[side]);
    return made;
}

/* Another connection begins with the frame between these sockets, although no handshake tells. epan
 * makes a new one; its stream keeps the old number, as in Wireshark. */
static void divide(dissection *of, const flow_key *between, uint32_t frame)
{
    const address a = address_of(between, 0), b = address_of(between, 1);
    conversation_t *old =
        find_conversation(frame, &a, &b, CONVERSATION_TCP, between->ports[0], between->ports[1], 0);
    const struct tcp_analysis *tcp =
        old ? conversation_get_proto_data(old, proto_get_id_by_filter_name("tcp")) : NULL;

    if (!tcp)
        return;
    real_numbers_divide(&of->numbers, tcp->stream);
    conversation_new(frame, &a, &b, CONVERSATION_TCP, between->ports[0], between->ports[1], 0);
}

/* --------------------------------------------------------------------------------- passes ---- */

/* libwireshark remembers every conversation until its session ends. A new one goes on with the same
 * frame numbers, as with tshark's -M; responses that had begun are reported as unfinished, answers
 * to earlier requests have no request. */
static void renew(dissection *of)
{
    finish_exchanges(of);
    delivery_hand_out(&of->delivery);
    capture_coverage_go_on(&of->coverage);
    end_pass(of);
    epan_free(of->epan);
    of->numbers.began_anew = true;
    begin_session(of);
    begin_pass(of, true);
}

static void bound_memory(dissection *by, renewal *bound, const frame_data *frame)
{
    if (by->two_passes || frame->num == 1 ||
        !renewal_is_due(bound, frame, &by->provider.previous_captured->abs_ts))
        return;
    renew(by);
    renewal_begin(bound);
}

static int read_frames(dissection *by, renewal *bound, char **err_info)
{
    int err = 0;
    int64_t offset;
    frame_data frame;

    begin_pass(by, !by->two_passes);
    while (!dissection_must_end(by) && dissection_read(by, &err, err_info, &offset)) {
        capture_position_bytes(&by->teller,
                               wtap_read_so_far(by->provider.wth) +
                                   (by->chain ? by->chain->links[by->chain->at].start : 0));
        frame_data_init(&frame, (uint32_t)++by->summary->frames, &by->record.rec, offset,
                        by->provider.bytes);
        bound_memory(by, bound, &frame);
        if (by->coverage.counter)
            sift_show(by->coverage.counter, &by->record);
        dissect(by, &frame, !by->two_passes);
        if (by->two_passes)
            frame_provider_keep(&by->provider, &frame);
        else
            frame_provider_drop(&by->provider, &frame);
        wtap_rec_reset(&by->record.rec);
    }
    end_pass(by);
    return err;
}

static int read_frames_again(dissection *by, char **err_info)
{
    int err = 0;

    wtap_sequential_close(by->provider.wth);
    postseq_cleanup_all_protocols();
    by->provider.previous_displayed = by->provider.previous_captured = NULL;
    begin_pass(by, true);
    for (uint32_t i = 1; i <= by->summary->frames && !dissection_must_end(by); i++) {
        frame_data *frame = frame_data_sequence_find(by->provider.frames, i);

        if (!dissection_seek(by, frame->file_off, &err, err_info))
            break;
        dissect(by, frame, true);
        by->provider.previous_displayed = by->provider.previous_captured = frame;
        wtap_rec_reset(&by->record.rec);
    }
    end_pass(by);
    return err;
}

int frames_read_all(dissection *by, char **err_info)
{
    renewal bound = {.bytes = by->live ? by->renew_at : 0};

    begin(by);
    renewal_begin(&bound);
    capture_coverage_begin_frames(&by->coverage);
    int err = read_frames(by, &bound, err_info);

    /* As in tshark, the second pass takes what the first one read, even from a damaged file. */
    if (by->two_passes && !dissection_must_end(by)) {
        int err_again;
        char *err_info_again = NULL;

        err_again = read_frames_again(by, &err_info_again);
        if (err == 0) {
            err = err_again;
            *err_info = err_info_again;
        } else {
            g_free(err_info_again);
        }
    }
    finish_exchanges(by);
    return err;
}

int frames_read_kept(dissection *by, bool seeks, char **err_info)
{
    fetcher with = {.seeks = seeks};
    uint32_t number;
    int64_t offset;
    int err = 0;
    frame_data frame;

    begin(by);
    begin_pass(by, true);
    while (!dissection_must_end(by) && sieve_next(by->numbers.by, &number, &offset) &&
           fetcher_fetch(&with, by, number, offset, &err, err_info)) {
        const flow_key *begins = sieve_beginning(by->numbers.by, number);

        if (begins)
            divide(by, begins, number);
        frame_data_init(&frame, number, &by->record.rec, offset, by->provider.bytes);
        dissect(by, &frame, true);
        frame_provider_drop(&by->provider, &frame);
        capture_position_bytes(&by->teller, offset);
        wtap_rec_reset(&by->record.rec);
    }
    end_pass(by);
    finish_exchanges(by);
    return err;
}
