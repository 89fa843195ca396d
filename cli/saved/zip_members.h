/* zip_members.h
 * The members of a ZIP archive in memory, without any file being written.
 *
 * Ownership: zip_read() returns what zip_clear() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_ZIP_MEMBERS_H
#define MULTISTATUS_ZIP_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/** Members of an archive, wanted or not: three for each exchange of a SAZ file. */
#define ZIP_LIMIT_MEMBERS 300000u
/** Bytes of one; no response of that size is read. */
#define ZIP_LIMIT_MEMBER (64u * 1024 * 1024)

typedef struct {
    char *name; /**< as it stands there: nothing is done with it but comparing */
    GByteArray *bytes;
    bool partial; /**< it is damaged, cut short or too long: this is what there is */
} zip_member;

typedef struct {
    GArray *members;    /**< of zip_member: those that are wanted, in the order of the archive */
    unsigned encrypted; /**< members that are wanted by their name, and that a password protects */
    char *wrong;        /**< why there may be more: the end of 'The file "x" ...'; or NULL */
} zip_contents;

/** Is a member wanted? Asked with as much of its beginning as came at once, which may be nothing.
 */
typedef bool (*zip_wanted)(const char *name, const uint8_t *start, size_t length);

/** Does a file begin like an archive? */
bool zip_begins(const uint8_t *start, size_t length);

/** @param limit  bytes of all members that are wanted */
zip_contents zip_read(const uint8_t *bytes, size_t length, size_t limit, zip_wanted wanted);
void zip_clear(zip_contents *of);

#endif /* MULTISTATUS_ZIP_MEMBERS_H */
