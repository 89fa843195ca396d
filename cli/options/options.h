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

#include <glib.h>

#include "dissect_settings.h"
#include "exit_status.h"
#include "formats.h"
#include "option_table.h"
#include "output.h"
#include "predicate.h"
#include "redact.h"
#include "settings.h"

/** As many workers as there are processors. */
#define JOBS_AUTO G_MAXUINT

/** --csv FILE and its kin: results in one more format. */
typedef struct {
    const format *as;
    const char *path;
} extra_output;

struct options {
    GPtrArray *inputs; /**< captures and directories, NULL-terminated */
    bool recursive;
    GPtrArray *include;     /**< globs for names of files in directories */
    const char *files_from; /**< a list of more inputs, or NULL */
    bool nul_separated;
    unsigned shard, shards; /**< 0 of 0: everything */
    unsigned jobs;          /**< workers; 0: read in this process; or JOBS_AUTO */
    unsigned timeout;       /**< seconds for a capture; 0: any */
    unsigned memory_limit;  /**< MiB of address space of a worker; 0: any */
    const char *interface;  /**< to capture from, or NULL */
    const char *capture_filter;
    const char *checkpoint; /**< folder, or NULL */
    bool progress;          /**< shown also without a terminal */
    bool no_sandbox;
    report_settings *settings; /**< selection, grouping, order, rows */
    const format *format;
    GArray *extra;          /**< of extra_output */
    const char *rows_by;    /**< the option that laid out rows, or NULL */
    unsigned width;         /**< 0: that of the terminal */
    GPtrArray *fail_on;     /**< of predicate */
    redactor *redaction;    /**< NULL: nothing is replaced */
    const char *redact_key; /**< the file it has its key from, or NULL */
    const char *output;
    color_when color;
    bool quiet;
    bool verbose;
    dissect_settings dissect;
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
