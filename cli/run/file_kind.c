/* file_kind.c
 * Telling files apart by how they begin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "file_kind.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "compat.h"
#include <wsutil/privileges.h>

#include "capture_source.h"
#include "database.h"
#include "fields.h"
#include "session_file.h"

/* Long enough for the head of an HTML report and for the comments at the top of a key log. */
#define SEEN 8192

typedef struct {
    char bytes[SEEN + 1]; /* followed by a NUL */
    size_t length;
} beginning;

static bool starts_with(const char *text, const char *words)
{
    return strncmp(text, words, strlen(words)) == 0;
}

/* ----------------------------------------------------------------------------- our own files ----
 */

/* How reports for programs begin, and what names us soon after; see reports/format. */
static bool is_marked_report(const char *text)
{
    static const struct {
        const char *begins, *holds;
    } marks[] = {
        {"{\"type\":\"report\",\"schema\":", ""},
        {"# Multi-Status report\n", ""},
        {"<!DOCTYPE html>", "<meta name=\"generator\" content=\"multistatus "},
        {"<?xml ", "<testsuites name=\"multistatus\">"},
        {"{\"$schema\":", "\"driver\":{\"name\":\"multistatus\""},
        {"{\"@timestamp\":", "\"module\":\"multistatus\""},
        {"{\"ecs\":", "\"module\":\"multistatus\""},
        {"# HELP multistatus_captures ", ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *found = strstr(text, marks[i].holds);

        if (starts_with(text, marks[i].begins) && found && found - text < 512)
            return true;
    }
    return false;
}

/* Passes over an escape sequence, with which a coloured report may begin. */
static const char *skip_color(const char *text)
{
    if (*text != '\x1b')
        return text;
    return text + strcspn(text, "m") + (strchr(text, 'm') != NULL);
}

/* "captures  3 with 27 frames", and "exchanges  ..." not far below. */
static bool is_text_report(const char *text)
{
    enum { MOST_LINES = 12 };
    const char *line = text;

    if (!starts_with(skip_color(text), "captures"))
        return false;
    for (unsigned i = 0; i < MOST_LINES && (line = strchr(line, '\n')); i++) {
        if (starts_with(skip_color(++line), "exchanges"))
            return true;
    }
    return false;
}

static bool is_field(const char *word, size_t length)
{
    const row_field *of;

    for (unsigned i = 0; (of = row_field_at(i)); i++) {
        if (strlen(of->name) == length && strncmp(of->name, word, length) == 0)
            return true;
    }
    return false;
}

/* The header of CSV and TSV holds nothing but names of fields, whatever stands between them. */
static bool is_row_header(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    unsigned names = 0;

    while (*text && *text != '\n' && *text != '\r') {
        size_t length = strspn(text, letters);

        if (length > 0 && !is_field(text, length))
            return false;
        names += length > 0;
        text += MAX(length, 1);
    }
    return names > 0 && *text;
}

static bool is_our_database(const beginning *seen)
{
    static const char magic[] = "SQLite format 3";
    guint32 mark;

    if (seen->length < DATABASE_MARK_AT + sizeof mark ||
        memcmp(seen->bytes, magic, sizeof magic) != 0)
        return false;
    memcpy(&mark, seen->bytes + DATABASE_MARK_AT, sizeof mark);
    return GUINT32_FROM_BE(mark) == DATABASE_MARK;
}

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static file_kind kind_of_ours(const char *text)
{
    if (starts_with(text, byte_order_mark))
        text += strlen(byte_order_mark);
    if (starts_with(text, "{\"type\":\"exchange\",\"schema\":") ||
        starts_with(text, "{\"type\":\"capture\",\"schema\":"))
        return FILE_RECORDS;
    if (is_marked_report(text) || is_text_report(text) || is_row_header(text))
        return FILE_REPORT;
    return FILE_OTHER;
}

/* ------------------------------------------------------------------------------ other files ----
 */

/* NSS's format, which is written by all programs that honour SSLKEYLOGFILE. */
static bool is_key_line(const char *line)
{
    static const char *const labels[] = {
        "RSA ",
        "CLIENT_RANDOM ",
        "CLIENT_EARLY_",
        "CLIENT_HANDSHAKE_",
        "CLIENT_TRAFFIC_",
        "SERVER_TRAFFIC_",
        "SERVER_HANDSHAKE_",
        "EXPORTER_",
        "EARLY_EXPORTER_",
        "ECH_",
        "QUIC_",
        "PMS_CLIENT_RANDOM ",
        "OPAQUE ",
        "-----BEGIN ",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (starts_with(line, labels[i]))
            return true;
    }
    return false;
}

static bool holds_keys(const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (is_key_line(line))
            return true;
    }
    return false;
}

