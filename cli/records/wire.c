/* wire.c
 * Records as bytes.
 *
 * A record is its fields, in the order of record_fields.h; numbers are as they are in memory.
 * A text is its length, its bytes and a NUL; one that is not known has the length NO_TEXT. Names of
 * properties, conditions and rules occur many times: the first time the number of names so far and
 * the text, then its number. Most lists of names are the one before: then there is only LIKE_LAST.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "record_build.h"
#include "record_shape.h"

#define NO_TEXT UINT32_MAX
#define LIKE_LAST UINT32_MAX

/* The least that a field takes: a number, or the length of something. */
#define LEAST_BYTES 4

/* ---------------------------------------------------------------------------------- writing ----
 */

typedef struct {
    GString *to;
    GHashTable *names; /* address -> number + 1; names of a record are kept once */
    record_strings last;
} writing;

/* Most of what is appended has few bytes: GLib is only called where more room is needed. */
static void put_bytes(writing *w, const void *bytes, size_t length)
{
    GString *to = w->to;

    if (to->allocated_len - to->len <= length) {
        g_string_append_len(to, bytes, (gssize)length);
        return;
    }
    memcpy(to->str + to->len, bytes, length);
    to->len += length;
}

static void put_number(writing *w, uint32_t value)
{
    put_bytes(w, &value, sizeof value);
}

static void put_large(writing *w, int64_t value)
{
    put_bytes(w, &value, sizeof value);
}

static void put_text(writing *w, const char *text)
{
    size_t length = text ? strlen(text) : 0;

    put_number(w, text ? (uint32_t)MIN(length, WIRE_MOST) : NO_TEXT);
    if (text)
        put_bytes(w, text, MIN(length, WIRE_MOST) + 1);
}

static void put_texts(writing *w, const record_strings *strings)
{
    put_number(w, strings->count);
    for (uint32_t i = 0; i < strings->count; i++)
        put_text(w, strings->items[i]);
}

static void put_name(writing *w, const char *name)
{
    uint32_t so_far = g_hash_table_size(w->names);
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(w->names, name));

    put_number(w, number > 0 ? number - 1 : so_far);
    if (number > 0)
        return;
    g_hash_table_insert(w->names, (void *)name, GUINT_TO_POINTER(so_far + 1));
    put_text(w, name);
}

static bool is_like_last(const writing *w, const record_strings *names)
{
    return names->count > 0 && names->count == w->last.count &&
           memcmp(names->items, w->last.items, names->count * sizeof *names->items) == 0;
}

static void put_names(writing *w, const record_strings *names)
{
    if (is_like_last(w, names)) {
        put_number(w, LIKE_LAST);
        return;
    }
    put_number(w, names->count);
    for (uint32_t i = 0; i < names->count; i++)
        put_name(w, names->items[i]);
    if (names->count > 0)
        w->last = *names;
}

static void put_object(writing *w, const record_shape *shape, const void *object);

static void put_list(writing *w, const record_field *field, const void *object)
{
    uint32_t count;
    const char *first = record_list_of(field, object, &count);

    put_number(w, count);
    for (uint32_t i = 0; i < count; i++)
        put_object(w, field->of, first + i * field->of->size);
}

static void put_unseen(writing *w, const unseen_counts *unseen)
{
    put_number(w, unseen->known);
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        put_large(w, (int64_t)unseen->of[i].count);
        put_large(w, (int64_t)unseen->of[i].bytes);
    }
}

static void put_value(writing *w, const record_field *field, const void *object)
{
    const record_value value = record_value_of(field, object);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_DECIMAL:
        put_text(w, *value.text);
        break;
    case RECORD_NAME:
        put_name(w, *value.text);
        break;
    case RECORD_TEXTS:
        put_texts(w, value.texts);
        break;
    case RECORD_NAMES:
        put_names(w, value.texts);
        break;
    case RECORD_NUMBER:
    case RECORD_FRAME:
        put_number(w, *value.number);
        break;
    case RECORD_INDEX:
    case RECORD_TOTAL:
        put_large(w, *value.large);
        break;
    case RECORD_STATUS:
    case RECORD_HTTP_STATUS:
        put_number(w, (uint32_t)*value.status);
        break;
    case RECORD_BOOL:
    case RECORD_MARK:
        put_number(w, *value.flag);
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        put_number(w, *value.word);
        break;
    case RECORD_UNSEEN:
        put_unseen(w, value.unseen);
        break;
    case RECORD_LIST:
        put_list(w, field, object);
        break;
    case RECORD_COUNT:
    case RECORD_DERIVED:
        break;
    }
}

