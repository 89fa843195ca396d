/* notes.c
 * What the readers of a body notice beside the model.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "notes.h"

void ms_notes_clear(ms_notes *notes)
{
    g_free(notes->namespace_example);
    notes->namespace_example = NULL;
    notes->namespace_errors = 0;
    g_free(notes->broken_in);
    notes->broken_in = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(notes->of); i++) {
        g_free(notes->of[i].example);
        notes->of[i] = (ms_note){0};
    }
    if (notes->entities)
        g_hash_table_destroy(notes->entities);
    notes->entities = NULL;
    if (notes->objects)
        g_array_free(notes->objects, TRUE);
    notes->objects = NULL;
    notes->met = 0;
    notes->weak_etag = false;
}
