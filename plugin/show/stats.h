/* stats.h
 * Statistics over the tap: Statistics > HTTP > Multi-Status, and -z multistatus,tree.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_STATS_H
#define MULTISTATUS_STATS_H

/** Registers the statistics. Call it at handoff. */
void stats_register(void);

#endif /* MULTISTATUS_STATS_H */
