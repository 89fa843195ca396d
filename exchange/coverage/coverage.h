/* coverage.h
 * What of a capture was looked into. The first pass over the packets, or the only one, notes for
 * every connection what it carries, as far as its first bytes tell, and what is missing of it; the
 * dissectors tell in which connections they found HTTP. Both together give the statement that
 * stands in the capture's record, which is the same whether frames were left out or not.
 *
 * Ownership: coverage_new() returns what coverage_free() releases. A note is a plain value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_COVERAGE_H
#define MULTISTATUS_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "unseen.h"

/** Addresses and ports of a flow, in the order of the packet. IPv4 addresses have the length 4. */
typedef struct {
    const uint8_t *source, *destination;
    uint8_t address_length;
    uint16_t source_port, destination_port;
} packet_flow;

/** What a packet of it carries. */
typedef struct {
    uint32_t sequence, acknowledged; /**< of TCP, with three of its flags */
    bool syn, ack, reset;
    const uint8_t *payload;
    size_t length;   /**< of the payload, captured */
    size_t reported; /**< ... and as sent */
} flow_segment;

/** Both sockets of a connection, the one that compares less first. */
typedef struct {
    uint8_t addresses[2][16];
    uint16_t ports[2];
    uint16_t address_length;
    uint16_t transport; /**< 0 for TCP, 1 for UDP */
} flow_key;

/** @return which direction the packet has */
unsigned flow_key_make(flow_key *key, const packet_flow *from);

/** For a GHashTable whose keys are flow_key *. */
guint flow_key_hash(gconstpointer key);
gboolean flow_key_equal(gconstpointer a, gconstpointer b);

/** What the first bytes of a connection say. */
typedef enum {
    CARRIES_NOTHING, /**< that was captured */
    CARRIES_OTHER,
    CARRIES_UNKNOWN, /**< it had begun before */
    CARRIES_HTTP,
    CARRIES_TLS,
    CARRIES_SSH,
    CARRIES_QUIC
} flow_carries;

#define FLOW_GAPS 3

/** A direction of it. */
typedef struct {
    uint32_t next; /**< the sequence number behind what was seen; while there is no such, the
                        first one that was acknowledged */
    uint32_t acknowledged; /**< by the other side: all before this was sent */
    uint32_t record_left;  /**< bytes of a TLS record that are to come */
    uint8_t has_next : 1, has_acknowledged : 1;
    uint8_t settles : 1; /**< it begins as the server does in HTTP/2 */
    uint8_t has_start;   /**< its SYN was seen */
    uint8_t has_payload;
    uint8_t n_gaps;
    struct {
        uint32_t start, end;
    } gaps[FLOW_GAPS];
} flow_side;

typedef struct {
    uint64_t bytes;       /**< of payload, each once */
    uint64_t cut;         /**< ... that were cut off */
    uint64_t before;      /**< ... that came before anything that can be read */
    uint64_t upgraded;    /**< ... that came behind the upgrade to WebSocket */
    uint64_t lost;        /**< ... that are in gaps which are not noted one by one any more */
    uint32_t connections; /**< one after the other between the same sockets */
    uint8_t carries;      /**< flow_carries */
    uint8_t handshake;    /**< of TLS */
    uint8_t data;         /**< of TLS, beyond the handshake */
    uint8_t tunnel;       /**< CONNECT was asked for */
    uint8_t websocket;
    uint8_t fragments; /**< some of it is in packets that only Wireshark can read */
    uint8_t kept;      /**< something in it may be a Multi-Status body, or matter to one */
    flow_side sides[2];
} flow_note;

/** What comes from here on is of another connection between the same sockets, whose SYN was not
 *  captured: its numbers tell nothing about the bytes before. */
void flow_note_divide(flow_note *of);

/** Takes a segment of it. */
void flow_note_segment(flow_note *of, unsigned forward, const flow_segment *segment);

/** Are its bytes what they are all along, and in packets that everybody can read? */
bool flow_note_is_plain(const flow_note *of);

/** Does a datagram begin like one of QUIC? */
bool flow_is_quic(const packet_flow *flow, const uint8_t *payload, size_t length);

typedef struct {
    flow_key key;
    flow_note note;
} noted_flow;

/** What somebody who saw all packets has noted. */
typedef struct {
    unseen_counts rest; /**< of the connections that no dissector has seen */
    GArray *flows;      /**< of noted_flow: the others */
} flow_notes;

flow_notes *flow_notes_new(void);
void flow_notes_free(flow_notes *notes);

/** Adds a connection.
 *  @param dissected  the dissectors see it, and will say what they find */
void flow_notes_add(flow_notes *notes, const flow_key *key, const flow_note *note, bool dissected);

/* --------------------------------------------------------------------- what dissectors saw ---- */

/** What the dissectors have found in a connection. */
enum {
    FOUND_HTTP = 1,
    FOUND_TLS = 2,
    FOUND_INSIDE = 4, /**< of TLS and QUIC: it was decrypted */
    FOUND_SSH = 8,
    FOUND_QUIC = 16,
    FOUND_READ = 32, /**< it was read as HTTP/1, whether there is any in it or not */
    FOUND_HTTP2 = 64 /**< beside FOUND_HTTP */
};

typedef struct {
    bool keys;    /**< there are some for TLS */
    bool no_http; /**< HTTP, or what is to be found in it, is switched off */
    bool no_tls;
    unseen_count holes; /**< in connections that were read, as the dissectors say */
} coverage_terms;

/** What is to be said of one connection.
 *  @param note   what its packets say; NULL if they could only be read by the dissectors
 *  @param found  FOUND_ flags
 *  @param bytes  ... of the frames in which that was found, where there is no note */
unseen_counts flow_conclude(const flow_note *note, unsigned found, uint64_t bytes,
                            const coverage_terms *terms);

typedef struct coverage coverage;

coverage *coverage_new(void);
void coverage_free(coverage *of);

/** A frame of this connection was dissected. */
void coverage_found(coverage *of, const flow_key *key, unsigned found, uint32_t bytes);

/** A frame was dissected in which nothing could be looked into. */
void coverage_tunnel(coverage *of, uint32_t bytes);

/** A response that was not read, or not to its end. */
void coverage_response(coverage *of, unseen_reason reason, uint64_t bytes);

/** The statement. */
unseen_counts coverage_conclude(const coverage *of, const flow_notes *notes,
                                const coverage_terms *terms);

#endif /* MULTISTATUS_COVERAGE_H */
