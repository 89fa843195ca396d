/* test_outcomes.c
 * What a status means: the outcome of a resource by method and place, the verdict of a body by
 * method and HTTP status.
 *
 * RFC 4918 sections 9.1.2, 9.2.1, 9.6.1, 9.8.3, 9.9.2, 9.10.3, 11 and 13; RFC 6578 section 3;
 * RFC 6352 section 8.6.2; RFC 4791 sections 5.3.1.1 and 7.9; RFC 5842 section 7; docs/outcomes.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "unit.h"

#define DAV "{DAV:}"
#define CALDAV "{urn:ietf:params:xml:ns:caldav}"

#define MULTIGET CALDAV "calendar-multiget"
#define QUERY CALDAV "calendar-query"
#define SYNC DAV "sync-collection"

#define X "<D:x/>"
#define TOKEN "<D:sync-token>urn:token:7</D:sync-token>"
#define LIMITS ERROR("<D:number-of-matches-within-limits/>")
#define EXCHANGE_MKCOL                                                                             \
    "<D:response><D:href>/c/a</D:href>" STATUS(201) PROPSTAT(200, X) "</D:response>"

/* One resource each. */
#define R(code) RESPONSE("/c/a", STATUS(code))
#define R2(code, condition) RESPONSE("/c/a", STATUS(code) ERROR(condition))
#define P(code) RESPONSE("/c/a", PROPSTAT(code, X))
#define P_EMPTY(code) RESPONSE("/c/a", PROPSTAT(code, ""))
#define P2(a, b) RESPONSE("/c/a", PROPSTAT(a, X) PROPSTAT(b, "<D:y/>"))
#define P3(a, b, c) RESPONSE("/c/a", PROPSTAT(a, X) PROPSTAT(b, "<D:y/>") PROPSTAT(c, "<D:z/>"))
#define OK RESPONSE("/c/ok", PROPSTAT(200, X))
#define SELF(rest) RESPONSE("/c/", rest)

typedef struct {
    const char *name;
    const char *method, *report;
    int http_status;
    const char *rows; /* the Request-URI is /c/ */
    const char *outcomes;
    ms_verdict verdict;
} outcome_row;

