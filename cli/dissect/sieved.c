/* sieved.c
 * Scanning a capture, and dissecting what is left of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sieved.h"

#include "diagnostics.h"
#include "dissectors.h"
#include "fetcher.h"
#include "interrupt.h"
#include "plain.h"
#include "qpack.h"
#include "sift.h"

/* -------------------------------------------------------------------------------- looking ---- */

static bool must_end_sifting(void *data)
{
    (void)data;
    return interrupt_signal() != 0;
}

static void tell_sifted(void *data, uint64_t bytes)
{
    const dissection *by = data;

    capture_position_bytes(&by->teller, (int64_t)bytes);
}

/* How a capture goes on that goes on from other files. */
static bool go_on(void *data, sift_part *part, int *err, char **err_info)
{
    dissection *by = data;
    capture_chain *chain = by->chain;

    chain->frames = part->frames;
    chain->last = part->last;
    if (!capture_chain_next(chain, &by->provider.wth, err, err_info))
        return false;
    part->wth = by->provider.wth;
    part->path = chain->links[chain->at].path;
    part->start = chain->links[chain->at].start;
    return true;
}

static sifted look_through_once(dissection *by, const capture_source *file, sieve_use use,
                                bool keys)
{
    const sift_watcher watcher = {must_end_sifting, tell_sifted, by, !dissectors_there(),
                                  by->chain ? go_on : NULL};
    const sieve_task task = {use == SIEVE_OFF ? SIEVE_ORDERS : SIEVE_LEAVES_OUT, keys,
                             qpack_is_there()};

    const char *first = by->chain ? by->chain->links[0].path : file->path;
    sifted found = sift(by->provider.wth, first, &by->record, task, &watcher);

    if (by->chain && found.err != 0)
        capture_chain_note_error(by->chain, found.err);
    return found;
}

/* A file that goes on from others may bring the first keys: then it begins anew, as with a capture
 * that begins with them. */
static sifted look_through(dissection *by, const capture_source *file, sieve_use use)
{
    sifted found = look_through_once(by, file, use, by->coverage.has_keys);

    if (!by->chain || by->chain->broken > 0 || found.by || !found.secrets || found.err != 0)
        return found;
    int err;
    char *err_info = NULL;

    if (capture_source_open(file, &by->provider.wth, true, &err, &err_info)) {
        flow_notes_free(found.notes);
        found = look_through_once(by, file, use, true);
    }
    g_free(err_info);
    return found;
}

static bool is_packed(wtap *wth)
{
    return wtap_get_compression_type(wth) != WTAP_UNCOMPRESSED;
}

static bool is_compressed(const dissection *by)
{
    return by->chain ? capture_chain_any(by->chain, is_packed) : is_packed(by->provider.wth);
}

/* Going back in a compressed file means uncompressing up to a mebibyte again. A few thousand times
 * that takes seconds; beyond that, the capture is read in its own order. */
static void mind_returns(const dissection *by, sieve *found)
{
    enum { NEAR = 4096, MOST = 2000 };

    if (found && is_compressed(by) && sieve_returns(found, NEAR) > MOST)
        sieve_stay(found);
}

/* What becomes of the frames that are kept. */
typedef enum { WAY_NONE, WAY_READ, WAY_DISSECTED } way;

/* In one message, for other workers have theirs. */
static void note_sieve(const char *path, const sieve *of, way taken)
{
    static const char *const of_all[] = {
        [WAY_NONE] = "it has no frames.",
        [WAY_READ] = "all of it is plain HTTP/1 and was read without Wireshark's dissectors.",
        [WAY_DISSECTED] = "all of it was dissected."};
    static const char *const of_rest[] = {
        [WAY_NONE] = "",
        [WAY_READ] = " The rest is plain HTTP/1 and was read without Wireshark's dissectors.",
        [WAY_DISSECTED] = " The rest was dissected."};
    sieve_counts counts = sieve_count(of);

    if (counts.kept_frames == counts.frames)
        complain("\"%s\": %s", path, of_all[taken]);
    else
        complain(
            "\"%s\": %u of %u frames and %u of %u TCP flows cannot hold a Multi-Status body and "
            "were left out.%s",
            path, counts.frames - counts.kept_frames, counts.frames,
            counts.flows - counts.kept_flows, counts.flows, of_rest[taken]);
}

/* ------------------------------------------------------------------------------- fetching ---- */

static bool reopen(dissection *by, const capture_source *file, bool seeks)
{
    int err = 0;
    char *err_info = NULL;
    bool opened = seeks || capture_source_open(file, &by->provider.wth, false, &err, &err_info);

    g_free(err_info);
    return opened;
}

/* Does anything that the sieve did not read carry a packet of what it would leave out? This must be
 * known before the first frame is dissected. True also if the frames cannot be had again. */
