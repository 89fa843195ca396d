/* zip_members.c
 * Reading ZIP archives, with libarchive: from the directory at the end, or without it where that is
 * missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "zip_members.h"

#include <string.h>

#ifdef MULTISTATUS_ARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

bool zip_begins(const uint8_t *start, size_t length)
{
    return length >= 4 && memcmp(start, "PK\x03\x04", 4) == 0;
}

static void clear_member(void *data)
{
    zip_member *of = data;

    g_free(of->name);
    g_byte_array_unref(of->bytes);
}

void zip_clear(zip_contents *of)
{
    g_array_unref(of->members);
    g_free(of->wrong);
}

#ifdef MULTISTATUS_ARCHIVE

typedef struct {
    struct archive *by;
    zip_contents *to;
    size_t left; /* bytes that may still be kept */
    zip_wanted wanted;
} reader;

static void complain_once(reader *r, char *wrong)
{
    if (r->to->wrong)
        g_free(wrong);
    else
        r->to->wrong = wrong;
}

/* Reads on until the member ends, or the limit. */
static void read_bytes(reader *r, zip_member *to)
{
    uint8_t block[65536];
    size_t most = MIN(r->left, ZIP_LIMIT_MEMBER);
    la_ssize_t got;

    while ((got = archive_read_data(r->by, block, sizeof block)) > 0) {
        size_t taken = MIN((size_t)got, most - to->bytes->len);

        if (to->bytes->len == 0 && !r->wanted(to->name, block, (size_t)got))
            return;
        g_byte_array_append(to->bytes, block, (guint)taken);
        if (taken < (size_t)got) {
            complain_once(r, g_strdup_printf("is an archive whose member %s unfolds to more than "
                                             "the limit",
                                             to->name));
            break;
        }
    }
    to->partial = got != 0;
    if (got < 0)
        complain_once(
            r, g_strdup_printf("is an archive whose member %s is damaged or cut short", to->name));
}

static void read_member(reader *r, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);

    if (!name)
        name = archive_entry_pathname(entry);
    if (!name || archive_entry_filetype(entry) == AE_IFDIR)
        return;
    if (archive_entry_is_data_encrypted(entry)) {
        r->to->encrypted += r->wanted(name, NULL, 0);
        return;
    }
    zip_member made = {g_utf8_make_valid(name, -1), g_byte_array_new(), false};

    read_bytes(r, &made);
    r->left -= made.bytes->len;
    if (r->wanted(made.name, made.bytes->data, made.bytes->len))
        g_array_append_val(r->to->members, made);
    else
        clear_member(&made);
}

static void read_members(reader *r)
{
    struct archive_entry *entry;
    unsigned count = 0;
    int result;

    while ((result = archive_read_next_header(r->by, &entry)) == ARCHIVE_OK ||
           result == ARCHIVE_WARN) {
        if (++count > ZIP_LIMIT_MEMBERS) {
            complain_once(r, g_strdup_printf("is an archive of more than %u members, the limit",
                                             ZIP_LIMIT_MEMBERS));
            return;
        }
        read_member(r, entry);
    }
    if (result != ARCHIVE_EOF)
        complain_once(r, g_strdup_printf("is an archive that is damaged or cut short behind its "
                                         "member %u",
                                         count));
}

zip_contents zip_read(const uint8_t *bytes, size_t length, size_t limit, zip_wanted wanted)
{
    zip_contents made = {g_array_new(FALSE, FALSE, sizeof(zip_member)), 0, NULL};
    reader r = {archive_read_new(), &made, limit, wanted};

    g_array_set_clear_func(made.members, clear_member);
    if (r.by && archive_read_support_format_zip(r.by) == ARCHIVE_OK &&
        archive_read_open_memory(r.by, bytes, length) == ARCHIVE_OK)
        read_members(&r);
    else
        made.wrong = g_strdup("is an archive that is damaged");
    archive_read_free(r.by);
    return made;
}

#else

zip_contents zip_read(const uint8_t *bytes, size_t length, size_t limit, zip_wanted wanted)
{
    zip_contents made = {g_array_new(FALSE, FALSE, sizeof(zip_member)), 0, NULL};

    (void)bytes, (void)length, (void)limit, (void)wanted;
    g_array_set_clear_func(made.members, clear_member);
    made.wrong = g_strdup("is a ZIP archive, which this build cannot read: it was made without "
                          "libarchive");
    return made;
}

#endif