static const outcome_row rows[] = {
    /* ---- a status by itself: docs/outcomes.md, row by row ---- */
    {"ok/200", "PROPFIND", NULL, 207, R(200), "ok 200", MS_SUCCESS},
    {"ok/201", "COPY", NULL, 207, R(201), "ok 201", MS_SUCCESS},
    {"ok/204", "DELETE", NULL, 207, R(204), "ok 204", MS_SUCCESS},
    {"ok/207", "PROPFIND", NULL, 207, R(207), "ok 207", MS_SUCCESS},
    {"ok/299", "PROPFIND", NULL, 207, R(299), "ok 299", MS_SUCCESS},
    {"ok/propstat", "PROPFIND", NULL, 207, P(200), "ok 200", MS_SUCCESS},
    {"ok/proppatch", "PROPPATCH", NULL, 207, P2(200, 200), "ok 200", MS_SUCCESS},

    {"absent/propfind", "PROPFIND", NULL, 207, P2(200, 404), "ok 200", MS_SUCCESS},
    {"absent/order", "PROPFIND", NULL, 207, P2(404, 200), "ok 200", MS_SUCCESS},
    {"absent/report", "REPORT", QUERY, 207, P2(200, 404), "ok 200", MS_SUCCESS},
    {"absent/search", "SEARCH", NULL, 207, P2(200, 404), "ok 200", MS_SUCCESS},
    {"absent/bpropfind", "BPROPFIND", NULL, 207, P2(200, 404), "ok 200", MS_SUCCESS},
    {"absent/alone", "PROPFIND", NULL, 207, P(404), "absent 404", MS_BENIGN},
    {"absent/twice", "PROPFIND", NULL, 207, P2(404, 404), "absent 404", MS_BENIGN},
    {"absent/empty-beside-ok", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) PROPSTAT(404, "")), "ok 200", MS_SUCCESS},
    {"absent/ok-is-empty", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, "") PROPSTAT(404, X)), "ok 200", MS_SUCCESS},
    {"absent/without-request", NULL, NULL, 207, P2(200, 404), "ok 200", MS_SUCCESS},
    /* For a property that was to be set, 404 is a failure. */
    {"absent/not-in-proppatch", "PROPPATCH", NULL, 207, P(404), "failed 404", MS_FAILURE},
    {"absent/not-in-mkcalendar", "MKCALENDAR", NULL, 207, P(404), "failed 404", MS_FAILURE},

    {"missing/status", "PROPFIND", NULL, 207, R(404), "missing 404", MS_FAILURE},
    {"missing/multiget", "REPORT", MULTIGET, 207, OK R(404), "ok 200, missing 404", MS_PARTIAL},
    {"missing/move", "MOVE", NULL, 207, R(404), "missing 404", MS_PARTIAL},
    /* nginx answers a PROPFIND of a missing file with an empty prop. */
    {"missing/nginx", "PROPFIND", NULL, 207, P_EMPTY(404), "missing 404", MS_FAILURE},
    {"missing/nginx-without-request", NULL, NULL, 207, P_EMPTY(404), "missing 404", MS_FAILURE},

    {"removed/sync", "REPORT", SYNC, 207, OK R(404) TOKEN, "ok 200, removed 404", MS_BENIGN},
    {"removed/sync-without-token", "REPORT", SYNC, 207, R(404), "removed 404", MS_BENIGN},
    {"removed/report-unknown", "REPORT", NULL, 207, OK R(404) TOKEN, "ok 200, removed 404",
     MS_BENIGN},
    {"removed/request-unknown", NULL, NULL, 207, OK R(404) TOKEN, "ok 200, removed 404", MS_BENIGN},
    {"removed/token-first", NULL, NULL, 207, TOKEN R(404), "removed 404", MS_BENIGN},
    {"removed/not-without-token", NULL, NULL, 207, OK R(404), "ok 200, missing 404", MS_PARTIAL},
    {"removed/not-in-multiget", "REPORT", MULTIGET, 207, OK R(404) TOKEN, "ok 200, missing 404",
     MS_PARTIAL},
    {"removed/not-in-propfind", "PROPFIND", NULL, 207, OK R(404) TOKEN, "ok 200, missing 404",
     MS_PARTIAL},
    {"removed/410", "REPORT", SYNC, 207, R(410) TOKEN, "removed 410", MS_BENIGN},
    {"removed/410-not-in-multiget", "REPORT", MULTIGET, 207, R(410), "failed 410", MS_FAILURE},
    {"removed/empty-propstat", "REPORT", SYNC, 207, OK P_EMPTY(404) TOKEN, "ok 200, removed 404",
     MS_BENIGN},
    {"removed/empty-propstat-410", "REPORT", SYNC, 207, P_EMPTY(410) TOKEN, "removed 410",
     MS_BENIGN},
    {"removed/no-prop", "REPORT", SYNC, 207,
     RESPONSE("/c/a", "<D:propstat>" STATUS(404) "</D:propstat>") TOKEN, "removed 404", MS_BENIGN},
    {"removed/empty-propstat-not-in-query", "REPORT", QUERY, 207, P_EMPTY(404), "missing 404",
     MS_FAILURE},
    /* A property that a changed member lacks. */
    {"removed/not-with-property", "REPORT", SYNC, 207, P(404) TOKEN, "absent 404", MS_BENIGN},
    /* ... but for getetag, which every existing member has, unless it is a collection. */
    {"removed/etag-not-found", "REPORT", SYNC, 207,
     RESPONSE("/c/a.ics", PROPSTAT(404, "<D:getetag/><D:x/>")) TOKEN, "removed 404", MS_BENIGN},
    {"removed/etag-of-a-collection", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", PROPSTAT(404, "<D:getetag/>")) TOKEN, "absent 404", MS_BENIGN},
    {"removed/etag-beside-others", "REPORT", SYNC, 207,
     RESPONSE("/c/a.ics", PROPSTAT(200, X) PROPSTAT(404, "<D:getetag/>")) TOKEN, "ok 200",
     MS_SUCCESS},
    {"removed/etag-in-a-query", "REPORT", QUERY, 207,
     RESPONSE("/c/a.ics", PROPSTAT(404, "<D:getetag/>")), "absent 404", MS_BENIGN},
    {"removed/not-403", "REPORT", SYNC, 207, P_EMPTY(403) TOKEN, "failed 403", MS_FAILURE},
    /* sabre/dav: the removed member has a 418 propstat beside its 404 status. */
    {"removed/sabre-mixed", "REPORT", SYNC, 207,
     RESPONSE("/c/a", STATUS(404) PROPSTAT(418, "")) TOKEN, "removed 404", MS_BENIGN},
    {"absent/sync", "REPORT", SYNC, 207, P2(200, 404) TOKEN, "ok 200", MS_SUCCESS},

    {"truncated/sync", "REPORT", SYNC, 207, OK SELF(STATUS(507) LIMITS) TOKEN,
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/query", "REPORT", QUERY, 207, SELF(STATUS(507) LIMITS) OK, "truncated 507, ok 200",
     MS_BENIGN},
    {"truncated/without-condition", "REPORT", QUERY, 207, OK SELF(STATUS(507)),
     "ok 200, truncated 507", MS_BENIGN},
    /* RFC 4331 section 6: these are about room for what is stored. */
    {"truncated/not-over-quota", "REPORT", QUERY, 207,
     SELF(STATUS(507) ERROR("<D:quota-not-exceeded/>")), "failed 507", MS_FAILURE},
    {"truncated/not-without-disk-space", "REPORT", SYNC, 207,
     OK SELF(STATUS(507) ERROR("<D:sufficient-disk-space/>")) TOKEN, "ok 200, failed 507",
     MS_PARTIAL},
    {"truncated/with-another-condition", "REPORT", QUERY, 207, OK SELF(STATUS(507) ERROR("<D:x/>")),
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/search", "SEARCH", NULL, 207, OK SELF(STATUS(507)), "ok 200, truncated 507",
     MS_BENIGN},
    {"truncated/search-425", "SEARCH", NULL, 207, OK SELF(STATUS(425)), "ok 200, truncated 425",
     MS_BENIGN},
    {"truncated/report-425", "REPORT", QUERY, 207, OK SELF(STATUS(425)), "ok 200, failed 425",
     MS_PARTIAL},
    {"truncated/absolute", "REPORT", SYNC, 207,
     OK RESPONSE("http://dav.example.net/c/", STATUS(507)), "ok 200, truncated 507", MS_BENIGN},
    {"truncated/absolute-with-port", "REPORT", SYNC, 207,
     OK RESPONSE("https://dav.example.net:8443/c/", STATUS(507)), "ok 200, truncated 507",
     MS_BENIGN},
    {"truncated/percent-encoded", "REPORT", SYNC, 207, OK RESPONSE("/%63/", STATUS(507)),
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/absolute-and-encoded", "REPORT", SYNC, 207,
     OK RESPONSE("http://dav.example.net/%63", STATUS(507)), "ok 200, truncated 507", MS_BENIGN},
    {"truncated/no-slash", "REPORT", SYNC, 207, OK RESPONSE("/c", STATUS(507)),
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/second-href", "REPORT", SYNC, 207,
     OK "<D:response><D:href>/c/b</D:href><D:href>/c/</D:href>" STATUS(507) "</D:response>",
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/member-is-failed", "REPORT", SYNC, 207, OK R(507) TOKEN, "ok 200, failed 507",
     MS_PARTIAL},
    /* A proxy rewrote the href. */
    {"truncated/elsewhere-with-condition", "REPORT", SYNC, 207,
     OK RESPONSE("/inner/c/", STATUS(507) LIMITS) TOKEN, "ok 200, truncated 507", MS_BENIGN},
    {"truncated/elsewhere-in-query", "REPORT", QUERY, 207,
     OK RESPONSE("/inner/c/", STATUS(507) LIMITS), "ok 200, truncated 507", MS_BENIGN},
    {"truncated/elsewhere-in-search", "SEARCH", NULL, 207,
     OK RESPONSE("/inner/c/", STATUS(507) LIMITS), "ok 200, truncated 507", MS_BENIGN},
    {"truncated/condition-in-propstat", "REPORT", SYNC, 207,
     OK SELF("<D:propstat><D:prop/>" STATUS(507) LIMITS "</D:propstat>") TOKEN,
     "ok 200, truncated 507", MS_BENIGN},
    {"truncated/not-for-another-condition", "REPORT", SYNC, 207,
     OK R2(507, "<D:quota-not-exceeded/>") TOKEN, "ok 200, failed 507", MS_PARTIAL},
    {"truncated/condition-not-in-put", "PUT", NULL, 207, RESPONSE("/c/a", STATUS(507) LIMITS),
     "failed 507", MS_FAILURE},
    {"truncated/encoded-slash", "REPORT", SYNC, 207, OK RESPONSE("/c%2F", STATUS(507)),
     "ok 200, failed 507", MS_PARTIAL},
    {"truncated/not-in-propfind", "PROPFIND", NULL, 207, OK SELF(STATUS(507)), "ok 200, failed 507",
     MS_PARTIAL},
    {"truncated/not-in-copy", "COPY", NULL, 207, SELF(STATUS(507)), "failed 507", MS_PARTIAL},
    {"truncated/not-in-propstat", "PROPPATCH", NULL, 207, SELF(PROPSTAT(507, X)), "failed 507",
     MS_FAILURE},

    {"not-traversed/sync", "REPORT", SYNC, 207,
     OK RESPONSE("/c/a/", STATUS(403) ERROR("<D:sync-traversal-supported/>")) TOKEN,
     "ok 200, not-traversed 403", MS_BENIGN},
    {"not-traversed/supported-report", "REPORT", SYNC, 207,
     OK RESPONSE("/c/a/", STATUS(403) ERROR("<D:supported-report/>")) TOKEN,
     "ok 200, not-traversed 403", MS_BENIGN},
    {"not-traversed/second-condition", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", STATUS(403) ERROR("<D:q><D:r/></D:q><D:supported-report/>")) TOKEN,
     "not-traversed 403", MS_BENIGN},
    {"not-traversed/in-description", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", STATUS(403) "<D:responsedescription>" ERROR(
                           "<D:sync-traversal-supported/>") "</D:responsedescription>") TOKEN,
     "not-traversed 403", MS_BENIGN},
    {"not-traversed/nested-is-none", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", STATUS(403) ERROR("<D:q><D:supported-report/></D:q>")) TOKEN, "failed 403",
     MS_FAILURE},
    {"not-traversed/other-namespace", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", STATUS(403) ERROR("<supported-report xmlns=\"urn:x\"/>")) TOKEN,
     "failed 403", MS_FAILURE},
    {"not-traversed/without-condition", "REPORT", SYNC, 207, OK R(403) TOKEN, "ok 200, failed 403",
     MS_PARTIAL},
    {"not-traversed/other-code", "REPORT", SYNC, 207,
     RESPONSE("/c/a/", STATUS(409) ERROR("<D:supported-report/>")) TOKEN, "failed 409", MS_FAILURE},
    /* The report as a whole was refused. */
    {"not-traversed/not-in-query", "REPORT", QUERY, 207,
     RESPONSE("/c/a/", STATUS(403) ERROR("<D:supported-report/>")), "failed 403", MS_FAILURE},
    {"not-traversed/not-in-unknown-report", "REPORT", NULL, 207,
     RESPONSE("/c/a/", STATUS(403) ERROR("<D:supported-report/>")), "failed 403", MS_FAILURE},
    {"not-traversed/not-itself", "REPORT", SYNC, 207,
     SELF(STATUS(403) ERROR("<D:supported-report/>")) TOKEN, "failed 403", MS_FAILURE},
    {"not-traversed/not-itself-either", "REPORT", SYNC, 207,
     SELF(STATUS(403) ERROR("<D:sync-traversal-supported/>")) TOKEN, "failed 403", MS_FAILURE},
    {"not-traversed/not-without-token", "REPORT", SYNC, 207,
     RESPONSE("/other/", STATUS(403) ERROR("<D:supported-report/>")), "failed 403", MS_FAILURE},
    {"not-traversed/unknown-request", NULL, NULL, 207,
     OK RESPONSE("/c/a/", STATUS(403) ERROR("<D:supported-report/>")) TOKEN,
     "ok 200, not-traversed 403", MS_BENIGN},

    {"duplicate/propstat", "PROPFIND", NULL, 207, OK P(208), "ok 200, duplicate 208", MS_BENIGN},
    {"duplicate/status", "PROPFIND", NULL, 207, OK R(208), "ok 200, duplicate 208", MS_BENIGN},
    {"duplicate/beside-ok", "PROPFIND", NULL, 207, P2(200, 208), "ok 200", MS_SUCCESS},
    {"loop/508", "PROPFIND", NULL, 207, OK R(508), "ok 200, failed 508", MS_PARTIAL},

    {"placeholder/sabre", "PROPPATCH", NULL, 207, P_EMPTY(418), "placeholder 418", MS_BENIGN},
    {"placeholder/propfind", "PROPFIND", NULL, 207, OK P_EMPTY(418), "ok 200, placeholder 418",
     MS_BENIGN},
    {"placeholder/beside-ok", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) PROPSTAT(418, "")), "ok 200", MS_SUCCESS},
    {"placeholder/not-a-status", "PROPFIND", NULL, 207, R(418), "failed 418", MS_FAILURE},

    /* A group that names no property, beside one that does, says nothing. */
    {"names-nothing/proppatch-409", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) PROPSTAT(409, "")), "ok 200", MS_SUCCESS},
    {"names-nothing/proppatch-403-first", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(403, "") PROPSTAT(200, X)), "ok 200", MS_SUCCESS},
    {"names-nothing/propfind-403", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) PROPSTAT(403, "")), "ok 200", MS_SUCCESS},
    {"names-nothing/mkcalendar-404-and-424", "MKCALENDAR", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) PROPSTAT(404, "") PROPSTAT(424, "")), "ok 200", MS_SUCCESS},
    {"names-nothing/beside-failed", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(403, X) PROPSTAT(409, "") PROPSTAT(200, "")), "failed 403",
     MS_FAILURE},
    {"names-nothing/alone", "PROPPATCH", NULL, 207, P_EMPTY(409), "failed 409", MS_FAILURE},
    {"names-nothing/all-empty", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, "") PROPSTAT(409, "")), "failed 409", MS_FAILURE},
    {"names-nothing/but-gives-a-reason", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", PROPSTAT(200, X) "<D:propstat><D:prop/>" STATUS(403)
                          ERROR("<D:cannot-modify-protected-property/>") "</D:propstat>"),
     "failed 403", MS_FAILURE},

    {"redirect/302", "PROPFIND", NULL, 207, OK R(302), "ok 200, redirect 302", MS_BENIGN},
    {"redirect/propstat", "PROPFIND", NULL, 207, P(301), "redirect 301", MS_BENIGN},
    {"redirect/399", "PROPFIND", NULL, 207, R(399), "redirect 399", MS_BENIGN},

    {"collateral/status", "DELETE", NULL, 207, R(424), "collateral 424", MS_PARTIAL},
    {"collateral/propstat", "PROPPATCH", NULL, 207, P2(424, 409), "failed 409", MS_FAILURE},
    {"collateral/order", "PROPPATCH", NULL, 207, P2(409, 424), "failed 409", MS_FAILURE},
    {"collateral/alone", "PROPPATCH", NULL, 207, P(424), "collateral 424", MS_FAILURE},
    {"collateral/listing", "PROPFIND", NULL, 207, R(424), "collateral 424", MS_FAILURE},
    {"collateral/lock", "LOCK", NULL, 207, R(403) SELF(STATUS(424)), "failed 403, collateral 424",
     MS_FAILURE},

    {"failed/400", "PROPFIND", NULL, 207, R(400), "failed 400", MS_FAILURE},
    {"failed/401", "PROPFIND", NULL, 207, OK R(401), "ok 200, failed 401", MS_PARTIAL},
    {"failed/403", "PROPFIND", NULL, 207, OK R(403), "ok 200, failed 403", MS_PARTIAL},
    {"failed/412", "COPY", NULL, 207, R(412), "failed 412", MS_PARTIAL},
    {"failed/423", "DELETE", NULL, 207, R(423), "failed 423", MS_PARTIAL},
    {"failed/425", "PROPFIND", NULL, 207, OK P(425), "ok 200, failed 425", MS_PARTIAL},
    {"failed/499", "PROPFIND", NULL, 207, R(499), "failed 499", MS_FAILURE},
    {"failed/500", "PROPFIND", NULL, 207, R(500), "failed 500", MS_FAILURE},
    {"failed/502", "MOVE", NULL, 207, R(502), "failed 502", MS_PARTIAL},
    {"failed/599", "PROPFIND", NULL, 207, R(599), "failed 599", MS_FAILURE},

    /* ---- no status that says how it went ---- */
    {"unknown/none", "PROPFIND", NULL, 207, OK RESPONSE("/c/a", ""), "ok 200, unknown -1",
     MS_BENIGN},
    {"unknown/empty", "PROPFIND", NULL, 207, OK RESPONSE("/c/a", "<D:status/>"),
     "ok 200, unknown -2", MS_BENIGN},
    {"unknown/alone", "PROPFIND", NULL, 207, RESPONSE("/c/a", ""), "unknown -1", MS_UNDECODED},
    {"unknown/propstat", "PROPFIND", NULL, 207,
     OK RESPONSE("/c/a", "<D:propstat><D:prop>" X "</D:prop></D:propstat>"), "ok 200, unknown -1",
     MS_BENIGN},
    {"unknown/beside-ok", "PROPFIND", NULL, 207,
     OK RESPONSE("/c/a", PROPSTAT(200, X) "<D:propstat><D:prop>" X "</D:prop></D:propstat>"),
     "ok 200, unknown -1", MS_BENIGN},
    /* lighttpd: "HTTP/1.1 1". */
    {"unknown/lighttpd", "DELETE", NULL, 207, R(1), "unknown 1", MS_UNDECODED},
    {"unknown/0", "PROPFIND", NULL, 207, R(000), "unknown 0", MS_UNDECODED},
    {"unknown/100", "PROPFIND", NULL, 207, OK R(100), "ok 200, unknown 100", MS_BENIGN},
    {"unknown/102", "PROPFIND", NULL, 207, OK P(102), "ok 200, unknown 102", MS_BENIGN},
    {"unknown/199", "PROPFIND", NULL, 207, R(199), "unknown 199", MS_UNDECODED},
    {"unknown/600", "PROPFIND", NULL, 207, R(600), "unknown 600", MS_UNDECODED},
    {"unknown/999", "PROPFIND", NULL, 207, R(999), "unknown 999", MS_UNDECODED},
    {"unknown/several", "PROPFIND", NULL, 207, R(999) RESPONSE("/c/b", ""),
     "unknown 999, unknown -1", MS_UNDECODED},
    {"unknown/proppatch", "PROPPATCH", NULL, 207,
     RESPONSE("/c/a", "<D:propstat><D:prop>" X "</D:prop></D:propstat>"), "unknown -1",
     MS_UNDECODED},
    {"unknown/http-400", "PROPFIND", NULL, 400, R(999), "unknown 999", MS_UNDECODED},
    {"unknown/beside-failed", "PROPFIND", NULL, 207, R(999) R(403), "unknown 999, failed 403",
     MS_FAILURE},
    {"unknown/beside-failed-and-ok", "PROPFIND", NULL, 207, OK R(999) R(403),
     "ok 200, unknown 999, failed 403", MS_PARTIAL},
    {"unknown/beside-failed-delete", "DELETE", NULL, 207, R(1) R(423), "unknown 1, failed 423",
     MS_PARTIAL},
    {"unknown/beside-collateral", "PROPFIND", NULL, 207, R(999) R(424),
     "unknown 999, collateral 424", MS_FAILURE},
    {"unknown/beside-removed", "REPORT", SYNC, 207, R(999) R(404) TOKEN, "unknown 999, removed 404",
     MS_BENIGN},
    {"unknown/9999", "PROPFIND", NULL, 207, R(9999), "unknown 9999", MS_UNDECODED},

    /* ---- the gravest of several: failed, missing, collateral, unknown, harmless, ok ---- */
    {"gravest/failed-collateral", "PROPPATCH", NULL, 207, P3(424, 403, 424), "failed 403",
     MS_FAILURE},
    {"gravest/failed-missing", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", STATUS(404) PROPSTAT(500, X)), "failed 500", MS_FAILURE},
    {"gravest/missing-collateral", "PROPFIND", NULL, 207,
     RESPONSE("/c/a", STATUS(404) PROPSTAT(424, X)), "missing 404", MS_FAILURE},
    {"gravest/collateral-unknown", "PROPPATCH", NULL, 207, P2(102, 424), "collateral 424",
     MS_FAILURE},
    {"gravest/unknown-redirect", "PROPFIND", NULL, 207, P2(302, 102), "unknown 102", MS_UNDECODED},
    {"gravest/redirect-ok", "PROPFIND", NULL, 207, P2(200, 302), "redirect 302", MS_BENIGN},
    {"gravest/redirect-absent", "PROPFIND", NULL, 207, P2(302, 404), "redirect 302", MS_BENIGN},
    {"gravest/absent-placeholder-ok", "PROPFIND", NULL, 207, P3(404, 418, 200), "ok 200",
     MS_SUCCESS},
    {"gravest/absent-duplicate", "PROPFIND", NULL, 207, P2(208, 404), "absent 404", MS_BENIGN},
    {"gravest/failed-absent", "PROPFIND", NULL, 207, OK P2(404, 403), "ok 200, failed 403",
     MS_PARTIAL},
    {"gravest/first-failure", "PROPFIND", NULL, 207, OK P3(200, 401, 403), "ok 200, failed 401",
     MS_PARTIAL},
    /* Exchange: both a status and a propstat. */
    {"gravest/exchange-mkcol", "MKCOL", NULL, 207, EXCHANGE_MKCOL, "ok 201", MS_SUCCESS},

    /* ---- verdicts by method ---- */
    {"verdict/empty-report", "REPORT", QUERY, 207, "", "", MS_EMPTY},
    {"verdict/empty-propfind", "PROPFIND", NULL, 207, "", "", MS_EMPTY},
    {"verdict/empty-delete", "DELETE", NULL, 207, "", "", MS_EMPTY},
    {"verdict/propfind", "PROPFIND", NULL, 207, OK OK R(403), "ok 200, ok 200, failed 403",
     MS_PARTIAL},
    {"verdict/report", "REPORT", QUERY, 207, OK R(500), "ok 200, failed 500", MS_PARTIAL},
    {"verdict/search", "SEARCH", NULL, 207, OK R(500), "ok 200, failed 500", MS_PARTIAL},
    {"verdict/post", "POST", NULL, 207, OK R(409), "ok 200, failed 409", MS_PARTIAL},
    {"verdict/post-all", "POST", NULL, 207, R(409), "failed 409", MS_FAILURE},
    {"verdict/update", "UPDATE", NULL, 207, R(200) R(409), "ok 200, failed 409", MS_PARTIAL},
    {"verdict/merge", "MERGE", NULL, 207, R(200) R(409), "ok 200, failed 409", MS_PARTIAL},
    {"verdict/unknown-method", "FROBNICATE", NULL, 207, OK R(409), "ok 200, failed 409",
     MS_PARTIAL},
    {"verdict/no-method", NULL, NULL, 207, OK R(409), "ok 200, failed 409", MS_PARTIAL},
    {"verdict/lower-case-method", "delete", NULL, 207, R(423), "failed 423", MS_FAILURE},
    {"verdict/proppatch", "PROPPATCH", NULL, 207, OK P(403), "ok 200, failed 403", MS_FAILURE},
    {"verdict/lock", "LOCK", NULL, 207, R(200) R(423), "ok 200, failed 423", MS_FAILURE},
    {"verdict/mkcol", "MKCOL", NULL, 207, P2(200, 403), "failed 403", MS_FAILURE},
    /* A propstat without a response, of a request about one resource. */
    {"verdict/mkcalendar-implied", "MKCALENDAR", NULL, 207, PROPSTAT(403, X) PROPSTAT(424, X),
     "failed 403", MS_FAILURE},
    {"verdict/mkcol-implied", "MKCOL", NULL, 207, PROPSTAT(424, X) PROPSTAT(403, X), "failed 403",
     MS_FAILURE},
    {"verdict/proppatch-implied", "PROPPATCH", NULL, 207, PROPSTAT(200, X), "ok 200", MS_SUCCESS},
    {"verdict/implied-and-response", "PROPPATCH", NULL, 207, PROPSTAT(403, X) P(200),
     "failed 403, ok 200", MS_FAILURE},
    {"verdict/orphan-behind-response", "PROPPATCH", NULL, 207, P(200) PROPSTAT(403, X), "ok 200",
     MS_SUCCESS},
    {"verdict/orphan-of-many", "PROPFIND", NULL, 207, PROPSTAT(403, X), "", MS_EMPTY},
    {"verdict/mkcalendar", "MKCALENDAR", NULL, 207, P2(403, 424), "failed 403", MS_FAILURE},
    /* sardine#210: 207 on PUT, the client thought that it had worked. */
    {"verdict/put", "PUT", NULL, 207, R(424) RESPONSE("/c/b", STATUS(423)),
     "collateral 424, failed 423", MS_FAILURE},
    {"verdict/put-beside-ok", "PUT", NULL, 207, OK R(423), "ok 200, failed 423", MS_FAILURE},
    {"verdict/delete", "DELETE", NULL, 207, R(423), "failed 423", MS_PARTIAL},
    {"verdict/copy", "COPY", NULL, 207, R(507), "failed 507", MS_PARTIAL},
    {"verdict/move", "MOVE", NULL, 207, R(423) OK, "failed 423, ok 200", MS_PARTIAL},
    {"verdict/bdelete", "BDELETE", NULL, 207, R(423), "failed 423", MS_PARTIAL},
    {"verdict/delete-harmless", "DELETE", NULL, 207, R(200) R(302), "ok 200, redirect 302",
     MS_BENIGN},
    {"verdict/proppatch-harmless", "PROPPATCH", NULL, 207, P2(200, 418), "ok 200", MS_SUCCESS},

    /* ---- verdicts by HTTP status ---- */
    /* Apache: DELETE with locked members is 424 and a multistatus. */
    {"http/delete-424", "DELETE", NULL, 424, R(423) SELF(STATUS(424)), "failed 423, collateral 424",
     MS_FAILURE},
    {"http/delete-200", "DELETE", NULL, 200, R(423), "failed 423", MS_PARTIAL},
    {"http/propfind-200", "PROPFIND", NULL, 200, OK R(403), "ok 200, failed 403", MS_PARTIAL},
    {"http/propfind-400", "PROPFIND", NULL, 400, OK R(403), "ok 200, failed 403", MS_FAILURE},
    {"http/search-400", "SEARCH", NULL, 400, R(425), "failed 425", MS_FAILURE},
    {"http/post-500", "POST", NULL, 500, OK R(409), "ok 200, failed 409", MS_FAILURE},
    {"http/proppatch-403", "PROPPATCH", NULL, 403, P2(403, 424), "failed 403", MS_FAILURE},
    {"http/unknown", "PROPFIND", NULL, 0, OK R(403), "ok 200, failed 403", MS_PARTIAL},
};

