/* habits.c
 * Findings that are a known habit of a product.
 *
 * Each row was seen in recorded traffic or in the product's own bug reports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "habits.h"

#include <string.h>

#include "words.h"

static const struct {
    const char *product; /* part of the Server field */
    unsigned rule;
    const char *methods; /* names between spaces; NULL fits all */
    const char *words;
} habits[] = {
    {"Apache", MS_RULE_OTHER_STATUS, " DELETE COPY MOVE ",
     "Apache 2.4 (mod_dav) answers with 424 instead of 207 when a member is locked or cannot be "
     "removed; the body is a Multi-Status all the same."},
    {"Apache", MS_RULE_OTHER_REASON, NULL,
     "Apache (mod_dav) writes \"(status)\" instead of the reason phrase into the answers to "
     "PROPPATCH."},
    {"SVN/", MS_RULE_NAMESPACE_ERROR, NULL,
     "mod_dav_svn writes the names of Subversion's properties, which may hold a colon, as they "
     "are: C:my:review, C:bugtraq:url. Subversion's own clients can read them."},
    {"SVN/", MS_RULE_TWICE_IN_PROPSTAT, NULL,
     "mod_dav and mod_dav_svn both answer for getcontenttype."},
    {"SVN/", MS_RULE_NOT_ANNOUNCED, NULL,
     "mod_dav lists in Allow only what its own table knows; mod_dav_svn answers REPORT and MERGE "
     "nevertheless."},
    {"lighttpd", MS_RULE_NAMESPACE_ERROR, NULL,
     "lighttpd (mod_webdav) writes DAV: as a prefix without declaring it, and copies names from "
     "the request without their declarations."},
    {"lighttpd", MS_RULE_BAD_STATUS_LINE, NULL,
     "lighttpd (mod_webdav) writes \"HTTP/1.1 1\" where a member of a MOVE or COPY failed for a "
     "reason that it has no status for."},
    {"lighttpd", MS_RULE_STATUS_LINE_FORM, NULL,
     "lighttpd (mod_webdav) leaves out the reason phrase of a status that it does not know."},
    {"lighttpd", MS_RULE_PROPSTAT_PROP, NULL,
     "lighttpd (mod_webdav) leaves out prop for a member that it cannot read."},
    {"nginx", MS_RULE_MISSING_AS_207, NULL,
     "nginx (dav-ext module) answers the PROPFIND of a missing file this way."},
    {"nginx", MS_RULE_STATUS_VERSION, NULL, "nginx (dav-ext module) writes HTTP/0.0 over HTTP/2."},
    {"nginx", MS_RULE_BAD_HREF, NULL,
     "Old versions of nginx's dav-ext module do not encode hrefs."},
    {"nginx", MS_RULE_CONTENT_TYPE, NULL,
     "Old versions of nginx's dav-ext module send no Content-Type."},
    {"nginx", MS_RULE_PROPFIND_MISSING, " PROPFIND ",
     "nginx (dav-ext module) leaves out properties that it does not know instead of answering 404 "
     "for them."},
    {"nginx", MS_RULE_EMPTY_PROPSTAT, " PROPFIND ",
     "nginx (dav-ext module) leaves out properties that it does not know."},
    {"Cyrus", MS_RULE_ORPHAN_PROPSTAT, NULL, "Cyrus puts propstat directly under multistatus."},
    {"Cyrus", MS_RULE_MISSING_AS_207, NULL, "Cyrus wraps the 404 for the Request-URI into a 207."},
    {"WSGIServer", MS_RULE_OTHER_STATUS, " DELETE ",
     "Radicale, which often runs in this server, answers a DELETE with 200 and a Multi-Status."},
    {"WSGIServer", MS_RULE_INITIAL_REMOVAL, NULL,
     "Radicale, which often runs in this server, lists removed members in an initial "
     "synchronisation too."},
    {"WSGIServer", MS_RULE_SYNC_LIMIT, NULL,
     "Radicale, which often runs in this server, does not know the limit of a synchronisation."},
    {"WSGIServer", MS_RULE_NO_RESPONSES, NULL,
     "Radicale, which often runs in this server, sends an empty multistatus for what it has "
     "nothing to say about."},
    {"Microsoft", MS_RULE_STATUS_AND_PROPSTAT, NULL,
     "Exchange answers the MKCOL of a search folder with status 201 and propstat 200 together."},
    {"Microsoft", MS_RULE_LOCATION_HEADER, NULL, "Exchange sends Location with a 207."},
    {"Tomcat", MS_RULE_STATUS_LINE_FORM, NULL, "Tomcat leaves out the reason phrase."},
    {"Coyote", MS_RULE_STATUS_LINE_FORM, NULL, "Tomcat leaves out the reason phrase."},
    {"webdav-server", MS_RULE_NAMESPACE_ERROR, NULL,
     "webdav-server for Node.js writes prefixes that it does not declare, or declares as empty."},
    {"webdav-server", MS_RULE_NEEDLESS_LOCATION, NULL,
     "webdav-server for Node.js puts a location into every response."},
};

const char *ms_habit(const ms_rule *rule, const char *product, const char *method)
{
    for (size_t i = 0; product && i < G_N_ELEMENTS(habits); i++) {
        if (&ms_rules[habits[i].rule] == rule && strstr(product, habits[i].product) &&
            (!habits[i].methods || ms_is_one_of(habits[i].methods, method)))
            return habits[i].words;
    }
    return NULL;
}
