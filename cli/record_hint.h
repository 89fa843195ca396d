/* record_hint.h
 * The decoder's hints for resources of records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_HINT_H
#define MULTISTATUS_RECORD_HINT_H

#include "hints.h"
#include "record.h"

/** What the status of a resource means and what to look at next; NULL if there is nothing to say.
 */
const ms_hint *record_hint(const exchange_record *record, const record_response *response);

#endif /* MULTISTATUS_RECORD_HINT_H */
