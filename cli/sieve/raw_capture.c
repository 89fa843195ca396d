/* raw_capture.c
 * Reading pcap and pcapng files by hand.
 *
 * Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Which encapsulation and how exact time
 * stamps are, wiretap has found out from the head of the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "raw_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <wiretap/wtap_opttypes.h>

#include "sieve_packet.h"

#ifndef RAW_CAPTURE_SMALL
/* Stays in the processor's cache while it is copied from the kernel's. */
#define WINDOW_SIZE ((size_t)512 * 1024)
#else /* a test of seams with short files */
#define WINDOW_SIZE ((size_t)1024)
#endif
/* Longer packets than these are an error to wiretap. */
#define NOT_MORE ((uint32_t)WTAP_MAX_PACKET_SIZE_STANDARD)

struct raw_capture {
    int fd;
    bool is_pcapng;
    GArray *interfaces; /* of interface */
    uint32_t described; /* interfaces that were met in the file */
    bool has_packets;
    uint8_t *window;
    size_t at, filled; /* of the window */
    int64_t start;     /* of the window, in the file */
    bool ended;
};

typedef struct {
    int encapsulation;
    bool nanoseconds;
} interface;

/* ---------------------------------------------------------------------------------- bytes ---- */

/* In the byte order of this machine, as all of the file. */
static uint32_t number_at(const uint8_t *at)
{
    uint32_t number;

    memcpy(&number, at, sizeof number);
    return number;
}

static uint16_t short_at(const uint8_t *at)
{
    uint16_t number;

    memcpy(&number, at, sizeof number);
    return number;
}

static bool fill(raw_capture *of)
{
    size_t rest = of->filled - of->at;

    memmove(of->window, of->window + of->at, rest);
    of->start += (int64_t)of->at;
    of->at = 0;
    of->filled = rest;
    while (of->filled < WINDOW_SIZE && !of->ended) {
        ssize_t got = read(of->fd, of->window + of->filled, WINDOW_SIZE - of->filled);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        of->ended = got == 0;
        of->filled += (size_t)got;
    }
    return true;
}

/* So many bytes that follow, without taking them; NULL if there are not as many, or more than a
 * window holds. */
static const uint8_t *peek(raw_capture *of, size_t length)
{
    if (length > WINDOW_SIZE || (of->filled - of->at < length && !fill(of)))
        return NULL;
    return of->filled - of->at < length ? NULL : of->window + of->at;
}

static bool is_at_end(raw_capture *of)
{
    return peek(of, 1) == NULL && of->ended;
}

/* ----------------------------------------------------------------------------------- pcap ---- */

#define PCAP_HEAD 24
#define PCAP_RECORD 16

static bool has_pcap_head(raw_capture *of)
{
    const uint8_t *head = peek(of, PCAP_HEAD);
    static const uint32_t magic[] = {UINT32_C(0xa1b2c3d4), UINT32_C(0xa1b23c4d)};

    if (!head || (number_at(head) != magic[0] && number_at(head) != magic[1]) ||
        short_at(head + 4) != 2 || short_at(head + 6) != 4 || of->interfaces->len != 1)
        return false;
    of->at += PCAP_HEAD;
    return true;
}

static raw_answer next_record(raw_capture *of, raw_packet *packet)
{
    const uint8_t *record = peek(of, PCAP_RECORD);
    const interface *on = &g_array_index(of->interfaces, interface, 0);

    if (!record)
        return is_at_end(of) ? RAW_END : RAW_UNSURE;
    uint32_t captured = number_at(record + 8);

    if (captured > NOT_MORE || !(record = peek(of, PCAP_RECORD + captured)))
        return RAW_UNSURE;
    *packet = (raw_packet){.encapsulation = on->encapsulation,
                           .nanoseconds = on->nanoseconds,
                           .bytes = record + PCAP_RECORD,
                           .captured = captured,
                           .reported = number_at(record + 12),
                           .offset = of->start + (int64_t)of->at};
    of->at += PCAP_RECORD + captured;
    return RAW_PACKET;
}

/* --------------------------------------------------------------------------------- pcapng ---- */

enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_STATISTICS = 5, BLOCK_PACKET = 6 };

#define BLOCK_LEAST 12      /* type, length, length again */
#define BLOCK_HEAD 8        /* type, length */
#define PACKET_FIXED 28     /* ... and what stands before a packet's bytes */
#define STATISTICS_FIXED 20 /* ... before the options of statistics */
#define ANY_LENGTH UINT16_MAX

/* An option that wiretap takes as it is. */
typedef struct {
    uint16_t code, length;
} known_option;

static const known_option packet_options[] = {
    {1, ANY_LENGTH}, /* comment */
    {2, 4},          /* flags */
    {4, 8},          /* dropped packets */
    {5, 8},          /* identifier */
    {6, 4},          /* queue */
};

static const known_option statistics_options[] = {
    {1, ANY_LENGTH}, /* comment */
    {2, 8},          /* start */
    {3, 8},          /* end */
    {4, 8},          /* received, dropped, ... */
    {5, 8},          {6, 8}, {7, 8}, {8, 8},
};

static bool is_known_option(uint16_t code, uint16_t length, const known_option *known, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (known[i].code == code)
            return known[i].length == length || known[i].length == ANY_LENGTH;
    }
    return false;
}

static bool are_known_options(const uint8_t *at, size_t length, const known_option *known, size_t n)
{
    while (length > 0) {
        if (length < 4)
            return false;
        uint16_t code = short_at(at), of_option = short_at(at + 2);
        size_t whole = 4 + (((size_t)of_option + 3) & ~(size_t)3);

        if (code == 0)
            return of_option == 0 && length == 4; /* the end */
        if (whole > length || !is_known_option(code, of_option, known, n))
            return false;
        at += whole;
        length -= whole;
    }
    return true;
}

