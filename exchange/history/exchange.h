/* exchange.h
 * One exchange: a request and its response, as far as the capture holds them.
 *
 * Ownership: an exchange owns its strings and what it was given; it belongs to its capture and is
 * freed with it, or earlier by exchange_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_EXCHANGE_H
#define MULTISTATUS_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "arena.h"
#include "header.h"
#include "moment.h"
#include "multistatus.h"

struct exchange;

/** The exchanges of one capture, and what is remembered about all of them (history_begin()). */
typedef struct {
    GQueue exchanges;        /**< private: all that have not been freed */
    uint64_t kept_requests;  /**< private: the estimated bytes of those that stay */
    ms_batch_mode batches;   /**< what to look for beside 207; MS_BATCHES_OFF unless it is set */
    bool by_root;            /**< ... also by the root of the body; not unless it is set */
    const ms_limits *limits; /**< of the decoder; for talks.h to be set, and to stay */
    struct sides *sides;
    struct locks *locks;
    struct sequence *sequence;
    struct claims *claims;
    struct listings *listings;
    GHashTable *habits; /**< private to history.c: what has been reported about its servers */
    /** Private to exchange.c: the addresses that were sent a request that only WebDAV knows. */
    GHashTable *webdav_servers;
    /** Called before an exchange is freed whose `unfinished` was set. */
    void (*forget)(struct exchange *of);
} exchange_capture;

/** Where and when a message was seen, and who sent it to whom. Strings are borrowed. */
typedef struct {
    uint32_t frame;
    moment time;
    const char *sender; /**< "10.0.0.2:51012", "[::1]:80"; NULL if unknown */
    const char *receiver;
    bool tls;
    int64_t stream; /**< tcp.stream, -1 if there is none */
} sighting;

/** Strings are NULL where unknown. Frame numbers are 0 where unknown. */
typedef struct exchange {
    /* The request. */
    uint32_t request_frame; /**< the frame that ends it */
    moment request_time;    /**< of that frame */
    const char *method;
    const char *uri;    /**< Request-URI as sent */
    bool webdav;        /**< only WebDAV and its extensions know such a request: by its method, or
                             by a header field of RFC 4918; or it changes something on a server that
                             was sent such a request before (DELETE, PUT) */
    const char *report; /**< root element of a REPORT body, "{namespace}name" */
    const char *request_fields[HTTP_FIELDS]; /**< header fields, by http_field */
    struct ms_request *request;              /**< its body; NULL if it is of no interest here */
    ms_asked *asked;                         /**< ... of a batch; likewise */
    const char *request_unknown; /**< why it is not known; NULL if it is, or for no known reason */
    bool assumed;                /**< which request it answers rests on the client's waiting */
    bool request_kept;           /**< private: exchange_keep_request() */
    bool request_borrowed;       /**< private: exchange_adopt_request() */

    /* The response. */
    uint32_t frame;     /**< the frame in which Wireshark shows it */
    moment time;        /**< of that frame */
    int http_status;    /**< 0 if unknown */
    const char *reason; /**< reason phrase as sent; NULL in HTTP/2 and HTTP/3 */
    const char *response_fields[HTTP_FIELDS];
    int64_t content_length; /**< as the header says; -1 if it does not */
    bool complete;          /**< the capture holds it to its end */
    bool bomb;              /**< with its content codings undone it is longer than what is read */
    const char *miscoded;   /**< what the bytes of the body are, if not what the header says */
    const char *unnamed;    /**< their coding, if no header names one; both are constants */
    const uint8_t *own; /**< its body with its codings, where Wireshark hands over something else */
    uint32_t own_length;
    /** Over HTTP/2: bytes of the frames of its request's body, and of its own. */
    uint64_t data_lengths[2];
    bool delivered;                /**< Wireshark delivered it; false for one that only began */
    bool held;                     /**< the frame in which it began keeps it */
    struct unfinished *unfinished; /**< what there is of it if it was not delivered, or NULL */

    /* The connection. */
    const char *protocol; /**< "HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/3" */
    bool tls;
    const char *client; /**< "10.0.0.2:51012", "[::1]:80" */
    const char *server;
    int64_t stream;    /**< tcp.stream, -1 if there is none */
    int64_t h2_stream; /**< http2.streamid, -1 outside HTTP/2 */
    int64_t h3_stream; /**< quic.stream.stream_id, -1 outside HTTP/3 */

    /* What the server has said about itself, in answers to OPTIONS. Borrowed from the capture. */
    const char *server_dav;   /**< compliance classes, RFC 4918 section 10.1: "1, 2" */
    const char *server_allow; /**< methods, RFC 9110 section 10.2.1 */

    /* What is known about the two sides so far (sides.h). Likewise borrowed. */
    const char *server_product;  /**< Server, from this answer or an earlier one */
    const char *server_versions; /**< "HTTP/1.1, HTTP/2" */
    const char *client_versions;
    const char *unannounced;     /**< what the request needs but the server did not announce */
    const struct lock *blocking; /**< the lock in the way, if the whole answer is a 423 */
    struct past *past; /**< what the rest of the capture says about the answer (history.h) */

    unsigned messages; /**< private to talks.c: those that need it */
    bool finished;     /**< when it has been told of, nobody needs it any more */

    /* private */
    exchange_capture *capture;
    GList in_capture;
    arena memory;
} exchange;

/** An exchange about which only the place where it was seen is known. */
exchange *exchange_new(exchange_capture *in, const sighting *seen);

/** The request, as it was seen. */
void exchange_set_request(exchange *of, const sighting *seen, const http_header *header);

/** Its response, as it was seen. It replaces an earlier one. */
void exchange_set_response(exchange *of, const sighting *seen, const http_header *header);

/** The two sides, from where a response was seen. */
void exchange_set_parties(exchange *of, const sighting *response);

/** It turns out to answer the request of another exchange, which lives as long as the capture. */
void exchange_adopt_request(exchange *of, exchange *other);

/** The request is a different one, or not known. */
void exchange_forget_request(exchange *of);

/** What there is to say of it if its request does not count. It borrows all of it from the
 *  exchange. */
exchange exchange_unasked(const exchange *of, const char *why);

/** The request's body, which the exchange owns from now on. Of a REPORT, it says which one it is.
 */
void exchange_set_request_body(exchange *of, struct ms_request *request);

/** The request is to be shown in later passes, too: the exchange stays, whatever the answer is.
 *  @param length  of its body
 *  @return false if there are too many of them already */
bool exchange_keep_request(exchange *of, int64_t length);

/** Was the request sent less than a minute before? A server may take its time. */
bool exchange_may_wait(const exchange *of, moment now);

/** How many bytes of the request's body are of interest.
 *  @param most  where all of it is */
size_t exchange_request_bytes(const exchange *of, size_t most);

/** The request's body was seen, its content codings undone: what it asks for matters when the
 *  answer is judged. It is read if it is of interest and was not read before. */
void exchange_read_request(exchange *of, const void *bytes, size_t length);

/** How many bytes of a body are wanted at most when its content codings are undone. */
size_t exchange_most_bytes(const exchange_capture *in);

/** What the decoder is told about an exchange. It borrows the strings.
 *  @param limits  likewise borrowed
 *  @param values  keep the values of properties */
ms_context exchange_context(const exchange *of, const ms_limits *limits, bool values);

/** Unless its request was kept. */
void exchange_free(exchange *of);

/** The capture ends: all of them. */
void exchange_free_all(exchange_capture *in);

#endif /* MULTISTATUS_EXCHANGE_H */
