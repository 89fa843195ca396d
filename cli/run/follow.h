/* follow.h
 * A folder in which somebody captures: files are inputs as soon as nobody writes them any more.
 *
 * A file is read when its writer has closed it, or has moved it there, and then only if the kernel
 * says that nobody else has it open for writing (it does so for files of the same user, and for
 * root: fcntl(2), "Leases"). Of files that are there at the start and that the kernel says nothing
 * about, the newest of each ring (names that differ in digits only) waits for its writer.
 *
 * Ownership: follow_open() returns an object that follow_close() releases; settings stay the
 * caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FOLLOW_H
#define MULTISTATUS_FOLLOW_H

#include <stdbool.h>

#include <glib.h>

#include "run_settings.h"

typedef struct follow follow;

/** @return NULL after a message */
follow *follow_open(const input_settings *choice, const message_settings *messages);

/** Waits for files; returns early after a SIGHUP.
 *  @return array of input, the caller's, perhaps empty; NULL when there will be no more: after a
 *          signal, or because the folder is gone */
GPtrArray *follow_next(follow *f);

/** One of its inputs turned out to be no capture: it may grow without a word. */
void follow_pass_over(follow *f, const char *path);

/** Says what is missing from the results.
 *  @param unread  inputs that were handed out and not read
 *  @return false if something that was closed has not been read */
bool follow_close(follow *f, guint unread);

#endif /* MULTISTATUS_FOLLOW_H */