static void put_object(writing *w, const record_shape *shape, const void *object)
{
    for (const record_field *field = shape->fields; field < shape->end; field++)
        put_value(w, field, object);
}

/* Leaves room for the heading, which is known at the end. */
static size_t begin_message(GString *to)
{
    size_t start = to->len;
    static const wire_heading nothing;

    g_string_append_len(to, (const char *)&nothing, sizeof nothing);
    return start;
}

static bool end_message(GString *to, size_t start, wire_kind kind, uint32_t value)
{
    size_t length = to->len - start - sizeof(wire_heading);
    const wire_heading heading = {.kind = kind, .length = (uint32_t)length, .value = value};

    if (length > WIRE_MOST) {
        g_string_truncate(to, start);
        return false;
    }
    memcpy(to->str + start, &heading, sizeof heading);
    return true;
}

bool wire_write_exchange(GString *to, const exchange_record *record)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_direct_hash, g_direct_equal);
    writing w = {.to = to, .names = names};
    size_t start = begin_message(to);

    put_object(&w, &record_exchange_shape, record);
    return end_message(to, start, WIRE_EXCHANGE, record->frame);
}

bool wire_write_capture(GString *to, const capture_record *record, uint32_t result)
{
    writing w = {.to = to};
    size_t start = begin_message(to);

    put_object(&w, &record_capture_shape, record);
    return end_message(to, start, WIRE_CAPTURE, result);
}

void wire_write_alone(GString *to, wire_kind kind)
{
    end_message(to, begin_message(to), kind, 0);
}

/* ---------------------------------------------------------------------------------- reading ----
 */

/* Once the input is broken, everything reads as empty. */
typedef struct {
    const char *at;
    size_t left;
    exchange_record *record;
    GPtrArray *names;
    record_strings last;
    bool broken;
} reading;

static void refuse(reading *r)
{
    r->broken = true;
    r->left = 0;
}

static const char *take(reading *r, size_t length)
{
    const char *at = r->at;

    if (length > r->left) {
        refuse(r);
        return NULL;
    }
    r->at += length;
    r->left -= length;
    return at;
}

/* At most `most`. */
static uint32_t read_number(reading *r, uint32_t most)
{
    const char *at = take(r, sizeof(uint32_t));
    uint32_t value = 0;

    if (at)
        memcpy(&value, at, sizeof value);
    if (value <= most)
        return value;
    refuse(r);
    return 0;
}

static int64_t read_large(reading *r, int64_t least)
{
    const char *at = take(r, sizeof(int64_t));
    int64_t value = least;

    if (at)
        memcpy(&value, at, sizeof value);
    if (value >= least)
        return value;
    refuse(r);
    return least;
}

/* The length of a list whose parts have at least that many bytes. */
static uint32_t read_count(reading *r, size_t least)
{
    return read_number(r, (uint32_t)MIN(r->left / least, UINT32_MAX - 1));
}

static int read_status(reading *r, int unknown)
{
    uint32_t value = read_number(r, UINT32_MAX);

    if (value == (uint32_t)unknown)
        return unknown;
    if (value <= RECORD_STATUS_MOST)
        return (int)value;
    refuse(r);
    return unknown;
}

/* Is every byte of it ASCII, and none a NUL? Eight at a time; most texts are. */
static bool is_ascii(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t eight, odd = 0;
    size_t i = 0;

    for (; i + sizeof eight <= length; i += sizeof eight) {
        memcpy(&eight, text + i, sizeof eight);
        odd |= eight | (eight - ones);
    }
    for (; i < length; i++)
        odd |= (uint8_t)text[i] | (uint8_t)((uint8_t)text[i] - 1);
    return (odd & high) == 0;
}

static const char *read_text(reading *r)
{
    uint32_t length = read_number(r, UINT32_MAX);

    if (r->broken || length == NO_TEXT)
        return NULL;
    const char *text = take(r, (size_t)length + 1);

    /* A NUL inside is not valid. */
    if (text && text[length] == '\0' &&
        (is_ascii(text, length) || g_utf8_validate(text, (gssize)length, NULL)))
        return text;
    refuse(r);
    return NULL;
}

static const char *read_needed_text(reading *r)
{
    const char *text = read_text(r);

    if (text)
        return text;
    refuse(r);
    return "";
}

static record_strings read_texts(reading *r)
{
    record_strings strings = {NULL, read_count(r, LEAST_BYTES)};

    strings.items = record_allocate(r->record, strings.count * sizeof *strings.items);
    for (uint32_t i = 0; i < strings.count; i++)
        strings.items[i] = read_needed_text(r);
    return strings;
}

