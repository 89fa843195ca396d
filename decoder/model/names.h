/* names.h
 * Names of elements: the namespaces that occur in Multi-Status bodies, and names for people.
 *
 * Ownership: strings that are not const are the caller's, to be freed by g_free(); the others are
 * constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_NAMES_H
#define MS_NAMES_H

#include <stdbool.h>

#define MS_NS_DAV "DAV:"
#define MS_NS_CALDAV "urn:ietf:params:xml:ns:caldav"
#define MS_NS_CARDDAV "urn:ietf:params:xml:ns:carddav"

#define MS_DAV(name) "{" MS_NS_DAV "}" name

/** The customary prefix of a namespace ("D" for DAV:, "C" for CalDAV), NULL for one that has none.
 */
const char *ms_namespace_prefix(const char *uri);

/** A name for people: "{DAV:}getetag" becomes "getetag", "{urn:ietf:params:xml:ns:caldav}x" becomes
 *  "C:x", a name in an unknown namespace stays as it is. The caller frees it with g_free(). */
char *ms_short_name(const char *name);

/** Is an element inside error words for people instead of a condition? One with text of its own
 * that no RFC defines: s:message, s:exception, m:human-readable.
 *  @param value  its own text; NULL if there is none */
bool ms_is_said(const char *name, const char *value);

#endif /* MS_NAMES_H */
