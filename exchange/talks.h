/* talks.h
 * What the messages of a connection come to, whatever carries them: exchanges, and what is shown
 * and told of them.
 *
 * Ownership: a talk belongs to whoever reads the connection's bytes, and so do the messages that it
 * is told of; exchanges belong to the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TALKS_H
#define MULTISTATUS_TALKS_H

#include "dialogue.h"
#include "exchange.h"

/** Who is told of messages beside that. */
typedef struct {
    /** A request has ended that is to be drawn.
     *  @param plain  its body, content codings undone */
    void (*request)(exchange *of, const http1_message *from, const GByteArray *plain);
    /** A response that is Multi-Status has ended: likewise.
     *  @param missing  why that is not all of it; or NULL */
    void (*response)(exchange *of, const http1_message *from, const GByteArray *plain,
                     const char *missing);
    /** The connection goes on over HTTP/2, where the request of its stream 1 is that. */
    void (*upgrades)(int64_t stream, exchange *of);
} talk_watcher;

/** What is said on a connection. */
typedef struct {
    exchange_capture *capture;   /**< that exchanges belong to, with its limits set */
    const talk_watcher *watcher; /**< NULL: nobody */
    char *names[2];              /**< of the two sides: "10.0.0.2:51012" */
    int64_t stream;              /**< tcp.stream; -1 if there is none */
    bool tls;
    bool http;       /**< Wireshark takes it for HTTP, or it cannot be anything else */
    bool begun;      /**< a message has: it is HTTP */
    exchange *asked; /**< private: the newest request */
    bool is_asked;   /**< private: it has no answer yet */
    GQueue learned;  /**< private: what is known of messages that are not gone */
} talk;

/** Gives its strings back. */
void talk_clear(talk *of);

/** Are the names of its sides known? If not, they are to be told: talk_name_sides(). */
bool talk_is_named(const talk *of, unsigned direction);
void talk_name_sides(talk *of, unsigned direction, const char *sender, const char *receiver);

/** Who is to be told of its messages. */
dialogue_listener talk_listener(talk *of);

/** Does a request wait for its answer, not longer than for a minute? */
bool talk_is_waiting(const talk *of, moment when);

/** Exchanges are told of when nothing more is learned of them, not in the frame where they end.
 *  @param draws  somebody looks at trees all the same */
void talks_settle_first(bool draws);
bool talks_tell_at_once(void);
bool talks_draw(void);

/** A frame is learned, for the first time. */
void talks_begin_frame(void);

/** The next response that began in this frame; it may have ended since. NULL behind the last. */
exchange *talks_next_begun(void);

/** The capture ends. */
void talks_end(void);

#endif /* MULTISTATUS_TALKS_H */
