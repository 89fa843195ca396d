/* cage.h
 * The cage of a worker: what a process that dissects untrusted bytes gives up before it reads the
 * first of them. seccomp leaves it the system calls for computing and for reading files, and
 * writing to two descriptors; Landlock leaves it the files to read; limits bound its memory.
 *
 * Ownership: a cage is made once, before the workers are forked, and freed by the same process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAGE_H
#define MULTISTATUS_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cage cage;

/** What parts of a cage this kernel and this build can provide. */
typedef struct {
    bool seccomp;
    int landlock; /**< version of the interface; 0 without */
} cage_state;

/** A cage that allows no files but those that every program and Wireshark's libraries read. */
cage *cage_new(void);
void cage_free(cage *c);

/** Leaves the worker a file to read, or a folder with everything below it. A path that does not
 *  exist is no error. */
void cage_allow(cage *c, const char *path);

/** Shuts this process in, for good. Threads must not have been started. All descriptors but those
 * of standard input, output and error and `writable` are closed.
 *  @param writable  the one descriptor beside standard error that can be written to
 *  @return what holds now */
cage_state cage_enter(const cage *c, int writable);

/** No core dump, and not more than `memory` bytes of address space (0: unlimited). */
void cage_limit(uint64_t memory);

/** Has the memory run out, as seen from inside? Callable from a signal handler. */
bool cage_is_out_of_memory(void);

/** Tries it in a child. */
cage_state cage_probe(void);

#endif /* MULTISTATUS_CAGE_H */
