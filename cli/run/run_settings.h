/* run_settings.h
 * What the command line says about a run, each part by itself for those who need it.
 *
 * Ownership: who fills the settings in owns what they point to; it lives as long as they do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RUN_SETTINGS_H
#define MULTISTATUS_RUN_SETTINGS_H

#include <stdbool.h>

#include <glib.h>

#include "dissect_settings.h"
#include "formats.h"
#include "output.h"
#include "redact.h"
#include "settings.h"

/** What to read: captures, or files of records. */
typedef struct {
    GPtrArray *arguments;   /**< files and directories, NULL-terminated; "-" is standard input */
    bool recursive;         /**< directories with everything below them */
    GPtrArray *include;     /**< globs; a file in a directory must match one if there are any */
    const char *files_from; /**< a list of more arguments, "-" too; or NULL */
    bool nul_separated;     /**< its names end with NUL instead of a line's end */
    unsigned shard, shards; /**< 0 of 0: everything */
    const char *follow;     /**< a folder in which captures come to be; or NULL */
    bool join;              /**< files of one ring are read as one capture */
    const char *interface;  /**< to capture from, into standard input; or NULL */
    const char *capture_filter;
} input_settings;

/** As many workers as there are processors. */
#define JOBS_AUTO G_MAXUINT

/** Who reads it, and how much a capture may cost. */
typedef struct {
    unsigned jobs;          /**< workers; 0: read in this process; or JOBS_AUTO */
    unsigned timeout;       /**< seconds for a capture; 0: without limit */
    unsigned memory_limit;  /**< MiB of address space of a worker; 0: without limit */
    const char *checkpoint; /**< folder, or NULL */
    bool no_sandbox;
} worker_settings;

/** --csv FILE and its kin: results in one more format. */
typedef struct {
    const format *as;
    const char *path;
} extra_output;

/** What happens to the records. */
typedef struct {
    report_settings *report; /**< selection, grouping, order, rows */
    const format *format;
    const char *output; /**< NULL: standard output */
    GArray *extra;      /**< of extra_output */
    unsigned width;     /**< 0: that of the terminal */
    color_when color;
    bool appends;           /**< lines go to the end of files, as they come */
    GPtrArray *fail_on;     /**< of predicate */
    redactor *redaction;    /**< NULL: nothing is replaced */
    const char *redact_key; /**< the file it has its key from, or NULL */
} result_settings;

/** What is printed on standard error. */
typedef struct {
    bool quiet, verbose;
    bool progress; /**< shown also without a terminal */
} message_settings;

typedef struct {
    input_settings inputs;
    worker_settings workers;
    dissect_settings dissect;
    result_settings results;
    message_settings messages;
} run_settings;

#endif /* MULTISTATUS_RUN_SETTINGS_H */
