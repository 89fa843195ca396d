/* talk.h
 * What the unit tests of exchange/ share: messages written as text, seen at a place and a time.
 *
 * Ownership: a talk owns its capture, with all exchanges of it; talk_end() releases it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef UNIT_TALK_H
#define UNIT_TALK_H

#include "history.h"

/** A capture, and who talks to whom. Every message is seen one frame and one second after the
 *  previous one.
 */
typedef struct {
    exchange_capture *capture;
    sighting now;
    const char *client, *server;
    arena memory; /* of headers */
} talk;

talk talk_begin(void);
void talk_end(talk *of);

/** The header of a message, from its lines between "\n". */
http_header talk_header(talk *in, const char *lines);

/** The next message is seen, from the client or from the server. */
const sighting *talk_see(talk *in, bool request);

/** A request is seen. Host is "dav.example" if it names none.
 *  @param body  NULL if it has none */
exchange *talk_ask(talk *in, const char *lines, const char *body);

/** Its answer is seen, and told to the history. */
void talk_answer(talk *in, exchange *of, const char *lines, const char *body);

/** Its answer is a Multi-Status: it is decoded, and judged with the history.
 *  @param rows  what is inside D:multistatus
 *  @return to be released by ms_document_free() */
ms_document *talk_multistatus(talk *in, exchange *of, const char *rows);

/** What that rule's finding says; NULL if there is none. */
const char *talk_finding(const ms_document *document, const char *rule);

#endif /* UNIT_TALK_H */
