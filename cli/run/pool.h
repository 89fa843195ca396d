/* pool.h
 * Workers that share the inputs: records come back in the order of the inputs, and in each capture
 * in the order of its frames, whoever read it. A failure in a worker (a crash, a stall, a limit
 * that was reached) costs only the capture that it was reading, and another worker takes over.
 *
 * Ownership: everything that a plan points to must live as long as the pool runs. Records that are
 * handed out belong to the call; of an exchange a reference may be kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_POOL_H
#define MULTISTATUS_POOL_H

#include "cage.h"
#include "capture.h"
#include "run_settings.h"

/** How far the inputs have been read. */
typedef struct {
    guint done;
    uint64_t bytes;       /**< of those that are done, and of those that are being read */
    bool live;            /**< a pipe is being read; the rest is about it: */
    uint32_t frames;      /**< that it has delivered so far */
    uint32_t connections; /**< that are open */
} pool_state;

/** Receives what was found. Both return false to stop everything. */
typedef struct {
    bool (*exchange)(void *data, guint input, exchange_record *record);
    /** The end of a capture. */
    bool (*capture)(void *data, guint input, capture_result result, const capture_record *summary);
    /** What was found in it is not a record, or could not be read back: everything ends, after a
     *  message. */
    void (*broken)(void *data, guint input);
    /** Its worker ended in the middle of it. Fills in the rest of the record. */
    bool (*lost)(void *data, guint input, capture_result result, const capture_record *summary);
    /** Is the input done without being read? Then it is handed out by skip() when its turn comes.
     */
    bool (*is_done)(void *data, guint input);
    bool (*skip)(void *data, guint input);
    /** An input needs the dissectors, which are not started: they are to be. @return false, after a
     *  message, to stop everything. */
    bool (*lacks)(void *data);
    /** Now and then, about five times a second. */
    void (*tick)(void *data, const pool_state *now);
    void *data;
} pool_receiver;

typedef struct {
    const run_settings *s;
    const GPtrArray *inputs; /**< of input */
    unsigned workers;
    const cage *around; /**< NULL: none */
} pool_plan;

/** Reads all inputs.
 *  @return the number of inputs that were handed out, all of them unless it was ended */
guint pool_run(const pool_plan *plan, const pool_receiver *to);

#endif /* MULTISTATUS_POOL_H */
