/* start_line.h
 * HTTP/1 away from its ports, where the first line of a connection comes in pieces.
 *
 * Ownership: nothing is handed over.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_START_LINE_H
#define MULTISTATUS_START_LINE_H

/** Call it at handoff.
 *  @param proto  the protocol without which it does nothing */
void start_line_register(int proto);

#endif /* MULTISTATUS_START_LINE_H */
