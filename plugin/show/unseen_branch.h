/* unseen_branch.h
 * The branch of the statistics tree that says what could not be looked into: otherwise a tree
 * without failures would speak for connections that nobody has looked into.
 *
 * Ownership: unseen_branch_start() keeps what unseen_branch_end() frees, one for each tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_UNSEEN_BRANCH_H
#define MULTISTATUS_UNSEEN_BRANCH_H

#include <epan/stats_tree.h>

#include "multistatus-tap.h"

/** Adds the branch to a tree that is empty, and listens to all packets of the capture, whatever the
 * tree's filter is. */
void unseen_branch_start(stats_tree *tree);

/** Counts a response that was not read to its end. */
void unseen_branch_response(stats_tree *tree, const multistatus_record *response);

/** The tree is removed, or starts over. */
void unseen_branch_end(stats_tree *tree);

#endif /* MULTISTATUS_UNSEEN_BRANCH_H */
