/* defined_names.h
 * Names that specifications define: condition codes, and properties in the DAV: namespace.
 *
 * Ownership: names are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_DEFINED_NAMES_H
#define MS_DEFINED_NAMES_H

#include <stdbool.h>

/** Is this the name of a precondition or postcondition (RFC 4918 section 16)?
 *  @param uri  its namespace; may be NULL */
bool ms_is_condition(const char *uri, const char *local);

/** Does an RFC define a property of this name in the DAV: namespace?
 *  @param local  without the namespace */
bool ms_is_dav_property(const char *local);

#endif /* MS_DEFINED_NAMES_H */
