/* ports.h
 * TCP ports that mean a protocol to Wireshark, of which nothing else is asked.
 *
 * Ownership: constants. Their values are made by the build (cli/tools/tcp_ports.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PORTS_H
#define MULTISTATUS_PORTS_H

#include <stdbool.h>
#include <stdint.h>

extern const uint8_t ports_taken[8192];

static inline bool port_is_taken(uint16_t port)
{
    return (ports_taken[port / 8] >> port % 8 & 1) != 0;
}

#endif /* MULTISTATUS_PORTS_H */
