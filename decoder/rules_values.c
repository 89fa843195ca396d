/* rules_values.c
 * Values of properties that have a form of their own (rules V1 to V8).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_values.h"

#include <string.h>

#include "names.h"
#include "rules_find.h"

/* The largest number of bytes that a file can have is shorter. */
#define MOST_DIGITS 20

#define MS_WIN32(name) "{urn:schemas-microsoft-com:}" name

const ms_watched_value ms_watched_values[MS_WATCHED_VALUES] = {
    {MS_DAV("getlastmodified"), MS_NOTE_VALUE_MODIFIED},
    {MS_DAV("creationdate"), MS_NOTE_VALUE_CREATED},
    {MS_DAV("getcontentlength"), MS_NOTE_VALUE_LENGTH},
    {MS_DAV("getetag"), MS_NOTE_VALUE_ETAG},
    {MS_DAV("resourcetype"), MS_NOTE_VALUE_TYPE},
    {MS_WIN32("Win32CreationTime"), MS_NOTE_VALUE_WIN32},
    {MS_WIN32("Win32LastAccessTime"), MS_NOTE_VALUE_WIN32},
    {MS_WIN32("Win32LastModifiedTime"), MS_NOTE_VALUE_WIN32},
    {MS_DAV("quota-available-bytes"), MS_NOTE_VALUE_QUOTA},
    {MS_DAV("quota-used-bytes"), MS_NOTE_VALUE_QUOTA},
};

/* ---- forms ---- */

/* Does the text start with what the pattern says? "0" stands for a digit, "a" for a letter, every
 * other character for itself. */
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

/* macOS refuses a volume with dates before 1970, which no file system of today makes. */
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
        return true; /* resourcetype: any text at all */
    }
}

/* ---- findings ---- */

static const struct {
    ms_note_kind kind;
    unsigned rule;
    const char *what, *wrong;
} forms[] = {
    {MS_NOTE_VALUE_MODIFIED, MS_RULE_VALUE_MODIFIED, "getlastmodified",
     "is no date like \"Sun, 06 Nov 1994 08:49:37 GMT\", or lies before 1970"},
    {MS_NOTE_VALUE_CREATED, MS_RULE_VALUE_CREATED, "creationdate",
     "is no date like \"1997-12-01T17:42:21-08:00\""},
    {MS_NOTE_VALUE_LENGTH, MS_RULE_VALUE_LENGTH, "getcontentlength", "is no number of bytes"},
    {MS_NOTE_VALUE_ETAG, MS_RULE_VALUE_ETAG, "getetag", "is no entity tag in double quotes"},
    {MS_NOTE_VALUE_TYPE, MS_RULE_VALUE_TYPE, "resourcetype",
     "is text, not elements: clients take a collection for a file"},
    {MS_NOTE_VALUE_WIN32, MS_RULE_VALUE_WIN32, "a Win32 time",
     "is no date like \"Sun, 06 Nov 1994 08:49:37 GMT\""},
    {MS_NOTE_VALUE_QUOTA, MS_RULE_VALUE_QUOTA, "a quota",
     "is no number of bytes; ownCloud and Nextcloud say -1 for not computed, -2 for unknown, -3 "
     "for unlimited"},
};

typedef struct {
    ms_finder *finder;
    const ms_element *properties;
    const char *lockdiscovery, *supportedlock;
    const char *activelock, *lockentry, *lockscope, *locktype, *depth;
} locks;

static bool has_child(const locks *l, uint32_t property, const char *name)
{
    for (uint32_t i = property + 1; i < l->properties[property].end; i = l->properties[i].end) {
        if (l->properties[i].name == name)
            return true;
    }
    return false;
}

/* lockdiscovery (activelock)*, supportedlock (lockentry)*, and what each of them must hold.
 * RFC 2518 knew no lockroot. */
static bool is_lock_malformed(const locks *l, uint32_t property)
{
    bool active = l->properties[property].name == l->lockdiscovery;
    const char *entry = active ? l->activelock : l->lockentry;
    uint32_t end = l->properties[property].end;

    if (end > property + 1 && !has_child(l, property, entry))
        return true;
    for (uint32_t i = property + 1; i < end; i = l->properties[i].end) {
        if (l->properties[i].name == entry &&
            (!has_child(l, i, l->lockscope) || !has_child(l, i, l->locktype) ||
             (active && !has_child(l, i, l->depth))))
            return true;
    }
    return false;
}

static void find_in_locks(const locks *l, uint32_t index)
{
    const ms_document *document = l->finder->document;
    const ms_response *response = &document->responses[index];

    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        uint32_t end = propstat->properties.first + propstat->properties.count;

        for (uint32_t j = propstat->properties.first; j < end; j = l->properties[j].end) {
            const ms_element *property = &l->properties[j];

            if ((property->name == l->lockdiscovery || property->name == l->supportedlock) &&
                propstat->outcome == MS_OK && is_lock_malformed(l, j))
                ms_rules_found(l->finder, MS_RULE_VALUE_LOCKS, index, property->span,
                               "%s: %s does not describe a lock in full",
                               ms_rules_name(l->finder, index),
                               ms_rules_shown_name(l->finder, property->name));
        }
    }
}

static void find_in_forms(ms_finder *finder)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        const ms_note *note = &finder->notes->of[forms[i].kind];
        uint32_t response = ms_rules_noted(finder, note);

        if (note->count > 0)
            ms_rules_found_many(
                finder, forms[i].rule, note->count, response, note->span, "%s: %s \"%s\" %s",
                response == MS_NO_RESPONSE ? "?" : ms_rules_name(finder, response), forms[i].what,
                ms_rules_shown(finder, note->example), forms[i].wrong);
    }
}

static void *start(ms_finder *finder)
{
    locks *l = g_new(locks, 1);

    *l = (locks){
        .finder = finder,
        .properties = finder->document->properties,
        .lockdiscovery = ms_rules_interned(finder, MS_DAV("lockdiscovery")),
        .supportedlock = ms_rules_interned(finder, MS_DAV("supportedlock")),
        .activelock = ms_rules_interned(finder, MS_DAV("activelock")),
        .lockentry = ms_rules_interned(finder, MS_DAV("lockentry")),
        .lockscope = ms_rules_interned(finder, MS_DAV("lockscope")),
        .locktype = ms_rules_interned(finder, MS_DAV("locktype")),
        .depth = ms_rules_interned(finder, MS_DAV("depth")),
    };
    find_in_forms(finder);
    return l;
}

static void look(void *state, uint32_t from, uint32_t to)
{
    const locks *l = state;

    for (uint32_t i = from; i < to; i++) {
        if (l->finder->document->responses[i].complete)
            find_in_locks(l, i);
    }
}

const ms_family ms_family_values = {start, look, g_free};
