/* record_files.c
 * Files of records, put together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "diagnostics.h"
#include "interrupt.h"
#include "line_reader.h"
#include "ndjson.h"
#include "record_read.h"

/* Messages about the lines of one file: with more wrong lines than that, it is the wrong file. */
#define MOST_MESSAGES 10

typedef struct {
    FILE *file;
    char *name; /* for messages */
} source;

/* Consecutive lines of a file, all of them records of one capture. */
typedef struct {
    guint source;
    uint64_t offset, end;
} extent;

/* The records of a capture as one run of the command wrote them. */
typedef struct {
    char *capture;
    GArray *extents;
    GChecksum *checksum; /* of the records, while they are read */
    char *digest;
    bool closed; /* the capture's own record was there */
} segment;

struct record_files {
    bool quiet;
    record_watcher tell; /* or NULL */
    void *tell_data;
    unsigned done;  /* files that were looked through */
    uint64_t bytes; /* read before this file, or this place in it */
    unsigned silent_lines;
    GPtrArray *sources;
    GPtrArray *segments;
};

/* ---------------------------------------------------------------------------------- memory ---- */

static void source_free(gpointer data)
{
    source *s = data;

    if (s->file && s->file != stdin)
        fclose(s->file);
    g_free(s->name);
    g_free(s);
}

static void segment_free(gpointer data)
{
    segment *s = data;

    g_free(s->capture);
    g_array_unref(s->extents);
    g_clear_pointer(&s->checksum, g_checksum_free);
    g_free(s->digest);
    g_free(s);
}

record_files *record_files_new(bool quiet)
{
    record_files *files = g_new0(record_files, 1);

    files->quiet = quiet;
    files->sources = g_ptr_array_new_with_free_func(source_free);
    files->segments = g_ptr_array_new_with_free_func(segment_free);
    return files;
}

void record_files_free(record_files *files)
{
    g_ptr_array_unref(files->sources);
    g_ptr_array_unref(files->segments);
    g_free(files);
}

void record_files_watch(record_files *files, record_watcher tell, void *data)
{
    files->tell = tell;
    files->tell_data = data;
}

/* Looking at the clock for every line would cost more than the line does. */
#define LINES_BETWEEN_TELLING 256

static void tell(record_files *files, uint64_t further)
{
    if (files->tell && files->silent_lines++ % LINES_BETWEEN_TELLING == 0)
        files->tell(files->tell_data, files->done, files->bytes + further);
}

static segment *segment_new(record_files *files, const char *capture)
{
    segment *s = g_new0(segment, 1);

    s->capture = g_strdup(capture);
    s->extents = g_array_new(FALSE, FALSE, sizeof(extent));
    s->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_ptr_array_add(files->segments, s);
    return s;
}

/* ------------------------------------------------------------------------------- first pass ----
 */

typedef struct {
    record_files *files;
    const source *from;
    GHashTable *open; /* capture -> segment whose end was not seen */
    GString *text;
    uint64_t records, wrong;
} looking;

static void wrong_line(looking *l, uint64_t number, const char *what)
{
    if (l->wrong++ < MOST_MESSAGES)
        complain("%s: line %" G_GUINT64_FORMAT " %s. It is left out.", l->from->name, number, what);
}

static void add_extent(segment *s, guint from, const text_line *line)
{
    extent *last =
        s->extents->len > 0 ? &g_array_index(s->extents, extent, s->extents->len - 1) : NULL;

    if (last && last->source == from && last->end == line->offset) {
        last->end = line->end;
        return;
    }
    extent next = {from, line->offset, line->end};

    g_array_append_val(s->extents, next);
}

static void close_segment(segment *s)
{
    s->digest = g_strdup(g_checksum_get_string(s->checksum));
    g_clear_pointer(&s->checksum, g_checksum_free);
}

