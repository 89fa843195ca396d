/* reading.h
 * What the reader of a capture, or of another file with exchanges in it, gives back: records, and
 * how it ended.
 *
 * Ownership: records belong to the receiver's call and may be kept with a reference of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_READING_H
#define MULTISTATUS_READING_H

#include <stdbool.h>

#include "record.h"

typedef enum {
    CAPTURE_COMPLETE,    /**< read to its end */
    CAPTURE_CUT,         /**< could not be read to its end */
    CAPTURE_FAILED,      /**< could not be opened */
    CAPTURE_FOREIGN,     /**< is a file of another kind, such as text; nothing was read */
    CAPTURE_INTERRUPTED, /**< the user or the receiver asked to end */
    CAPTURE_LACKS /**< it needs Wireshark's dissectors, which are not started: it was not read */
} capture_result;

/** Gets the exchanges of a capture in the order of their frames; those of a pipe as they complete,
 *  followed by the ones that never did.
 *  @return false to end */
typedef bool (*capture_receiver)(void *data, exchange_record *record);

#endif /* MULTISTATUS_READING_H */
