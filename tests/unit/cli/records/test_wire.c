/* test_wire.c
 * Records as bytes: the same record again, and nothing worse when bytes were changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "records.h"
#include "wire.h"

static wire_heading write_record(GString *bytes, const any_record *record)
{
    wire_heading heading;

    if (record->exchange)
        g_assert_true(wire_write_exchange(bytes, record->exchange));
    else
        g_assert_true(wire_write_capture(bytes, record->capture, 3));
    memcpy(&heading, bytes->str, sizeof heading);
    g_assert_cmpuint(heading.length, ==, bytes->len - sizeof heading);
    g_string_erase(bytes, 0, sizeof heading);
    return heading;
}

/* From a copy on the heap of exactly that size. */
static void read_record(const GString *bytes, size_t length, wire_kind kind, any_record *to)
{
    char *copy = g_memdup2(bytes->str, length);

    memset(to, 0, sizeof *to);
    if (kind == WIRE_EXCHANGE) {
        to->exchange = wire_read_exchange(copy, length);
    } else {
        to->capture = wire_read_capture(copy, length);
        g_free(copy);
    }
}

static void assert_same(const char *line, any_record *record, void *data)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    any_record again;

    (void)data;
    wire_heading heading = write_record(bytes, record);

    g_assert_cmpuint(heading.kind, ==, record->exchange ? WIRE_EXCHANGE : WIRE_CAPTURE);
    g_assert_cmpuint(heading.value, ==, record->exchange ? record->exchange->frame : 3);
    read_record(bytes, bytes->len, (wire_kind)heading.kind, &again);
    g_autoptr(GString) written = record_line(&again);

    g_assert_cmpstr(written->str, ==, line);
    for (uint32_t i = 0; record->exchange && i < record->exchange->n_responses; i++)
        g_assert_cmpint(again.exchange->responses[i].code, ==, record->exchange->responses[i].code);
    any_record_clear(&again);
}

static void test_same(void)
{
    for_each_golden(assert_same, NULL);
}

/* What is cut anywhere, or has something after it, is refused. */
static void assert_cut_is_refused(const char *line, any_record *record, void *data)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    any_record read;
    wire_kind kind = (wire_kind)write_record(bytes, record).kind;
    size_t step = 1 + bytes->len / 100;

    (void)line;
    (void)data;
    for (size_t length = 0; length < bytes->len; length += step) {
        read_record(bytes, length, kind, &read);
        g_assert_true(!read.exchange && !read.capture);
    }
    g_string_append_c(bytes, '\0');
    read_record(bytes, bytes->len, kind, &read);
    g_assert_true(!read.exchange && !read.capture);
}

static void test_cut(void)
{
    for_each_golden(assert_cut_is_refused, NULL);
}

static unsigned changed_refused, changed_read;

/* What was changed is refused, or is a record like any other, which NDJSON can hold. */
static void assert_changed_is_sound(const char *line, any_record *record, void *data)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    static unsigned number;
    g_autoptr(GString) bytes = g_string_new(NULL);
    wire_kind kind = (wire_kind)write_record(bytes, record).kind;
    /* Records are much alike: each is changed in other places than the one before it. */
    size_t step = 1 + bytes->len / 13, first = number++ % step;

    (void)line;
    (void)data;
    for (size_t i = first; i < bytes->len * G_N_ELEMENTS(changes); i += step) {
        any_record read, again;
        char *message = NULL;
        char before = bytes->str[i / 3];

        bytes->str[i / 3] = (char)(before ^ changes[i % 3]);
        read_record(bytes, bytes->len, kind, &read);
        bytes->str[i / 3] = before;
        if (!read.exchange && !read.capture) {
            changed_refused++;
            continue;
        }
        changed_read++;
        g_autoptr(GString) written = record_line(&read);

        if (!record_read(written->str, written->len, &again, &message))
            g_error("%s: %s", written->str, message);
        any_record_clear(&again);
        any_record_clear(&read);
    }
}

static void test_changed(void)
{
    for_each_golden(assert_changed_is_sound, NULL);
    g_assert_cmpuint(changed_refused, >, 1000);
    g_assert_cmpuint(changed_read, >, 1000);
}

/* An impossible number of responses costs nothing. */
/* A heading alone. */
static void test_alone(void)
{
    g_autoptr(GString) bytes = g_string_new("x");
    wire_heading heading;

    wire_write_alone(bytes, WIRE_LACK);
    g_assert_cmpuint(bytes->len, ==, 1 + sizeof heading);
    memcpy(&heading, bytes->str + 1, sizeof heading);
    g_assert_cmpuint(heading.kind, ==, WIRE_LACK);
    g_assert_cmpuint(heading.length, ==, 0);
}

static void test_counts(void)
{
    const uint32_t nothing[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};

    for (size_t words = 0; words < 64; words++) {
        GString *bytes = g_string_new(NULL);
        any_record read;

        for (size_t i = 0; i < words; i++)
            g_string_append_len(bytes, (const char *)nothing, sizeof *nothing);
        read_record(bytes, bytes->len, WIRE_EXCHANGE, &read);
        g_assert_null(read.exchange);
        read_record(bytes, bytes->len, WIRE_CAPTURE, &read);
        g_assert_null(read.capture);
        g_string_free(bytes, TRUE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/same", test_same);
    g_test_add_func("/wire/cut", test_cut);
    g_test_add_func("/wire/changed", test_changed);
    g_test_add_func("/wire/counts", test_counts);
    g_test_add_func("/wire/alone", test_alone);
    return g_test_run();
}
