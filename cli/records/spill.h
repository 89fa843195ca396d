/* spill.h
 * Messages that wait their turn: in memory, and beyond a limit in an unnamed temporary file.
 *
 * Ownership: a spill owns what is put into it until it is taken out or dropped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SPILL_H
#define MULTISTATUS_SPILL_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef struct spill spill;

/** Where one message is. */
typedef struct {
    char *memory;   /**< NULL if it is in the file */
    int64_t offset; /**< in the file */
    gsize length;
} spilled;

/** @param memory  bytes to keep in memory; the rest goes into a file in `folder` */
spill *spill_new(gsize memory, const char *folder);
void spill_free(spill *s);

spilled spill_put(spill *s, const char *bytes, gsize length);

/** Takes a message out.
 *  @return its bytes, to be freed by g_free(); NULL with errno set if the file could not be read */
char *spill_take(spill *s, spilled *piece);

/** A copy of a message, which remains in the spill. @return the same as spill_take() */
char *spill_copy(const spill *s, const spilled *piece);

void spill_drop(spill *s, spilled *piece);

#endif /* MULTISTATUS_SPILL_H */
