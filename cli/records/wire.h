/* wire.h
 * Records between a worker and its parent, as bytes: what a worker has found goes over a socket and
 * may wait in a file for its turn. Both are the same program on the same machine, so there is no
 * version and no byte order. The public form of records is NDJSON (ndjson.h).
 *
 * The parent trusts nothing: a worker has dissected untrusted input. Every length, index and value
 * is checked, every text is valid UTF-8, and a message costs memory in proportion to its length.
 *
 * Ownership: what is read belongs to the caller. wire_read_exchange() takes the bytes over, because
 * they hold the texts of the record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_WIRE_H
#define MULTISTATUS_WIRE_H

#include "record.h"

/** Bytes of a message at most: the largest body that is decoded (MS_LIMIT_BODY) makes a record that
 *  is not larger. */
#define WIRE_MOST (UINT32_C(512) * 1024 * 1024)

typedef enum {
    WIRE_EXCHANGE = 1,
    WIRE_CAPTURE,
    /* Nothing but the heading. */
    WIRE_RETRACTION, /**< what was found in the capture does not count */
    WIRE_LACK        /**< the capture cannot be read by this worker; likewise */
} wire_kind;

/** What precedes each message. */
typedef struct {
    uint32_t kind;   /**< wire_kind */
    uint32_t length; /**< of the message, without this */
    uint32_t value;  /**< its frame; with the record of a capture, the result of reading it */
} wire_heading;

/** Appends heading and message.
 *  @return false, with nothing appended, if it would be larger than WIRE_MOST */
bool wire_write_exchange(GString *to, const exchange_record *record);
bool wire_write_capture(GString *to, const capture_record *record, uint32_t result);

/** Appends a heading of one of those that have no more. */
void wire_write_alone(GString *to, wire_kind kind);

/** Writes all of it to a descriptor.
 *  @return false, with errno set, if that cannot be */
bool wire_send(int to, const void *bytes, size_t length);

/** Read a message without its heading.
 *  @param bytes  to be freed by g_free(), also taken over if it is no record
 *  @return NULL if it is no record. What selection_mark() had found is there, too: forget it
 *          (record->marked) if it is not our own. */
exchange_record *wire_read_exchange(char *bytes, size_t length);

capture_record *wire_read_capture(const char *bytes, size_t length);

#endif /* MULTISTATUS_WIRE_H */
