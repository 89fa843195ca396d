/* fuzz_raw.c
 * The bytes of a pcap or pcapng file, read by hand (raw_capture.h) and by wiretap: the packets are
 * the same, as long as the first reader is sure.
 *
 * The input: the file. The reader is built with smaller windows than the command's, so that a file
 * of some kilobytes has seams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "diagnostics.h"
#include "libraries.h"
#include "memory_file.h"
#include "raw_capture.h"

static memory_file file;

static void start(void)
{
    diagnostics_init(false); /* otherwise wiretap reports every block */
    wtap_init(FALSE);
    file = memory_file_new();
}

/* Every byte is read, so that the sanitizer notices one that is not there. */
static void check_packet(const raw_packet *packet, compat_reader *reader, int64_t offset)
{
    const wtap_rec *rec = &reader->rec;

    fuzz_check(rec->rec_type == REC_TYPE_PACKET && packet->offset == offset);
    fuzz_check(packet->encapsulation == rec->rec_header.packet_header.pkt_encap);
    fuzz_check(packet->captured == rec->rec_header.packet_header.caplen);
    fuzz_check(packet->reported == rec->rec_header.packet_header.len);
    fuzz_check(packet->nanoseconds == (rec->tsprec > WTAP_TSPREC_USEC));
    fuzz_check(packet->captured == 0 ||
               memcmp(packet->bytes, compat_bytes(reader), packet->captured) == 0);
}

/* Along with wiretap. */
static void compare(wtap *wth, raw_capture *by_hand)
{
    compat_reader reader;
    raw_packet packet;
    raw_answer answer;
    int err = 0;
    char *err_info = NULL;
    int64_t offset;

    compat_reader_init(&reader);
    for (;;) {
        answer = raw_capture_next(by_hand, &packet);
        if (answer != RAW_PACKET)
            break;
        fuzz_check(compat_read(wth, &reader, &err, &err_info, &offset));
        check_packet(&packet, &reader, offset);
        wtap_rec_reset(&reader.rec);
    }
    if (answer == RAW_END)
        fuzz_check(!compat_read(wth, &reader, &err, &err_info, &offset) && err == 0);
    g_free(err_info);
    compat_reader_clear(&reader);
}

static void read_file(void)
{
    int err = 0;
    char *err_info = NULL;
    wtap *wth = wtap_open_offline(file.path, WTAP_TYPE_AUTO, &err, &err_info, TRUE);

    g_free(err_info);
    if (!wth)
        return;
    raw_capture *by_hand = raw_capture_open(file.path, wth);

    if (by_hand)
        compare(wth, by_hand);
    raw_capture_close(by_hand);
    wtap_close(wth);
}

/* Wiretap would find out by itself, but asking its forty other formats takes too much time. */
static bool may_be_capture(const uint8_t *data, size_t size)
{
    static const uint32_t heads[] = {UINT32_C(0xa1b2c3d4), UINT32_C(0xa1b23c4d),
                                     UINT32_C(0x0a0d0d0a)};
    uint32_t head;

    if (size < sizeof head)
        return false;
    memcpy(&head, data, sizeof head);
    return head == heads[0] || head == heads[1] || head == heads[2];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!file.fd)
        start();
    if (!may_be_capture(data, size))
        return 0;
    memory_file_set(&file, data, size);
    read_file();
    return 0;
}
