/* fuzz_har.c
 * A session that a browser saved (HAR), from its bytes to its records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "har.h"
#include "limit_table.h"
#include "ndjson.h"

static bool take_record(void *data, exchange_record *record)
{
    GString *text = data;

    fuzz_check(record->verdict < MS_VERDICTS && record->frame > 0);
    g_string_truncate(text, 0);
    ndjson_exchange(text, record);
    fuzz_check(g_utf8_validate(text->str, (gssize)text->len, NULL));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    capture_record *summary = capture_record_new("fuzz");
    GString *text = g_string_new(NULL);

    fuzz_input input = {data, size};
    size_t length = size;
    char *bytes = fuzz_copy(&input, &length);
    capture_result result = har_read_bytes((const uint8_t *)bytes, length, false, NULL,
                                           MS_BATCHES_ALL, take_record, text, summary);

    free(bytes);

    fuzz_check(summary->complete == (result == CAPTURE_COMPLETE));
    fuzz_check(summary->complete == (summary->error == NULL));
    fuzz_check(summary->exchanges <= summary->frames);
    g_string_free(text, TRUE);
    capture_record_free(summary);
    return 0;
}
