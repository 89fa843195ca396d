/* fuzz_sieve.c
 * Raw packets of several link types through the sieve, as the command shows them: what it decides,
 * and what it says afterwards, must agree with what it was shown.
 *
 * The input: a byte of switches, then packets: a byte that chooses the link type, one for how much
 * the snap length cut off, two with the length of what was captured, that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include <stdbool.h>

#include <wiretap/wtap.h>

#include "sieve.h"

enum { KEYS = 1, KEYS_LATER = 2, WHOLE = 4 };

#define MOST_PACKETS 256

/* -1 is a record that is not a packet; the last one is unknown to the sieve. */
static const int link_types[] = {
    WTAP_ENCAP_ETHERNET,    WTAP_ENCAP_RAW_IP,  WTAP_ENCAP_SLL,  WTAP_ENCAP_SLL2,
    WTAP_ENCAP_RAW_IP4,     WTAP_ENCAP_RAW_IP6, WTAP_ENCAP_NULL, -1,
    WTAP_ENCAP_IEEE_802_11,
};

typedef struct {
    int link_type;
    char *bytes;
    size_t captured;
    size_t reported;
    int64_t offset;
} packet;

typedef struct {
    packet at[MOST_PACKETS];
    uint32_t count;
} packets;

static void take_packets(fuzz_input *input, packets *all)
{
    int64_t offset = 24;

    for (all->count = 0; input->left > 0 && all->count < MOST_PACKETS; all->count++) {
        packet *p = &all->at[all->count];

        p->link_type = link_types[fuzz_byte(input) % G_N_ELEMENTS(link_types)];
        size_t cut = fuzz_byte(input);

        p->captured = fuzz_byte(input);
        p->captured |= (size_t)fuzz_byte(input) << 8;
        p->bytes = fuzz_copy(input, &p->captured);
        p->reported = p->captured + cut;
        p->offset = offset;
        offset += 16 + (int64_t)p->captured;
    }
}

static void free_packets(packets *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        free(all->at[i].bytes);
}

typedef bool (*next_of)(sieve *, uint32_t *, int64_t *);

/* Places in order, in each a frame where it was shown, and none twice. */
static uint32_t walk(sieve *of, const packets *all, next_of next, bool ask)
{
    uint32_t frame = 0, before = 0, walked = 0;
    int64_t offset = 0;
    bool seen[MOST_PACKETS] = {false};

    while (next(of, &frame, &offset)) {
        fuzz_check(frame > before && frame <= all->count);
        /* What could not be read is asked about in the order of the capture. */
        uint32_t real = ask ? frame : sieve_real_number(of, frame);

        fuzz_check(real > 0 && real <= all->count && !seen[real - 1]);
        seen[real - 1] = true;
        const packet *p = &all->at[real - 1];

        fuzz_check(offset == p->offset);
        if (ask && p->link_type >= 0)
            (void)sieve_is_refuted(of, p->link_type, (const uint8_t *)p->bytes, p->captured,
                                   p->reported);
        before = frame;
        walked++;
    }
    return walked;
}

static void check_decided(sieve *of, const packets *all)
{
    sieve_counts counts = sieve_count(of);
    uint32_t streams = 0;

    fuzz_check(counts.frames == all->count && counts.kept_frames <= counts.frames);
    fuzz_check(counts.unread_frames <= counts.kept_frames && counts.kept_flows <= counts.flows);
    fuzz_check(walk(of, all, sieve_next_unread, true) == counts.unread_frames);
    fuzz_check(walk(of, all, sieve_next, false) == counts.kept_frames);
    for (uint32_t frame = 1; frame <= all->count; frame++) {
        uint32_t now = sieve_streams_before(of, frame);

        fuzz_check(now >= streams && now < frame);
        streams = now;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static packets all; /* too large for the stack */
    fuzz_input input = {data, size};
    unsigned switches = fuzz_byte(&input);
    const sieve_task task = {switches & WHOLE ? SIEVE_ORDERS : SIEVE_LEAVES_OUT,
                             (switches & KEYS) != 0, true};
    sieve *of = sieve_new(task);

    take_packets(&input, &all);
    for (uint32_t i = 0; i < all.count; i++) {
        const packet *p = &all.at[i];

        if (p->link_type < 0)
            sieve_show(of, -1, NULL, 0, 0, p->offset);
        else
            sieve_show(of, p->link_type, (const uint8_t *)p->bytes, p->captured, p->reported,
                       p->offset);
        if (i == 0 && (switches & KEYS_LATER))
            sieve_has_keys(of);
    }
    if (sieve_decide(of))
        check_decided(of, &all);
    sieve_free(of);
    free_packets(&all);
    return 0;
}
