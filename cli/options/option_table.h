/* option_table.h
 * The options as a table, from which help, the manual page and completions are made.
 *
 * Ownership: the table is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPTION_TABLE_H
#define MULTISTATUS_OPTION_TABLE_H

#include <stdbool.h>

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

typedef struct options options;

/** An option. Help, manual and completions are made from the table of these. */
typedef struct {
    char letter;          /**< 0 if there is only a long name */
    const char *name;     /**< NULL if there is only a letter */
    const char *argument; /**< NULL if it takes none */
    option_group group;
    const char *help;
    const char *(*values)(unsigned i); /**< the words it takes, NULL behind the last; or NULL */
    /** Applies it. @return false after a message */
    bool (*apply)(options *o, const char *argument);
    bool brief; /**< on the page of --help; --help-all has all */
} option_spec;

extern const option_spec option_table[];
extern const unsigned n_options;

#endif /* MULTISTATUS_OPTION_TABLE_H */
