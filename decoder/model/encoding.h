/* encoding.h
 * The character encoding of a body: which one it is, its text as UTF-8, and the way back from a
 * place in that text to a place in the body (RFC 4918 sections 8.2 and 19, RFC 7303 section 3).
 *
 * Ownership: ms_encoded owns what it allocated; ms_encoded_clear() releases it. `text` may point
 * into the body it was made from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_ENCODING_H
#define MS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *text; /**< UTF-8, without byte order mark */
    size_t length;
    char name[32];     /**< the encoding the body was read as */
    bool exact;        /**< ms_encoded_offset() is exact, and takes no time */
    bool invalid;      /**< a byte sequence was not valid in that encoding */
    size_t invalid_at; /**< of the first such sequence, in `text` */
    bool partial;      /**< the last character is cut in the middle; `text` ends before it */
    char charset[32];  /**< of the Content-Type, "" if absent */
    char declared[32]; /**< of the XML declaration, "" if absent */
    const char *mark;  /**< what the byte order mark says, NULL without one */

    /* private */
    char *owned;
    unsigned unit;           /* bytes of one BMP character in the body; 0: same as UTF-8 */
    size_t start;            /* bytes of the byte order mark */
    size_t body_length;      /* without them */
    size_t text_at, body_at; /* a position known in both, to continue from */
} ms_encoded;

/** Reads the body as the encoding that its byte order mark, its Content-Type and its XML
 * declaration say. Where the last two contradict each other, UTF-8 wins if one of them says so and
 * the body is valid UTF-8, else the Content-Type (RFC 7303 section 3.2). */
void ms_encoded_init(ms_encoded *encoded, const void *body, size_t length,
                     const char *content_type);

/** ms_encoded_offset() where places in body and text differ. */
size_t ms_encoded_find(ms_encoded *encoded, size_t text_offset);

/** The place in the body of a place in `text`. Where `exact` is false, it takes time in proportion
 *  to the text and may be a few bytes off for an encoding with shift states. */
static inline size_t ms_encoded_offset(ms_encoded *encoded, size_t text_offset)
{
    if (text_offset > encoded->length)
        text_offset = encoded->length;
    if (encoded->unit == 0 && encoded->exact)
        return encoded->start + text_offset;
    return ms_encoded_find(encoded, text_offset);
}

void ms_encoded_clear(ms_encoded *encoded);

#endif /* MS_ENCODING_H */
