/* fuzz_record.c
 * A line of NDJSON, as `multistatus report` reads it. What is taken for a record is written again,
 * and read once more: the bytes are the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "../records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    size_t length = size;
    char *line = fuzz_copy(&input, &length), *message = NULL;
    any_record record, again;
    bool read = record_read(line, length, &record, &message);

    free(line);
    fuzz_check(read == (message == NULL));
    fuzz_check(read == (record.exchange != NULL || record.capture != NULL));
    if (!read) {
        fuzz_check(g_utf8_validate(message, -1, NULL));
        g_free(message);
        return 0;
    }
    GString *first = record_line(&record);

    fuzz_check(record_read(first->str, first->len, &again, &message));
    GString *second = record_line(&again);

    fuzz_check(g_string_equal(first, second));
    g_string_free(first, TRUE);
    g_string_free(second, TRUE);
    any_record_clear(&record);
    any_record_clear(&again);
    return 0;
}
