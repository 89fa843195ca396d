/* frames.h
 * Frames of a capture through the dissectors, once or twice, and the exchanges that our dissector
 * reports meanwhile.
 *
 * Ownership: the dissection is its user's, and the text of an error the caller's. There is one at a
 * time, since there is one epan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FRAMES_H
#define MULTISTATUS_FRAMES_H

#include "dissection.h"

/** What is read from now on is filtered; the filter has to last. */
void frames_filter(dfilter_t *by);

/** As read_all(), read_kept() and end_session() of dissectors.h. */
int frames_read_all(dissection *by, char **err_info);
int frames_read_kept(dissection *by, bool seeks, char **err_info);
void frames_end(dissection *of);

#endif /* MULTISTATUS_FRAMES_H */
