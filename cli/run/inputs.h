/* inputs.h
 * From the command line to the captures to read: lists and directories are opened, names sorted,
 * a shard chosen.
 *
 * Ownership: inputs_find() returns an array that owns its entries; free it with
 * g_ptr_array_unref(). What settings point to stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_INPUTS_H
#define MULTISTATUS_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "progress.h"
#include "run_settings.h"

/** Standard input's name. */
#define INPUT_STDIN "-"

typedef struct {
    char *path;
    bool named; /**< by the user; otherwise found in a directory, where other files are no error */
    bool session;       /**< standard input is a pipe that begins like a saved session */
    const char *called; /**< in results and messages, if not by its path: an interface */
    char *ring;         /**< of which it is a file, with --join (rings.h); or NULL */
    GPtrArray *before;  /**< paths of what it goes on from; NULL without a ring */
    unsigned leaving;   /**< how many of them, and it, no later file goes on from */
    char *error;        /**< why it cannot be read, as the end of 'The file "x" ...' */
} input;

/** Finds the captures that are meant, each path once: arguments in their order, then those of the
 *  list, the entries of a directory in the order of their names' bytes. In directories hidden names
 *  are passed over, and so, with a note, is what is neither a file nor a directory.
 *  @return array of input, of all shards; NULL after a message if the list cannot be read */
GPtrArray *inputs_find(const input_settings *choice, const message_settings *messages);

/** An array of input without any. */
GPtrArray *inputs_new(void);

/** Appends a file that was found in a directory. */
void inputs_add(GPtrArray *inputs, const char *path);

/** Is a file of that name in a directory an input, as --include has it? */
bool inputs_are_to_include(const input_settings *choice, const char *name);

/** The display of how far the inputs have been read; NULL if nobody wants to see it.
 *  @param things    what the inputs are called
 *  @param readings  how many times each is read */
progress *inputs_progress(const GPtrArray *inputs, const message_settings *messages,
                          const char *things, unsigned readings);

/** What an input is called in results and messages. */
const char *input_name(const input *of);

/** Looks at the beginning of standard input, if that is a pipe and among the inputs, and waits for
 * it. Nothing is consumed. */
void inputs_peek(GPtrArray *inputs, const input_settings *choice);

/** Keeps only the shard that is asked for. */
void inputs_keep_shard(GPtrArray *inputs, const input_settings *choice);

#endif /* MULTISTATUS_INPUTS_H */
