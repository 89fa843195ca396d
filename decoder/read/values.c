/* values.c
 * Values of properties whose form is fixed.
 *
 * RFC 4918 section 15, RFC 4331, and Windows' own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "values.h"

#include <string.h>

#include "names.h"

/* The largest number of bytes that a file can have is shorter. */
#define MOST_DIGITS 20

#define MS_WIN32(name) "{urn:schemas-microsoft-com:}" name
#define MS_CALDAV(name) "{" MS_NS_CALDAV "}" name
#define MS_CARDDAV(name) "{" MS_NS_CARDDAV "}" name
#define MS_CALENDARSERVER(name) "{http://calendarserver.org/ns/}" name

/* RFC 3744 sections 4 and 5, RFC 5397 section 3, RFC 4791 section 6.2, RFC 6352 section 7.1, RFC
 * 6638 section 2, RFC 5842 section 3.1: they hold href. */
#define HOLDS_HREF(name)                                                                           \
    {                                                                                              \
        name, MS_NOTE_VALUE_HREF, MS_LOOK_ONLY, false                                              \
    }
/* They say who or where somebody is, so they are useless when empty. */
#define NEEDS_HREF(name)                                                                           \
    {                                                                                              \
        name, MS_NOTE_VALUE_HREF, MS_LOOK_ONLY, true                                               \
    }

const ms_watched_value ms_watched_values[MS_WATCHED_VALUES] = {
    {MS_DAV("getlastmodified"), MS_NOTE_VALUE_MODIFIED, MS_LOOK_ONLY, false},
    {MS_DAV("creationdate"), MS_NOTE_VALUE_CREATED, MS_LOOK_ONLY, false},
    {MS_DAV("getcontentlength"), MS_NOTE_VALUE_LENGTH, MS_KEEP_TEXT, false},
    {MS_DAV("getetag"), MS_NOTE_VALUE_ETAG, MS_KEEP_TEXT, false},
    {MS_DAV("resourcetype"), MS_NOTE_VALUE_TYPE, MS_LOOK_ONLY, false},
    {MS_WIN32("Win32CreationTime"), MS_NOTE_VALUE_WIN32, MS_LOOK_ONLY, false},
    {MS_WIN32("Win32LastAccessTime"), MS_NOTE_VALUE_WIN32, MS_LOOK_ONLY, false},
    {MS_WIN32("Win32LastModifiedTime"), MS_NOTE_VALUE_WIN32, MS_LOOK_ONLY, false},
    {MS_DAV("quota-available-bytes"), MS_NOTE_VALUE_QUOTA, MS_LOOK_ONLY, false},
    {MS_DAV("quota-used-bytes"), MS_NOTE_VALUE_QUOTA, MS_LOOK_ONLY, false},
    HOLDS_HREF(MS_DAV("alternate-URI-set")),
    NEEDS_HREF(MS_DAV("principal-URL")),
    HOLDS_HREF(MS_DAV("group-member-set")),
    HOLDS_HREF(MS_DAV("group-membership")),
    NEEDS_HREF(MS_DAV("owner")),
    HOLDS_HREF(MS_DAV("group")),
    HOLDS_HREF(MS_DAV("inherited-acl-set")),
    HOLDS_HREF(MS_DAV("principal-collection-set")),
    NEEDS_HREF(MS_DAV("current-user-principal")),
    {MS_DAV("resource-id"), MS_NOTE_VALUE_HREF, MS_KEEP_HREFS, false},
    NEEDS_HREF(MS_CALDAV("calendar-home-set")),
    HOLDS_HREF(MS_CALDAV("calendar-user-address-set")),
    HOLDS_HREF(MS_CALDAV("schedule-inbox-URL")),
    HOLDS_HREF(MS_CALDAV("schedule-outbox-URL")),
    HOLDS_HREF(MS_CALDAV("schedule-default-calendar-URL")),
    NEEDS_HREF(MS_CARDDAV("addressbook-home-set")),
    HOLDS_HREF(MS_CARDDAV("principal-address")),
    HOLDS_HREF(MS_CALENDARSERVER("calendar-proxy-read-for")),
    HOLDS_HREF(MS_CALENDARSERVER("calendar-proxy-write-for")),
    {MS_CALENDARSERVER("getctag"), MS_NOTES, MS_KEEP_TEXT, false},
    {MS_DAV("getcontenttype"), MS_NOTES, MS_KEEP_TEXT, false},
    {MS_DAV("acl"), MS_NOTES, MS_LOOK_ONLY, false},
    {MS_CALDAV("calendar-data"), MS_NOTES, MS_READ_OBJECT, true},
    {MS_CARDDAV("address-data"), MS_NOTES, MS_READ_OBJECT, true},
};

