/* cause.h
 * Root causes: which failure in a body made the resources and properties with 424 fail.
 *
 * RFC 4918 sections 9.2.1, 9.10.9 and 11.4.
 *
 * Ownership: the document is the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_CAUSE_H
#define MS_CAUSE_H

#include "model.h"

/** Sets cause and caused of every resource and propstat, whose outcomes are known. Those of
 *  resources are MS_NO_CAUSE and 0 before; a cause that cannot be determined stays that way.
 *  @param all_or_nothing  one failure makes the whole request fail
 *  @param whole           the body holds every failure there was */
void ms_find_causes(ms_document *document, bool all_or_nothing, bool whole);

#endif /* MS_CAUSE_H */