static bool is_refuted(dissection *by, sieve *found, bool seeks)
{
    fetcher with = {.seeks = seeks};
    uint32_t number;
    int64_t offset;
    int err = 0;
    char *err_info = NULL;
    bool refuted = false;

    while (!refuted && !dissection_must_end(by) && sieve_next_unread(found, &number, &offset)) {
        refuted = !fetcher_fetch(&with, by, number, offset, &err, &err_info) ||
                  sift_is_refuted(found, &by->record);
        wtap_rec_reset(&by->record.rec);
    }
    g_free(err_info);
    return refuted;
}

/* --------------------------------------------------------------------------------- in all ---- */

/* From here on the capture is being read a second time. */
static void turn(dissection *by)
{
    int err;

    capture_position_turn(&by->teller, wtap_file_size(by->provider.wth, &err));
}

/* Is it certain that what the sieve leaves out is nowhere else? */
static bool may_leave_out(dissection *by, const capture_source *file, sieve *found, bool seeks)
{
    return !sieve_has_unread(found) || (reopen(by, file, seeks) && !is_refuted(by, found, seeks));
}

/* Is what the sieve has found of any use? */
static bool is_useful(const sieve *found, sieve_use use)
{
    return found && (use != SIEVE_OFF || sieve_moves(found) || sieve_divides(found));
}

static void forget(dissection *by, sifted *found)
{
    g_clear_pointer(&found->err_info, g_free);
    real_numbers_drop_sieve(&by->numbers);
}

static void note_found(dissection *by, const sifted *found)
{
    by->numbers.by = found->by;
    flow_notes_free(by->coverage.notes);
    by->coverage.notes = found->notes;
    by->coverage.has_secrets = found->secrets;
}

/* Nothing is left out after all: the dissectors will say what they find in each connection. */
static void note_all_dissected(dissection *by, sieve *found)
{
    flow_notes_free(by->coverage.notes);
    by->coverage.notes = sieve_notes(found, true);
}

/* Nothing can be left out; what is out of order changes its place all the same. */
static void look_again(dissection *by, const capture_source *file, sifted *found)
{
    bool puts_right = sieve_moves(found->by) || sieve_divides(found->by);
    int err;

    note_all_dissected(by, found->by);
    forget(by, found);
    *found = (sifted){0};
    if (!puts_right || !capture_source_open(file, &by->provider.wth, true, &err, &found->err_info))
        return;
    *found = look_through(by, file, SIEVE_OFF);
    note_found(by, found);
    mind_returns(by, found->by);
}

/* A capture that has been read to its end has handed over its secrets. */
static bool fetches_by_offset(const dissection *by, const sifted *found)
{
    return (found->by && sieve_moves(found->by)) || (!found->secrets && !is_compressed(by));
}

/* The error of the first reading counts. */
static void read_second_time(dissection *by, bool seeks, int *err, char **err_info)
{
    char *later_info = NULL;
    int later = dissectors_there()->read_kept(by, seeks, &later_info);

    if (*err == 0) {
        *err = later;
        *err_info = later_info;
    } else {
        g_free(later_info);
    }
}

/* Reads what is kept without the dissectors if that can be; all of it or nothing. */
static way choose(dissection *by, const capture_source *file, sifted *found, bool seeks)
{
    bool read = false;

    if (sieve_count(found->by).kept_frames == 0)
        return WAY_NONE;
    if (sieve_is_readable(found->by) && reopen(by, file, seeks))
        read = plain_read(by, found->by, seeks, found->nanoseconds ? 9 : 6);
    return read ? WAY_READ : WAY_DISSECTED;
}

bool sieved_read(dissection *by, const capture_source *file, const sieved_settings *settings,
                 int *err, char **err_info)
{
    sieve_use use = settings->use;
    sifted found = look_through(by, file, use);

    note_found(by, &found);
    if (by->chain && by->chain->broken > 0) {
        forget(by, &found); /* it is read without what is not before it after all */
        return true;
    }
    turn(by);
    if (found.by && sieve_is_beyond(found.by) && !dissectors_there()) {
        forget(by, &found); /* it was not even looked through to its end */
        by->lacks = true;
        return true;
    }
    mind_returns(by, found.by);
    bool seeks = fetches_by_offset(by, &found);

    if (is_useful(found.by, use) && !may_leave_out(by, file, found.by, seeks)) {
        use = SIEVE_OFF;
        look_again(by, file, &found);
    }
    if (!is_useful(found.by, use)) {
        forget(by, &found);
        return false;
    }
    seeks = fetches_by_offset(by, &found);
    way taken = choose(by, file, &found, seeks);

    by->lacks = taken == WAY_DISSECTED && !dissectors_there();
    if (by->lacks) {
        forget(by, &found);
        return true;
    }
    *err = found.err;
    *err_info = found.err_info;
    if (settings->verbose && use != SIEVE_OFF)
        note_sieve(file->path, found.by, taken);
    by->summary->frames = found.frames;
    by->most_digits = found.nanoseconds ? 9 : 6;
    if (taken == WAY_DISSECTED && reopen(by, file, seeks))
        read_second_time(by, seeks, err, err_info);
    capture_position_end(&by->teller);
    return true;
}
