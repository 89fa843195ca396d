/* codings.h
 * Content codings: what Wireshark could not undo, or only part of it is there.
 *
 * RFC 9110 section 8.4, RFC 1951, RFC 1952, RFC 7932, RFC 8878.
 *
 * Ownership: arrays and strings that are returned are the caller's (g_byte_array_unref(),
 * g_free()).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CODINGS_H
#define MULTISTATUS_CODINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/** Bytes that a body may have when its codings are undone: a few kilobytes can claim to be
 *  gigabytes. Four times the largest Multi-Status that was ever reported. */
#define CODINGS_LIMIT (64u * 1024 * 1024)
/** Codings on top of each other. Nobody honest uses more than one. */
#define CODINGS_LIMIT_DEPTH 3u
/** zstd's window, in bits: what RFC 9659 section 3 allows for HTTP. */
#define CODINGS_LIMIT_WINDOW 23

typedef enum {
    CODINGS_WHOLE,   /**< the coded body was there to its end */
    CODINGS_PARTIAL, /**< it ends early */
    CODINGS_BROKEN,  /**< from somewhere on it is not what it claims to be */
    CODINGS_LARGE,   /**< more than the limit would come out of it */
    CODINGS_UNKNOWN, /**< this build cannot undo them */
} codings_result;

/** Is there anything to undo, other than "identity"?
 *  @param codings  Content-Encoding as sent; NULL if there is none */
bool codings_are_any(const char *codings);

/** Undoes the codings, as far as the bytes go.
 *  @param limit  bytes that are wanted at most; CODINGS_LIMIT is in force as well
 *  @param body   what came out, to be released by g_byte_array_unref(), also with results other
 *                than CODINGS_WHOLE */
codings_result codings_undo(const char *codings, const uint8_t *bytes, size_t length, size_t limit,
                            GByteArray **body);

/** How the words for CODINGS_UNKNOWN end. */
#define CODINGS_UNKNOWN_WORDS "cannot be undone here"

/** Why a body is not whole, in plain words, to be freed by g_free(); NULL for CODINGS_WHOLE. */
char *codings_words(const char *codings, codings_result result);

/** Does a body that should be undone still have a coding on it? Only some say who they are. */
bool codings_are_still_on(const char *codings, const uint8_t *bytes, size_t length);

/** codings_undo(), and what can be done where the header does not say what the bytes are: another
 *  coding than the one it names, one more on top, or none at all. Only where it is certain: the
 *  bytes say which coding it is, and come out whole.
 *  @param instead  words for "the bytes are ...", a constant; NULL if the header is right */
codings_result codings_read(const char *codings, const uint8_t *bytes, size_t length, size_t limit,
                            GByteArray **body, const char **instead);

/** The coding of whole bytes of which no header says that they have one: "brotli". A constant; NULL
 *  if there is none, or a header names one. Takes the time to undo it. */
const char *codings_unnamed(const char *codings, const uint8_t *bytes, size_t length);

#endif /* MULTISTATUS_CODINGS_H */
