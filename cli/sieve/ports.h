/* ports.h
 * Ports that mean a protocol to Wireshark, of which nothing else is asked.
 *
 * Ownership: constants. Their values are made by the build (cli/tools/ports.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PORTS_H
#define MULTISTATUS_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* A bit for each port. */
typedef uint8_t port_set[8192];

extern const port_set tcp_ports_taken;
/** By a protocol that may carry others, or tell of other connections. */
extern const port_set udp_ports_taken;
/** By one that takes every datagram, and in which nothing is. */
extern const port_set udp_ports_ending;

/** It is known of all heuristic dissectors of UDP where they lead. */
extern const bool udp_heuristics_known;

static inline bool port_is_in(const port_set set, uint16_t port)
{
    return (set[port / 8] >> port % 8 & 1) != 0;
}

#endif /* MULTISTATUS_PORTS_H */
