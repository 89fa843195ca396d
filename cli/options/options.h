/* options.h
 * The command line, read by the table of options.
 *
 * Ownership: options_clear() releases what options_parse() filled in; strings that come from the
 * command line stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPTIONS_H
#define MULTISTATUS_OPTIONS_H

#include <stdbool.h>

#include "option_table.h"

/** Reads the command line. Without --help and --version there is at least one input.
 *  @return false after a message */
bool options_parse(options *o, int argc, char **argv);

void options_clear(options *o);

#endif /* MULTISTATUS_OPTIONS_H */
