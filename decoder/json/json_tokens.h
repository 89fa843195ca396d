/* json_tokens.h
 * A strict reader of JSON texts (RFC 8259) that keeps the place of every value.
 *
 * It is our own because nothing at hand fits this layer: jansson keeps no places, a truncated body
 * is worth reading as far as it goes, and the decoder knows GLib and libxml2 only. It does not
 * recurse, so depth costs no stack, and everything that grows with the text has a limit.
 *
 * The tokens lie flat, in the order of the text, each before what it contains: `end` leads over
 * the contents. The members of an object are a name and its value in turn, always in pairs.
 *
 * Of several texts, each on a line of its own (NDJSON), an array is made that is not in the text.
 *
 * Ownership: ms_json owns its tokens until ms_json_clear(); the text is borrowed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_JSON_TOKENS_H
#define MS_JSON_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "model.h"

typedef enum {
    MS_JSON_OBJECT,
    MS_JSON_ARRAY,
    MS_JSON_STRING,
    MS_JSON_NUMBER,
    MS_JSON_TRUE,
    MS_JSON_FALSE,
    MS_JSON_NULL
} ms_json_type;

typedef struct {
    uint32_t offset; /**< in the text, with the quotes or brackets */
    uint32_t length;
    uint32_t end;  /**< index of the token behind everything that this one contains */
    uint8_t type;  /**< ms_json_type */
    bool escaped;  /**< a string with a backslash in it */
    bool complete; /**< its end was there; always true of tokens that contain nothing */
    uint8_t known; /**< of a name: what it says (json_names.c), 0 before that was asked */
} ms_json_token;

/** A power of 2. */
#define MS_JSON_KNOWN_NAMES 64u

typedef struct {
    const char *text; /**< valid UTF-8, as ms_encoded has it */
    ms_json_token *tokens;
    uint32_t count;

    const char *error; /**< what is wrong, NULL if nothing is */
    size_t error_at;
    bool cut;                     /**< the text just ends */
    bool lines;                   /**< several texts, each on its own line: token 0 is their list */
    const struct ms_limit *limit; /**< the limit that was reached, NULL if none */
    size_t limit_at;

    GArray *array;   /**< private */
    uint32_t *names; /**< private to json_names.c: names that were looked up */
} ms_json;

/** Reads a text up to its end or to what is wrong with it. The text is shorter than 4 GiB. */
void ms_json_read(ms_json *json, const char *text, size_t length, const ms_limits *limits);
void ms_json_clear(ms_json *json);

/** Appends the text of a string, with its escapes undone, or any other value as it was written.
 *  @return how many characters had to be replaced by U+FFFD: NULs and halves of surrogate pairs */
unsigned ms_json_append_text(const ms_json *json, uint32_t token, GString *text);

/** Is a string exactly this ASCII text? */
bool ms_json_is(const ms_json *json, uint32_t token, const char *text, size_t length);

/** The first token inside an object or array; compare with its `end`. For the next one go to
 *  tokens[i].end; of a member, i is the name, i + 1 the value. */
static inline uint32_t ms_json_first(uint32_t container)
{
    return container + 1;
}

static inline bool ms_json_has_type(const ms_json *json, uint32_t token, ms_json_type type)
{
    return json->tokens[token].type == type;
}

static inline bool ms_json_is_empty(const ms_json *json, uint32_t container)
{
    return json->tokens[container].end == container + 1;
}

#endif /* MS_JSON_TOKENS_H */
