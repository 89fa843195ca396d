/* guard.h
 * The command never writes to what it reads: each output is compared with everything that is read
 * before any file is opened for writing.
 *
 * Ownership: settings and inputs stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_GUARD_H
#define MULTISTATUS_GUARD_H

#include <stdbool.h>

#include <glib.h>

#include "run_settings.h"

/** Would any output replace an input, a file with settings or keys, or an existing file that looks
 *  irreplaceable? A report of an earlier run may be replaced; one in a directory of inputs is taken
 *  off the list of inputs.
 *  @param inputs      array of input, all of them (of every shard)
 *  @param of_records  the inputs are files of records, and no session was started
 *  @return false after a message */
bool guard_outputs(const run_settings *s, GPtrArray *inputs, bool of_records);

#endif /* MULTISTATUS_GUARD_H */
