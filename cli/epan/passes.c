/* passes.c
 * Frame after frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "passes.h"

#include "fetcher.h"
#include "frames.h"
#include "renewal.h"
#include "sift.h"

static void bound_memory(dissection *by, renewal *bound, const frame_data *frame)
{
    if (by->two_passes || frame->num == 1 ||
        !renewal_is_due(bound, frame, &by->provider.previous_captured->abs_ts))
        return;
    frames_renew(by);
    renewal_begin(bound);
}

static int read_frames(dissection *by, renewal *bound, char **err_info)
{
    int err = 0;
    int64_t offset;
    frame_data frame;

    frames_begin_pass(by, !by->two_passes);
    while (!dissection_must_end(by) && dissection_read(by, &err, err_info, &offset)) {
        capture_position_bytes(&by->teller,
                               wtap_read_so_far(by->provider.wth) +
                                   (by->chain ? by->chain->links[by->chain->at].start : 0));
        frame_data_init(&frame, (uint32_t)++by->summary->frames, &by->record.rec, offset,
                        by->provider.bytes);
        bound_memory(by, bound, &frame);
        if (by->coverage.counter)
            sift_show(by->coverage.counter, &by->record);
        if (by->two_passes)
            frames_first(by, &frame);
        else
            frames_only(by, &frame);
        wtap_rec_reset(&by->record.rec);
    }
    frames_end_pass(by);
    return err;
}

static int read_frames_again(dissection *by, char **err_info)
{
    int err = 0;

    wtap_sequential_close(by->provider.wth);
    postseq_cleanup_all_protocols();
    by->provider.previous_displayed = by->provider.previous_captured = NULL;
    frames_begin_pass(by, true);
    for (uint32_t i = 1; i <= by->summary->frames && !dissection_must_end(by); i++) {
        frame_data *frame = frame_data_sequence_find(by->provider.frames, i);

        if (!dissection_seek(by, frame->file_off, &err, err_info))
            break;
        frames_second(by, frame);
        wtap_rec_reset(&by->record.rec);
    }
    frames_end_pass(by);
    return err;
}

/* A chain that turned out to be broken is read again, without what it is broken by. */
static void finish(dissection *by)
{
    if (!dissection_must_end(by) && !(by->chain && by->chain->broken > 0))
        frames_finish_exchanges(by);
}

int passes_read(dissection *by, char **err_info)
{
    renewal bound = {.bytes = by->live ? by->renew_at : 0};

    frames_begin(by);
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
    finish(by);
    return err;
}

int passes_read_kept(dissection *by, bool seeks, char **err_info)
{
    fetcher with = {.seeks = seeks};
    uint32_t number;
    int64_t offset;
    int err = 0;
    frame_data frame;

    frames_begin(by);
    frames_begin_pass(by, true);
    while (!dissection_must_end(by) && sieve_next(by->numbers.by, &number, &offset) &&
           fetcher_fetch(&with, by, number, offset, &err, err_info)) {
        const flow_key *begins = sieve_beginning(by->numbers.by, number);

        if (begins)
            frames_divide(by, begins, number);
        frame_data_init(&frame, number, &by->record.rec, offset, by->provider.bytes);
        frames_only(by, &frame);
        capture_position_bytes(&by->teller, offset);
        wtap_rec_reset(&by->record.rec);
    }
    frames_end_pass(by);
    finish(by);
    return err;
}
