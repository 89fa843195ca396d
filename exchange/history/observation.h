/* observation.h
 * What two exchanges of a capture say together is reported once for each rule and body: the first
 * example, and the number of the others.
 *
 * Ownership: an observer owns the messages until observer_finish().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OBSERVATION_H
#define MULTISTATUS_OBSERVATION_H

#include "exchange.h"
#include "multistatus.h"

/** Rules of one observer. */
#define OBSERVATIONS 4

/** Called for each finding; `rule` is an index of ms_rules, `message` is valid during the call
 * only.
 */
typedef void (*observation_receiver)(void *data, unsigned rule, const char *message);

typedef struct {
    struct {
        unsigned rule, count;
        char *message; /**< the first one */
    } of[OBSERVATIONS];
} observer;

/** All zero is an empty observer. */
void observe(observer *to, unsigned rule, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** Hands out what was observed, and forgets it.
 *  @param found  NULL: discard it */
void observer_finish(observer *of, observation_receiver found, void *data);

/** Was the request of this exchange sent after that moment? False in doubt. */
bool is_asked_after(const exchange *of, moment when);

/** Is a request that changes something still without an answer, at the same server? The answers to
 *  others may then describe the state before or after it. */
bool is_change_under_way(const exchange *of);

/** Do the two texts hold the same entity tag, strong or weak? */
bool is_same_etag(const char *a, const char *b);

#endif /* MULTISTATUS_OBSERVATION_H */
