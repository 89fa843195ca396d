/* saved_session.h
 * The exchanges of a saved session, in the order of time, with their history: the floor on which
 * the readers of all formats stand. A reader yields entries; they are judged here.
 *
 * Ownership: whoever receives a record takes a reference if it is to stay.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SAVED_SESSION_H
#define MULTISTATUS_SAVED_SESSION_H

#include "multistatus.h"
#include "reading.h"
#include "saved_entry.h"
#include "saved_order.h"

/** Bytes that a file may have, compressed and not. It is held in memory, its entries one at a time.
 */
#define SAVED_LIMIT (1024ull * 1024 * 1024)

/** Why a body is not there, of a response that seems to have had one. */
#define SAVED_NO_BODY(file) "the " file " does not hold the body"

/** Where the entries come from. */
typedef struct {
    GArray *times; /**< of each (saved_times) */
    /** Reads one: may be called twice, and in any order.
     *  @param whole  the answer, too; otherwise the request is enough, and what is wrong with it
     *                need not be said
     *  @param to     empty
     *  @return false if there is nothing to be read; `wrong` says why */
    bool (*read)(void *data, uint32_t index, bool whole, saved_entry *to);
    void *data;
} saved_source;

/** The contents of a file, with its own compression undone. */
typedef struct {
    const uint8_t *bytes;
    size_t length;
    const char *wrong; /**< why they are not all there: the end of 'The file "x" ...'; or NULL */
} saved_file;

/** Whom to tell. */
typedef struct {
    const ms_limits *limits; /**< of the decoder */
    ms_batch_mode batches;   /**< which batches are looked for beside 207 */
    capture_receiver receiver;
    void *data;
    capture_record *summary; /**< gets the numbers, and what went wrong */
} saved_target;

/** Reads all entries; records come in their order, the frame of each is its number, from 1. */
capture_result saved_session_read(const saved_source *from, const saved_target *to);

/** Nothing is known to be wrong with the file so far. */
void saved_begin(capture_record *summary);

/** Notes what is wrong, if it is the first thing; takes `error`. @return `result` */
capture_result saved_fail(capture_record *summary, capture_result result, char *error);

#endif /* MULTISTATUS_SAVED_SESSION_H */
