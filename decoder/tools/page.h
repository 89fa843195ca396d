/* page.h
 * A page that is made from a table: printed, or compared with the file that it should be.
 *
 * Ownership: the page stays the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_PAGE_H
#define MS_PAGE_H

/** All that a program for a page does: prints it, or with "--check FILE" compares.
 *  @param table  what the page is made from, for messages: "rules"
 *  @return the exit status */
int page_run(int argc, char **argv, const char *page, const char *table);

#endif /* MS_PAGE_H */
