/* rings.c
 * Files of a ring.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rings.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "capture_chain.h"
#include "diagnostics.h"

/* What a file is read with: the files before it that are no larger than this together, but one at
 * least. A connection that goes on for longer is read on from its middle. */
#define WINDOW_BYTES ((int64_t)64 * 1024 * 1024)
/* Rings of one folder; a writer with a new name for each file makes no ring. */
#define RINGS_MOST 1024
/* dumpcap begins anew behind 99999. */
#define DUMPCAP_MOST 100000

typedef struct {
    char *path;
    int64_t size;
    struct timespec changed;
} member;

typedef struct {
    GPtrArray *members; /* that the next one is read with */
    int64_t number;     /* of the last one; -1 if it is not known */
    input *latest;      /* among the inputs that are being joined; or NULL */
    GPtrArray *held;    /* records of the last file */
    GPtrArray *pending; /* ... of the one that is being handed out */
    GHashTable *told;   /* path -> set of what was handed out of the last files */
    GQueue telling;     /* ... these paths, which the table owns */
} ring;

struct rings {
    const message_settings *messages;
    GHashTable *of; /* name -> ring */
};

/* ----------------------------------------------------------------------------------- names ---- */

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* "_00001_20261130050000" or "_20261130050000_00001", as in dumpcap. @return its length, or 0 */
static size_t dumpcap_numbers(const char *at, int64_t *number)
{
    enum { SERIAL = 5, TIME = 14 };
    size_t first = *at == '_' ? digits_at(at + 1) : 0;
    const char *second = at + 1 + first;
    size_t length = first > 0 && *second == '_' ? digits_at(second + 1) : 0;
    bool serial_first = first == SERIAL && length == TIME;

    if (!serial_first && !(first == TIME && length == SERIAL))
        return 0;
    *number = g_ascii_strtoll(serial_first ? at + 1 : second + 1, NULL, 10);
    return 1 + first + 1 + length;
}

/* Do the digits there belong to the name: "eth0", but not the hour in "20261130T05"? */
static bool is_of_name(const char *name, const char *at, size_t length)
{
    return at > name && g_ascii_isalpha(at[-1]) && at[length] != '\0' &&
           !(at[-1] == 'T' && at > name + 1 && g_ascii_isdigit(at[-2]));
}

static const char *const packings[] = {".gz", ".zst", ".lz4"};

char *rings_name(const char *path, int64_t *number, bool *strict)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    GString *made = g_string_new(folder);

    *number = -1;
    *strict = false;
    g_string_append_c(made, '/');
    for (size_t i = 0; i < G_N_ELEMENTS(packings); i++) {
        if (g_str_has_suffix(name, packings[i]))
            name[strlen(name) - strlen(packings[i])] = '\0';
    }
    for (const char *at = name; *at;) {
        size_t length = *strict ? 0 : dumpcap_numbers(at, number);

        if (length > 0) {
            *strict = true;
            g_string_append_c(made, '#');
        } else if ((length = digits_at(at)) == 0 || is_of_name(name, at, length)) {
            length = MAX(length, 1);
            g_string_append_len(made, at, (gssize)length);
        } else if (length < 10 && at[length] == '\0' && !*strict) {
            *number = g_ascii_strtoll(at, NULL, 10); /* tcpdump -C */
        }
        at += length;
    }
    return g_string_free(made, FALSE);
}

