/* name_lists.h
 * Keeps libwireshark from reading lists of names that nobody asks for.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_NAME_LISTS_H
#define MULTISTATUS_NAME_LISTS_H

/** From now on, the lists of makers, services and enterprises are empty for libwireshark. To be
 * called before it starts. */
void name_lists_leave_out(void);

#endif
