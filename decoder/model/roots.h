/* roots.h
 * The elements that may be the root of a body that is read.
 *
 * RFC 4918 section 14.16; RFC 5689 section 3; RFC 4791 section 9.3.
 *
 * Ownership: all of it is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_ROOTS_H
#define MS_ROOTS_H

#include "model.h"

typedef struct {
    ms_root root;
    const char *local, *name_space;
    const char *method; /**< whose answers have a root of their own: this one; NULL for any */
} ms_root_kind;

#define MS_ROOT_KINDS 3
extern const ms_root_kind ms_root_kinds[MS_ROOT_KINDS];

/** By the local name.
 *  @return NULL if it is none */
const ms_root_kind *ms_root_named(const char *local, size_t length);

/** By what a document has; the first one for those that have none. */
const ms_root_kind *ms_root_kind_of(ms_root root);

/** Does an element of that name answer a method with a root of its own? Then it is that root in
 *  whatever namespace: Xandikos misspells that of CalDAV.
 *  @param method  NULL if it is not known */
bool ms_root_answers(const ms_root_kind *kind, const char *method);

#endif /* MS_ROOTS_H */
