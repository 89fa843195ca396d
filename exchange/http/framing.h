/* framing.h
 * The HTTP/1 messages of one direction of a connection, from the first byte to the last.
 *
 * RFC 9112 sections 2, 6, 7 and 9. Behind bytes that are missing, messages are found again where a
 * segment begins with a start line; a hole in a body of known length does not matter to what comes
 * behind it.
 *
 * Ownership: a framing owns the message that it is reading and hands it over when it has ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FRAMING_H
#define MULTISTATUS_FRAMING_H

#include "body.h"
#include "header.h"
#include "stream.h"

/** Bytes of a header block; more is not read as HTTP. */
#define FRAMING_LIMIT_HEADER (1024u * 1024)

/** How a message ended that is not whole. */
typedef enum {
    ENDING_NONE, /**< it is whole, or the capture ended */
    ENDING_FIN,
    ENDING_RST_SERVER,
    ENDING_RST_CLIENT,
    ENDING_STREAM_RESET, /**< RST_STREAM, RFC 9113 section 6.4 */
    ENDING_RESET_STREAM, /**< the same over QUIC, RFC 9000 section 19.4 */
    ENDING_CLOSE,        /**< CONNECTION_CLOSE, RFC 9000 section 19.19 */
    ENDING_FRAMES,       /**< its frames are none of HTTP/3, or end in the middle */
} ending;

/** What kind of end the body has. */
typedef enum {
    MESSAGE_OPEN,   /**< it is being read */
    MESSAGE_WHOLE,  /**< the capture holds all of it */
    MESSAGE_PARTIAL /**< ... or not */
} message_state;

typedef struct http1_message {
    bool request;
    unsigned direction; /**< of the connection */
    int64_t stream;     /**< of HTTP/3; -1 if there is none */
    bool sure;          /**< nothing is missing between it and the message before it */
    bool header_cut;    /**< the end of the header is missing */
    bool cut;           /**< the snap length took some of it */
    bool broken;        /**< its transfer coding is */
    bool evicted;       /**< too much was kept: its body was not */
    http_header header; /**< its strings are in `scope` */
    arena scope;
    int64_t free;  /**< place of the first of the interim responses before it, or `start` */
    int64_t start; /**< places in the stream */
    int64_t header_end;
    int64_t end;          /**< known for a body of known length; otherwise NO_PLACE until it ends */
    int64_t acknowledged; /**< by the segment with its first byte */
    arrival began;        /**< when that came */
    arrival ended;        /**< when all was there, in the order of the stream */
    message_state state;
    ending ending;
    int64_t missing; /**< bytes that the capture lacks of it; 0 if none are known to lack */
    body_framing framing;
    int64_t content_length; /**< -1 if not given */
    uint64_t length;        /**< of the body as far as it is there */
    GByteArray *body;       /**< as far as it was kept, content codings still on it; NULL of one
                                 whose header is not complete */
    void *owner;            /**< whoever is told of it may note something here */
} http1_message;

/** Frees a message that was handed over. */
void message_free(http1_message *of);

/** How a body is to be read. */
typedef struct {
    bool without;     /**< there is none, whatever the header says */
    bool may_be_none; /**< there may be none: that depends on what follows */
    bool upgrade;     /**< what follows is another protocol */
    size_t keep;      /**< bytes of the body */
} body_plan;

typedef struct {
    /** A header is there. Interim responses are told of, too. The message stays the framing's. */
    body_plan (*begins)(void *data, http1_message *of);
    /** More of a body that is kept is there. @return how much of it is to be kept at most */
    size_t (*grows)(void *data, http1_message *of);
    /** Bytes of its body are missing: no more of it is kept. It will end where it ends. */
    void (*breaks)(void *data, http1_message *of);
    /** It has ended, and is the other's from now on. */
    void (*ends)(void *data, http1_message *of);
    /** Where the next message begins is not known: some may be missing. */
    void (*loses)(void *data);
    void *data;
} framing_listener;

typedef enum { ROLE_UNKNOWN, ROLE_CLIENT, ROLE_SERVER } framing_role;

typedef struct {
    framing_role role;
    framing_listener listener;
    int state;        /**< private */
    bool sure;        /**< private: nothing is missing before what comes next */
    int64_t free;     /**< private: the first interim response since the last final one */
    GByteArray *head; /**< private: a header as far as it is there, or the bytes that tell one */
    int64_t head_at;  /**< private */
    int64_t head_acknowledged; /**< private */
    arrival head_began;        /**< private */
    bool head_told;            /**< private: it is certain that it is one */
    body_plan plan;            /**< private */
    http1_message *current;    /**< private: its body is being read */
    body_reader reader;        /**< private: of that */
    arrival latest;            /**< of all that was read */
    bool entered;              /**< private: something was read */
    int64_t body_end;          /**< private: of the body that framing_in_body() was asked about */
    bool body_ended;           /**< private */
} framing;

void framing_init(framing *of, const framing_listener *listener);
void framing_clear(framing *of);

/** Reads what is there. */
void framing_read(framing *of, byte_stream *from);

/** Messages may be missing before the next one, although no bytes are. */
void framing_doubt(framing *of);

/** Is a body being read? If so, it is told from now on where it ends (framing_body_end()). */
bool framing_in_body(framing *of);

/** Up to which place the bytes belong to that body, as far as they were read; NO_PLACE if that is
 *  not known. */
int64_t framing_body_end(const framing *of, const byte_stream *from);

/** The bytes that are missing will not come. */
void framing_leap(framing *of, byte_stream *from);

/** The connection has ended, or the capture. Where the stream is known to end is looked at. */
void framing_end(framing *of, byte_stream *from, ending how);

#endif /* MULTISTATUS_FRAMING_H */
