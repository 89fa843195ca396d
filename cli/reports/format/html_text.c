/* html_text.c
 * Text from the wire in HTML.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_text.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

void html_append(GString *to, const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    g_autofree char *escaped = g_markup_escape_text(safe->str, (gssize)safe->len);

    g_string_append(to, escaped);
}

void html_element(GString *to, const char *element, const char *class, const char *text)
{
    g_string_append_printf(to, "<%s class=\"%s\">", element, class);
    html_append(to, text);
    g_string_append_printf(to, "</%s>", element);
}

void html_status(GString *to, int64_t status, const char *words)
{
    html_element(to, "span", status >= 400 ? "status bad" : "status", words);
}

/* Fields of a few words, which are compared as a whole anyway. */
static bool is_closed(const char *field)
{
    static const char *const closed[] = {"status", "method", "verdict", NULL};

    return g_strv_contains(closed, field);
}

/* A word can be read as it is; anything else stands in quotes. */
static bool is_word(const char *text)
{
    static const char also[] = "._-/";

    for (const char *c = text; *c; c++) {
        if (!g_ascii_isalnum(*c) && !strchr(also, *c))
            return false;
    }
    return *text != '\0';
}

void html_filter_link(GString *to, const char *field, const char *value)
{
    g_autoptr(GString) safe = g_string_new(NULL);
    g_autoptr(GString) term = g_string_new(NULL);

    /* As it appears in the report, which is what is filtered. */
    text_append_safe(safe, value);
    if (!is_word(safe->str) || !is_closed(field)) {
        g_string_append_c(term, '"');
        for (const char *c = safe->str; *c; c++)
            g_string_append_printf(term, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        g_string_append_c(term, '"');
    } else {
        g_string_append(term, safe->str);
    }
    g_autofree char *escaped = g_markup_escape_text(term->str, (gssize)term->len);

    g_string_append_printf(to, " href=\"#failures\" data-filter=\"%s:%s\"", field, escaped);
}

void html_self_link(GString *to, const char *id, const char *name)
{
    g_string_append_printf(to, " <a class=\"self\" href=\"#%s\" aria-label=\"Link to: ", id);
    html_append(to, name);
    g_string_append(to, "\">#</a>");
}
