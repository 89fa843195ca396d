/* markdown.h
 * The report as Markdown (GitHub's flavour, for its tables). Everything that came from the wire is
 * escaped: no character of it can be markup, a link, HTML or the end of a cell.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MARKDOWN_H
#define MULTISTATUS_MARKDOWN_H

#include "format.h"

void markdown_report(rendering *r, const report_view *view);

/** Appends a text so that it is shown as it is. */
void markdown_append(GString *to, const char *text);

#endif /* MULTISTATUS_MARKDOWN_H */