static ms_document *decode_rows(const char *rows_text, const ms_context *context)
{
    char *body = g_strdup_printf(MULTISTATUS("%s"), rows_text);
    ms_document *document = unit_decode(body, context);

    unit_check_sound(document, strlen(body));
    g_free(body);
    return document;
}

static void test_row(const void *data)
{
    const outcome_row *row = data;
    ms_context context = {
        .method = row->method,
        .uri = row->method ? "/c/" : NULL,
        .report = row->report,
        .http_status = row->http_status,
        .content_type = "text/xml",
    };
    ms_document *document = decode_rows(row->rows, &context);
    char *outcomes = unit_outcomes(document);

    unit_check_text("outcomes", outcomes, row->outcomes);
    unit_check_verdict(document, row->verdict);
    g_free(outcomes);
    ms_document_free(document);
}

/* ---- the request ---- */

typedef struct {
    const char *name;
    const char *uri;  /* the Request-URI as sent */
    const char *href; /* of the row with 507 */
    bool truncated;
} uri_row;

static const uri_row uris[] = {
    {"path", "/c/", "/c/", true},
    {"absolute-uri", "http://dav.example.net/c/", "/c/", true},
    {"both-absolute", "http://dav.example.net/c/", "http://inner:8080/c/", true},
    {"encoded", "/K%C3%A4se/", "/K%c3%a4se/", true},
    {"encoded-href-only", "/~ines/", "/%7Eines/", true},
    {"query", "/c/?x=1", "/c/", true},
    {"root", "/", "/", true},
    {"root-absolute", "/", "http://dav.example.net", true},
    {"raw-space", "/My%20Cal/", "/My Cal/", true},
    {"raw-in-request", "/My Cal/", "/My%20Cal/", true},
    {"raw-brackets", "/%5Bwork%5D/", "/[work]/", true},
    {"raw-quote", "/%22x%22/", "/\"x\"/", true},
    {"raw-angle", "/%3Cx%3E/", "/&lt;x&gt;/", true},
    {"raw-backslash", "/a%5Cb/", "/a\\b/", true},
    {"raw-caret-and-grave", "/%5e%60/", "/^`/", true},
    {"raw-braces", "/%7Ba%7Cb%7D/", "/{a|b}/", true},
    {"raw-percent", "/100%25/", "/100%/", true},
    {"raw-percent-before-letters", "/50%25off/", "/50%off/", true},
    {"percent-that-encodes", "/50%25af/", "/50%af/", false},
    {"raw-not-ascii", "/K%C3%A4se/", "/K\xC3\xA4se/", true},
    {"encoded-hash", "/c%23/", "/c#/", false},
    {"encoded-question-mark", "/c%3F/", "/c?/", false},
    {"relative-dot", "/c/", "./", true},
    {"relative-name", "/a/c/", "../c/", true},
    {"relative-to-file", "/a/c", "c", true},
    {"relative-query", "/c/", "?x", true},
    {"relative-member", "/c/", "c/", false},
    {"relative-beyond-root", "/c/", "../../c/", true},
    {"relative-encoded", "/a/My%20Cal/", "../My Cal/", true},
    {"parent", "/c/", "/", false},
    {"child", "/c/", "/c/a", false},
    {"same-prefix", "/c/", "/cc/", false},
    {"case", "/c/", "/C/", false},
    {"encoded-slash", "/c/d", "/c%2Fd", false},
};

