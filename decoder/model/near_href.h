/* near_href.h
 * Hrefs that are two resources by RFC 3986, but that a person would take for one: they trip up a
 * client that asks for one spelling and gets another.
 *
 * Ownership: strings that are not const are the caller's, to be freed by g_free().
 *
 * RFC 3986 section 6.2, RFC 4918 section 8.3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_NEAR_HREF_H
#define MS_NEAR_HREF_H

#include <stdbool.h>

/** The path of an href in a form that is equal for all spellings of what a person takes for one
 *  name. */
char *ms_href_loose(const char *href);

/** How the spellings of two such hrefs differ: "upper and lower case". NULL if they name the same
 *  resource, or if they differ in more than that.
 *  @param part  compare `a` with as much of the start of `b` as it has segments */
char *ms_href_difference(const char *a, const char *b, bool part);

#endif /* MS_NEAR_HREF_H */
