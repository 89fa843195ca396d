/* har.c
 * Reading HAR files (HTTP Archive 1.2).
 *
 * The decoder's own reader finds the entries and what is wrong with the file, so that a damaged
 * file gives the entries before the damage; har_entry.c reads them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har.h"

#include <string.h>

#include <glib.h>

#include "har_entry.h"
#include "har_file.h"
#include "json_tokens.h"
#include "limit_table.h"

/* Bytes of a file that are looked at: white space may stand first. */
#define BEGINNING (132u * 1024)

bool har_begins(const uint8_t *start, size_t length)
{
    har_text seen = har_text_of(start, MIN(length, BEGINNING), BEGINNING);
    const char *at = seen.text;

    while (g_ascii_isspace(*at))
        at++;
    bool begins = *at == '{';

    har_text_clear(&seen);
    return begins;
}

bool har_is_likely(const uint8_t *start, size_t length)
{
    har_text seen = har_text_of(start, length, length);
    bool likely = strstr(seen.text, "\"log\"") != NULL;

    har_text_clear(&seen);
    return likely;
}

/* ------------------------------------------------------------------------------------ files ----
 */

/* "line 3, column 7" would be wrong for a file of one line: the byte is what an editor can go to.
 */
static capture_result check_syntax(capture_record *summary, const ms_json *json, size_t mark)
{
    if (json->limit)
        return saved_fail(summary, CAPTURE_CUT,
                          g_strdup_printf("is a HAR file that goes beyond a limit (%s) at byte %zu",
                                          json->limit->what, json->limit_at + mark));
    if (json->cut)
        return saved_fail(
            summary, CAPTURE_CUT,
            g_strdup_printf("is a HAR file that is cut short at byte %zu", json->error_at + mark));
    if (json->error)
        return saved_fail(summary, CAPTURE_CUT,
                          g_strdup_printf("is a HAR file that is damaged at byte %zu: %s",
                                          json->error_at + mark, json->error));
    return CAPTURE_COMPLETE;
}

static capture_result read_entries(const ms_json *json, uint32_t entries, const saved_target *to)
{
    har_source from = har_source_new(json, entries);
    saved_source source = {from.times, har_entry_read, &from};
    capture_result result = saved_session_read(&source, to);

    har_source_clear(&from);
    return result;
}

/* Offsets are those of the file, unless it was compressed or is in UTF-16. */
static capture_result read_text(const har_text *from, const char *wrong, const saved_target *to)
{
    ms_limits in_force = ms_limits_in_force(to->limits);
    ms_json json;

    ms_json_read(&json, from->text, from->length, &in_force);
    uint32_t log = har_member(&json, 0, "log");
    uint32_t entries = log ? har_member(&json, log, "entries") : 0;
    bool has_entries = entries && ms_json_has_type(&json, entries, MS_JSON_ARRAY);
    capture_result result = CAPTURE_COMPLETE;

    if (has_entries)
        result = read_entries(&json, entries, to);
    else if (!log || (!json.error && !json.limit))
        result = saved_fail(to->summary, CAPTURE_FOREIGN,
                            g_strdup("is JSON, but neither a capture nor a HAR file"));
    if (result == CAPTURE_COMPLETE && wrong)
        result = saved_fail(to->summary, CAPTURE_CUT, g_strdup(wrong));
    capture_result syntax =
        result == CAPTURE_COMPLETE ? check_syntax(to->summary, &json, from->mark) : result;

    ms_json_clear(&json);
    return syntax;
}

capture_result har_read(const saved_file *from, const saved_target *to)
{
    har_text text = har_text_of(from->bytes, from->length, SAVED_LIMIT);
    capture_result result = read_text(&text, from->wrong, to);

    har_text_clear(&text);
    return result;
}
