/* multistatus_record.h
 * An exchange whose answer is a Multi-Status, with what its body says.
 *
 * Ownership: everything belongs to whoever made the record, which only borrows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MULTISTATUS_RECORD_H
#define MULTISTATUS_MULTISTATUS_RECORD_H

#include <stdint.h>

#include "exchange.h"
#include "multistatus.h"
#include "unseen.h"

typedef struct {
    const exchange *exchange;
    const ms_document *document;
    uint32_t body_length; /**< bytes of the body that the document was made from, codings undone */
    const char *missing;  /**< why the capture does not hold all of it; NULL if it does */
} multistatus_record;

/** Why a response was not read, or not to its end, where the packets are not the reason.
 *  @return UNSEEN_REASONS if it was read */
unseen_reason multistatus_record_unread(const multistatus_record *response);

#endif /* MULTISTATUS_MULTISTATUS_RECORD_H */
