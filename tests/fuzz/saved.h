/* saved.h
 * A session that a program saved, from its bytes to its records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FUZZ_SAVED_H
#define MULTISTATUS_FUZZ_SAVED_H

#include "fuzz.h"

#include "ndjson.h"
#include "saved_session.h"

static inline bool fuzz_take_record(void *data, exchange_record *record)
{
    GString *text = data;

    fuzz_check(record->verdict < MS_VERDICTS && record->frame > 0);
    g_string_truncate(text, 0);
    ndjson_exchange(text, record);
    fuzz_check(g_utf8_validate(text->str, (gssize)text->len, NULL));
    return true;
}

/** @param read  reads a copy of the bytes, so that nothing behind their end can be read */
static inline void fuzz_saved(const uint8_t *data, size_t size,
                              capture_result (*read)(const uint8_t *bytes, size_t length,
                                                     const saved_target *to))
{
    capture_record *summary = capture_record_new("fuzz");
    GString *text = g_string_new(NULL);
    saved_target to = {NULL, MS_BATCHES_ALL, fuzz_take_record, text, summary};
    fuzz_input input = {data, size};
    size_t length = size;
    char *bytes = fuzz_copy(&input, &length);
    capture_result result = read((const uint8_t *)bytes, length, &to);

    free(bytes);
    fuzz_check(summary->complete == (result == CAPTURE_COMPLETE));
    fuzz_check(summary->complete == (summary->error == NULL));
    fuzz_check(summary->exchanges <= summary->frames);
    g_string_free(text, TRUE);
    capture_record_free(summary);
}

#endif /* MULTISTATUS_FUZZ_SAVED_H */
