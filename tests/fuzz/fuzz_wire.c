/* fuzz_wire.c
 * What a worker sends: bytes as they are (first byte even), or those of a record in NDJSON of which
 * some are changed (odd: how many, three bytes for each, then the line). What is taken for a record
 * is sent again: the same is read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "../records.h"
#include "wire.h"

/* Without their heading. */
static GString *bytes_of(const any_record *record)
{
    GString *bytes = g_string_new(NULL);

    if (record->exchange)
        wire_write_exchange(bytes, record->exchange);
    else
        wire_write_capture(bytes, record->capture, 0);
    return g_string_erase(bytes, 0, sizeof(wire_heading));
}

/* From a copy of exactly that size. */
static any_record read_bytes(const void *bytes, size_t length, bool exchange)
{
    any_record record = {NULL, NULL};
    char *copy = g_memdup2(bytes, length);

    if (exchange) {
        record.exchange = wire_read_exchange(copy, length);
    } else {
        record.capture = wire_read_capture(copy, length);
        g_free(copy);
    }
    return record;
}

static void check_read(any_record *record, bool exchange)
{
    if (!record->exchange && !record->capture)
        return;
    GString *bytes = bytes_of(record), *line = record_line(record);
    any_record again = read_bytes(bytes->str, bytes->len, exchange), parsed;
    char *message = NULL;

    fuzz_check(again.exchange || again.capture);
    GString *second = record_line(&again);

    fuzz_check(g_string_equal(line, second));
    fuzz_check(record_read(line->str, line->len, &parsed, &message));
    any_record_clear(&parsed);
    any_record_clear(&again);
    g_string_free(second, TRUE);
    g_string_free(line, TRUE);
    g_string_free(bytes, TRUE);
    any_record_clear(record);
}

static void change(GString *bytes, const fuzz_input *changes)
{
    for (size_t i = 0; i + 3 <= changes->left; i += 3) {
        size_t place = (size_t)changes->at[i] << 8 | changes->at[i + 1];

        if (place < bytes->len)
            bytes->str[place] = (char)changes->at[i + 2];
    }
}

static void read_changed(fuzz_input *input)
{
    size_t length = (size_t)fuzz_byte(input) % 16 * 3;
    const fuzz_input changes = {input->at, MIN(length, input->left)};

    input->at += changes.left;
    input->left -= changes.left;
    any_record record;
    char *message = NULL;

    if (!record_read((const char *)input->at, input->left, &record, &message)) {
        g_free(message);
        return;
    }
    bool exchange = record.exchange != NULL;
    GString *bytes = bytes_of(&record);

    change(bytes, &changes);
    any_record_clear(&record);
    any_record read = read_bytes(bytes->str, bytes->len, exchange);

    g_string_free(bytes, TRUE);
    check_read(&read, exchange);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    uint8_t way = fuzz_byte(&input);

    if (way % 2 == 1) {
        read_changed(&input);
        return 0;
    }
    any_record read = read_bytes(input.at, input.left, way % 4 == 0);

    check_read(&read, way % 4 == 0);
    return 0;
}
