/* names.c
 * Names of elements.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "names.h"

#include <string.h>

#include <glib.h>

/* The prefixes that the specifications and products themselves use. DAV: needs none. */
static const struct {
    const char *uri;
    const char *prefix;
} namespaces[] = {
    {MS_NS_DAV, ""},
    {MS_NS_CALDAV, "C"},
    {MS_NS_CARDDAV, "CR"},
    {"http://calendarserver.org/ns/", "CS"},
    {"http://me.com/_namespace/", "MM"},
    {"http://apple.com/ns/ical/", "ical"},
    {"http://apache.org/dav/props/", "apache"},
    {"http://apache.org/dav/xmlns", "m"},
    {"svn:", "svn"},
    {"http://subversion.tigris.org/xmlns/svn/", "svn"},
    {"http://subversion.tigris.org/xmlns/custom/", "svn-custom"},
    {"http://subversion.tigris.org/xmlns/dav/", "svn-dav"},
    {"http://sabredav.org/ns", "s"},
    {"http://owncloud.org/ns", "oc"},
    {"http://nextcloud.org/ns", "nc"},
    {"http://open-collaboration-services.org/ns", "ocs"},
    {"http://open-cloud-mesh.org/ns", "ocm"},
    {"urn:schemas-microsoft-com:", "Z"},
    {"urn:schemas-microsoft-com:office:office", "o"},
    {"http://schemas.microsoft.com/repl/", "Repl"},
    {"http://schemas.microsoft.com/exchange/", "e"},
    {"urn:uuid:c2f41010-65b3-11d1-a29f-00aa00c14882/", "b"},
    {"SAR:", "SAR"},
    {"LCGDM:", "LCGDM"},
    {"http://inf-it.com/ns/dav/", "inf-it"},
    {"https://bitfire.at/webdav-push", "push"},
};

const char *ms_namespace_prefix(const char *uri)
{
    for (size_t i = 0; i < G_N_ELEMENTS(namespaces); i++) {
        if (strcmp(namespaces[i].uri, uri) == 0)
            return namespaces[i].prefix;
    }
    return NULL;
}

bool ms_is_said(const char *name, const char *value)
{
    static const char *const defined[] = {"{" MS_NS_DAV "}", "{" MS_NS_CALDAV "}",
                                          "{" MS_NS_CARDDAV "}"};

    for (size_t i = 0; i < G_N_ELEMENTS(defined); i++) {
        if (g_str_has_prefix(name, defined[i]))
            return false;
    }
    /* Jackrabbit: class and message are in it. */
    if (strcmp(name, "{http://www.day.com/jcr/webdav/1.0}exception") == 0)
        return true;
    return name[0] == '{' && value && *value;
}

char *ms_short_name(const char *name)
{
    const char *close = name[0] == '{' ? strchr(name, '}') : NULL;

    if (!close)
        return g_strdup(name);
    char *uri = g_strndup(name + 1, (gsize)(close - name - 1));
    const char *prefix = ms_namespace_prefix(uri);

    g_free(uri);
    if (!prefix)
        return g_strdup(name);
    return *prefix ? g_strconcat(prefix, ":", close + 1, NULL) : g_strdup(close + 1);
}