/* The digest is that of the record as it is written here, however the line looked. */
static void take_record(looking *l, const text_line *line, const any_record *record)
{
    const char *capture = record->exchange ? record->exchange->capture : record->capture->capture;
    segment *s = g_hash_table_lookup(l->open, capture);

    if (!s) {
        s = segment_new(l->files, capture);
        g_hash_table_insert(l->open, s->capture, s);
    }
    g_string_truncate(l->text, 0);
    if (record->exchange)
        ndjson_exchange(l->text, record->exchange);
    else
        ndjson_capture(l->text, record->capture);
    g_checksum_update(s->checksum, (const guchar *)l->text->str, (gssize)l->text->len);
    add_extent(s, l->files->sources->len - 1, line);
    l->records++;
    if (record->capture) {
        s->closed = true;
        g_hash_table_remove(l->open, capture);
        close_segment(s);
    }
}

static bool is_blank(const text_line *line)
{
    return strspn(line->text, " \t\r") == line->length;
}

static void take_line(looking *l, const text_line *line)
{
    any_record record;
    g_autofree char *message = NULL;

    if (is_blank(line))
        return;
    if (record_read(line->text, line->length, &record, &message))
        take_record(l, line, &record);
    else
        wrong_line(l, line->number, message);
    any_record_clear(&record);
}

/* @return false if the file could not be read to its end */
static bool take_lines(looking *l)
{
    line_reader *reader = line_reader_new(l->from->file, RECORD_LINE_MOST);
    text_line line = {0};
    line_result result;

    while ((result = line_reader_next(reader, &line)) != LINE_END && interrupt_signal() == 0) {
        tell(l->files, line.end);
        if (result == LINE_ERROR) {
            complain("%s could not be read to its end: %s.", l->from->name, g_strerror(errno));
            break;
        }
        if (result == LINE_TOO_LONG)
            wrong_line(l, line.number, "is longer than any record");
        else
            take_line(l, &line);
    }
    l->files->bytes += line.end;
    l->files->done++;
    line_reader_free(reader);
    return result != LINE_ERROR;
}

static int compare_text(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* It has no end: the run was interrupted, or the file is cut off. */
static void close_open(looking *l)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(l->open), compare_text);
    unsigned named = 0;

    for (GList *at = names; at; at = at->next) {
        close_segment(g_hash_table_lookup(l->open, at->data));
        if (named++ < MOST_MESSAGES)
            complain("%s ends before the records of \"%s\" are complete; those that are there are "
                     "used.",
                     l->from->name, (const char *)at->data);
    }
    if (named > MOST_MESSAGES)
        complain("%s: so it is with %u more captures.", l->from->name, named - MOST_MESSAGES);
}

/* The user has ended the run: the file is not to blame for going on. */
static void close_quietly(looking *l)
{
    GHashTableIter iter;
    gpointer open_segment;

    g_hash_table_iter_init(&iter, l->open);
    while (g_hash_table_iter_next(&iter, NULL, &open_segment))
        close_segment(open_segment);
}

static records_result look_through(record_files *files, const source *from)
{
    looking l = {files, from, g_hash_table_new(g_str_hash, g_str_equal), g_string_new(NULL), 0, 0};
    bool whole = take_lines(&l);

    if (interrupt_signal() == 0)
        close_open(&l);
    else
        close_quietly(&l);
    if (l.wrong > MOST_MESSAGES)
        complain("%s: %" G_GUINT64_FORMAT " more lines are not records.", from->name,
                 l.wrong - MOST_MESSAGES);
    bool damaged = !whole || l.wrong > 0 || g_hash_table_size(l.open) > 0;

    g_hash_table_destroy(l.open);
    g_string_free(l.text, TRUE);
    if (l.records > 0)
        return damaged ? RECORDS_DAMAGED : RECORDS_READ;
    if (interrupt_signal() != 0)
        return RECORDS_FAILED;
    complain("%s holds no records (\"" PROGRAM_NAME " -T ndjson CAPTURE\" makes some).",
             from->name);
    return RECORDS_FAILED;
}

/* A pipe cannot be read twice. */
static FILE *copy_to_temporary(FILE *from)
{
    FILE *copy = tmpfile();
    char block[64 * 1024];
    size_t length;

    if (!copy)
        return NULL;
    while (interrupt_signal() == 0 && (length = fread(block, 1, sizeof block, from)) > 0) {
        if (fwrite(block, 1, length, copy) != length)
            break;
    }
    if (ferror(from) || ferror(copy) || fflush(copy) != 0) {
        int err = errno;

        fclose(copy);
        errno = err;
        return NULL;
    }
    rewind(copy);
    return copy;
}

