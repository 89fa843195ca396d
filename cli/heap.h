/* heap.h
 * How much memory is in use.
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

#endif /* MULTISTATUS_HEAP_H */
