/* capture_chain.h
 * Files of a ring, one behind the other, read as if they were one capture: what a capture goes on
 * with began in the files before it.
 *
 * Frames are numbered through, and so are places in the files. What is told of frames of earlier
 * files has been told when those were read, or is told when no later file will show how it goes on.
 *
 * Ownership: a chain is its user's, made and cleared; paths have to last as long. It owns the files
 * that it opens.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_CHAIN_H
#define MULTISTATUS_CAPTURE_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "libraries.h"
#include "record.h"

/** How many files are open at once at most: of those before a capture, only the last ones are read
 *  with it. */
#define CHAIN_MOST 256

typedef struct {
    const char *path;
    wtap *wth;       /**< NULL until it is read */
    int64_t start;   /**< of its places among those of all files */
    uint32_t before; /**< frames in the files before it */
} chain_link;

typedef struct {
    chain_link links[CHAIN_MOST + 1]; /**< the last one is the capture itself */
    unsigned n;
    unsigned leaving; /**< of them, which will not be read with the next file */
    unsigned at;      /**< that is being read */
    unsigned known;   /**< of which `start` and `before` are known */
    uint32_t frames;  /**< read so far, one after the other */
    int64_t last;     /**< where the last of them is */
    unsigned
        broken; /**< links to leave out, because what follows does not go on from them; 0: none */
    const char
        *why; /**< ... as the end of '"x" ...', of the first one to keep or last to leave out */
    const char *what; /**< ... its name */
    unsigned format;
    bool random;
    wtap_new_secrets_callback_t secrets; /**< are handed over to it as they are read */
} capture_chain;

/** Nothing comes before a capture. */
void capture_chain_clear(capture_chain *of);

/** Opens the first file, and closes all others. */
bool capture_chain_open(capture_chain *of, wtap **wth, bool random, int *err, char **err_info);
void capture_chain_close(capture_chain *of);

/** Are there several files? */
bool capture_chain_joins(const capture_chain *of);

/** The next file, when one has been read to its end.
 *  @return false if there is none, or if the chain is broken there */
bool capture_chain_next(capture_chain *of, wtap **wth, int *err, char **err_info);

/** The next frame, and the frame at a place; *wth becomes the file in which it is. */
bool capture_chain_read(capture_chain *of, wtap **wth, compat_reader *record, int *err,
                        char **err_info, int64_t *place);
bool capture_chain_seek(capture_chain *of, wtap **wth, int64_t place, compat_reader *record,
                        int *err, char **err_info);

/** An error in one of the files before the capture breaks the chain. */
void capture_chain_note_error(capture_chain *of, int err);

/** Leaves out what the chain is broken by. @return false if it is not broken */
bool capture_chain_mend(capture_chain *of);

/** Is one of the files compressed? Does one hold keys? Of those that were opened. */
bool capture_chain_any(const capture_chain *of, bool (*is)(wtap *wth));

/** Hands over the secrets of all files that are open, and of those that will be. */
void capture_chain_tell_secrets(capture_chain *of, wtap_new_secrets_callback_t to);

/** Frames in the files before the capture, and where its own places begin. */
uint32_t capture_chain_before(const capture_chain *of);
int64_t capture_chain_start(const capture_chain *of);

/** Is that frame in a file that the next one will not be read with? */
bool capture_chain_leaves(const capture_chain *of, uint32_t frame);

/** From the numbers of frames in all files to those in the file where the record's own frame is. */
void capture_chain_localize(const capture_chain *of, exchange_record *record);

#endif /* MULTISTATUS_CAPTURE_CHAIN_H */
