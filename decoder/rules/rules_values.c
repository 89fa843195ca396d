/* rules_values.c
 * Values of properties that have a form of their own (rules V1 to V8).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "names.h"
#include "rules_find.h"

/* ---- findings ---- */

static const struct {
    ms_note_kind kind;
    unsigned rule;
    const char *what, *wrong;
} forms[] = {
    {MS_NOTE_VALUE_MODIFIED, MS_RULE_VALUE_MODIFIED, "getlastmodified",
     "is not a date like \"Sun, 06 Nov 1994 08:49:37 GMT\", or lies before 1970"},
    {MS_NOTE_VALUE_CREATED, MS_RULE_VALUE_CREATED, "creationdate",
     "is not a date like \"1997-12-01T17:42:21-08:00\""},
    {MS_NOTE_VALUE_LENGTH, MS_RULE_VALUE_LENGTH, "getcontentlength", "is not a number of bytes"},
    {MS_NOTE_VALUE_ETAG, MS_RULE_VALUE_ETAG, "getetag", "is not an entity tag in double quotes"},
    {MS_NOTE_VALUE_TYPE, MS_RULE_VALUE_TYPE, "resourcetype",
     "is text, not elements: clients take a collection for a file"},
    {MS_NOTE_VALUE_WIN32, MS_RULE_VALUE_WIN32, "a Win32 time",
     "is not a date like \"Sun, 06 Nov 1994 08:49:37 GMT\""},
    {MS_NOTE_VALUE_QUOTA, MS_RULE_VALUE_QUOTA, "a quota",
     "is not a number of bytes; ownCloud and Nextcloud say -1 for not computed, -2 for unknown, -3 "
     "for unlimited"},
    {MS_NOTE_VALUE_HREF, MS_RULE_VALUE_HREF, "a property that holds href has the text",
     "instead: clients find nothing in it"},
    {MS_NOTE_VALUE_REPORT, MS_RULE_VALUE_REPORT,
     "a report element in supported-report-set holds the text",
     "instead of an element with the name of the report"},
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

/* Names with spaces between them, as they are shown: "principal-URL, C:calendar-home-set". The
 * caller frees it with g_free(). */
static char *shown_names(ms_finder *finder, const char *names, unsigned *n)
{
    char **list = g_strsplit(names, " ", -1);
    GString *shown = g_string_new(NULL);

    for (*n = 0; list[*n]; (*n)++)
        g_string_append_printf(shown, "%s%s", *n > 0 ? ", " : "",
                               ms_rules_shown_name(finder, list[*n]));
    g_strfreev(list);
    return g_string_free(shown, FALSE);
}

/* The answers to propname and to PROPPATCH hold names only. Most readers do not expect that owner
 * may be empty (RFC 3744 section 5.1). */
static void find_empty(ms_finder *finder)
{
    const ms_context *context = finder->context;
    const ms_note *note = &finder->notes->of[MS_NOTE_VALUE_EMPTY];
    uint32_t response = ms_rules_noted(finder, note);

    if (note->count == 0 || !context->request_known ||
        !ms_rules_method(finder, " PROPFIND REPORT SEARCH ") ||
        (context->request && context->request->propname))
        return;
    bool owner = strcmp(note->example, MS_DAV("owner")) == 0;
    bool data = g_str_has_suffix(note->example, "-data");
    unsigned n;
    char *names = shown_names(finder, note->example, &n);

    ms_rules_found_many(finder, owner ? MS_RULE_EMPTY_OWNER : MS_RULE_VALUE_EMPTY, note->count,
                        response, note->span,
                        data    ? "%s: %s is empty under 200: what the resource holds is not there"
                        : owner ? "%s: %s is empty under 200: the server does not say who that is"
                        : n > 1 ? "%s: %s are empty under 200, where they should hold an href"
                                : "%s: %s is empty under 200, where it should hold an href",
                        response == MS_NO_RESPONSE ? "?" : ms_rules_name(finder, response), names);
    g_free(names);
}

static void find_in_forms(ms_finder *finder)
{
    find_empty(finder);
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
