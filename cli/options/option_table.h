/* option_table.h
 * The options as a table, from which help, the manual page, docs/options.md and completions are
 * made.
 *
 * Ownership: the table is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPTION_TABLE_H
#define MULTISTATUS_OPTION_TABLE_H

#include <stdbool.h>

#include "run_settings.h"

typedef enum {
    GROUP_INPUT,
    GROUP_BATCH,
    GROUP_SELECTION,
    GROUP_REPORT,
    GROUP_OUTPUT,
    GROUP_DISSECTION,
    GROUP_OTHER,
    OPTION_GROUPS
} option_group;

/** What the command line says. */
typedef struct {
    run_settings run;
    const char *rows_by; /**< the option that set the layout of rows, or NULL */
    bool help;
    bool help_all;
    const char *help_as;    /**< a form of the page with all options, or NULL */
    const char *completion; /**< a shell, or NULL */
    bool help_fields;
    bool version;
} options;

/** How the words of an option are put into its argument. */
typedef enum {
    TAKES_ONE,
    TAKES_LIST, /**< any of them, between commas */
    TAKES_PARTS /**< something follows them: "header=", "failed" */
} option_words;

/** An option. Help, manual, docs/options.md and completions are made from the table of these. */
typedef struct {
    char letter;          /**< 0 if there is only a long name */
    const char *name;     /**< NULL if there is only a letter */
    const char *argument; /**< NULL if it takes none */
    option_group group;
    const char *help;                  /**< in one line */
    const char *text;                  /**< at length; what stands between ` is literal */
    const char *example;               /**< a command line */
    const char *since;                 /**< the version that had it first */
    const char *see;                   /**< other options, between blanks; or NULL */
    const char *(*values)(unsigned i); /**< the words it takes, NULL after the last; or NULL */
    option_words takes;
    /** Applies it. @return false after a message */
    bool (*apply)(options *o, const char *argument);
    bool brief; /**< on the page of --help; --help-all has all */
} option_spec;

extern const option_spec option_table[];
extern const unsigned n_options;
extern const char *const option_group_titles[OPTION_GROUPS];

/** The shells that --completion knows, and the forms of --help-as; NULL after the last. */
const char *option_shell(unsigned i);
const char *option_form(unsigned i);

#endif /* MULTISTATUS_OPTION_TABLE_H */
