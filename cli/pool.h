/* pool.h
 * Workers that share the inputs: records come back in the order of the inputs, and in each capture
 * in the order of its frames, whoever read it. What goes wrong in a worker (a crash, a stall, a
 * limit that was reached) costs the capture that it was reading, and another worker takes over.
 *
 * Ownership: everything that a plan points to must live as long as the pool runs. Lines that are
 * handed out are valid during the call only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_POOL_H
#define MULTISTATUS_POOL_H

#include "cage.h"
#include "capture.h"
#include "options.h"

/** Gets what was found. Both return false to end everything. */
typedef struct {
    /** A record as a line of JSON without its end. */
    bool (*exchange)(void *data, guint input, const char *line, gsize length);
    /** The end of a capture, with its record as JSON or, if its worker did not say, as a record. */
    bool (*capture)(void *data, guint input, capture_result result, const char *line, gsize length);
    /** Its worker came to an end in the middle of it. Fills in the rest of the record. */
    bool (*lost)(void *data, guint input, capture_result result, capture_record *summary);
    /** Is the input done without being read? Then it is handed out by skip() when its turn comes.
     */
    bool (*is_done)(void *data, guint input);
    bool (*skip)(void *data, guint input);
    /** Now and then, about five times a second. */
    void (*tick)(void *data, guint done, uint64_t bytes_in_work);
    void *data;
} pool_receiver;

typedef struct {
    const options *o;
    const GPtrArray *inputs; /**< of input */
    unsigned workers;
    const cage *around; /**< NULL: none */
} pool_plan;

/** Reads all inputs.
 *  @return the number of inputs that were handed out, all of them unless it was ended */
guint pool_run(const pool_plan *plan, const pool_receiver *to);

#endif /* MULTISTATUS_POOL_H */
