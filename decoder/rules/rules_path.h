/* rules_path.h
 * Hrefs compared without a copy of them: bodies hold millions. Equal is what href.h calls the same
 * resource, but a query counts, and so does the authority where both hrefs have one.
 *
 * Ownership: hrefs are borrowed throughout; a table belongs to whoever made it.
 *
 * RFC 4918 section 8.3, RFC 3986 section 6.2.2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_RULES_PATH_H
#define MS_RULES_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

/** Where scheme and authority of an href end: the href itself if it has none. */
const char *ms_path_of(const char *href);

static inline bool ms_path_is_absolute_uri(const char *href)
{
    return ms_path_of(href) != href;
}

/** Do two hrefs name the same resource? */
bool ms_path_same(const char *a, const char *b);

/** Are the paths of two hrefs that name the same resource written alike? A slash at the end does
 *  not count. */
bool ms_path_spelled_alike(const char *a, const char *b);

/** A path that others are compared with. It borrows the href. */
typedef struct {
    const char *at, *end; /**< without scheme, authority, query, and slashes at the end */
    bool encoded;         /**< something in it is percent-encoded */
} ms_path_base;

ms_path_base ms_path_base_of(const char *href);

/** What remains of an href after a base that it is at or below, from the "/" on, or "". NULL if it
 *  is not below the base. The base's query does not count, nor do scheme and authority. */
const char *ms_path_below_base(const char *href, const ms_path_base *base);

/** The same, once. */
const char *ms_path_below(const char *href, const char *base);

/** How many segments such a rest has: 0 for the base itself, 1 for its members. */
unsigned ms_path_depth(const char *rest);

/** Hrefs by the resource they name, each with a number. It borrows the hrefs. */
typedef struct ms_path_table ms_path_table;

/** @param capacity  no more hrefs than this will be added */
ms_path_table *ms_path_table_new(uint32_t capacity);
void ms_path_table_free(ms_path_table *table);

/** Adds an href with its number.
 *  @param before  set to the number of an href that is there already for the same resource
 *  @return false if there is one; it stays */
bool ms_path_table_add(ms_path_table *table, const char *href, uint32_t number, uint32_t *before);

/** @return false if there is no href for the same resource */
bool ms_path_table_find(const ms_path_table *table, const char *href, uint32_t *number);

/** What is known of all hrefs of a body, before they are looked at one by one. It borrows them. */
typedef struct ms_path_survey ms_path_survey;

ms_path_survey *ms_path_survey_new(const ms_text *hrefs, uint32_t n_hrefs);
void ms_path_survey_free(ms_path_survey *survey);

/** How many hrefs may name a resource that another one also names: few in an ordinary body, so that
 *  a table of those stays small. */
uint32_t ms_path_survey_repeats(const ms_path_survey *survey);

/** Is the href with this number one of them? */
bool ms_path_survey_repeated(const ms_path_survey *survey, uint32_t number);

/** Is it an absolute path with no query, no fragment, no "//" at its start, no segment that starts
 *  with a dot, and no character but those that may stand in a path as they are, none of them
 *  percent-encoded? The form of such an href is fine. */
bool ms_path_survey_simple(const ms_path_survey *survey, uint32_t number);

#endif /* MS_RULES_PATH_H */