static void test_uri(const void *data)
{
    const uri_row *row = data;
    ms_context context = {.method = "REPORT", .uri = row->uri, .report = SYNC, .http_status = 207};
    char *rows_text = g_strdup_printf(RESPONSE("%s", STATUS(507)), row->href);
    ms_document *document = decode_rows(rows_text, &context);
    char *outcomes = unit_outcomes(document);

    unit_check_text(row->href, outcomes, row->truncated ? "truncated 507" : "failed 507");
    g_free(outcomes);
    g_free(rows_text);
    ms_document_free(document);
}

/* Without the request, the condition that RFC 6578 section 3.6 asks for tells. */
static void test_uri_unknown(void)
{
    ms_context context = {.http_status = 207};
    ms_document *document = decode_rows(SELF(STATUS(507) LIMITS) R(507), &context);
    char *outcomes = unit_outcomes(document);

    unit_check_text("outcomes", outcomes, "truncated 507, failed 507");
    g_free(outcomes);
    ms_document_free(document);
}

/* -------------------------------------------------------------------------- propstat groups ----
 */

typedef struct {
    const char *name;
    const char *method;
    int code;
    ms_outcome outcome; /* of a propstat with one property, beside one that is ok */
} group_row;

static const group_row groups[] = {
    {"ok", "PROPFIND", 200, MS_OK},
    {"duplicate", "PROPFIND", 208, MS_DUPLICATE},
    {"redirect", "PROPFIND", 302, MS_REDIRECT},
    {"absent", "PROPFIND", 404, MS_ABSENT},
    {"absent-report", "REPORT", 404, MS_ABSENT},
    {"absent-search", "SEARCH", 404, MS_ABSENT},
    {"not-absent", "PROPPATCH", 404, MS_FAILED},
    {"placeholder", "PROPFIND", 418, MS_PLACEHOLDER},
    {"collateral", "PROPPATCH", 424, MS_COLLATERAL},
    {"failed", "PROPFIND", 403, MS_FAILED},
    {"failed-507", "REPORT", 507, MS_FAILED},
    {"unknown", "PROPFIND", 199, MS_UNKNOWN},
};

