/* completion.h
 * Completions for shells, made from the table of options.
 *
 * Ownership: names are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_COMPLETION_H
#define MULTISTATUS_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/** Prints the completions for a shell, one of option_shell().
 *  @param verbs  the words that may come first, with a blank between them
 *  @return false if there are none for it */
bool completion_print(FILE *to, const char *shell, const char *verbs);

#endif /* MULTISTATUS_COMPLETION_H */
