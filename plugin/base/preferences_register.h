/* preferences_register.h
 * Telling Wireshark what a user can set.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PREFERENCES_REGISTER_H
#define MULTISTATUS_PREFERENCES_REGISTER_H

/** @param proto  the protocol that the preferences belong to */
void preferences_register(int proto);

#endif /* MULTISTATUS_PREFERENCES_REGISTER_H */
