/* plain.c
 * Reading without the dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plain.h"

#include "fetcher.h"
#include "preferences.h"
#include "reader.h"

/* A connection in which there is HTTP. */
static void note_http(dissection *by, const sieve_packet *segment)
{
    flow_key key;

    if (segment->length == 0)
        return;
    flow_key_make(&key, &segment->flow);
    coverage_found(by->coverage.seen, &key, FOUND_HTTP, 0);
}

/* @return false if it is no segment, or only the dissectors can read on */
static bool read_frame(dissection *by, reader *with, uint32_t number, uint32_t stream)
{
    const wtap_rec *rec = &by->record.rec;
    const wtap_packet_header *packet = &rec->rec_header.packet_header;

    if (rec->rec_type != REC_TYPE_PACKET || (rec->presence_flags & WTAP_HAS_TS) == 0)
        return false;
    sieve_packet segment = sieve_packet_read(packet->pkt_encap, compat_bytes(&by->record),
                                             packet->caplen, packet->len);

    if (segment.kind != PACKET_SEGMENT)
        return false;
    dissection_at(by, number);
    by->digits = rec->tsprec > WTAP_TSPREC_USEC ? 9 : 6;
    note_http(by, &segment);
    return reader_show(with, &segment, stream, (arrival){number, rec->ts.nsecs, rec->ts.secs});
}

static bool read_frames(dissection *by, reader *with, sieve *kept, bool seeks)
{
    fetcher from = {.seeks = seeks};
    int err = 0;
    char *err_info = NULL;
    uint32_t number;
    int64_t offset;
    bool understood = true;

    while (understood && !dissection_must_end(by) && sieve_next(kept, &number, &offset) &&
           fetcher_fetch(&from, by, number, offset, &err, &err_info)) {
        understood = read_frame(by, with, number, sieve_stream(kept, number));
        if (understood && by->at_once)
            delivery_hand_out(&by->delivery);
        capture_position_bytes(&by->teller, offset);
        wtap_rec_reset(&by->record.rec);
    }
    g_free(err_info);
    return understood && err == 0;
}

static void forget(dissection *by, sieve *kept)
{
    sieve_rewind(kept);
    delivery_retract(&by->delivery);
    by->summary->exchanges = 0;
    capture_coverage_forget(&by->coverage);
}

bool plain_read(dissection *by, sieve *kept, bool seeks, int digits)
{
    const reader_terms terms = {&preferences.limits, (ms_batch_mode)preferences.batches,
                                preferences.by_root};
    reader *with = reader_new(&terms, dissection_tell, by);

    delivery_begin(&by->delivery);
    bool understood = read_frames(by, with, kept, seeks);

    by->digits = digits;
    if (understood && !dissection_must_end(by)) {
        by->finishing = true;
        reader_finish(with);
        by->finishing = false;
    }
    reader_free(with);
    if (!understood)
        forget(by, kept);
    return understood;
}
