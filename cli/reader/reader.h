/* reader.h
 * Connections of plain HTTP/1 without Wireshark: what the sieve proves to be whole is read here,
 * segment by segment in the order of the capture, and comes to the same exchanges.
 *
 * The dissectors do not read such connections for us either: they tell the segments, and exchange/
 * makes messages of them (plugin/learn/learn_streams.c). So what is found is the same as long as
 * the segments and their streams are. Where a connection may go on with another protocol, only the
 * dissectors know how: then all that was told does not count.
 *
 * Ownership: reader_new() returns what reader_free() releases; there is one at a time, and none
 * while a capture is dissected. What is told belongs to the call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_READER_H
#define MULTISTATUS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "settled.h"
#include "sieve_packet.h"
#include "stream.h"

/** What is looked for. */
typedef struct {
    const ms_limits *limits; /**< of the decoder; have to stay */
    ms_batch_mode batches;
    bool by_root; /**< Multi-Status also under other statuses than 207 */
} reader_terms;

typedef struct reader reader;

/** @param call  gets every exchange with a Multi-Status, as soon as all of it is known */
reader *reader_new(const reader_terms *terms, settled_call call, void *data);
void reader_free(reader *of);

/** The next segment.
 *  @param stream  its number
 *  @return false if only the dissectors can read on */
bool reader_show(reader *of, const sieve_packet *segment, uint32_t stream, arrival when);

/** The capture has ended. */
void reader_finish(reader *of);

#endif /* MULTISTATUS_READER_H */
