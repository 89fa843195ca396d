/* capture_source.c
 * Opening captures, and what kind of file they are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture_source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dissectors.h"

/* -X read_format:NAME, as in tshark. Without the dissectors there is nothing to ask: -X has them
 * started at once. */
static const char *told_format(void)
{
    return dissectors_there() ? dissectors_there()->read_format() : NULL;
}

bool capture_source_is_told(void)
{
    return told_format() != NULL;
}

capture_source capture_source_at(const char *path)
{
    const char *format = told_format();

    return (capture_source){path, format ? open_info_name_to_type(format) : WTAP_TYPE_AUTO,
                            capture_source_is_live(path), NULL};
}

bool capture_source_open(const capture_source *of, wtap **wth, bool twice, int *err,
                         char **err_info)
{
    if (of->chain)
        return capture_chain_open(of->chain, wth, twice, err, err_info);
    if (*wth)
        wtap_close(*wth);
    *wth = wtap_open_offline(of->path, of->format, err, err_info, twice);
    return *wth != NULL;
}

static bool find_status(const char *path, struct stat *status)
{
    return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, status) : stat(path, status)) == 0;
}

bool capture_source_is_live(const char *path)
{
    struct stat status;

    return find_status(path, &status) && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool capture_source_holds_packets(wtap *wth)
{
    switch (wtap_file_encap(wth)) {
    case WTAP_ENCAP_MIME:
    case WTAP_ENCAP_JSON:
    case WTAP_ENCAP_RUBY_MARSHAL:
    case WTAP_ENCAP_MP4:
    case WTAP_ENCAP_RFC7468: /* keys and certificates */
        return false;
    default:
        return true;
    }
}

/* A pipe is not opened a second time: that would wait for somebody to write to it. */
bool capture_source_is_text(const char *path)
{
    char start[512];
    FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rb") : NULL;
    size_t length = file ? fread(start, 1, sizeof start, file) : 0;

    if (file)
        fclose(file);
    for (size_t i = 0; i < length; i++) {
        if (g_ascii_iscntrl(start[i]) && !g_ascii_isspace(start[i]))
            return false;
    }
    return length > 0;
}

bool capture_source_is_empty(const capture_source *of, wtap *wth)
{
    struct stat status;

    if (of->live)
        return wtap_read_so_far(wth) == 0;
    return find_status(of->path, &status) && status.st_size == 0;
}
