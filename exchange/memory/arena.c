/* arena.c
 * Memory that is freed all at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* The first block is small, for there may be many arenas at once; each is twice the one before. */
#define FIRST_BLOCK 512u
#define LAST_BLOCK (16u * 1024)

typedef struct arena_block {
    struct arena_block *before;
} arena_block;

#define ALIGNMENT (2 * sizeof(void *))

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static char *add_block(arena *to, size_t size)
{
    arena_block *made = g_malloc(size);

    made->before = to->newest;
    to->newest = made;
    return (char *)made + aligned(sizeof *made);
}

/* Strings need no alignment. */
static char *take(arena *from, size_t size)
{
    if (size > from->free_bytes) {
        size_t header = aligned(sizeof(arena_block));
        size_t block = from->block ? MIN(2 * from->block, LAST_BLOCK) : FIRST_BLOCK;

        if (size > (block - header) / 2) /* a block of its own, and the free bytes stay available */
            return add_block(from, header + size);
        from->free_at = add_block(from, block);
        from->free_bytes = block - header;
        from->block = block;
    }
    char *taken = from->free_at;

    from->free_at += size;
    from->free_bytes -= size;
    return taken;
}

void *arena_allocate(arena *from, size_t size)
{
    size_t skipped = from->free_at ? (size_t)(-(uintptr_t)from->free_at & (ALIGNMENT - 1)) : 0;

    skipped = MIN(skipped, from->free_bytes);
    from->free_at += skipped;
    from->free_bytes -= skipped;
    size = aligned(size);
    return memset(take(from, size), 0, size);
}

char *arena_copy_bytes(arena *to, const char *bytes, size_t length)
{
    char *copy = take(to, length + 1);

    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *arena_copy(arena *to, const char *text)
{
    return text ? arena_copy_bytes(to, text, strlen(text)) : NULL;
}

char *arena_print(arena *to, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    char *copy = arena_copy(to, text);

    g_free(text);
    return copy;
}

void arena_clear(arena *of)
{
    arena_block *before;

    for (arena_block *i = of->newest; i; i = before) {
        before = i->before;
        g_free(i);
    }
    *of = (arena){0};
}
