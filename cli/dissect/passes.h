/* passes.h
 * All frames of a capture through the dissectors, once or twice.
 *
 * Ownership: the text of an error is the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PASSES_H
#define MULTISTATUS_PASSES_H

#include "dissection.h"
#include "renewal.h"

/** Dissects the capture that is open, from its start to its end.
 *  @param bound  where the session is to be replaced when it has grown; NULL if it never is
 *  @return an error of wiretap, or 0 */
int passes_read(dissection *by, renewal *bound, char **err_info);

#endif /* MULTISTATUS_PASSES_H */
