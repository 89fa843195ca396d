/* sift.c
 * Showing a capture to the sieve.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sift.h"

#include <string.h>

#include "raw_capture.h"

bool sift_can_read(const char *path)
{
    return strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Wiretap shows what secrets it has read so far to those who would write them. */
bool sift_has_secrets(wtap *wth)
{
    wtap_dump_params params = WTAP_DUMP_PARAMS_INIT;

    wtap_dump_params_init(&params, wth);
    bool has = params.dsbs_growing && params.dsbs_growing->len > 0;

    g_clear_pointer(&params.idb_inf, g_free); /* the caller's, unlike the rest */
    wtap_dump_params_cleanup(&params);
    return has;
}

static void show(sieve *to, compat_reader *record, int64_t offset)
{
    const wtap_rec *rec = &record->rec;

    if (rec->rec_type != REC_TYPE_PACKET) {
        sieve_show(to, -1, NULL, 0, 0, offset);
        return;
    }
    sieve_show(to, rec->rec_header.packet_header.pkt_encap, compat_bytes(record),
               rec->rec_header.packet_header.caplen, rec->rec_header.packet_header.len, offset);
}

/* Often enough for a user who waits, seldom enough to cost nothing. */
#define FRAMES_BETWEEN_QUESTIONS 4096

/* @return whether to end before the next frame */
static bool ask(const sifted *so_far, const sift_watcher *watcher, int64_t offset)
{
    if (so_far->frames % FRAMES_BETWEEN_QUESTIONS != 0)
        return false;
    if (watcher->tell)
        watcher->tell(watcher->data, (uint64_t)offset);
    return watcher->must_end(watcher->data) || (watcher->impatient && sieve_is_beyond(so_far->by));
}

/* @param shown  frames of this file that the sieve has seen
 *  @return whether to end */
static bool sift_by_wiretap(sifted *made, sift_part *part, uint32_t shown, compat_reader *record,
                            const sift_watcher *watcher)
{
    wtap *wth = part->wth;
    bool ended = false;
    int64_t offset;

    while (!ended && compat_read(wth, record, &made->err, &made->err_info, &offset)) {
        if (shown > 0) {
            shown--;
            wtap_rec_reset(&record->rec);
            continue;
        }
        if (made->frames == 0 && sift_has_secrets(wth)) {
            made->secrets = true;
            sieve_has_keys(made->by);
        }
        made->frames++;
        made->nanoseconds = made->nanoseconds || record->rec.tsprec > WTAP_TSPREC_USEC;
        part->last = part->start + offset;
        show(made->by, record, part->last);
        wtap_rec_reset(&record->rec);
        ended = ask(made, watcher, part->start + wtap_read_so_far(wth));
    }
    if (!made->secrets && sift_has_secrets(wth)) {
        made->secrets = true;
        sieve_has_keys(made->by);
    }
    return ended;
}

/* @return RAW_UNSURE if wiretap has to do the rest, RAW_PACKET if it was ended */
static raw_answer sift_by_hand(sifted *made, sift_part *part, raw_capture *from,
                               const sift_watcher *watcher)
{
    raw_packet packet;
    raw_answer answer = RAW_PACKET;
    bool ended = false;

    while (!ended && (answer = raw_capture_next(from, &packet)) == RAW_PACKET) {
        made->frames++;
        made->nanoseconds = made->nanoseconds || packet.nanoseconds;
        part->last = part->start + packet.offset;
        sieve_show(made->by, packet.encapsulation, packet.bytes, packet.captured, packet.reported,
                   part->last);
        ended = ask(made, watcher, part->last);
    }
    return answer;
}

/* @return whether to end */
static bool sift_file(sifted *made, sift_part *part, compat_reader *record,
                      const sift_watcher *watcher)
{
    raw_capture *raw = raw_capture_open(part->path, part->wth);
    uint32_t before = made->frames;
    raw_answer answer = raw ? sift_by_hand(made, part, raw, watcher) : RAW_UNSURE;
    bool ended = answer == RAW_PACKET;

    raw_capture_close(raw);
    if (answer == RAW_UNSURE)
        ended = sift_by_wiretap(made, part, made->frames - before, record, watcher);
    part->frames = made->frames;
    return ended || made->err != 0;
}

sifted sift(wtap *wth, const char *path, compat_reader *record, sieve_task task,
            const sift_watcher *watcher)
{
    sifted made = {.by = sieve_new(task)};
    sift_part part = {.wth = wth, .path = path};
    bool ended;

    do
        ended = sift_file(&made, &part, record, watcher);
    while (!ended && watcher->next &&
           watcher->next(watcher->data, &part, &made.err, &made.err_info));
    bool decided = sieve_decide(made.by);

    made.notes = sieve_notes(made.by, !decided);
    if (!decided) {
        sieve_free(made.by);
        made.by = NULL;
    }
    return made;
}

void sift_show(sieve *to, compat_reader *record)
{
    show(to, record, 0);
}

bool sift_is_refuted(const sieve *by, compat_reader *record)
{
    const wtap_packet_header *packet = &record->rec.rec_header.packet_header;

    return record->rec.rec_type == REC_TYPE_PACKET &&
           sieve_is_refuted(by, packet->pkt_encap, compat_bytes(record), packet->caplen,
                            packet->len);
}
