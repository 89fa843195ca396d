/* resources.h
 * A table of all resources over the tap: Statistics > Multi-Status Resources, and
 * -z multistatus,resources[,FILTER].
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RESOURCES_H
#define MULTISTATUS_RESOURCES_H

/** Registers the table. Call it at handoff. */
void resources_register(void);

#endif /* MULTISTATUS_RESOURCES_H */
