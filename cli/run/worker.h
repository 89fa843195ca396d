/* worker.h
 * A worker: the process that dissects. It is told numbers of inputs and answers with records.
 *
 * What goes over the channel, a socket: to the worker the number of an input, a uint32_t of this
 * machine; back messages (wire.h), for every exchange as it completes, and at the end of the
 * capture its record with a capture_result; or that what was sent of it does not count, or that it
 * needs the dissectors, which this worker lacks. Exchanges are gathered in memory that both share,
 * those of a pipe excepted, so that the parent is not woken for each.
 *
 * Ownership: everything that a setup points to must live as long as the worker; it works on its
 * own copies, the parent's memory as of the fork.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_WORKER_H
#define MULTISTATUS_WORKER_H

#include <sys/types.h>

#include "cage.h"
#include "capture.h"
#include "inputs.h"

/** How much a worker has to say before it wakes its parent in the middle of a capture. */
#define WORKER_GATHERS (128 * 1024)

/** What the parent may look at while the worker works: in memory that both share. */
typedef struct {
    capture_position position;
    _Atomic bool out_of_memory;
    _Atomic uint64_t sent;     /**< bytes over the channel, before what is gathered */
    _Atomic uint32_t gathered; /**< of the bytes; what a worker that died did not send */
    char bytes[WORKER_GATHERS];
} worker_view;

typedef struct {
    const run_settings *s;
    const GPtrArray *inputs; /**< of input */
    const cage *around;      /**< NULL: none */
    worker_view *view;
    int channel;
    pid_t parent;
} worker_setup;

/** A reader set up according to the settings, in this process. @return NULL after a message */
capture_reader *worker_reader(const run_settings *s, capture_receiver receiver, void *data);

/** Reads an input with it. */
capture_result worker_read(capture_reader *reader, const input *entry, capture_record *summary);

/** Works until the channel ends. Does not return. */
void worker_run(const worker_setup *setup) G_GNUC_NORETURN;

#endif /* MULTISTATUS_WORKER_H */
