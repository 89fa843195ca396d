/* rings.h
 * Which files are of one ring, in which order, and what a file is read with so that what it goes on
 * with is known (--join).
 *
 * A ring is what one dumpcap or tcpdump writes: files in one folder whose names differ only in
 * their numbers and times. dumpcap: NAME_00001_20261130050000.pcapng, also with the time first.
 * tcpdump -C: NAME, NAME1, NAME2; -W: NAME00, NAME01; -G: whatever strftime() makes. Digits right
 * behind a letter, and not at the end, belong to the name: "eth0-1.pcap" and "eth1-1.pcap" are of
 * two rings.
 *
 * Ownership: rings_new() returns what rings_free() releases; it owns the records that it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RINGS_H
#define MULTISTATUS_RINGS_H

#include <stdbool.h>

#include <glib.h>

#include "inputs.h"
#include "record.h"

typedef struct rings rings;

rings *rings_new(const message_settings *messages);
void rings_free(rings *of);

/** Puts the files of each ring in the order of their first packets, where the first of them was. */
void rings_arrange(GPtrArray *inputs);

/** Tells inputs, of which those of a ring are in its order, what they go on from.
 *  @param more  files may follow later on */
void rings_join(rings *of, GPtrArray *inputs, bool more);

/** Takes a record of an exchange which the next file of the ring may end. */
void rings_hold(rings *of, const input *entry, exchange_record *record);

/** An exchange is about to be handed out with a file.
 *  @return false if it has been, with an earlier one: nothing tells so where the beginning of its
 *          connection is not read any more */
bool rings_may_tell(rings *of, const input *entry, const exchange_record *record);

/** A file has been read, or has not.
 *  @param joined  with those before it: what was held of them has been told with it
 *  @param whole   the next one may go on from it
 *  @return the records that nothing will be added to, which the caller unrefs; NULL if none */
GPtrArray *rings_settle(rings *of, const input *entry, bool joined, bool whole);

/** Everything that is held; the caller unrefs it. */
GPtrArray *rings_rest(rings *of);

/** The ring of a file of that name, for tests; the caller's.
 *  @param[out] number  of the file in it, -1 if it is not known
 *  @param[out] strict  each has the number after that of the one before */
char *rings_name(const char *path, int64_t *number, bool *strict);

#endif /* MULTISTATUS_RINGS_H */
