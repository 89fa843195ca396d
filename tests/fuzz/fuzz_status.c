/* fuzz_status.c
 * A status line, and the other texts that are parsed by hand: hrefs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "href.h"
#include "names.h"
#include "rules_path.h"
#include "status.h"

static void read_status(const char *text)
{
    ms_status_line line = ms_status_parse(text);

    fuzz_check(line.code == MS_STATUS_UNREADABLE || (line.code >= 0 && line.code <= 9999));
    fuzz_check(line.reason &&
               (*line.reason == '\0' || (line.reason > text && line.reason < text + strlen(text))));
    (void)ms_status_reason(line.code);
}

/* The two ways to compare paths agree, and equal is equal in both directions. */
static void compare_hrefs(const char *a, const char *b)
{
    char *path = ms_href_path(a), *readable = ms_href_readable(a), *brief = ms_short_name(a);

    fuzz_check(*path);
    fuzz_check(ms_href_same(a, a) && ms_path_same(a, a));
    fuzz_check(ms_href_same(a, b) == ms_href_same(b, a));
    fuzz_check(ms_path_same(a, b) == ms_path_same(b, a));
    fuzz_check(!g_utf8_validate(a, -1, NULL) || g_utf8_validate(readable, -1, NULL));
    const char *rest = ms_path_below(a, b);

    fuzz_check(!rest || (rest >= a && rest <= a + strlen(a)));
    if (rest)
        (void)ms_path_depth(rest);
    g_free(path);
    g_free(readable);
    g_free(brief);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    size_t half = size / 2;
    char *a = fuzz_text(&input, half), *b = fuzz_text(&input, size);

    read_status(a);
    read_status(b);
    compare_hrefs(a, b);
    g_free(a);
    g_free(b);
    return 0;
}
