/* display_filter.c
 * The filter of -Y.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "display_filter.h"

#include "diagnostics.h"

static dfilter_t *filter;

bool display_filter_compile(const char *text)
{
    char *reason = NULL;
    int column = -1, length = 0;

    if (compat_compile(text, &filter, &reason, &column, &length))
        return true;
    complain("-Y: %s", reason);
    if (column >= 0) {
        g_autofree char *marks = g_strnfill((gsize)MAX(length, 1), '~');

        marks[0] = '^';
        complain("    %s", text);
        complain("    %*s%s", column, "", marks);
    }
    g_free(reason);
    return false;
}

dfilter_t *display_filter(void)
{
    return filter;
}
