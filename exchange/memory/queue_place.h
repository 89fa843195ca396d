/* queue_place.h
 * A place in a queue that is part of what is queued: leaving it takes no search.
 *
 * Ownership: the queue never frees the link, which belongs to what is queued.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_QUEUE_PLACE_H
#define MULTISTATUS_QUEUE_PLACE_H

#include <glib.h>

/** Does nothing unless it is in that queue: `data` is NULL in a link that is in none. */
static inline void queue_leave(GQueue *queue, GList *link)
{
    if (link->data)
        g_queue_unlink(queue, link);
    link->data = NULL;
}

/** To the end of the queue, wherever in it it was before. */
static inline void queue_enter(GQueue *queue, GList *link, void *whose)
{
    queue_leave(queue, link);
    link->data = whose;
    g_queue_push_tail_link(queue, link);
}

#endif /* MULTISTATUS_QUEUE_PLACE_H */
