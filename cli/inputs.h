/* inputs.h
 * From the arguments to the captures to read: directories are opened, names sorted.
 *
 * Ownership: inputs_find() returns an array that owns its entries; free it with
 * g_ptr_array_unref().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_INPUTS_H
#define MULTISTATUS_INPUTS_H

#include <stdbool.h>

#include <glib.h>

/** Standard input's name. */
#define INPUT_STDIN "-"

typedef struct {
    char *path;
    bool named;  /**< by the user; otherwise found in a directory, where other files are no error */
    char *error; /**< of a directory that could not be read, as the end of 'The file "x" ...' */
} input;

/** Finds the captures that the arguments stand for, each path once, the files of a directory in the
 *  order of their names' bytes.
 *  @param arguments  NULL-terminated
 *  @param recursive  with everything below a directory
 *  @return array of input */
GPtrArray *inputs_find(const char *const *arguments, bool recursive);

#endif /* MULTISTATUS_INPUTS_H */
