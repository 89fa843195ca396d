/* damage.h
 * What becomes of a body that is not well-formed: where it breaks, whether it just ends there, what
 * precedes its XML, and what is kept although libxml2 drops it.
 *
 * RFC 4918 section 8.2, XML 1.0 section 2.2, Namespaces in XML 1.0.
 *
 * Ownership: everything is the parser's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_DAMAGE_H
#define MS_DAMAGE_H

#include "parser.h"

/* ---- before the parse ---- */

/** Notes what is wrong with the bytes themselves. */
void ms_damage_in_bytes(parser *p);

/** libxml2 compares every attribute of a tag with every other one: a tag beyond the limit is not
 *  passed to it, nor is what follows.
 *  @return how many bytes of the text from `start` on may be parsed */
size_t ms_damage_length(parser *p, size_t start);

/* ---- during the parse ---- */

void ms_damage_error(parser *p, ms_xml_error error);

/** The body declares an entity of that name. */
void ms_damage_entity(parser *p, const char *name);

/** libxml2 also reports an end where the tag is cut off or belongs to another element: is the one
 *  that ends here real? */
static inline bool ms_damage_is_end(const parser *p, size_t here)
{
    return !p->mismatch && here > 0 && p->encoded->text[here - 1] == '>';
}

/* mod_dav_svn writes names with two colons, C:my:review; not every libxml2 splits them. */

void ms_damage_declare(parser *p, int count, const xmlChar **namespaces);
void ms_damage_forget(parser *p, guint depth);

/** Splits a name that libxml2 reports with a colon in it, if its prefix is declared. */
void ms_damage_split_name(const parser *p, const xmlChar **local, const xmlChar *prefix,
                          const xmlChar **uri);

/* ---- behind the parse ---- */

/** If there is no multistatus because something else precedes the XML: says so, discards what was
 *  noted, and returns where the XML starts. Else 0. */
size_t ms_damage_garbage(parser *p);

/** After the parse of what follows: is it cut off? */
void ms_damage_in_rest(parser *p);

#endif /* MS_DAMAGE_H */
