/* interrupt.h
 * Ending early but orderly: what was found so far is still reported.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_INTERRUPT_H
#define MULTISTATUS_INTERRUPT_H

/** Notes SIGINT, SIGTERM and SIGHUP from now on. A second one ends the process at once. */
void interrupt_init(void);

/** The signal that asked to end, or 0. */
int interrupt_signal(void);

#endif /* MULTISTATUS_INTERRUPT_H */