/* Numbers in it count as numbers. */
static int compare_names(const char *a, const char *b)
{
    while (*a && *b) {
        size_t left = digits_at(a), right = digits_at(b);

        if (left > 0 && right > 0) {
            guint64 one = g_ascii_strtoull(a, NULL, 10), other = g_ascii_strtoull(b, NULL, 10);

            if (one != other)
                return one < other ? -1 : 1;
            a += left;
            b += right;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

/* -------------------------------------------------------------------------- first packets ---- */

typedef struct {
    const uint8_t *bytes;
    size_t length;
    bool swapped;
} head;

/* 0 behind the end */
static uint32_t word(const head *of, size_t at)
{
    uint32_t value = 0;

    if (at + sizeof value <= of->length)
        memcpy(&value, of->bytes + at, sizeof value);
    return of->swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static uint16_t half(const head *of, size_t at)
{
    uint16_t value = 0;

    if (at + sizeof value <= of->length)
        memcpy(&value, of->bytes + at, sizeof value);
    return of->swapped ? GUINT16_SWAP_LE_BE(value) : value;
}

/* if_tsresol of an interface, as units in a second. */
static double units_of(const head *of, size_t at, size_t end)
{
    enum { TSRESOL = 9 };
    double units = 1e6;

    for (at += 16; at + 4 <= end && half(of, at) != 0; at += 4 + ((half(of, at + 2) + 3u) & ~3u)) {
        uint8_t power = at + 4 < of->length ? of->bytes[at + 4] & 0x7f : 0;

        if (half(of, at) != TSRESOL || at + 4 >= of->length)
            continue;
        units = 1;
        for (uint8_t i = 0; i < power && i < 63; i++)
            units *= of->bytes[at + 4] & 0x80 ? 2 : 10;
    }
    return units;
}

/* Seconds since 1970, exact to less than a millisecond. */
static bool pcapng_begins(const head *of, double *time)
{
    enum { IDB = 1, EPB = 6, INTERFACES = 64 };
    double units[INTERFACES];
    uint32_t n = 0;

    for (size_t at = 0; at + 12 <= of->length;) {
        uint32_t kind = word(of, at), length = word(of, at + 4), from = word(of, at + 8);

        if (length < 12 || length % 4 != 0)
            return false;
        if (kind == IDB && n < INTERFACES)
            units[n++] = units_of(of, at, MIN(at + length, of->length));
        if (kind == EPB && from < n && at + 20 <= of->length) {
            *time = (word(of, at + 12) * 4294967296.0 + word(of, at + 16)) / units[from];
            return true;
        }
        at += length;
    }
    return false;
}

static bool begins(const char *path, double *time)
{
    enum { HEAD = 65536, PCAPNG = 0x0a0d0d0a, ORDER = 0x1a2b3c4d };
    g_autofree uint8_t *bytes = g_malloc(HEAD);
    FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_fopen(path, "rb") : NULL;
    head of = {bytes, file ? fread(bytes, 1, HEAD, file) : 0, false};

    if (file)
        fclose(file);
    if (of.length < 40)
        return false;
    if (word(&of, 0) == PCAPNG) {
        of.swapped = word(&of, 8) != ORDER;
        return word(&of, 8) == ORDER && pcapng_begins(&of, time);
    }
    for (unsigned i = 0; i < 2; i++, of.swapped = true) {
        uint32_t magic = word(&of, 0);

        if (magic == 0xa1b2c3d4 || magic == 0xa1b23c4d) {
            *time = word(&of, 24) + word(&of, 28) / (magic == 0xa1b2c3d4 ? 1e6 : 1e9);
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------------------------------- arranging ---- */

typedef struct {
    input *entry;
    char *ring;
    guint first; /* where the first one of the ring is */
    bool timed;  /* all of the ring are */
    double time;
} placed;

static gint compare_placed(gconstpointer a, gconstpointer b)
{
    const placed *left = a, *right = b;

    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    if (left->timed && left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return compare_names(left->entry->path, right->entry->path);
}

void rings_arrange(GPtrArray *inputs)
{
    g_autoptr(GHashTable) firsts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree placed *all = g_new0(placed, inputs->len);

    for (guint i = 0; i < inputs->len; i++) {
        int64_t number;
        bool strict;
        gpointer known;
        placed *one = &all[i];

        one->entry = inputs->pdata[i];
        one->ring = rings_name(one->entry->path, &number, &strict);
        one->timed = begins(one->entry->path, &one->time);
        if (!g_hash_table_lookup_extended(firsts, one->ring, NULL, &known))
            g_hash_table_insert(firsts, one->ring, known = GUINT_TO_POINTER(i));
        one->first = GPOINTER_TO_UINT(known);
        all[one->first].timed = all[one->first].timed && one->timed;
    }
    for (guint i = 0; i < inputs->len; i++)
        all[i].timed = all[all[i].first].timed;
    qsort(all, inputs->len, sizeof *all, compare_placed);
    for (guint i = 0; i < inputs->len; i++) {
        inputs->pdata[i] = all[i].entry;
        g_free(all[i].ring);
    }
}

/* --------------------------------------------------------------------------------- joining ---- */

static void member_free(gpointer data)
{
    member *m = data;

    g_free(m->path);
    g_free(m);
}

static void unref_set(gpointer set)
{
    g_hash_table_unref(set);
}

static void ring_free(gpointer data)
{
    ring *r = data;

    g_ptr_array_unref(r->members);
    g_ptr_array_unref(r->held);
    g_ptr_array_unref(r->pending);
    g_queue_clear(&r->telling);
    g_hash_table_unref(r->told);
    g_free(r);
}

rings *rings_new(const message_settings *messages)
{
    rings *made = g_new0(rings, 1);

    made->messages = messages;
    made->of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ring_free);
    return made;
}

void rings_free(rings *of)
{
    if (!of)
        return;
    g_hash_table_unref(of->of);
    g_free(of);
}

static member *member_of(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    member *made = g_new0(member, 1);

    *made = (member){g_strdup(path), status.st_size, status.st_mtim};
    return made;
}

/* A ring that goes round writes over its first files, or deletes them. */
static void drop_replaced(ring *r, const char *path)
{
    for (guint i = r->members->len; i-- > 0;) {
        const member *known = r->members->pdata[i];
        member *now = member_of(known->path);
        bool same = now && strcmp(known->path, path) != 0 && now->size == known->size &&
                    now->changed.tv_sec == known->changed.tv_sec &&
                    now->changed.tv_nsec == known->changed.tv_nsec;

        if (now)
            member_free(now);
        if (!same) {
            g_ptr_array_remove_range(r->members, 0, i + 1);
            return;
        }
    }
}

static void trim(ring *r)
{
    int64_t bytes = 0;
    guint kept = 0;

    while (kept < r->members->len && kept < CHAIN_MOST) {
        const member *next = r->members->pdata[r->members->len - 1 - kept];

        bytes += next->size;
        if (kept > 0 && bytes > WINDOW_BYTES)
            break;
        kept++;
    }
    g_ptr_array_remove_range(r->members, 0, r->members->len - kept);
}

/* Nothing goes on from the files so far. */
static void end_ring(ring *r)
{
    if (r->latest)
        r->latest->leaving = r->latest->before->len + 1;
    r->latest = NULL;
    g_ptr_array_set_size(r->members, 0);
    r->number = -1;
}

static void note_gap(const rings *of, ring *r, const input *entry, int64_t number, bool strict)
{
    if (r->members->len == 0 || r->number < 0 || number < 0)
        return;
    const member *last = r->members->pdata[r->members->len - 1];
    int64_t expected = strict ? (r->number + 1) % DUMPCAP_MOST : r->number + 1;
    bool missing = number > expected, anew = strict && number < expected;

    if (missing && !of->messages->quiet)
        complain("\"%s\" is not joined with \"%s\": %" G_GINT64_FORMAT " %s missing in between.",
                 entry->path, last->path, number - expected,
                 number - expected == 1 ? "file is" : "files are");
    if (missing || anew)
        end_ring(r);
}

static ring *find_ring(rings *of, char *name)
{
    ring *r = g_hash_table_lookup(of->of, name);

    if (r) {
        g_free(name);
        return r;
    }
    r = g_new0(ring, 1);
    r->members = g_ptr_array_new_with_free_func(member_free);
    r->number = -1;
    r->held = exchange_records_new();
    r->pending = exchange_records_new();
    r->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_set);
    g_hash_table_insert(of->of, name, r);
    return r;
}

static void join(rings *of, input *entry, guint at_once)
{
    int64_t number;
    bool strict;
    char *name = rings_name(entry->path, &number, &strict);

    if (g_hash_table_size(of->of) >= RINGS_MOST + at_once && !g_hash_table_contains(of->of, name)) {
        g_free(name);
        return;
    }
    entry->ring = g_strdup(name);
    entry->before = g_ptr_array_new_with_free_func(g_free);
    ring *r = find_ring(of, name);
    member *self = entry->error ? NULL : member_of(entry->path);

    drop_replaced(r, entry->path);
    note_gap(of, r, entry, number, strict);
    if (!self) { /* what came between is not there */
        end_ring(r);
        entry->leaving = 1;
        return;
    }
    for (guint i = 0; i < r->members->len; i++)
        g_ptr_array_add(entry->before, g_strdup(((member *)r->members->pdata[i])->path));
    g_ptr_array_add(r->members, self);
    trim(r);
    entry->leaving = entry->before->len + 1 - r->members->len;
    r->number = number;
    r->latest = entry;
}

void rings_join(rings *of, GPtrArray *inputs, bool more)
{
    GHashTableIter iterator;
    gpointer one;

    for (guint i = 0; i < inputs->len; i++)
        join(of, inputs->pdata[i], more ? 0 : inputs->len);
    g_hash_table_iter_init(&iterator, of->of);
    while (g_hash_table_iter_next(&iterator, NULL, &one)) {
        if (!more)
            end_ring(one);
        ((ring *)one)->latest = NULL;
    }
}

/* --------------------------------------------------------------------------------- holding ---- */

void rings_hold(rings *of, const input *entry, exchange_record *record)
{
    ring *r = g_hash_table_lookup(of->of, entry->ring);

    g_ptr_array_add(r->pending, exchange_record_ref(record));
}

static void move_records(GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(to, exchange_record_ref(from->pdata[i]));
    g_ptr_array_set_size(from, 0);
}

/* What was handed out of that file; the files of the longest window are remembered. */
static GHashTable *told_of(ring *r, const char *path)
{
    GHashTable *set = g_hash_table_lookup(r->told, path);

    if (set)
        return set;
    if (r->telling.length > CHAIN_MOST)
        g_hash_table_remove(r->told, g_queue_pop_head(&r->telling));
    char *kept = g_strdup(path);

    set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(r->told, kept, set);
    g_queue_push_tail(&r->telling, kept);
    return set;
}

bool rings_may_tell(rings *of, const input *entry, const exchange_record *record)
{
    ring *r = entry->ring ? g_hash_table_lookup(of->of, entry->ring) : NULL;
    bool own = strcmp(record->capture, entry->path) == 0 && !record->open;

    if (!r)
        return true;
    char *name =
        g_strdup_printf("%u %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, record->frame,
                        record->client ? record->client : "", record->server ? record->server : "",
                        record->h2_stream, record->h3_stream);

    return g_hash_table_add(told_of(r, record->capture), name) || own;
}

GPtrArray *rings_settle(rings *of, const input *entry, bool joined, bool whole)
{
    ring *r = entry->ring ? g_hash_table_lookup(of->of, entry->ring) : NULL;

    if (!r)
        return NULL;
    GPtrArray *settled = exchange_records_new();

    if (!joined)
        move_records(r->held, settled);
    g_ptr_array_set_size(r->held, 0);
    move_records(r->pending, whole ? r->held : settled);
    if (!whole)
        g_ptr_array_set_size(r->members, 0);
    return settled;
}

GPtrArray *rings_rest(rings *of)
{
    GPtrArray *rest = exchange_records_new();
    GHashTableIter iterator;
    gpointer one;

    g_hash_table_iter_init(&iterator, of->of);
    while (g_hash_table_iter_next(&iterator, NULL, &one)) {
        move_records(((ring *)one)->held, rest);
        move_records(((ring *)one)->pending, rest);
    }
    return rest;
}
