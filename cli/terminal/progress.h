/* progress.h
 * One line on standard error that says how far a run is: inputs, rate, time that remains; or what a
 * live capture has found.
 *
 * Ownership: progress_new() returns what progress_free() releases, NULL when nothing is to be
 * shown; every function takes NULL and does nothing then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PROGRESS_H
#define MULTISTATUS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct progress progress;

/** @param always    show it also where standard error is no terminal: a line every few seconds
 *                   there, instead of one that is redrawn
 *  @param things    what is counted, in the plural; a constant
 *  @param count     how many there are to read
 *  @param bytes     that they have together */
progress *progress_new(bool always, const char *things, unsigned count, uint64_t bytes);
void progress_free(progress *p);

/** Notes what is done, and draws the line if it was last drawn long enough ago. */
void progress_update(progress *p, unsigned done, uint64_t bytes);

/** What a running capture has delivered so far. */
typedef struct {
    uint64_t frames, exchanges;
    uint64_t failed;      /**< exchanges */
    uint32_t connections; /**< that are open */
} live_counts;

/** The same of a live capture, whose end nobody knows. */
void progress_update_live(progress *p, const live_counts *counts);

/** Removes the line, before something else is printed. */
void progress_hide(progress *p);

#endif /* MULTISTATUS_PROGRESS_H */
