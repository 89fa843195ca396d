/* manual_page.h
 * docs/man/multistatus.1.in, which the build makes a constant of.
 *
 * Ownership: it is constant.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MANUAL_PAGE_H
#define MULTISTATUS_MANUAL_PAGE_H

extern const char manual_page[];

#endif /* MULTISTATUS_MANUAL_PAGE_H */
