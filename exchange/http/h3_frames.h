/* h3_frames.h
 * The frames of one direction of a stream of HTTP/3, from its bytes in order.
 *
 * RFC 9114 sections 6.2 and 7. What nobody here needs is skipped: frames that are unknown or
 * reserved, GOAWAY, PUSH_PROMISE, and all that a stream of an unknown type carries.
 *
 * Ownership: a reader owns the beginning of what it waits for the rest of, until h3_reader_clear().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_H3_FRAMES_H
#define MULTISTATUS_H3_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/** Bytes of a header section, or of SETTINGS; a stream with more is not read on. */
#define H3_LIMIT_SECTION (256u * 1024)

/** What a stream carries. */
typedef enum {
    H3_UNTOLD,  /**< its type is not there yet */
    H3_MESSAGE, /**< a request or a response */
    H3_CONTROL,
    H3_PUSH,    /**< a response that nobody asked for */
    H3_ENCODER, /**< instructions for the table of QPACK */
    H3_FOREIGN, /**< something else, or no HTTP/3 */
} h3_kind;

/** What was read. */
typedef enum {
    H3_NOTHING,  /**< nothing that matters */
    H3_HEADERS,  /**< a whole header section */
    H3_DATA,     /**< bytes of a body */
    H3_SETTINGS, /**< a whole SETTINGS frame */
    H3_TABLE,    /**< bytes of the encoder stream */
} h3_found;

typedef struct {
    h3_found found;
    const uint8_t *bytes; /**< valid until the next call */
    size_t length;
} h3_piece;

typedef struct {
    h3_kind kind;
    bool inside;      /**< of a frame: behind its type and length */
    bool typed;       /**< private: the type of the next one is known, its length is not */
    bool told;        /**< private: what is in `head` was handed out */
    uint64_t type;    /**< private: of the frame */
    uint64_t left;    /**< bytes of it that are to come */
    GByteArray *head; /**< private: what waits for its rest; NULL if nothing does */
} h3_reader;

/** @param kind  H3_MESSAGE, or H3_UNTOLD for a stream of one direction only */
h3_reader h3_reader_of(h3_kind kind);
void h3_reader_clear(h3_reader *of);

/** Reads on, up to the end of the next thing that matters.
 *  @return how many bytes were taken, at least one */
size_t h3_reader_feed(h3_reader *of, const uint8_t *bytes, size_t length, h3_piece *found);

/** Can it go on behind so many bytes that are missing? */
bool h3_reader_may_leap(const h3_reader *of, uint64_t missing);

/** So many bytes are missing, and will not come. @return false if nothing behind them can be read
 */
bool h3_reader_leap(h3_reader *of, uint64_t missing);

/** Is it between two frames, so that a message may end here? */
bool h3_reader_is_between(const h3_reader *of);

/** A setting of a whole SETTINGS frame; the standard value is 0. */
uint64_t h3_setting(const uint8_t *bytes, size_t length, uint64_t name);

/** SETTINGS_QPACK_MAX_TABLE_CAPACITY, RFC 9204 section 5. */
#define H3_SETTING_TABLE 1

#endif /* MULTISTATUS_H3_FRAMES_H */
