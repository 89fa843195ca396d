/* carried.c
 * Finding the IP datagram in a frame, and putting its fragments together.
 *
 * RFC 791, RFC 8200 section 4, RFC 4302 section 2.2, RFC 9293 section 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "carried.h"

#include <string.h>

#include <glib.h>

#include "octets.h"

/* Headers of carriers are not longer. */
#define FARTHEST 384u

/* What may follow a datagram in its frame: padding, and the checksum of a link layer. */
#define MOST_BEHIND 32u

/* Datagrams of which fragments are missing. */
#define LIMIT_PARTS 4096u

/* Numbers of datagrams come again: fragments that are farther apart belong to different ones. */
#define LIMIT_APART 4096u

enum { HOP_BY_HOP = 0, IP_ICMP = 1, IP_TCP = 6, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51 };
enum { IP_ICMP6 = 58, DESTINATION = 60 };

typedef struct {
    packet_flow flow;
    uint8_t protocol;
    bool fragment; /* only a part of it is here: */
    bool more;
    uint32_t id;
    size_t place;
} datagram;

/* -------------------------------------------------------------------------------- headers ---- */

/* @return 0 if the checksum is right */
static uint16_t sum_up(const uint8_t *header, size_t length)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < length; i += 2)
        sum += octets_16(header + i);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

/* With one of these the address in the header is not that of the other end. */
static bool has_source_route(const uint8_t *options, size_t length)
{
    enum { END = 0, NOTHING = 1, LOOSE = 131, STRICT = 137 };

    for (size_t at = 0; at < length && options[at] != END;) {
        if (options[at] == LOOSE || options[at] == STRICT)
            return true;
        if (options[at] == NOTHING)
            at++;
        else if (at + 1 < length && options[at + 1] >= 2)
            at += options[at + 1];
        else
            return false;
    }
    return false;
}

/* Does it end where what it is in ends? */
static bool fits(const octets *rest, size_t total, size_t header)
{
    return total > header && total <= rest->reported && rest->reported - total <= MOST_BEHIND;
}

/* A sender that leaves the checksum to its network card may have left it empty. */
static bool read_ip4(octets *rest, datagram *made)
{
    enum { RESERVED = 0x8000, MORE = 0x2000, PLACE = 0x1fff };
    const uint8_t *header = rest->at;
    size_t length = (size_t)(header[0] & 15) * 4;

    if (length < 20 || rest->captured < length || header[8] == 0)
        return false;
    uint16_t cut = octets_16(header + 6), total = octets_16(header + 2);

    if ((cut & RESERVED) != 0 || !fits(rest, total, length) ||
        (octets_16(header + 10) != 0 && sum_up(header, length) != 0) ||
        has_source_route(header + 20, length - 20))
        return false;
    *made = (datagram){
        .flow = {header + 12, header + 16, 4, 0, 0},
        .protocol = header[9],
        .fragment = (cut & (MORE | PLACE)) != 0,
        .more = (cut & MORE) != 0,
        .id = octets_16(header + 4),
        .place = (size_t)(cut & PLACE) * 8,
    };
    octets_limit(rest, total);
    return octets_skip(rest, length);
}

static bool read_ip6(octets *rest, datagram *made)
{
    const uint8_t *header = rest->at;

    if (rest->captured < 40 || header[7] == 0 ||
        !fits(rest, (size_t)octets_16(header + 4) + 40, 40))
        return false;
    *made = (datagram){.flow = {header + 8, header + 24, 16, 0, 0}, .protocol = header[6]};
    octets_limit(rest, (size_t)octets_16(header + 4) + 40);
    return octets_skip(rest, 40);
}

/* With one of these the addresses in the header are not those of the ends: on its way to another
 * router first, or the home address of RFC 6275 section 6.3. */
static bool is_redirected(uint8_t protocol, const uint8_t *header)
{
    enum { HOME_ADDRESS = 201 };

    return (protocol == ROUTING && header[3] != 0) ||
           (protocol == DESTINATION && header[2] == HOME_ADDRESS);
}

