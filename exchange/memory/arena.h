/* arena.h
 * Memory that is freed all at once: strings and structs that live as long as the thing they
 * describe.
 *
 * Ownership: what an arena hands out belongs to it, until arena_clear().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_ARENA_H
#define MULTISTATUS_ARENA_H

#include <stddef.h>

#include <glib.h>

/** All zero is an empty arena: nothing is allocated before it is needed. */
typedef struct {
    struct arena_block *newest; /**< private */
    char *free_at;              /**< private: in that block */
    size_t free_bytes;          /**< private */
    size_t block;               /**< private: size of the newest shared block */
} arena;

/** Memory for any type, all zero. */
void *arena_allocate(arena *from, size_t size);

/** Copies; NULL stays NULL. */
char *arena_copy(arena *to, const char *text);
char *arena_copy_bytes(arena *to, const char *bytes, size_t length);

char *arena_print(arena *to, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** Frees everything. The arena can be used again. */
void arena_clear(arena *of);

#endif /* MULTISTATUS_ARENA_H */
