/* help.h
 * What there is to say about the options: on a screen, and as pages.
 *
 * Ownership: nothing is handed over.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HELP_H
#define MULTISTATUS_HELP_H

#include <stdio.h>

/** One screen: the options used most, and examples. */
void help_print(FILE *to);

/** Every option, each in one line. */
void help_print_all(FILE *to);

/** The fields that -e knows. */
void help_print_fields(FILE *to);

/** Every option at length.
 *  @param form  of option_form(): "man": the manual page; "markdown": the part of docs/options.md
 */
void help_print_as(FILE *to, const char *form);

#endif /* MULTISTATUS_HELP_H */
