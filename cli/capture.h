/* capture.h
 * One capture: its frames go through the dissectors, the exchanges come out as records.
 *
 * Ownership: the reader is made once and used for one capture after the other; records that are
 * handed out belong to the receiver's call and may be kept with a reference of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_H
#define MULTISTATUS_CAPTURE_H

#include <stdbool.h>

#include "record.h"

typedef enum {
    CAPTURE_COMPLETE,   /**< read to its end */
    CAPTURE_CUT,        /**< could not be read to its end */
    CAPTURE_FAILED,     /**< could not be opened */
    CAPTURE_FOREIGN,    /**< is a file of another kind, such as text; nothing was read */
    CAPTURE_INTERRUPTED /**< the user or the receiver asked to end */
} capture_result;

/** Gets the exchanges of a capture in the order of their frames; those of a pipe as they complete,
 *  and behind them the ones that never did.
 *  @return false to end */
typedef bool (*capture_receiver)(void *data, exchange_record *record);

typedef struct capture_reader capture_reader;

/** @param filter      display filter that the frame of a response must match, or NULL
 *  @param two_passes  read twice, so that filters see what later frames tell
 *  @return NULL after a message */
capture_reader *capture_reader_new(const char *filter, bool two_passes, capture_receiver receiver,
                                   void *data);
void capture_reader_free(capture_reader *reader);

/** Reads a capture.
 *  @param path     "-" for standard input
 *  @param summary  gets the numbers, and what went wrong */
capture_result capture_read(capture_reader *reader, const char *path, capture_record *summary);

#endif /* MULTISTATUS_CAPTURE_H */
