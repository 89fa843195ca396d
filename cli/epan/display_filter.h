/* display_filter.h
 * The filter of -Y.
 *
 * Ownership: it lasts as long as the process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DISPLAY_FILTER_H
#define MULTISTATUS_DISPLAY_FILTER_H

#include "libraries.h"

/** @return false after a message, which shows where the text is wrong */
bool display_filter_compile(const char *text);

/** NULL if none was compiled */
dfilter_t *display_filter(void);

#endif /* MULTISTATUS_DISPLAY_FILTER_H */
