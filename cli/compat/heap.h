/* heap.h
 * How much memory is in use, and what happens to what is freed.
 *
 * Ownership: nothing is handed out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HEAP_H
#define MULTISTATUS_HEAP_H

#include <stddef.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/** Bytes that malloc() has handed out; 0 where the C library does not tell. */
static inline size_t heap_in_use(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

/** Freed memory stays for what comes next, large pieces as well, instead of going back to the
 *  system each time: libwireshark 4.0 copies what a content coding gave so far to a new place for
 *  every piece of it, and the pages of those copies cost twenty times what the copying does. */
static inline void heap_keep_freed(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 1 << 20);
#endif
}

#endif /* MULTISTATUS_HEAP_H */
