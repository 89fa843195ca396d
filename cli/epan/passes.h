/* passes.h
 * Frames of a capture through the dissectors, once or twice.
 *
 * Ownership: the text of an error is the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PASSES_H
#define MULTISTATUS_PASSES_H

#include "dissection.h"

/** As read_all() and read_kept() of dissectors.h. */
int passes_read(dissection *by, char **err_info);
int passes_read_kept(dissection *by, bool seeks, char **err_info);

#endif /* MULTISTATUS_PASSES_H */
