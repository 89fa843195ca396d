/* checkpoint.h
 * A folder with the records of captures that were read: a run that was interrupted continues where
 * it stopped. One file for each capture, an NDJSON like any other. Its last line, the record of the
 * capture, has one more key, "checkpoint": a digest of the capture's size, time and inode and of
 * all settings that change records. It is written under another name and renamed, so that it is
 * complete or not there at all.
 *
 * Ownership: a checkpoint is closed by who opened it; keys are freed with g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CHECKPOINT_H
#define MULTISTATUS_CHECKPOINT_H

#include <stdbool.h>

#include <glib.h>

#include "dissect_settings.h"

typedef struct checkpoint checkpoint;

/** Opens the folder, which is made if it is not there. The session must have been started.
 *  @param s  on which records depend, too
 *  @param joins  files of rings are read together
 *  @return NULL after a message */
checkpoint *checkpoint_open(const char *folder, const dissect_settings *s, bool joins);
void checkpoint_close(checkpoint *c);

/** What the records of a capture depend on, as it is now. NULL if it cannot be kept: it is no
 *  regular file.
 *  @param last  of its ring: no other file tells more about it */
char *checkpoint_key(const checkpoint *c, const char *path, bool last);

/** Are there records under this key? */
bool checkpoint_has(const checkpoint *c, const char *path, const char *key);

/** All lines of it, without their ends; NULL after a message. */
GPtrArray *checkpoint_lines(const checkpoint *c, const char *path);

/** Keeps a record of the capture that is being handed out. */
void checkpoint_add(checkpoint *c, const char *line, gsize length);

/** The capture's turn is over: keeps its own record and gives the file its name. The next run takes
 *  the records from there if the key is still that of the capture; without a key, or if the capture
 *  changed meanwhile, they only say what became of it, until it is read again.
 *  @param key  NULL: none
 *  @return false after a message if that failed */
bool checkpoint_commit(checkpoint *c, const char *path, bool last, const char *key,
                       const char *line, gsize length);

/** Nothing is to be kept of the capture: forgets its records. */
void checkpoint_forget(checkpoint *c);

#endif /* MULTISTATUS_CHECKPOINT_H */
