/* records.h
 * What the tests and fuzz targets for records share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef TESTS_RECORDS_H
#define TESTS_RECORDS_H

#include <string.h>

#include <glib.h>

#include "ndjson.h"
#include "record_read.h"

/** A record as its line of NDJSON, without the end of line. The caller frees it. */
static inline GString *record_line(const any_record *record)
{
    GString *text = g_string_new(NULL);

    if (record->exchange)
        ndjson_exchange(text, record->exchange);
    else
        ndjson_capture(text, record->capture);
    return g_string_truncate(text, text->len - 1);
}

#ifdef RECORDS_GOLDEN
typedef void (*golden_visitor)(const char *line, any_record *record, void *data);

/** Calls for every golden record, and sees that there are many. */
static inline void for_each_golden(golden_visitor call, void *data)
{
    GDir *dir = g_dir_open(RECORDS_GOLDEN, 0, NULL);
    const char *name;
    unsigned records = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(RECORDS_GOLDEN, name, NULL);
        g_autofree char *content = NULL;

        g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
        g_auto(GStrv) lines = g_strsplit(content, "\n", -1);

        for (char **line = lines; *line; line++) {
            any_record record;
            char *message = NULL;

            if (!**line)
                continue;
            g_assert_true(record_read(*line, strlen(*line), &record, &message));
            g_assert_null(message);
            g_assert_true(record.exchange || record.capture);
            call(*line, &record, data);
            any_record_clear(&record);
            records++;
        }
    }
    g_dir_close(dir);
    g_assert_cmpuint(records, >, 200);
}
#endif

#endif /* TESTS_RECORDS_H */
