/* worker.h
 * A worker: the process that dissects. It is told numbers of inputs and answers with records.
 *
 * What goes over the channel, a socket: to the worker the number of an input, a uint32_t of this
 * machine; back messages (wire.h), for every exchange as it completes, and at the end of the
 * capture its record with a capture_result; or that what was sent of it does not count, or that it
 * needs the dissectors, which this worker lacks.
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

/** What the parent may look at while the worker works: in memory that both share. */
typedef struct {
    capture_position position;
    _Atomic bool out_of_memory;
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
