/* address.h
 * Sides of a connection as records have them: "192.0.2.1:80", "[2001:db8::1]:80".
 *
 * Ownership: the text is the caller's, who frees it with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_ADDRESS_H
#define MULTISTATUS_ADDRESS_H

#include <glib.h>

/** The part before the port, without brackets.
 *  @return NULL, also for NULL, if there is no port */
char *address_split(const char *text, guint16 *port);

#endif /* MULTISTATUS_ADDRESS_H */
