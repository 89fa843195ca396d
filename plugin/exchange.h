/* exchange.h
 * One exchange: a request and its response, as far as the capture holds them.
 *
 * Ownership: exchanges and their strings live in wmem_file_scope(), as long as the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_EXCHANGE_H
#define MULTISTATUS_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <epan/packet.h>

#include "header.h"
#include "multistatus.h"

/** Strings are NULL where unknown. Frame numbers are 0 where unknown. */
typedef struct exchange {
    /* The request. */
    uint32_t request_frame; /**< the frame that ends it */
    nstime_t request_time;  /**< of that frame; unset (nstime_is_unset) without one */
    const char *method;
    const char *uri;    /**< Request-URI as sent */
    bool webdav;        /**< only WebDAV and its extensions know such a request: by its method, or
                             by a header field of RFC 4918 */
    const char *report; /**< root element of a REPORT body, "{namespace}name" */
    const char *request_fields[HTTP_FIELDS]; /**< header fields, by http_field */
    struct ms_request *request;              /**< its body; NULL if it is of no interest here */
    unsigned request_release;                /**< private: what frees it with the capture */
    bool request_kept;                       /**< private: exchange_keep_request() */

    /* The response. */
    uint32_t frame;     /**< the frame in which Wireshark shows it */
    nstime_t time;      /**< of that frame */
    int http_status;    /**< 0 if unknown */
    const char *reason; /**< reason phrase as sent; NULL in HTTP/2 */
    const char *response_fields[HTTP_FIELDS];
    bool complete;                 /**< the capture holds it to its end */
    bool bomb;                     /**< its content codings unfold to more than is read */
    bool delivered;                /**< Wireshark showed it; false for one that only began */
    bool held;                     /**< the frame in which it began keeps it */
    struct unfinished *unfinished; /**< what there is of it if it was not delivered; or NULL */

    /* The connection. */
    const char *protocol; /**< "HTTP/1.1", "HTTP/1.0", "HTTP/2" */
    bool tls;
    const char *client; /**< "10.0.0.2:51012", "[::1]:80" */
    const char *server;
    int64_t stream;    /**< tcp.stream, -1 if there is none */
    int64_t h2_stream; /**< http2.streamid, -1 outside HTTP/2 */

    /* What the server said of itself before, in answers to OPTIONS. */
    const char *server_dav;   /**< compliance classes, RFC 4918 section 10.1: "1, 2" */
    const char *server_allow; /**< methods, RFC 9110 section 10.2.1 */

    /* What is known of the two sides by now (sides.h). */
    const char *server_product;  /**< Server, of this answer or of one before */
    const char *server_versions; /**< "HTTP/1.1, HTTP/2" */
    const char *client_versions;
    const char *unannounced;     /**< what the request needs and the server did not announce */
    const struct lock *blocking; /**< the lock in the way, if the whole answer is a 423 */
    struct history *history;     /**< what the capture has to say about the answer (history.h) */
} exchange;

/** Was a request that begins there not seen before? For those that Wireshark does not know and so
 *  does not tell from retransmissions.
 *  @param stream    where its bytes come from, only compared
 *  @param sequence  of its first byte */
bool exchange_is_new_request(packet_info *pinfo, const void *stream, uint32_t sequence);

/** The rest of such a request came in this frame.
 *  @param behind  sequence number of the byte behind it */
void exchange_request_ends(packet_info *pinfo, exchange *of, const void *stream, uint32_t behind);

/** Does a byte follow right on such a request? Then Wireshark may have taken the rest of that one
 * for the beginning of what comes now. */
bool exchange_is_after_unknown(packet_info *pinfo, const void *stream, uint32_t sequence);

/** Wireshark read this request wrongly: it is the one with that header. */
void exchange_correct_request(exchange *of, const http_header *header);

/** A request was seen: it waits for its response. */
exchange *exchange_request(packet_info *pinfo, const http_header *header);

/** A segment begins with a status line: whether Wireshark will ever show the response is not known
 *  yet. It does not if its chunked body is aborted, or if the capture has a hole in it.
 *  @param text      the segment's payload, from the status line on
 *  @param stream    where it comes from, only compared
 *  @param sequence  the sequence number of the status line there
 *  @return NULL for a retransmission, and on a connection where no HTTP was seen */
exchange *exchange_begins(packet_info *pinfo, const http_header *header, const char *text,
                          size_t length, const void *stream, uint32_t sequence);

/** A response was seen. It is the one that began with the same bytes; failing that, it goes with
 * the oldest request of its connection that waits for one (HTTP/1 answers in order, RFC 9112
 * section 9.3), or with none if the capture does not hold it. */
exchange *exchange_response(packet_info *pinfo, const http_header *header, const char *text,
                            size_t length);

/* HTTP/2 tells by the stream which response belongs to which request (RFC 9113 section 8.1). */

exchange *exchange_h2_request(packet_info *pinfo, const http_header *header, uint64_t stream);

/** @return the exchange whose response begins here; NULL if nothing new does that matters */
exchange *exchange_h2_response(packet_info *pinfo, const http_header *header, uint64_t stream);

/** The exchange of a stream, NULL if no header of it was seen or its response has been delivered.
 *  http_status is 0 as long as it has no response. */
exchange *exchange_h2_find(packet_info *pinfo, uint64_t stream);

/** The body of its response was handed over: nothing more will come. */
void exchange_h2_delivered(packet_info *pinfo, exchange *of);

/** A response about which nothing is known but what HTTP itself believes: for passes over a capture
 * in which no tap is served before it is needed (the first of tshark -2). */
exchange *exchange_believed(packet_info *pinfo, int proto_http);

/** The request's body, which the exchange owns from now on. Of a REPORT, it says which one it is.
 */
void exchange_set_request(exchange *of, struct ms_request *request);

/** The request is to be shown in later passes too: the exchange stays, whatever is answered.
 *  @param length  of its body
 *  @return false if there are too many of them already */
bool exchange_keep_request(exchange *of, int64_t length);

/** Is the body of a request with this method of interest? */
bool exchange_reads_request(const char *method);

/** What the decoder is told of an exchange. It borrows the strings.
 *  @param values  keep the values of properties */
ms_context exchange_context(const exchange *of, bool values);

/** Unless its request was kept. */
void exchange_free(exchange *of);

/** Call it at handoff.
 *  @param proto  the protocol under which conversations keep their requests */
void exchange_init(int proto);

/** Does a request wait for its answer, not longer than for a minute? A server may take its time;
 * one that has ended never answers. */
bool exchange_is_waiting(const nstime_t *now);

#endif /* MULTISTATUS_EXCHANGE_H */
