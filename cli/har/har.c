/* har.c
 * Reading HAR files (HTTP Archive 1.2).
 *
 * The decoder's own reader finds the entries and what is wrong with the file, so that a damaged
 * file gives the entries before the damage; har_entry.c reads them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "har_entry.h"
#include "har_file.h"
#include "interrupt.h"
#include "json_tokens.h"
#include "limit_table.h"

/* As much of the beginning of a file as there is, without moving in it. Pipes are not looked at. */
static size_t read_beginning(const char *path, uint8_t *start, size_t length)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat status;
    int file = is_stdin                                    ? STDIN_FILENO
               : g_file_test(path, G_FILE_TEST_IS_REGULAR) ? open(path, O_RDONLY | O_CLOEXEC)
                                                           : -1;
    ssize_t got = -1;

    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        got = pread(file, start, length, is_stdin ? lseek(file, 0, SEEK_CUR) : 0);
    if (file >= 0 && !is_stdin)
        close(file);
    return got > 0 ? (size_t)got : 0;
}

bool har_suits(const char *path)
{
    g_autofree uint8_t *start = g_malloc(HAR_BEGINNING);

    return har_begins(start, read_beginning(path, start, HAR_BEGINNING));
}

bool har_is_likely(const char *path)
{
    g_autofree uint8_t *start = g_malloc(HAR_BEGINNING);
    size_t length = read_beginning(path, start, HAR_BEGINNING);
    bool likely = false;

    if (har_begins(start, length)) {
        har_text seen = har_text_of(start, length, HAR_BEGINNING);

        likely = strstr(seen.text, "\"log\"") != NULL;
        har_text_clear(&seen);
    }
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
static capture_result read_text(const har_text *from, bool filtered, const ms_limits *limits,
                                ms_batch_mode batches, capture_receiver receiver, void *data,
                                capture_record *summary)
{
    ms_limits in_force = ms_limits_in_force(limits);
    ms_json json;

    ms_json_read(&json, from->text, from->length, &in_force);
    uint32_t log = har_member(&json, 0, "log");
    uint32_t entries = log ? har_member(&json, log, "entries") : 0;
    bool has_entries = entries && ms_json_has_type(&json, entries, MS_JSON_ARRAY);
    capture_result result = CAPTURE_COMPLETE;

    if (filtered && has_entries)
        result = saved_fail(summary, CAPTURE_FAILED,
                            g_strdup("is a HAR file, which has no packets for a display filter"));
    else if (has_entries)
        result =
            read_entries(&json, entries, &(saved_target){limits, batches, receiver, data, summary});
    else if (!log || (!json.error && !json.limit))
        result = saved_fail(summary, CAPTURE_FOREIGN,
                            g_strdup("is JSON, but neither a capture nor a HAR file"));
    if (result == CAPTURE_COMPLETE && from->wrong)
        result = saved_fail(summary, CAPTURE_CUT, g_strdup(from->wrong));
    capture_result syntax =
        result == CAPTURE_COMPLETE ? check_syntax(summary, &json, from->mark) : result;

    ms_json_clear(&json);
    return syntax;
}

capture_result har_read_bytes(const uint8_t *bytes, size_t length, bool filtered,
                              const ms_limits *limits, ms_batch_mode batches,
                              capture_receiver receiver, void *data, capture_record *summary)
{
    har_text text = har_text_of(bytes, length, SAVED_LIMIT);

    saved_begin(summary);
    capture_result result = read_text(&text, filtered, limits, batches, receiver, data, summary);

    har_text_clear(&text);
    return result;
}

typedef enum { FILE_READ, FILE_LARGE, FILE_FAILED } file_result;

static file_result read_file(const char *path, GByteArray *to)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    uint8_t block[64 * 1024];
    ssize_t got = file < 0 ? -1 : 1;

    while (got > 0 && to->len <= SAVED_LIMIT && interrupt_signal() == 0) {
        got = read(file, block, sizeof block);
        if (got > 0)
            g_byte_array_append(to, block, (guint)got);
    }
    int err = errno;

    if (file >= 0 && !is_stdin)
        close(file);
    errno = err;
    if (to->len > SAVED_LIMIT)
        return FILE_LARGE;
    return got < 0 && interrupt_signal() == 0 ? FILE_FAILED : FILE_READ;
}

capture_result har_read(const char *path, bool filtered, const ms_limits *limits,
                        ms_batch_mode batches, capture_receiver receiver, void *data,
                        capture_record *summary)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    switch (read_file(path, bytes)) {
    case FILE_LARGE:
        return saved_fail(summary, CAPTURE_FAILED,
                          g_strdup_printf("is JSON of more than %llu MiB, the limit of HAR files",
                                          SAVED_LIMIT / (1024 * 1024)));
    case FILE_FAILED:
        return saved_fail(summary, CAPTURE_FAILED,
                          g_strdup_printf("could not be read: %s", g_strerror(errno)));
    case FILE_READ:
        break;
    }
    return har_read_bytes(bytes->data, bytes->len, filtered, limits, batches, receiver, data,
                          summary);
}