G_STATIC_ASSERT(MS_WATCHED_VALUES <= 64); /* the bits of ms_notes.met */

bool ms_value_met(const ms_notes *notes, const char *name)
{
    for (size_t i = 0; i < MS_WATCHED_VALUES; i++) {
        if (strcmp(ms_watched_values[i].name, name) == 0)
            return (notes->met >> i & 1) != 0;
    }
    return false;
}

/* ---- forms ---- */

/* Does the text start as the pattern says? "0" stands for a digit, "a" for a letter, every other
 * character for itself. */
static bool matches(const char *text, size_t length, const char *pattern)
{
    if (length < strlen(pattern))
        return false;
    for (; *pattern; pattern++, text++) {
        if (*pattern == '0'   ? !g_ascii_isdigit(*text)
            : *pattern == 'a' ? !g_ascii_isalpha(*text)
                              : *text != *pattern)
            return false;
    }
    return true;
}

static bool is_number(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
    }
    return length > 0 && length <= MOST_DIGITS;
}

/* Is the word of three letters one of those in the list? */
static bool is_one_of(const char *word, const char *list)
{
    for (; *list; list += 3) {
        if (strncmp(word, list, 3) == 0)
            return true;
    }
    return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", and nothing else (RFC 4918 section 15.7). */
static bool is_http_date(const char *text, size_t length)
{
    static const char form[] = "aaa, 00 aaa 0000 00:00:00 GMT";

    return length == strlen(form) && matches(text, length, form) &&
           is_one_of(text, "MonTueWedThuFriSatSun") &&
           is_one_of(text + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

/* macOS refuses a volume with dates before 1970, which no current file system produces. */
static bool is_modern_date(const char *text, size_t length)
{
    return is_http_date(text, length) && strncmp(text + 12, "1970", 4) >= 0;
}

/* "1997-12-01T17:42:21-08:00" (RFC 3339 section 5.6). */
static bool is_date_time(const char *text, size_t length)
{
    static const char form[] = "0000-00-00a00:00:00";
    const char *end = text + length;

    if (!matches(text, length, form) || g_ascii_toupper(text[10]) != 'T')
        return false;
    text += strlen(form);
    if (text < end && *text == '.') {
        do
            text++;
        while (text < end && g_ascii_isdigit(*text));
    }
    if (end - text == 1)
        return g_ascii_toupper(*text) == 'Z';
    return end - text == 6 && (matches(text, 6, "+00:00") || matches(text, 6, "-00:00"));
}

/* RFC 9110 section 8.8.3. */
static bool is_entity_tag(const char *text, size_t length)
{
    if (length > 2 && strncmp(text, "W/", 2) == 0) {
        text += 2;
        length -= 2;
    }
    return length >= 2 && text[0] == '"' && memchr(text + 1, '"', length - 1) == text + length - 1;
}

bool ms_value_is_odd(ms_note_kind kind, const char *text, size_t length)
{
    switch (kind) {
    case MS_NOTE_VALUE_MODIFIED:
        return !is_modern_date(text, length);
    case MS_NOTE_VALUE_CREATED:
        return !is_date_time(text, length);
    case MS_NOTE_VALUE_ETAG:
        return !is_entity_tag(text, length);
    case MS_NOTE_VALUE_WIN32:
        return !is_http_date(text, length);
    case MS_NOTE_VALUE_LENGTH:
    case MS_NOTE_VALUE_QUOTA:
        return !is_number(text, length);
    default:
        return true; /* resourcetype, and what holds href: any text at all */
    }
}