static bool is_compressed(const beginning *seen)
{
    static const struct {
        const char *magic;
        size_t length;
    } formats[] = {
        {"\x1f\x8b", 2}, {"\x28\xb5\x2f\xfd", 4}, {"\x04\x22\x4d\x18", 4},   {"\xfd\x37zXZ", 5},
        {"BZh", 3},      {"PK\x03\x04", 4},       {"7z\xbc\xaf\x27\x1c", 6}, {"Rar!", 4},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (seen->length >= formats[i].length &&
            memcmp(seen->bytes, formats[i].magic, formats[i].length) == 0)
            return true;
    }
    return false;
}

static bool is_binary(const beginning *seen)
{
    for (size_t i = 0; i < seen->length; i++) {
        char c = seen->bytes[i];

        if (g_ascii_iscntrl(c) && !g_ascii_isspace(c) && c != '\x1b')
            return true;
    }
    return false;
}

void file_kind_start(void)
{
    init_process_policies(); /* without it, the next one aborts */
    relinquish_special_privs_perm();
    wtap_init(false);
}

/* Some formats have no signature, and wiretap takes a short text now and then for one of them. */
static bool has_a_packet(wtap *wth, int *err, char **err_info)
{
    compat_reader record;
    int64_t offset;

    compat_reader_init(&record);
    bool has = compat_read(wth, &record, err, err_info, &offset);

    compat_reader_clear(&record);
    return has;
}

/* @param text  it may look like one by chance */
static bool is_capture(const char *path, bool text)
{
    int err = 0;
    char *err_info = NULL;

    wtap *wth = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &err_info, false);
    bool holds =
        wth && capture_source_holds_packets(wth) && (!text || has_a_packet(wth, &err, &err_info));

    g_free(err_info);
    if (wth)
        wtap_close(wth);
    return holds;
}

static file_kind kind_by_contents(const char *path, const beginning *seen)
{
    if (seen->length == 0)
        return FILE_EMPTY;
    file_kind ours = kind_of_ours(seen->bytes);

    if (ours != FILE_OTHER)
        return ours;
    if (is_our_database(seen))
        return FILE_REPORT;
    if (session_file_is_likely(path))
        return FILE_SESSION;
    if (is_capture(path, !is_binary(seen)))
        return FILE_CAPTURE;
    if (is_compressed(seen))
        return FILE_COMPRESSED;
    if (is_binary(seen))
        return FILE_BINARY;
    return holds_keys(seen->bytes) ? FILE_KEYS : FILE_OTHER;
}

file_kind file_kind_of(const char *path)
{
    GStatBuf status;

    if (g_stat(path, &status) != 0)
        return errno == ENOENT || errno == ENOTDIR ? FILE_ABSENT : FILE_UNREADABLE;
    if (!S_ISREG(status.st_mode))
        return FILE_SPECIAL;
    if (status.st_size == 0)
        return FILE_EMPTY;
    FILE *file = g_fopen(path, "rb");
    beginning seen;

    if (!file)
        return FILE_UNREADABLE;
    seen.length = fread(seen.bytes, 1, SEEN, file);
    bool failed = ferror(file) != 0;

    fclose(file);
    seen.bytes[seen.length] = '\0';
    return failed ? FILE_UNREADABLE : kind_by_contents(path, &seen);
}

const char *file_kind_words(file_kind kind)
{
    static const char *const words[] = {
        [FILE_RECORDS] = "a file of records",
        [FILE_CAPTURE] = "a capture",
        [FILE_SESSION] = "a saved HTTP session",
        [FILE_KEYS] = "a file of keys",
        [FILE_COMPRESSED] = "a compressed file, which may hold a capture",
        [FILE_BINARY] = "not text, and so not a report of an earlier run",
        [FILE_UNREADABLE] = "a file that cannot be read, so that nobody knows what would be lost",
        [FILE_OTHER] = "not a report of an earlier run",
    };

    return (size_t)kind < G_N_ELEMENTS(words) ? words[kind] : NULL;
}