static FILE *open_source(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : g_fopen(path, "rb");
    struct stat status;

    if (!file || fstat(fileno(file), &status) != 0)
        return file == stdin ? NULL : file;
    if (S_ISDIR(status.st_mode)) {
        fclose(file);
        errno = EISDIR;
        return NULL;
    }
    if (S_ISREG(status.st_mode) && file != stdin)
        return file;
    FILE *copy = copy_to_temporary(file);
    int err = errno;

    if (file != stdin)
        fclose(file);
    errno = err;
    return copy;
}

records_result record_files_add(record_files *files, const char *path)
{
    FILE *file = open_source(path);
    g_autofree char *name =
        strcmp(path, "-") == 0 ? g_strdup("Standard input") : g_strdup_printf("\"%s\"", path);

    if (!file) {
        complain("%s could not be read: %s.", name, g_strerror(errno));
        return RECORDS_FAILED;
    }
    source *s = g_new0(source, 1);

    s->file = file;
    s->name = g_steal_pointer(&name);
    g_ptr_array_add(files->sources, s);
    return look_through(files, s);
}

/* ------------------------------------------------------------------------------ second pass ----
 */

static int compare_segments(gconstpointer a, gconstpointer b)
{
    const segment *left = *(const segment *const *)a;
    const segment *right = *(const segment *const *)b;
    int order = strcmp(left->capture, right->capture);

    return order != 0 ? order : strcmp(left->digest, right->digest);
}

typedef struct {
    record_receiver receive;
    void *data;
} delivery;

/* @return false to stop */
static bool deliver_line(const text_line *line, const delivery *to)
{
    any_record record;
    g_autofree char *message = NULL;

    if (is_blank(line) || !record_read(line->text, line->length, &record, &message))
        return true; /* it was named on the first pass */
    bool go_on = to->receive(to->data, record.exchange, record.capture);

    any_record_clear(&record);
    return go_on;
}

static bool deliver_extent(record_files *files, const extent *place, const delivery *to)
{
    const source *from = files->sources->pdata[place->source];

    if (fseeko(from->file, (off_t)place->offset, SEEK_SET) != 0) {
        complain("%s could not be read again: %s.", from->name, g_strerror(errno));
        return false;
    }
    line_reader *reader = line_reader_new(from->file, RECORD_LINE_MOST);
    text_line line = {0};
    bool go_on = true;

    while (go_on && interrupt_signal() == 0 && line.end < place->end - place->offset &&
           line_reader_next(reader, &line) == LINE_READ) {
        tell(files, line.end);
        go_on = deliver_line(&line, to);
    }
    files->bytes += line.end;
    line_reader_free(reader);
    if (go_on && interrupt_signal() == 0 && line.end != place->end - place->offset) {
        complain("%s changed while it was read.", from->name);
        return false;
    }
    return go_on;
}

static bool deliver_segment(record_files *files, const segment *s, const delivery *to)
{
    for (guint i = 0; i < s->extents->len; i++) {
        const extent *place = &g_array_index(s->extents, extent, i);

        if (!deliver_extent(files, place, to))
            return false;
    }
    return true;
}

/* Was the same segment there before? If not, notes that it is there now. */
static bool is_repeated(const record_files *files, const segment *s, GHashTable *digests,
                        GHashTable *names)
{
    if (!g_hash_table_add(digests, g_strconcat(s->digest, s->capture, NULL)))
        return true;
    if (!g_hash_table_add(names, s->capture) && !files->quiet)
        complain("\"%s\" is there more than once, with different records: both are counted.",
                 s->capture);
    return false;
}

bool record_files_deliver(record_files *files, record_receiver receive, void *data)
{
    const delivery to = {receive, data};
    g_autoptr(GHashTable) digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    bool go_on = true;

    if (files->sources->len > 1)
        g_ptr_array_sort(files->segments, compare_segments);
    for (guint i = 0; go_on && i < files->segments->len; i++) {
        const segment *s = files->segments->pdata[i];

        if (!is_repeated(files, s, digests, names))
            go_on = deliver_segment(files, s, &to);
    }
    return go_on;
}
