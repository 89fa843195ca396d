/* dissection.c
 * Dissecting frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dissection.h"

#include <epan/packet.h>
#include <epan/secrets.h>
#include <epan/tap.h>

#include "interrupt.h"
#include "multistatus-tap.h"
#include "record_tap.h"

/* -------------------------------------------------------------------------- what it tells ---- */

/* The frame with which it is certain that an exchange is told now; UINT32_MAX if later ones may
 * tell more about it. */
static uint32_t is_told_in(const dissection *of)
{
    uint32_t place = of->numbers.frame;

    if (of->finishing)
        return UINT32_MAX;
    return of->numbers.by ? MAX(place, sieve_settled_at(of->numbers.by, place)) : place;
}

/* Was it told when one of the files before this one was read? */
static bool is_told(const dissection *of)
{
    uint32_t place = of->chain ? is_told_in(of) : UINT32_MAX;

    return place != UINT32_MAX && place <= capture_chain_before(of->chain);
}

static exchange_record *take(dissection *of, const multistatus_record *told)
{
    exchange_record *record = exchange_record_new(told, of->summary->capture, of->digits);

    record->open = of->chain && is_told_in(of) == UINT32_MAX &&
                   !capture_chain_leaves(of->chain, record->frame);

    if (!record->open) {
        capture_coverage_response(&of->coverage, told);
        of->summary->exchanges++;
    }
    delivery_hold(&of->delivery, record);
    return record;
}

void dissection_tell(const multistatus_record *told, void *data)
{
    if (!is_told(data))
        take(data, told);
}

/* An exchange is reported, in the frame in which it ends or in a later one. */
static void on_exchange(const multistatus_record *told, void *data)
{
    dissection *of = data;

    if (is_told(of))
        return;
    exchange_record *record = take(of, told);

    real_numbers_note_streams(&of->numbers);
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
    multistatus_tell_settled(on_exchange, of, of->filter != NULL);
    multistatus_number_frames(number_of, of);
}

void dissection_finish_exchanges(dissection *of)
{
    of->digits = of->most_digits;
    of->finishing = true;
    multistatus_finish();
    of->finishing = false;
}

bool dissection_read(dissection *of, int *err, char **err_info, int64_t *offset)
{
    wtap **wth = &of->provider.wth;

    return of->chain ? capture_chain_read(of->chain, wth, &of->record, err, err_info, offset)
                     : compat_read(*wth, &of->record, err, err_info, offset);
}

bool dissection_seek(dissection *of, int64_t offset, int *err, char **err_info)
{
    wtap **wth = &of->provider.wth;

    return of->chain ? capture_chain_seek(of->chain, wth, offset, &of->record, err, err_info)
                     : compat_seek_read(*wth, offset, &of->record, err, err_info);
}

bool dissection_must_end(const dissection *of)
{
    return of->delivery.ended || interrupt_signal() != 0;
}

/* -------------------------------------------------------------------------------- session ---- */

static void begin_session(dissection *of)
{
    of->epan = frame_provider_session(&of->provider);
    /* If this is not the first one: hands over again the secrets that were in the capture. */
    if (of->chain)
        capture_chain_tell_secrets(of->chain);
    else
        wtap_set_cb_new_secrets(of->provider.wth, secrets_wtap_callback);
}

void dissection_begin(dissection *of, capture_record *summary)
{
    of->summary = summary;
    of->lacks = false;
    of->file_type = wtap_file_type_subtype(of->provider.wth);
    compat_reader_init(&of->record);
    capture_coverage_begin(&of->coverage);
}

void dissection_begin_frames(dissection *of)
{
    listen_to_dissectors(of);
    of->most_digits = 6;
    of->wants_fields = postdissectors_want_hfids();
    delivery_begin(&of->delivery);
    real_numbers_begin(&of->numbers);
    frame_provider_begin(&of->provider, of->two_passes);
    begin_session(of);
}

void dissection_renew(dissection *of)
{
    dissection_finish_exchanges(of);
    delivery_hand_out(&of->delivery);
    capture_coverage_go_on(&of->coverage);
    dissection_end_pass(of);
    epan_free(of->epan);
    of->numbers.began_anew = true;
    begin_session(of);
    dissection_begin_pass(of, true);
}

void dissection_end(dissection *of)
{
    if (of->epan)
        epan_free(of->epan);
    of->epan = NULL;
    frame_provider_end(&of->provider);
    compat_reader_clear(&of->record);
    real_numbers_drop_sieve(&of->numbers);
    capture_coverage_end(&of->coverage);
}

/* --------------------------------------------------------------------------------- frames ---- */

/* A tree costs more than everything else: it is only made where fields are asked for. */
static bool needs_tree(const dissection *of, bool taps)
{
    return postdissectors_want_hfids() ||
           (taps && (of->filter || have_filtering_tap_listeners() ||
                     (union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0));
}

void dissection_begin_pass(dissection *of, bool taps)
{
    of->edt = epan_dissect_new(of->epan, needs_tree(of, taps), FALSE);
}

void dissection_end_pass(dissection *of)
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

void dissection_at(dissection *of, uint32_t place)
{
    of->numbers.frame = place;
    of->teller.before = of->chain ? capture_chain_before(of->chain) : 0;
    of->teller.start = of->chain ? capture_chain_start(of->chain) : 0;
    capture_position_frame(&of->teller, real_numbers_frame(&of->numbers, place));
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
    real_numbers_note_streams(&of->numbers);
    if (!of->two_passes || !taps)
        capture_coverage_frame(&of->coverage, &of->edt->pi);
    if (taps)
        settle_frame(of, frame->num);
    frame_data_set_after_dissect(frame, &of->provider.bytes);
    epan_dissect_reset(of->edt);
    of->record.rec.block = block;
}

void dissection_only(dissection *of, frame_data *frame)
{
    dissect(of, frame, true);
    frame_provider_drop(&of->provider, frame);
}

void dissection_first(dissection *of, frame_data *frame)
{
    dissect(of, frame, false);
    frame_provider_keep(&of->provider, frame);
}

void dissection_second(dissection *of, frame_data *frame)
{
    dissect(of, frame, true);
    of->provider.previous_displayed = of->provider.previous_captured = frame;
}
