/* record_files.h
 * Files of records, put together: what belongs to one capture is found wherever it is, and the same
 * capture is taken once. The captures of one file keep their order, so that its records come out as
 * they went in; those of several come in the order of their names, so that the order of the files
 * does not matter.
 *
 * Two runs of records are the same capture if they have its name and are the same records, one by
 * one. Runs that have the same name and differ are both kept, with a note.
 *
 * The files are read twice, first to find what is in them: memory grows with the number of
 * captures, not with that of the records. What is no regular file is copied to a temporary one.
 *
 * Ownership: record_files_new() returns an object that record_files_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECORD_FILES_H
#define MULTISTATUS_RECORD_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

typedef struct record_files record_files;

/** @param quiet  no notes, only errors */
record_files *record_files_new(bool quiet);
void record_files_free(record_files *files);

/** Called now and then with the number of files done and of bytes read; each file is read twice. */
typedef void (*record_watcher)(void *data, unsigned done, uint64_t bytes);

void record_files_watch(record_files *files, record_watcher tell, void *data);

typedef enum {
    RECORDS_READ,
    RECORDS_DAMAGED, /**< a part could not be read, or it ends inside a capture */
    RECORDS_FAILED   /**< nothing could be read */
} records_result;

/** Looks through a file. Messages that name file and line say what is wrong with it.
 *  @param path  "-" for standard input */
records_result record_files_add(record_files *files, const char *path);

/** Receives a record of a file; one of the two is NULL. @return false to stop */
typedef bool (*record_receiver)(void *data, exchange_record *exchange,
                                const capture_record *capture);

/** Delivers all records. @return false if it was stopped, or after a message */
bool record_files_deliver(record_files *files, record_receiver receive, void *data);

#endif /* MULTISTATUS_RECORD_FILES_H */
