/* file_kind.h
 * What an existing file is, judged by its beginning: needed before the file is replaced.
 *
 * Ownership: words are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FILE_KIND_H
#define MULTISTATUS_FILE_KIND_H

typedef enum {
    FILE_ABSENT,
    FILE_SPECIAL, /**< a device, a pipe, a directory: nothing that could be replaced */
    FILE_EMPTY,
    FILE_REPORT,     /**< made by this command, in any format but NDJSON */
    FILE_RECORDS,    /**< NDJSON, made by this command */
    FILE_CAPTURE,    /**< something that wiretap opens */
    FILE_SESSION,    /**< a session that a browser or a proxy saved */
    FILE_KEYS,       /**< a key log, or a private key */
    FILE_COMPRESSED, /**< an archive or a compressed file of any kind */
    FILE_BINARY,     /**< bytes that do not occur in text */
    FILE_UNREADABLE,
    FILE_OTHER /**< a text from somewhere else */
} file_kind;

/** Starts wiretap, which knows what a capture is; once, where no session has done so. */
void file_kind_start(void);

file_kind file_kind_of(const char *path);

/** With its article: "a capture". NULL for what needs no name. */
const char *file_kind_words(file_kind kind);

#endif /* MULTISTATUS_FILE_KIND_H */
