/* session_file.c
 * Which kind of session a file holds, by how it begins; reading it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flows.h"
#include "har.h"
#include "interrupt.h"
#include "saz.h"
#include "unpack.h"

/* ----------------------------------------------------------------------------------- kinds ---- */

typedef struct {
    const char *called; /* with its article */
    bool (*begins)(const uint8_t *start, size_t length);
    bool (*is_likely)(const uint8_t *start, size_t length);
    capture_result (*read)(const saved_file *from, const saved_target *to);
} session_kind;

static const session_kind kinds[] = {
    {"a HAR file", har_begins, har_is_likely, har_read},
    {"a mitmproxy file", flows_begin, flows_begin, flows_read},
};

static const session_kind *kind_of(const uint8_t *start, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].begins(start, length))
            return &kinds[i];
    }
    return NULL;
}

/* ------------------------------------------------------------------------------- beginnings ----
 */

typedef bool (*judge_beginning)(const uint8_t *start, size_t length, const unpacked *from);

/* Asks about a beginning with its compression undone; `from` is NULL if it has none. */
static bool ask(judge_beginning judge, const uint8_t *start, size_t length)
{
    unpacked from;

    if (!unpack(&from, start, length, SESSION_BEGINNING))
        return judge(start, length, NULL);
    bool answer = judge(from.out->data, from.out->len, &from);

    g_byte_array_unref(from.out);
    return answer;
}

static bool begins_session(const uint8_t *start, size_t length, const unpacked *from)
{
    (void)from;
    return zip_begins(start, length) || kind_of(start, length);
}

static bool is_undecided(const uint8_t *start, size_t length, const unpacked *from)
{
    (void)start;
    return from && from->cut && length == 0;
}

static bool is_likely(const uint8_t *start, size_t length, const unpacked *from)
{
    const session_kind *kind = kind_of(start, length);

    (void)from;
    return kind && kind->is_likely(start, length);
}

bool session_begins(const uint8_t *start, size_t length)
{
    return ask(begins_session, start, length) ||
           (unpack_is_foreign(start, length) && ask(is_undecided, start, length));
}

bool session_is_open(const uint8_t *start, size_t length)
{
    return !unpack_is_foreign(start, length) && ask(is_undecided, start, length);
}

/* ------------------------------------------------------------------------------------ files ----
 */

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

/* Blocks of bzip2 and lz4 give nothing until all of them is there. */
#define LARGE_BEGINNING (8 * 1024 * 1024)

static bool ask_file(const char *path, bool (*question)(const uint8_t *start, size_t length))
{
    g_autofree uint8_t *start = g_malloc(SESSION_BEGINNING);
    size_t length = read_beginning(path, start, SESSION_BEGINNING);

    if (length == SESSION_BEGINNING && ask(is_undecided, start, length)) {
        start = g_realloc(start, LARGE_BEGINNING);
        length = read_beginning(path, start, LARGE_BEGINNING);
    }
    return question(start, length);
}

static bool is_likely_session(const uint8_t *start, size_t length)
{
    return ask(is_likely, start, length);
}

bool session_file_suits(const char *path)
{
    return ask_file(path, session_begins);
}

bool session_file_is_likely(const char *path)
{
    return ask_file(path, is_likely_session);
}

/* ---------------------------------------------------------------------------------- reading ----
 */

static capture_result read_kind(const session_kind *kind, const saved_file *from, bool filtered,
                                const saved_target *to)
{
    if (filtered)
        return saved_fail(
            to->summary, CAPTURE_FAILED,
            g_strdup_printf("is %s, which has no packets for a display filter", kind->called));
    return kind->read(from, to);
}

static bool is_wanted(const char *name, const uint8_t *start, size_t length)
{
    return saz_is_member(name) || kind_of(start, length);
}

static bool holds_saz(const zip_contents *archive)
{
    for (guint i = 0; i < archive->members->len; i++) {
        if (saz_is_member(g_array_index(archive->members, zip_member, i).name))
            return true;
    }
    return false;
}

/* Of sessions in an archive that is no SAZ file there has to be one. */
static capture_result read_only_member(const zip_contents *archive, bool filtered,
                                       const saved_target *to)
{
    guint count = archive->members->len;

    if (count > 1)
        return saved_fail(to->summary, CAPTURE_FAILED,
                          g_strdup_printf("is an archive of %u HTTP sessions, each of which has to "
                                          "be unpacked and read on its own",
                                          count));
    if (count == 0)
        return saved_fail(to->summary, archive->encrypted > 0 ? CAPTURE_FAILED : CAPTURE_FOREIGN,
                          archive->encrypted > 0
                              ? g_strdup("is an archive that is protected by a password: it has to "
                                         "be saved without one")
                          : archive->wrong ? g_strdup(archive->wrong)
                                           : g_strdup("is an archive without an HTTP session"));
    const zip_member *only = &g_array_index(archive->members, zip_member, 0);
    saved_file from = {only->bytes->data, only->bytes->len, archive->wrong};

    return read_kind(kind_of(from.bytes, from.length), &from, filtered, to);
}

static const session_kind saz = {"a SAZ file", NULL, NULL, NULL};

static capture_result read_archive(const saved_file *from, bool filtered, const saved_target *to)
{
    zip_contents archive = zip_read(from->bytes, from->length, SAVED_LIMIT, is_wanted);
    capture_result result;

    if (!holds_saz(&archive))
        result = read_only_member(&archive, filtered, to);
    else if (filtered)
        result = read_kind(&saz, from, filtered, to);
    else
        result = saz_read(&archive, to);
    zip_clear(&archive);
    return result;
}

/* With its compression undone. */
static capture_result read_plain(const saved_file *from, bool filtered, const saved_target *to)
{
    const session_kind *kind = kind_of(from->bytes, from->length);

    if (kind)
        return read_kind(kind, from, filtered, to);
    if (zip_begins(from->bytes, from->length))
        return read_archive(from, filtered, to);
    return saved_fail(to->summary, CAPTURE_FOREIGN,
                      from->wrong ? g_strdup(from->wrong)
                                  : g_strdup("is a compressed file without an HTTP session in it"));
}

capture_result session_bytes_read(const uint8_t *bytes, size_t length, bool filtered,
                                  const saved_target *to)
{
    unpacked from;
    saved_file plain = {bytes, length, NULL};

    saved_begin(to->summary);
    if (unpack(&from, bytes, length, SAVED_LIMIT))
        plain = (saved_file){from.out->data, from.out->len, from.wrong};
    capture_result result = read_plain(&plain, filtered, to);

    if (from.out)
        g_byte_array_unref(from.out);
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

capture_result session_file_read(const char *path, bool filtered, const saved_target *to)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    switch (read_file(path, bytes)) {
    case FILE_LARGE:
        return saved_fail(to->summary, CAPTURE_FAILED,
                          g_strdup_printf("is a saved session of more than %llu MiB, the limit",
                                          SAVED_LIMIT / (1024 * 1024)));
    case FILE_FAILED:
        return saved_fail(to->summary, CAPTURE_FAILED,
                          g_strdup_printf("could not be read: %s", g_strerror(errno)));
    case FILE_READ:
        break;
    }
    return session_bytes_read(bytes->data, bytes->len, filtered, to);
}