static bool is_extension(uint8_t protocol, bool ip6)
{
    return protocol == AUTHENTICATION || (ip6 && (protocol == HOP_BY_HOP || protocol == ROUTING ||
                                                  protocol == FRAGMENT || protocol == DESTINATION));
}

static size_t length_of_extension(uint8_t protocol, const uint8_t *header)
{
    switch (protocol) {
    case FRAGMENT:
        return 8;
    case AUTHENTICATION:
        return ((size_t)header[1] + 2) * 4;
    default:
        return ((size_t)header[1] + 1) * 8;
    }
}

/* Headers between that of IP and what it carries; behind that of a fragment comes a piece. */
static bool skip_extensions(octets *rest, datagram *made)
{
    while (!made->fragment && is_extension(made->protocol, made->flow.address_length == 16)) {
        const uint8_t *header = rest->at;

        if (rest->captured < 8 || is_redirected(made->protocol, header) ||
            !octets_skip(rest, length_of_extension(made->protocol, header)))
            return false;
        if (made->protocol == FRAGMENT) {
            made->place = octets_16(header + 2) & ~7u;
            made->more = (header[3] & 1) != 0;
            made->fragment = made->more || made->place > 0;
            made->id = octets_32(header + 4);
        }
        made->protocol = header[0];
    }
    return true;
}

static bool read_datagram(octets *rest, datagram *made)
{
    octets tried = *rest;
    unsigned version = rest->at[0] >> 4;

    if (rest->captured < 20 || (version != 4 && version != 6) ||
        !(version == 4 ? read_ip4 : read_ip6)(&tried, made) || !skip_extensions(&tried, made))
        return false;
    *rest = tried;
    return true;
}

/* The next one, from here on. */
static bool find_datagram(octets *rest, datagram *made)
{
    while (rest->captured > 0 && (size_t)(rest->at - rest->start) < FARTHEST) {
        if (read_datagram(rest, made))
            return true;
        octets_skip(rest, 1);
    }
    return false;
}

/* ------------------------------------------------------------------------------ fragments ---- */

typedef struct {
    uint32_t seed; /* different in each run, so that nobody can choose numbers that collide */
    uint8_t addresses[2][16];
    uint32_t id;
    uint32_t protocol;
} part_key;

typedef struct {
    size_t place, length;
} piece;

/* Of one datagram. */
typedef struct {
    part_key key;
    order_frame frames[CARRIED_FRAMES];
    piece pieces[CARRIED_FRAMES];
    unsigned n_frames, n_pieces;
    size_t total; /* 0 as long as it is not known */
    size_t sum;   /* of the pieces */
    size_t known; /* how far the first bytes are in the capture */
    uint8_t first[FARTHEST];
} parts;

struct carriers {
    uint32_t seed;
    GHashTable *parts; /* parts, by their key */
    parts *last;       /* that were put together */
};

static guint hash_part(gconstpointer key)
{
    const part_key *of = key;
    uint32_t words[sizeof *of / sizeof(uint32_t)], hash = 0;

    memcpy(words, of, sizeof words);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        hash = (hash ^ words[i]) * 0x9E3779B1u;
    return hash;
}

static gboolean equal_parts(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(part_key)) == 0;
}

static parts *begin_parts(carriers *of, const part_key *key)
{
    parts *made = g_new0(parts, 1);

    if (g_hash_table_size(of->parts) >= LIMIT_PARTS)
        g_hash_table_remove_all(of->parts);
    made->key = *key;
    made->known = FARTHEST;
    g_hash_table_add(of->parts, made);
    return made;
}

static parts *parts_of(carriers *of, const datagram *one, uint32_t frame)
{
    part_key key = {.seed = of->seed, .id = one->id, .protocol = one->protocol};

    memcpy(key.addresses[0], one->flow.source, one->flow.address_length);
    memcpy(key.addresses[1], one->flow.destination, one->flow.address_length);
    parts *found = g_hash_table_lookup(of->parts, &key);

    if (found && frame - found->frames[found->n_frames - 1].number > LIMIT_APART) {
        g_hash_table_remove(of->parts, &key);
        found = NULL;
    }
    return found ? found : begin_parts(of, &key);
}

