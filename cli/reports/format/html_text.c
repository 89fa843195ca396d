/* html_text.c
 * Text from the wire in HTML.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_text.h"

#include "text.h"

void html_append(GString *to, const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    g_autofree char *escaped = g_markup_escape_text(safe->str, (gssize)safe->len);

    g_string_append(to, escaped);
}
