/* sequence.h
 * What only a series of exchanges shows: sync-tokens that go back, requests that fail or are
 * truncated in the same way over and over.
 *
 * RFC 6578 sections 3.2 and 3.6, RFC 4918 section 13.
 *
 * Ownership: sequence_free() frees everything. What is kept is bounded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SEQUENCE_H
#define MULTISTATUS_SEQUENCE_H

#include "exchange.h"
#include "multistatus.h"

/** The occurrence at which a repetition is reported, once. */
#define SEQUENCE_REPEATED 3u

/** What is remembered about the exchanges of one capture. */
typedef struct sequence sequence;

sequence *sequence_new(void);
void sequence_free(sequence *of);

/** A Multi-Status came: compares it with those before. To be called once for each, in the order of
 *  the capture.
 *  @param found  called for each finding; `rule` is an index of ms_rules, `message` is valid during
 *                the call only */
void sequence_judge(const exchange *of, const ms_document *document,
                    void (*found)(void *data, unsigned rule, const char *message), void *data);

#endif /* MULTISTATUS_SEQUENCE_H */
