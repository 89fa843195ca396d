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

#include "display_filter.h"
#include "frame_provider.h"
#include "layers.h"
#include "multistatus-tap.h"
#include "open_connections.h"

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

static void listen_to_dissectors(dissection *of)
{
    if (of->listens)
        return;
    of->listens = true;
    of->filter = display_filter();
    multistatus_tell_settled(on_exchange, of, of->filter != NULL);
    multistatus_number_frames(number_of, of);
}

void frames_finish_exchanges(dissection *of)
{
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

void frames_begin(dissection *of)
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

void frames_renew(dissection *of)
{
    frames_finish_exchanges(of);
    delivery_hand_out(&of->delivery);
    capture_coverage_go_on(&of->coverage);
    frames_end_pass(of);
    epan_free(of->epan);
    of->numbers.began_anew = true;
    begin_session(of);
    frames_begin_pass(of, true);
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
static bool needs_tree(const dissection *of, bool taps)
{
    return postdissectors_want_hfids() ||
           (taps && (of->filter || have_filtering_tap_listeners() ||
                     (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0));
}

void frames_begin_pass(dissection *of, bool taps)
{
    of->edt = epan_dissect_new(of->epan, needs_tree(of, taps), FALSE);
}

void frames_end_pass(dissection *of)
{
    epan_dissect_free(of->edt);
    of->edt = NULL;
}

static void settle_frame(dissection *of, uint32_t frame)
{
    if (of->filter && dfilter_apply_edt(of->filter, of->edt))
        delivery_match(&of->delivery, frame);
    /* Exchanges are reported in the first pass, and frames are filtered in the second. */
    if (of->at_once && !(of->filter && of->two_passes))
        delivery_hand_out(&of->delivery);
}

static void prime(dissection *of, bool taps)
{
    if (of->filter && taps)
        epan_dissect_prime_with_dfilter(of->edt, of->filter);
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

void frames_divide(dissection *of, const flow_key *between, uint32_t frame)
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

void frames_only(dissection *of, frame_data *frame)
{
    dissect(of, frame, true);
    frame_provider_drop(&of->provider, frame);
}

void frames_first(dissection *of, frame_data *frame)
{
    dissect(of, frame, false);
    frame_provider_keep(&of->provider, frame);
}

void frames_second(dissection *of, frame_data *frame)
{
    dissect(of, frame, true);
    of->provider.previous_displayed = of->provider.previous_captured = frame;
}
