/* html_report.h
 * The report as one HTML file that needs no other file: style, drawings and a script that sorts and
 * filters are inside; it loads nothing and can be read without the script.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_REPORT_H
#define MULTISTATUS_HTML_REPORT_H

#include "format.h"

void html_report(rendering *r, const report_view *view);

/* Made of the files in html/ when the project is built. */
extern const char html_style[];
extern const char html_script[];

#endif /* MULTISTATUS_HTML_REPORT_H */
