/* dialogue.h
 * A connection of HTTP/1: segments of both directions in, messages and their pairs out.
 *
 * Ownership: a connection owns its messages; they are valid from `begins` until `gone`.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DIALOGUE_H
#define MULTISTATUS_DIALOGUE_H

#include "framing.h"
#include "pairing.h"

/** A segment of TCP, or, in its place, a piece of a stream that is already in order. */
typedef struct {
    unsigned direction; /**< 0 or 1: whose it is */
    uint32_t sequence;
    bool has_acknowledged;
    uint32_t acknowledged; /**< a sequence number of the other direction */
    bool syn, fin, rst;
    const uint8_t *bytes;
    size_t length;   /**< of what was captured */
    size_t reported; /**< ... and of what was sent */
    arrival when;
} segment;

typedef struct {
    /** A message begins: its header is there. */
    void (*begins)(void *data, http1_message *of);
    /** How much of its body is to be kept at most; 0 for nothing. Asked once it is known, as well
     *  as it can be at that time, which request a response answers.
     *  @param request  NULL of a request, and where it is not known */
    size_t (*keeps)(void *data, http1_message *of, const http1_message *request);
    /** Some of it has arrived: how much is to be kept at most? */
    size_t (*grows)(void *data, http1_message *of);
    /** Bytes of its body are missing: no more of it is kept. Its end is still to come. */
    void (*breaks)(void *data, http1_message *of);
    /** @return true if what a response says confirms that it answers its request, which was only
     *          assumed */
    bool (*ends)(void *data, http1_message *of);
    /** @param request  NULL unless PAIR_NAMED or PAIR_ASSUMED
     *  @param final    this will not change */
    void (*paired)(void *data, http1_message *response, http1_message *request, pair_state state,
                   bool final);
    /** It is freed. */
    void (*gone)(void *data, http1_message *of);
    void *data;
} dialogue_listener;

typedef struct dialogue dialogue;

dialogue *dialogue_new(const dialogue_listener *listener);

/** Without calling anybody. */
void dialogue_free(dialogue *of);

/** How many packets of the connection may come before missing bytes are given up for lost that the
 *  other side has acknowledged. */
void dialogue_set_patience(dialogue *of, uint32_t packets);

void dialogue_add(dialogue *of, const segment *came);

/** What comes next in a direction need not follow what came last: messages may be missing between
 *  them. */
void dialogue_doubt(dialogue *of, unsigned direction);

/** A direction ends where it is. */
void dialogue_end_here(dialogue *of, unsigned direction, ending how, const arrival *when);

/** Are bytes missing before what came last of a direction, so that it waits for them? */
bool dialogue_lacks(const dialogue *of, unsigned direction);

/** The bytes that are missing by now will not come: what waits for them is read. */
void dialogue_give_up(dialogue *of);

/** Nothing more will come of it. */
void dialogue_finish(dialogue *of);

/** Has a direction ended, and has all of it arrived? */
bool dialogue_has_ended(const dialogue *of, unsigned direction);

/** Is a body being read? If so, its end is tracked from now on (dialogue_body_end()). */
bool dialogue_in_body(dialogue *of, unsigned direction);

/** How far that body extends in the bytes that have come.
 *  @param end  set to the sequence number after them
 *  @return false if that is not known */
bool dialogue_body_end(const dialogue *of, unsigned direction, uint32_t *end);

/** Does it go on with another protocol, or may it (101, CONNECT, the preface of HTTP/2)? */
bool dialogue_may_change(const dialogue *of);

/** Both sides have closed it, or one has reset it. */
bool dialogue_is_over(const dialogue *of);

#endif /* MULTISTATUS_DIALOGUE_H */
