/* dissection.c
 * What all ways of reading a capture have in common.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dissection.h"

#include "dissectors.h"
#include "interrupt.h"
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

exchange_record *dissection_take(dissection *of, const multistatus_record *told)
{
    if (is_told(of))
        return NULL;
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
    dissection_take(data, told);
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

void dissection_begin(dissection *of, capture_record *summary)
{
    of->summary = summary;
    of->lacks = false;
    of->most_digits = 6;
    of->file_type = wtap_file_type_subtype(of->provider.wth);
    compat_reader_init(&of->record);
    capture_coverage_begin(&of->coverage);
}

void dissection_at(dissection *of, uint32_t place)
{
    of->numbers.frame = place;
    of->teller.before = of->chain ? capture_chain_before(of->chain) : 0;
    of->teller.start = of->chain ? capture_chain_start(of->chain) : 0;
    capture_position_frame(&of->teller, real_numbers_frame(&of->numbers, place));
}

void dissection_end(dissection *of)
{
    if (of->epan)
        dissectors_there()->end_session(of);
    compat_reader_clear(&of->record);
    real_numbers_drop_sieve(&of->numbers);
    capture_coverage_end(&of->coverage);
}
