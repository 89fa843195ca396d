/* open_connections.h
 * How many TCP connections are open while a capture goes on: for a status line.
 *
 * Ownership: there is one count in a process; what it reports to stays the caller's until
 * open_connections_end().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPEN_CONNECTIONS_H
#define MULTISTATUS_OPEN_CONNECTIONS_H

#include <stdatomic.h>
#include <stdint.h>

/** Counts the connections of the frames that are dissected from now on.
 *  @param to  gets the number as it changes, 0 first */
void open_connections_begin(_Atomic uint32_t *to);
void open_connections_end(void);

#endif /* MULTISTATUS_OPEN_CONNECTIONS_H */