static const char *read_name(reading *r)
{
    uint32_t number = read_number(r, r->names->len);

    if (number < r->names->len)
        return r->names->pdata[number];
    const char *name = read_needed_text(r);

    g_ptr_array_add(r->names, (void *)name);
    return name;
}

/* Lists that are equal share their items. */
static record_strings read_names(reading *r)
{
    uint32_t count = read_number(r, UINT32_MAX);

    if (count == LIKE_LAST && r->last.count > 0)
        return r->last;
    if (count > r->left / sizeof(uint32_t)) {
        refuse(r);
        count = 0;
    }
    record_strings names = {record_allocate(r->record, count * sizeof(char *)), count};

    for (uint32_t i = 0; i < count; i++)
        names.items[i] = read_name(r);
    if (count > 0)
        r->last = names;
    return names;
}

/* It is printed as a number. */
static bool is_decimal(const char *text)
{
    size_t whole = strspn(text += *text == '-', "0123456789");

    if (whole == 0 || text[whole] != '.')
        return false;
    text += whole + 1;
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static const char *read_decimal(reading *r)
{
    const char *text = read_text(r);

    if (!text || is_decimal(text))
        return text;
    refuse(r);
    return NULL;
}

static void read_object(reading *r, const record_shape *shape, void *to);

static void read_list(reading *r, const record_field *field, void *to)
{
    const record_shape *of = field->of;
    uint32_t count = read_count(r, of->sent * LEAST_BYTES);
    char *first = record_allocate(r->record, count * of->size);

    record_set_list(field, to, first, count);
    for (uint32_t i = 0; i < count; i++) {
        read_object(r, of, first + i * of->size);
        if (record_complete(r->record, of, first, i))
            refuse(r);
    }
}

static void read_unseen(reading *r, unseen_counts *to)
{
    to->known = read_number(r, 1) == 1;
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        to->of[i].count = (uint64_t)read_large(r, 0);
        to->of[i].bytes = (uint64_t)read_large(r, 0);
    }
}

static void read_value(reading *r, const record_field *field, void *object)
{
    const record_value to = record_value_of(field, object);

    switch (field->kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
        *to.text = field->presence == RECORD_NEEDED ? read_needed_text(r) : read_text(r);
        break;
    case RECORD_DECIMAL:
        *to.text = read_decimal(r);
        break;
    case RECORD_NAME:
        *to.text = read_name(r);
        break;
    case RECORD_TEXTS:
        *to.texts = read_texts(r);
        break;
    case RECORD_NAMES:
        *to.texts = read_names(r);
        break;
    case RECORD_NUMBER:
    case RECORD_FRAME:
        *to.number = read_number(r, UINT32_MAX);
        if (*to.number == 0 && field->kind == RECORD_FRAME && field->presence == RECORD_NEEDED)
            refuse(r);
        break;
    case RECORD_INDEX:
        *to.large = read_large(r, RECORD_UNKNOWN);
        break;
    case RECORD_TOTAL:
        *to.large = read_large(r, 0);
        break;
    case RECORD_STATUS:
        *to.status = read_status(r, RECORD_UNKNOWN);
        break;
    case RECORD_HTTP_STATUS:
        *to.status = read_status(r, 0);
        break;
    case RECORD_BOOL:
    case RECORD_MARK:
        *to.flag = read_number(r, 1) == 1;
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        *to.word = read_number(r, record_word_count(field->kind) - 1);
        break;
    case RECORD_UNSEEN:
        read_unseen(r, to.unseen);
        break;
    case RECORD_LIST:
        read_list(r, field, object);
        break;
    case RECORD_COUNT:
    case RECORD_DERIVED:
        break;
    }
}

static void read_object(reading *r, const record_shape *shape, void *to)
{
    for (const record_field *field = shape->fields; field < shape->end; field++)
        read_value(r, field, to);
}

exchange_record *wire_read_exchange(char *bytes, size_t length)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    reading r = {.at = bytes, .left = length, .record = exchange_record_empty(), .names = names};

    g_ptr_array_add(r.record->blocks, bytes);
    read_object(&r, &record_exchange_shape, r.record);
    if (r.left == 0 && !r.broken) {
        record_count_outcomes(r.record);
        return r.record;
    }
    exchange_record_unref(r.record);
    return NULL;
}

capture_record *wire_read_capture(const char *bytes, size_t length)
{
    reading r = {.at = bytes, .left = length};
    capture_record record;

    read_object(&r, &record_capture_shape, &record);
    return r.left == 0 && !r.broken ? capture_record_copy(&record) : NULL;
}

/* --------------------------------------------------------------------------------- sending ---- */

bool wire_send(int to, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t sent = write(to, at, length);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}
