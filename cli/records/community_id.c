/* community_id.c
 * Community ID version 1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "community_id.h"

#include <arpa/inet.h>
#include <string.h>

#include "address.h"

#define MOST_BYTES 16 /* of an address */

typedef struct {
    guint8 address[MOST_BYTES];
    size_t length;
    guint8 port[2]; /* in network order */
} side;

static bool read_side(const char *text, side *to)
{
    guint16 port = 0;
    g_autofree char *address = address_split(text, &port);
    bool brackets = text && *text == '[';

    to->length = brackets ? 16 : 4;
    to->port[0] = (guint8)(port >> 8);
    to->port[1] = (guint8)(port & 0xFF);
    return address && inet_pton(brackets ? AF_INET6 : AF_INET, address, to->address) == 1;
}

/* The smaller address comes first, then the smaller port. */
static bool is_first(const side *a, const side *b)
{
    int order = memcmp(a->address, b->address, a->length);

    return order < 0 || (order == 0 && memcmp(a->port, b->port, sizeof a->port) < 0);
}

static void add(GChecksum *to, const void *bytes, size_t length)
{
    g_checksum_update(to, bytes, (gssize)length);
}

char *community_id(const char *one, const char *other, bool udp)
{
    enum { SHA1_BYTES = 20 };
    static const guint8 seed[2] = {0, 0};
    const guint8 protocol[2] = {udp ? IPPROTO_UDP : IPPROTO_TCP, 0};
    side a, b;

    if (!read_side(one, &a) || !read_side(other, &b) || a.length != b.length)
        return NULL;
    const side *first = is_first(&a, &b) ? &a : &b, *second = first == &a ? &b : &a;
    g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 digest[SHA1_BYTES];
    gsize length = sizeof digest;

    add(hash, seed, sizeof seed);
    add(hash, first->address, first->length);
    add(hash, second->address, second->length);
    add(hash, protocol, sizeof protocol);
    add(hash, first->port, sizeof first->port);
    add(hash, second->port, sizeof second->port);
    g_checksum_get_digest(hash, digest, &length);
    g_autofree char *text = g_base64_encode(digest, length);

    return g_strconcat("1:", text, NULL);
}
