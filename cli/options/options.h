/* options.h
 * The command line: one table of options, from which parsing and help come.
 *
 * Ownership: options_clear() releases what options_parse() filled in; strings that come from the
 * command line stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPTIONS_H
#define MULTISTATUS_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "option_table.h"
#include "run_settings.h"

struct options {
    run_settings run;
    const char *rows_by; /**< the option that laid out rows, or NULL */
    bool help;
    bool help_all;
    bool help_asciidoc;
    const char *completion; /**< a shell, or NULL */
    bool help_fields;
    bool version;
};

/** Reads the command line. Without --help and --version there is at least one input.
 *  @return false after a message */
bool options_parse(options *o, int argc, char **argv);

void options_clear(options *o);

/** One screen: the options used most, and examples. */
void options_print_help(FILE *to);

/** All options as AsciiDoc, for the manual page. */
void options_print_asciidoc(FILE *to);

/** Every option. */
void options_print_all_help(FILE *to);

/** The fields that -e knows. */
void options_print_fields(FILE *to);

#endif /* MULTISTATUS_OPTIONS_H */
