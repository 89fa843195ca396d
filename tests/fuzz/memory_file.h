/* memory_file.h
 * The fuzzer's bytes as a file, for what reads files: it has a name and is never on a disk.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MEMORY_FILE_H
#define MEMORY_FILE_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

typedef struct {
    int fd;
    char path[64];
} memory_file;

/** Stays until the process ends. */
static inline memory_file memory_file_new(void)
{
    memory_file made = {.fd = memfd_create("input", 0)};

    fuzz_check(made.fd >= 0);
    snprintf(made.path, sizeof made.path, "/proc/self/fd/%d", made.fd);
    return made;
}

/** Replaces its contents with these bytes. */
static inline void memory_file_set(const memory_file *file, const uint8_t *bytes, size_t length)
{
    fuzz_check(ftruncate(file->fd, 0) == 0 &&
               pwrite(file->fd, bytes, length, 0) == (ssize_t)length);
}

#endif /* MEMORY_FILE_H */
