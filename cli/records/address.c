/* address.c
 * Sides of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "address.h"

#include <stdbool.h>
#include <string.h>

char *address_split(const char *text, guint16 *port)
{
    const char *colon = text ? strrchr(text, ':') : NULL;
    guint64 number = 0;

    if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &number, NULL))
        return NULL;
    bool brackets = *text == '[' && colon > text && colon[-1] == ']';

    *port = (guint16)number;
    return g_strndup(text + brackets, (gsize)(colon - text) - 2 * (gsize)brackets);
}
