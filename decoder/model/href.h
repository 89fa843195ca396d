/* href.h
 * Comparing hrefs with each other and with the Request-URI (RFC 4918 section 8.3, RFC 3986 section
 * 6).
 *
 * Ownership: strings that are not const are the caller's, to be freed by g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_HREF_H
#define MS_HREF_H

#include <stdbool.h>

/** The path of an href in a form that equal resources share: without scheme, authority, query and
 *  fragment, with percent-encoding undone where it makes no difference (RFC 3986 section 6.2.2) and
 *  added where a path must have it, without the trailing slash. The caller frees it with
 * g_free(). */
char *ms_href_path(const char *href);

/** Do two hrefs name the same resource, judging by their paths? */
bool ms_href_same(const char *a, const char *b);

/** Is a path below a folder, both as ms_href_path() has them? Nothing is below "/"; with "" for the
 *  folder, everything else is. */
bool ms_href_is_below(const char *path, const char *folder);

/** The same, or is it the folder itself? */
bool ms_href_is_within(const char *path, const char *folder);

/** Is it a relative reference with a relative path (RFC 3986 section 4.2)? Not "//host/path". */
bool ms_href_is_relative(const char *href);

/** Is it a URI of HTTP that is percent-encoded as a whole ("http%3A//host/c")? By its form it is a
 *  relative reference, and clients take it for one. */
bool ms_href_is_encoded_uri(const char *href);

/** What a relative reference names, resolved against `base`, an absolute path or URI (RFC 3986
 *  section 5.2); of a URI that is encoded as a whole, that URI, which is what its server means. The
 *  caller frees it with g_free(). */
char *ms_href_resolve(const char *href, const char *base);

/** The href as a person writes it: percent-encoding undone where the result is readable UTF-8.
 *  The caller frees it with g_free(). */
char *ms_href_readable(const char *href);

#endif /* MS_HREF_H */