static void test_group(const void *data)
{
    const group_row *row = data;
    ms_context context = {.method = row->method, .uri = "/c/", .http_status = 207};
    char *rows_text =
        g_strdup_printf("<D:response><D:href>/c/a</D:href>" PROPSTAT(
                            200, X) "<D:propstat><D:prop><D:y/></D:prop>"
                                    "<D:status>HTTP/1.1 %d x</D:status></D:propstat></D:response>",
                        row->code);
    ms_document *document = decode_rows(rows_text, &context);

    g_assert_cmpuint(document->n_propstats, ==, 2);
    unit_check_text("the group that is ok", ms_outcome_name(document->propstats[0].outcome), "ok");
    unit_check_text("the other group", ms_outcome_name(document->propstats[1].outcome),
                    ms_outcome_name(row->outcome));
    g_free(rows_text);
    ms_document_free(document);
}

/* --------------------------------------------------------------------------- 424 and causes ----
 */

typedef struct {
    const char *name;
    const char *method;
    const char *rows;
    bool no_cause;
} cause_row;

static const cause_row causes[] = {
    {"cause-in-another-row", "LOCK", R(403) SELF(STATUS(424)), false},
    {"cause-in-another-group", "PROPPATCH", P2(424, 409), false},
    {"no-cause-status", "LOCK", SELF(STATUS(424)), true},
    {"no-cause-propstat", "PROPPATCH", P2(424, 424), true},
    {"no-collateral", "DELETE", R(423), false},
};

static void test_cause(const void *data)
{
    const cause_row *row = data;
    ms_context context = {.method = row->method, .uri = "/c/", .http_status = 207};
    ms_document *document = decode_rows(row->rows, &context);

    unit_expect_finding(__FILE__, __LINE__, document, "no_root_cause", row->no_cause);
    ms_document_free(document);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("outcomes", rows, test_row);
    unit_add_table("outcomes/uri", uris, test_uri);
    unit_add_table("outcomes/group", groups, test_group);
    unit_add_table("outcomes/cause", causes, test_cause);
    g_test_add_func("/outcomes/uri-unknown", test_uri_unknown);
    return g_test_run();
}
