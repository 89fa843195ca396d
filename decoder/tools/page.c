/* page.c
 * A page that is made from a table: printed, or compared with a file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "page.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

static int check(const char *page, const char *name, const char *table)
{
    char *text = NULL;
    GError *error = NULL;
    int status = 1;

    if (!g_file_get_contents(name, &text, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        g_error_free(error);
    } else if (strcmp(text, page) != 0) {
        fprintf(stderr, "%s is not what the table of %s says: make it again\n", name, table);
    } else {
        status = 0;
    }
    g_free(text);
    return status;
}

int page_run(int argc, char **argv, const char *page, const char *table)
{
    if (argc == 3 && strcmp(argv[1], "--check") == 0)
        return check(page, argv[2], table);
    if (argc == 1) {
        fputs(page, stdout);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    fprintf(stderr, "usage: %s [--check FILE]\n", argv[0]);
    return 2;
}
