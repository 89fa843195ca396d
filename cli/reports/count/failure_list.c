/* failure_list.c
 * The failed exchanges of a report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "failure_list.h"

#include <string.h>

#include "spill.h"
#include "wire.h"

typedef struct {
    const char *capture; /* one of names */
    uint32_t frame;
    spilled bytes;
    exchange_record *whole; /* one that is too large for a message; NULL otherwise */
} failure;

struct failure_list {
    GArray *failures; /* of failure */
    GHashTable *names;
    spill *kept;
    GString *message;
    bool sound;
};

failure_list *failure_list_new(gsize memory)
{
    failure_list *list = g_new0(failure_list, 1);

    list->failures = g_array_new(FALSE, FALSE, sizeof(failure));
    list->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    list->kept = spill_new(memory, g_get_tmp_dir());
    list->message = g_string_new(NULL);
    list->sound = true;
    return list;
}

void failure_list_free(failure_list *list)
{
    for (guint i = 0; i < list->failures->len; i++) {
        failure *f = &g_array_index(list->failures, failure, i);

        spill_drop(list->kept, &f->bytes);
        exchange_record_unref(f->whole);
    }
    g_array_unref(list->failures);
    g_hash_table_destroy(list->names);
    spill_free(list->kept);
    g_string_free(list->message, TRUE);
    g_free(list);
}

static const char *keep_name(failure_list *list, const char *name)
{
    gpointer kept;

    if (!g_hash_table_lookup_extended(list->names, name, &kept, NULL)) {
        kept = g_strdup(name);
        g_hash_table_add(list->names, kept);
    }
    return kept;
}

void failure_list_add(failure_list *list, const exchange_record *record)
{
    failure added = {.capture = keep_name(list, record->capture), .frame = record->frame};

    g_string_truncate(list->message, 0);
    if (wire_write_exchange(list->message, record))
        added.bytes = spill_put(list->kept, list->message->str + sizeof(wire_heading),
                                list->message->len - sizeof(wire_heading));
    else
        added.whole = exchange_record_ref((exchange_record *)record);
    g_array_append_val(list->failures, added);
}

guint failure_list_length(const failure_list *list)
{
    return list->failures->len;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const failure *left = a, *right = b;
    int order = left->capture == right->capture ? 0 : strcmp(left->capture, right->capture);

    if (order != 0)
        return order;
    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* The sort is stable. */
void failure_list_sort(failure_list *list)
{
    g_array_sort(list->failures, compare);
}

exchange_record *failure_list_get(failure_list *list, guint i)
{
    const failure *f = &g_array_index(list->failures, failure, i);

    if (f->whole)
        return exchange_record_ref(f->whole);
    char *bytes = spill_copy(list->kept, &f->bytes);
    exchange_record *record = bytes ? wire_read_exchange(bytes, f->bytes.length) : NULL;

    list->sound = list->sound && record;
    return record;
}

bool failure_list_is_sound(const failure_list *list)
{
    return list->sound;
}
