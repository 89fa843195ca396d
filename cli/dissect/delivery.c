/* delivery.c
 * Holding records, and handing them out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "delivery.h"

void delivery_init(delivery *of, capture_receiver receiver, void *data, bool filtered)
{
    *of = (delivery){.receiver = receiver, .data = data, .filtered = filtered};
    of->matching = g_byte_array_new();
    of->held = exchange_records_new();
}

void delivery_clear(delivery *of)
{
    g_byte_array_unref(of->matching);
    g_ptr_array_unref(of->held);
}

void delivery_begin(delivery *of)
{
    g_ptr_array_set_size(of->held, 0);
    g_byte_array_set_size(of->matching, 0);
}

void delivery_retract(delivery *of)
{
    delivery_begin(of);
    if (of->retracts)
        of->retracts(of->data);
}

void delivery_hold(delivery *of, exchange_record *record)
{
    g_ptr_array_add(of->held, record);
}

void delivery_match(delivery *of, uint32_t frame)
{
    guint byte = frame / 8;

    while (of->matching->len <= byte)
        g_byte_array_append(of->matching, (const guint8 *)"", 1);
    of->matching->data[byte] |= (guint8)(1u << frame % 8);
}

static bool is_matching(const delivery *of, uint32_t frame)
{
    return !of->filtered ||
           (frame / 8 < of->matching->len && (of->matching->data[frame / 8] >> frame % 8 & 1) != 0);
}

static gint compare_frames(gconstpointer a, gconstpointer b)
{
    const exchange_record *left = *(const exchange_record *const *)a;
    const exchange_record *right = *(const exchange_record *const *)b;

    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* g_ptr_array_sort() keeps the order of equal frames. */
void delivery_hand_out(delivery *of)
{
    g_ptr_array_sort(of->held, compare_frames);
    for (guint i = 0; i < of->held->len && !of->ended; i++) {
        exchange_record *record = of->held->pdata[i];

        if (is_matching(of, record->frame) && !of->receiver(of->data, record))
            of->ended = true;
    }
    g_ptr_array_set_size(of->held, 0);
}