/* A whole block, its lengths being in order; NULL otherwise. */
static const uint8_t *peek_block(raw_capture *of, uint32_t *length)
{
    const uint8_t *block = peek(of, BLOCK_LEAST);

    if (!block)
        return NULL;
    *length = number_at(block + 4);
    if (*length < BLOCK_LEAST || *length % 4 != 0 || !(block = peek(of, *length)) ||
        number_at(block + *length - 4) != *length)
        return NULL;
    return block;
}

static bool has_pcapng_head(raw_capture *of)
{
    uint32_t length;
    const uint8_t *block = peek(of, BLOCK_LEAST);

    if (!block || number_at(block) != BLOCK_SECTION ||
        number_at(block + BLOCK_HEAD) != UINT32_C(0x1a2b3c4d) || !peek_block(of, &length))
        return false;
    of->at += length;
    return true;
}

static raw_answer take_packet(raw_capture *of, const uint8_t *block, uint32_t length,
                              raw_packet *packet)
{
    if (length < PACKET_FIXED + 4)
        return RAW_UNSURE;
    uint32_t number = number_at(block + 8), captured = number_at(block + 20);
    uint32_t padded = (MIN(captured, NOT_MORE) + 3) & ~UINT32_C(3);

    if (number >= of->interfaces->len || captured > NOT_MORE || length < PACKET_FIXED + 4 + padded)
        return RAW_UNSURE;
    if (!are_known_options(block + PACKET_FIXED + padded, length - PACKET_FIXED - 4 - padded,
                           packet_options, G_N_ELEMENTS(packet_options)))
        return RAW_UNSURE;
    const interface *on = &g_array_index(of->interfaces, interface, number);

    *packet = (raw_packet){.encapsulation = on->encapsulation,
                           .nanoseconds = on->nanoseconds,
                           .bytes = block + PACKET_FIXED,
                           .captured = captured,
                           .reported = number_at(block + 24),
                           .offset = of->start + (int64_t)of->at};
    of->at += length;
    of->has_packets = true;
    return RAW_PACKET;
}

/* A block that is no packet. @return false if only wiretap knows */
static bool pass_over(raw_capture *of, const uint8_t *block, uint32_t length)
{
    switch (number_at(block)) {
    case BLOCK_INTERFACE: /* wiretap has read those at the head */
        if (of->has_packets || ++of->described > of->interfaces->len)
            return false;
        break;
    case BLOCK_STATISTICS:
        if (length < STATISTICS_FIXED + 4 ||
            !are_known_options(block + STATISTICS_FIXED, length - STATISTICS_FIXED - 4,
                               statistics_options, G_N_ELEMENTS(statistics_options)))
            return false;
        break;
    default:
        return false;
    }
    of->at += length;
    return true;
}

static raw_answer next_block(raw_capture *of, raw_packet *packet)
{
    for (;;) {
        uint32_t length = 0;
        const uint8_t *block = peek_block(of, &length);

        if (!block)
            return is_at_end(of) && of->described == of->interfaces->len ? RAW_END : RAW_UNSURE;
        if (number_at(block) == BLOCK_PACKET)
            return of->described == of->interfaces->len ? take_packet(of, block, length, packet)
                                                        : RAW_UNSURE;
        if (!pass_over(of, block, length))
            return RAW_UNSURE;
    }
}

/* ------------------------------------------------------------------------------------ all ---- */

/* @return false if wiretap would change something in such packets */
static bool take_interfaces(raw_capture *to, wtap *wth)
{
    wtapng_iface_descriptions_t *from = wtap_file_get_idb_info(wth);
    bool plain = from->interface_data->len > 0;

    for (guint i = 0; i < from->interface_data->len; i++) {
        const wtapng_if_descr_mandatory_t *described =
            wtap_block_get_mandatory_data(g_array_index(from->interface_data, wtap_block_t, i));
        interface made = {described->wtap_encap, described->tsprecision > WTAP_TSPREC_USEC};

        plain = plain && sieve_packet_is_link(made.encapsulation);
        g_array_append_val(to->interfaces, made);
    }
    g_free(from);
    return plain;
}

static bool has_head(raw_capture *of, int type)
{
    of->is_pcapng = type == wtap_pcapng_file_type_subtype();
    return of->is_pcapng ? has_pcapng_head(of)
                         : (type == wtap_pcap_file_type_subtype() ||
                            type == wtap_pcap_nsec_file_type_subtype()) &&
                               has_pcap_head(of);
}

raw_capture *raw_capture_open(const char *path, wtap *wth)
{
    raw_capture *made;
    struct stat status;
    int fd =
        wtap_get_compression_type(wth) == WTAP_UNCOMPRESSED ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return NULL;
    }
    made = g_new0(raw_capture, 1);
    made->fd = fd;
    made->window = g_malloc(WINDOW_SIZE);
    made->interfaces = g_array_new(FALSE, FALSE, sizeof(interface));
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (take_interfaces(made, wth) && has_head(made, wtap_file_type_subtype(wth)))
        return made;
    raw_capture_close(made);
    return NULL;
}

void raw_capture_close(raw_capture *capture)
{
    if (!capture)
        return;
    close(capture->fd);
    g_free(capture->window);
    g_array_unref(capture->interfaces);
    g_free(capture);
}

raw_answer raw_capture_next(raw_capture *from, raw_packet *packet)
{
    return from->is_pcapng ? next_block(from, packet) : next_record(from, packet);
}
