/* community_id.h
 * Community ID version 1: a hash of addresses, ports and protocol by which other tools (Zeek,
 * Suricata, Arkime, Wireshark) name a connection, so that what they say of it can be joined.
 *
 * https://github.com/corelight/community-id-spec
 *
 * Ownership: the text is the caller's, who frees it with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_COMMUNITY_ID_H
#define MULTISTATUS_COMMUNITY_ID_H

#include <stdbool.h>

#include <glib.h>

/** @param one, other  address and port of each side, as in records: "192.0.2.1:80",
 *                     "[2001:db8::1]:80"
 *  @param udp         else TCP
 *  @return "1:...", NULL if one of them is no such thing. The seed is 0, the default of all. */
char *community_id(const char *one, const char *other, bool udp);

#endif /* MULTISTATUS_COMMUNITY_ID_H */
