/* sift.c
 * Showing a capture to the sieve.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sift.h"

#include <string.h>

void sifted_free(sifted *found)
{
    if (!found)
        return;
    sieve_free(found->by);
    g_free(found->err_info);
    g_free(found);
}

bool sift_can_read(const char *path)
{
    return strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Wiretap shows what secrets it has read so far to those who would write them. */
static bool has_secrets(wtap *wth)
{
    wtap_dump_params params = WTAP_DUMP_PARAMS_INIT;

    wtap_dump_params_init(&params, wth);
    bool has = params.dsbs_growing && params.dsbs_growing->len > 0;

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

sifted sift(wtap *wth, compat_reader *record, bool keys, bool (*must_end)(void))
{
    sifted made = {.by = sieve_new(keys)};
    int64_t offset;

    while (compat_read(wth, record, &made.err, &made.err_info, &offset)) {
        if (made.frames == 0 && has_secrets(wth)) {
            made.secrets = true;
            sieve_has_keys(made.by);
        }
        made.frames++;
        made.nanoseconds = made.nanoseconds || record->rec.tsprec > WTAP_TSPREC_USEC;
        show(made.by, record, offset);
        wtap_rec_reset(&record->rec);
        if (made.frames % FRAMES_BETWEEN_QUESTIONS == 0 && must_end())
            break;
    }
    if (!made.secrets && has_secrets(wth)) {
        made.secrets = true;
        sieve_has_keys(made.by);
    }
    if (!sieve_decide(made.by)) {
        sieve_free(made.by);
        made.by = NULL;
    }
    return made;
}

bool sift_is_refuted(const sieve *by, compat_reader *record)
{
    const wtap_packet_header *packet = &record->rec.rec_header.packet_header;

    return record->rec.rec_type == REC_TYPE_PACKET &&
           sieve_is_refuted(by, packet->pkt_encap, compat_bytes(record), packet->caplen,
                            packet->len);
}
