/* habits.h
 * Findings that are a known habit of a product: a reader need not look for another cause.
 *
 * Ownership: sentences are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_HABITS_H
#define MS_HABITS_H

#include "rules.h"

/** What is known about a rule's finding in an answer of this server, in plain words; NULL if
 *  nothing.
 *  @param product  the Server header field; may be NULL
 *  @param method   of the request; may be NULL */
const char *ms_habit(const ms_rule *rule, const char *product, const char *method);

#endif /* MS_HABITS_H */