/* A piece that is there already is a copy. */
static bool is_copy(const parts *of, piece made)
{
    for (unsigned i = 0; i < of->n_pieces; i++) {
        if (of->pieces[i].place == made.place && of->pieces[i].length == made.length)
            return true;
    }
    return false;
}

static void keep_first(parts *to, size_t place, const octets *bytes)
{
    if (place >= FARTHEST)
        return;
    memcpy(to->first + place, bytes->at, MIN(bytes->captured, FARTHEST - place));
    if (bytes->captured < bytes->reported)
        to->known = MIN(to->known, place + bytes->captured);
}

/* @return false if this is not how fragments are made */
static bool add_piece(parts *to, const datagram *one, const octets *bytes,
                      const carried_segment *found)
{
    const piece made = {one->place, bytes->reported};

    if (to->n_frames + found->n_frames > CARRIED_FRAMES)
        return false;
    memcpy(to->frames + to->n_frames, found->frames, found->n_frames * sizeof(order_frame));
    to->n_frames += found->n_frames;
    if (is_copy(to, made))
        return true;
    to->pieces[to->n_pieces++] = made;
    to->sum += made.length;
    keep_first(to, made.place, bytes);
    if (one->more)
        return true;
    bool first_end = to->total == 0;

    to->total = made.place + made.length;
    return first_end;
}

/* Puts together what this is a fragment of. @return false if some of it has not come yet */
static bool put_together(carriers *of, const datagram *one, octets *rest, carried_segment *found)
{
    parts *to = parts_of(of, one, found->frames[0].number);

    if (!add_piece(to, one, rest, found)) {
        g_hash_table_remove(of->parts, to);
        return false;
    }
    if (to->total == 0 || to->sum != to->total)
        return false;
    g_hash_table_steal(of->parts, to);
    g_free(of->last);
    of->last = to;
    found->n_frames = to->n_frames;
    memcpy(found->frames, to->frames, to->n_frames * sizeof(order_frame));
    *rest = (octets){to->first, to->first, MIN(to->known, to->total), to->total};
    return true;
}

/* --------------------------------------------------------------------------------- frames ---- */

carriers *carriers_new(void)
{
    carriers *made = g_new0(carriers, 1);

    made->seed = g_random_int();
    made->parts = g_hash_table_new_full(hash_part, equal_parts, g_free, NULL);
    return made;
}

void carriers_free(carriers *of)
{
    if (!of)
        return;
    g_hash_table_unref(of->parts);
    g_free(of->last);
    g_free(of);
}

/* Flags that a segment may have together, in a header without anything that nobody uses. */
static bool makes_sense(const sieve_packet *segment, const uint8_t *header)
{
    enum { UNUSED = 0x0e };
    uint8_t flags = segment->flags & (TCP_SYN | TCP_FIN | TCP_RST);

    return (header[12] & UNUSED) == 0 && segment->flow.source_port != 0 &&
           segment->flow.destination_port != 0 && (flags & (flags - 1)) == 0 &&
           (segment->flags & (TCP_SYN | TCP_RST | TCP_ACK)) != 0;
}

/* The address of the flow points to a header that is gone once fragments are put together. */
static void keep_addresses(carriers *of, packet_flow *flow)
{
    flow->source = of->last->key.addresses[0];
    flow->destination = of->last->key.addresses[1];
}

/* What is quoted in messages about packets was not sent once more. */
static bool is_message(uint8_t protocol)
{
    return protocol == IP_ICMP || protocol == IP_ICMP6;
}

bool carriers_show(carriers *of, const uint8_t *bytes, size_t captured, size_t reported,
                   order_frame frame, carried_segment *found)
{
    octets rest = {bytes, bytes, captured, reported};
    datagram one;

    found->frames[0] = frame;
    found->n_frames = 1;
    while (find_datagram(&rest, &one)) {
        if (one.fragment) {
            if (!put_together(of, &one, &rest, found))
                return false;
            keep_addresses(of, &one.flow);
        }
        if (is_message(one.protocol))
            return false;
        if (one.protocol != IP_TCP)
            continue;
        found->segment = sieve_packet_read_tcp(rest, one.flow);
        return found->segment.kind == PACKET_SEGMENT && makes_sense(&found->segment, rest.at);
    }
    return false;
}
