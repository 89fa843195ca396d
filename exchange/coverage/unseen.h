/* unseen.h
 * What a capture holds and nobody looked into, by reason: without it, "no Multi-Status" would be
 * said of what nobody has seen.
 *
 * Ownership: counts are plain values; words are static.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_UNSEEN_H
#define MULTISTATUS_UNSEEN_H

#include <stdbool.h>
#include <stdint.h>

/** A connection stands under one reason if nothing of it was read, otherwise under each that a part
 * of it was not read for. */
typedef enum {
    UNSEEN_TLS,       /**< no keys */
    UNSEEN_TLS_KEYS,  /**< keys of others */
    UNSEEN_QUIC,      /**< HTTP/3 */
    UNSEEN_SSH,       /**< nothing can be told of what is inside */
    UNSEEN_WEBSOCKET, /**< what comes behind the upgrade */
    UNSEEN_PORT,      /**< HTTP that Wireshark took for something else */
    UNSEEN_OFF,       /**< HTTP, TLS or Multi-Status is switched off */
    UNSEEN_START,     /**< it had begun before the capture did */
    UNSEEN_HOLES,     /**< packets that the capture has not */
    UNSEEN_CUT,       /**< packets that it has not to their end */
    UNSEEN_CODING,    /**< of a response: a content coding that cannot be undone */
    UNSEEN_LIMIT,     /**< of a response: more than is read */
    UNSEEN_TUNNEL,    /**< of a packet: its link type, or what it is wrapped in */
    UNSEEN_PASSED,    /**< HTTP or TLS that a proxy passed on without reading it (mitmproxy) */
    UNSEEN_REASONS
} unseen_reason;

typedef struct {
    uint64_t count; /**< of connections, responses or packets */
    uint64_t bytes; /**< of their payload, each once; 0 where that is not known */
} unseen_count;

typedef struct {
    bool known; /**< false in records that do not say */
    unseen_count of[UNSEEN_REASONS];
} unseen_counts;

/** "tls", as records have it. */
const char *unseen_name(unseen_reason reason);

/** The reason of that name. @return false if there is none */
bool unseen_find(const char *name, unseen_reason *reason);

/** "TLS connections without keys". */
const char *unseen_title(unseen_reason reason);

/** "12 TLS connections without keys, 3.1 MB"; the caller frees it with g_free(). */
char *unseen_words(unseen_reason reason, const unseen_count *count);

/** What would help, a sentence; NULL if nothing would. */
const char *unseen_help(unseen_reason reason);

void unseen_add(unseen_counts *to, unseen_reason reason, uint64_t count, uint64_t bytes);
void unseen_add_all(unseen_counts *to, const unseen_counts *more);

/** Connections, responses and packets of all reasons together, and their bytes. */
unseen_count unseen_sum(const unseen_counts *of);

/** The same for people: "3.1 MB". The caller frees it with g_free(). */
char *unseen_bytes(uint64_t bytes);

/** All reasons that occur, "; " between them; NULL if there are none. The caller frees it. */
char *unseen_line(const unseen_counts *of);

#endif /* MULTISTATUS_UNSEEN_H */
