/* name_lists.c
 * libwireshark 4.0 reads its lists of makers, services and enterprises from files: when it starts
 * and anew for every capture, which takes longer than a small capture itself. It has no switch for
 * that. It asks libwsutil where they are, though, and a function of that name in the program takes
 * precedence over the library's. From 4.2 on they are in the library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "name_lists.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "libraries.h"
#include <wsutil/filesystem.h>

static bool left_out;

void name_lists_leave_out(void)
{
    left_out = true;
}

/* Only ELF has a common namespace for a program and its libraries. */
#if defined(__ELF__) && !COMPAT_SINCE(4, 2)

char *get_datafile_path(const char *filename)
{
    static const char *const lists[] = {"manuf", "wka", "services", "enterprises.tsv"};

    for (size_t i = 0; left_out && i < G_N_ELEMENTS(lists); i++) {
        if (strcmp(lists[i], filename) == 0)
            return g_strdup(""); /* no file has this name */
    }
    return g_build_filename(get_datafile_dir(), filename, NULL);
}

#endif
