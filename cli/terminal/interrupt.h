/* interrupt.h
 * Ending early but orderly: what was found so far is still reported.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_INTERRUPT_H
#define MULTISTATUS_INTERRUPT_H

#include <stdbool.h>

/** Notes SIGINT, SIGTERM and SIGHUP from now on. A second one ends the process at once. */
void interrupt_init(void);

/** From now on SIGHUP does not end: it is noted for interrupt_was_hung_up(). */
void interrupt_catch_hangup(void);

/** Did SIGHUP come? Says so until interrupt_hangup_is_done(). */
bool interrupt_was_hung_up(void);
void interrupt_hangup_is_done(void);

/** The signal that asked to end, or 0. */
int interrupt_signal(void);

#endif /* MULTISTATUS_INTERRUPT_H */
