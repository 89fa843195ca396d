/* capture_source.h
 * The file of a capture, as wiretap opens it.
 *
 * Ownership: whoever opens a file closes it with wtap_close(); texts are the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_SOURCE_H
#define MULTISTATUS_CAPTURE_SOURCE_H

#include <stdbool.h>

#include "capture_chain.h"
#include "libraries.h"

typedef struct {
    const char *path; /**< "-" for standard input */
    unsigned format;  /**< what wiretap is to read it as */
    bool live;
    capture_chain *chain; /**< it goes on from other files; or NULL */
} capture_source;

/** @param path  has to last as long as the file is used */
capture_source capture_source_at(const char *path);

/** Does the user say what captures are to be read as (-X read_format)? */
bool capture_source_is_told(void);

/** Opens it, and first closes what is open.
 *  @param twice  it may be read at any place
 *  @return false with wiretap's reason */
bool capture_source_open(const capture_source *of, wtap **wth, bool twice, int *err,
                         char **err_info);

/** Is it a pipe, a terminal or a socket, where it may take long until the next packet comes? */
bool capture_source_is_live(const char *path);

/** Wiretap opens images, JSON and other files, too, as one packet that holds the file. Is it none
 *  of these? */
bool capture_source_holds_packets(wtap *wth);

/** Some formats have no signature, and wiretap occasionally takes a text file for one of them. */
bool capture_source_is_text(const char *path);

/** Wiretap takes an empty file for a capture without packets. To be asked after the last packet. */
bool capture_source_is_empty(const capture_source *of, wtap *wth);

#endif /* MULTISTATUS_CAPTURE_SOURCE_H */
