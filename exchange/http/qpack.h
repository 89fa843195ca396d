/* qpack.h
 * QPACK: the header sections of one direction of an HTTP/3 connection.
 *
 * RFC 9204. Sections refer to a table that another stream of their direction fills, the encoder
 * stream. What is missing of that stream may have filled it with anything: from there on, sections
 * that need the table are not read. Those that do not are always read.
 *
 * Ownership: a table is released by qpack_free(); headers live in the arena they are read into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_QPACK_H
#define MULTISTATUS_QPACK_H

#include <stdbool.h>

#include "header.h"

/** The largest table that is kept. Browsers and servers allow each other 4 to 64 KiB. */
#define QPACK_LIMIT_TABLE (256u * 1024)
/** Bytes of a header section when it is read: a few bytes can name a long field a thousand times.
 */
#define QPACK_LIMIT_SECTION (1024u * 1024)

typedef enum {
    QPACK_READ,
    QPACK_WAITS,  /**< entries of the table are not there yet */
    QPACK_LACKS,  /**< ... and will never be: bytes of the encoder stream are missing */
    QPACK_BROKEN, /**< this is no header section */
} qpack_result;

typedef struct qpack qpack;

/** Is this build able to read header sections? */
bool qpack_is_there(void);

qpack *qpack_new(void);
void qpack_free(qpack *of);

/** How large the other direction lets the table be (SETTINGS_QPACK_MAX_TABLE_CAPACITY). Without
 *  that, nothing that refers to the table can be read. The first call counts. */
void qpack_allow(qpack *of, uint64_t capacity);
bool qpack_is_allowed(const qpack *of);

/** The next bytes of the encoder stream; only after qpack_allow(). */
void qpack_instruct(qpack *of, const uint8_t *bytes, size_t length);

/** Bytes of the encoder stream are missing, and will not come. */
void qpack_lose(qpack *of);

/** How many entries the table was given by now. What waits can be tried again if they are more. */
uint64_t qpack_count(const qpack *of);

/** Reads a whole header section.
 *  @param stream  that carries it
 *  @param header  set with QPACK_READ only
 *  @param needed  set with QPACK_WAITS: how many entries it needs; 0 if that is not known yet */
qpack_result qpack_read(qpack *of, int64_t stream, const uint8_t *bytes, size_t length,
                        arena *scope, http_header *header, uint64_t *needed);

#endif /* MULTISTATUS_QPACK_H */
