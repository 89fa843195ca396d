/* formats.h
 * The table of the output formats.
 *
 * Ownership: formats are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FORMATS_H
#define MULTISTATUS_FORMATS_H

#include "format.h"

/** The format of that name, NULL if there is none. */
const format *format_find(const char *name);

/** Are its results lines, one for each record, and nothing else? */
bool format_is_lines(const format *as);

/** The name of the i-th format, NULL after the last. */
const char *format_name(unsigned i);

#endif /* MULTISTATUS_FORMATS_H */
