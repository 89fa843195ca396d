/* observation.h
 * What two exchanges of a capture say together is told once for each rule and body: the first
 * example, and how many more there are.
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
 *  @param found  NULL: nobody wants to hear it */
void observer_finish(observer *of, observation_receiver found, void *data);

/** Was the request of this exchange sent after that moment? False in doubt. */
bool is_asked_after(const exchange *of, moment when);

/** Is a request that changes something still without an answer, at the same server? What the others
 *  answer may then be the state before it or behind it. */
bool is_change_under_way(const exchange *of);

/** Is the text a strong or weak entity tag that says the same as the other? */
bool is_same_etag(const char *a, const char *b);

#endif /* MULTISTATUS_OBSERVATION_H */
