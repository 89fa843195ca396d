/* inputs.h
 * From the command line to the captures to read: lists and directories are opened, names sorted,
 * a shard chosen.
 *
 * Ownership: inputs_find() returns an array that owns its entries; free it with
 * g_ptr_array_unref(). What a choice points to stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_INPUTS_H
#define MULTISTATUS_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "options.h"

/** Standard input's name. */
#define INPUT_STDIN "-"

/** Which captures are meant. */
typedef struct {
    const char *const *arguments; /**< NULL-terminated */
    const char *files_from;       /**< a list of more arguments, INPUT_STDIN too; or NULL */
    bool nul_separated;           /**< its names end with NUL instead of a line's end */
    bool recursive;               /**< directories with everything below them */
    const GPtrArray *include; /**< globs; a file in a directory must match one if there are any */
    bool quiet, verbose;
} input_choice;

typedef struct {
    char *path;
    bool named; /**< by the user; otherwise found in a directory, where other files are no error */
    bool har;   /**< standard input is a pipe that begins as JSON does, or compressed JSON */
    const char *called; /**< in results and messages, if not by its path: an interface */
    char *error;        /**< why it cannot be read, as the end of 'The file "x" ...' */
} input;

/** Finds the captures that are meant, each path once: arguments in their order, then those of the
 *  list, the entries of a directory in the order of their names' bytes. In directories hidden names
 *  are passed over, and so, with a note, is what is neither a file nor a directory.
 *  @return array of input, NULL after a message if the list cannot be read */
GPtrArray *inputs_find(const input_choice *choice);

/** The same for those that the command line names, of all shards. */
GPtrArray *inputs_of(const options *o);

/** The bytes of those that are regular files. */
uint64_t inputs_bytes(const GPtrArray *inputs);

/** What an input is called in results and messages. */
const char *input_name(const input *of);

/** Looks at the beginning of standard input, if that is a pipe and among the inputs, and waits for
 * it. Nothing of it is taken away. */
void inputs_peek(GPtrArray *inputs, const options *o);

/** Keeps only the shard that the command line asks for. */
void inputs_keep_shard(GPtrArray *inputs, const options *o);

#endif /* MULTISTATUS_INPUTS_H */
