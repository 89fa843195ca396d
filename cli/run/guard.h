/* guard.h
 * What the command reads it never writes to: each output is compared with all that is read before
 * anything is opened for writing.
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

/** Would any output take the place of an input, of a file with settings or keys, or of an existing
 *  file that looks like something that cannot be had again? A report of an earlier run may be
 *  replaced; one that lies in a directory of inputs is taken off their list.
 *  @param inputs      array of input, all of them (of every shard)
 *  @param of_records  they are files of records, and no session was started
 *  @return false after a message */
bool guard_outputs(const run_settings *s, GPtrArray *inputs, bool of_records);

#endif /* MULTISTATUS_GUARD_H */
