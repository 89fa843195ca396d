/* rules_report.c
 * Rules about the answers to reports: sync-collection, multiget and query (M13 to M18,
 * M28).
 *
 * RFC 6578 sections 3 and 6, RFC 4791 sections 7.8 and 7.9, RFC 6352 sections 8.6 and 8.7.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "href.h"
#include "names.h"
#include "near_href.h"
#include "rules_path.h"

#define MS_CALDAV(name) "{" MS_NS_CALDAV "}" name
#define MS_CARDDAV(name) "{" MS_NS_CARDDAV "}" name

/* ---- sync-token (M13, M15) ---- */

/* Scheme, colon, and characters that a URI may have (RFC 3986). */
static bool is_uri(const char *text)
{
    const char *at = text;

    if (!g_ascii_isalpha(*at))
        return false;
    while (g_ascii_isalnum(*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    if (*at != ':')
        return false;
    for (; *at; at++) {
        if (!g_ascii_isgraph(*at) || strchr("<>\"{}|\\^`", *at))
            return false;
    }
    return true;
}

static void find_in_token(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_note *second = &finder->notes->of[MS_NOTE_SECOND_TOKEN];
    const ms_text *token = &document->sync_token;

    if (second->count > 0)
        ms_rules_found_many(finder, MS_RULE_SECOND_SYNC_TOKEN, second->count, MS_NO_RESPONSE,
                            second->span, "A second sync-token; the first one counts");
    if (token->text && *token->text && !is_uri(token->text))
        ms_rules_found(finder, MS_RULE_SYNC_TOKEN_URI, MS_NO_RESPONSE, token->span,
                       "The sync-token \"%s\" is not a URI", ms_rules_shown(finder, token->text));
    if (!(token->text && *token->text) && finder->whole && finder->is_207 &&
        document->root == MS_ROOT_MULTISTATUS && ms_rules_report(finder, MS_DAV("sync-collection")))
        ms_rules_found(finder, MS_RULE_NO_SYNC_TOKEN, MS_NO_RESPONSE, document->span,
                       "The answer has no sync-token: the client cannot go on from here");
}

/* ---- truncation (M15, M16) ---- */

static bool names_limit(const ms_document *document, const ms_response *response)
{
    ms_range range = response->conditions;

    for (uint32_t i = range.first; i < range.first + range.count; i = document->conditions[i].end) {
        if (strcmp(document->conditions[i].name, MS_DAV("number-of-matches-within-limits")) == 0)
            return true;
    }
    return false;
}

static void find_truncation(ms_finder *finder)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; document->outcomes[MS_TRUNCATED] > 0 && i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        if (response->outcome != MS_TRUNCATED)
            continue;
        ms_rules_found(finder, MS_RULE_TRUNCATED, i, response->span,
                       "%s: %d, the answer is truncated; there is more to ask for",
                       ms_rules_name(finder, i), response->code);
        if (response->code == 507 && response->complete && !names_limit(document, response))
            ms_rules_found(finder, MS_RULE_TRUNCATION_REASON, i, response->span,
                           "%s: 507 without the condition number-of-matches-within-limits",
                           ms_rules_name(finder, i));
    }
}

/* Did anything change, according to this answer? */
static uint32_t count_members(const ms_document *document)
{
    return document->n_responses - document->outcomes[MS_TRUNCATED] -
           document->outcomes[MS_NOT_TRAVERSED];
}

static void find_progress(ms_finder *finder, const ms_request *request)
{
    const ms_document *document = finder->document;
    bool truncated = document->outcomes[MS_TRUNCATED] > 0;
    uint32_t members = count_members(document);

    if (request->sync_token.text && *request->sync_token.text && document->sync_token.text &&
        strcmp(request->sync_token.text, document->sync_token.text) == 0) {
        if (truncated)
            ms_rules_found(finder, MS_RULE_SYNC_NO_PROGRESS, MS_NO_RESPONSE,
                           document->sync_token.span,
                           "Truncated, but the sync-token is the one that the request had: the "
                           "client will get the same again (%s)",
                           ms_rules_shown(finder, document->sync_token.text));
        else if (members > 0)
            ms_rules_found(
                finder, MS_RULE_SYNC_TOKEN_STILL, MS_NO_RESPONSE, document->sync_token.span,
                "%u members changed, but the sync-token is the one that the request had", members);
    }
    if (!request->has_limit || truncated || members < request->limit || members == 0)
        return;
    ms_rules_found(finder, MS_RULE_SYNC_LIMIT, MS_NO_RESPONSE, document->span,
                   members > request->limit
                       ? "%u members, although the request set a limit of %u"
                       : "%u members with a limit of %u, and no 507: if there are more, the "
                         "client will not see them",
                   members, request->limit);
}

/* ---- members of a synchronisation (M14) ---- */

/* How a member says that it was removed, if not by the status 404 alone; else NULL. */
static const char *odd_removal(const ms_document *document, const ms_response *response)
{
    int code = response->status.code;
    const ms_propstat *first = document->propstats + response->propstats.first;

    if (response->outcome != MS_REMOVED)
        return code == 404 && response->propstats.count > 0 ? "has a propstat beside the status 404"
                                                            : NULL;
    if (code == MS_STATUS_NONE && first->properties.count > 0)
        return "says so with a propstat in which its getetag is not found, instead of a status 404";
    if (code == MS_STATUS_NONE)
        return first->status.code == 410
                   ? "says so with 410 in an empty propstat instead of a status 404"
                   : "says so with 404 in an empty propstat instead of a status 404";
    if (code == 410)
        return "says so with 410 instead of 404";
    return response->propstats.count > 0 ? "has a propstat beside the status 404" : NULL;
}

static void find_in_member(ms_finder *finder, uint32_t index, bool initial)
{
    const ms_response *response = &finder->document->responses[index];
    int code = response->status.code;

    if (!response->complete)
        return;
    const char *odd = odd_removal(finder->document, response);

    if (odd)
        ms_rules_found(finder, MS_RULE_SYNC_SHAPE, index, response->span,
                       "%s was removed and %s: clients may keep it", ms_rules_name(finder, index),
                       odd);
    else if (code >= 200 && code < 300)
        ms_rules_found(finder, MS_RULE_SYNC_SHAPE, index, response->status.span,
                       "%s changed, but has a status of its own (%d)", ms_rules_name(finder, index),
                       code);
    if (initial && response->outcome == MS_REMOVED)
        ms_rules_found(finder, MS_RULE_INITIAL_REMOVAL, index, response->span,
                       "%s: removed, in an initial synchronisation", ms_rules_name(finder, index));
}

/* sync-level says how deep a synchronisation goes. In the first drafts it was Depth. */
static void find_depth(ms_finder *finder)
{
    const char *depth = finder->context->depth;

    if (depth && !ms_rules_listed(depth, "0"))
        ms_rules_found(finder, MS_RULE_SYNC_DEPTH, MS_NO_RESPONSE, finder->document->span,
                       "A sync-collection report with Depth: %s; servers may refuse any other "
                       "than 0 (400)",
                       ms_rules_shown(finder, depth));
}

static void find_in_sync(ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);
    bool initial = request && (!request->sync_token.text || !*request->sync_token.text);

    if (!ms_rules_report(finder, MS_DAV("sync-collection")))
        return;
    find_depth(finder);
    for (uint32_t i = 0; i < finder->document->n_responses; i++)
        find_in_member(finder, i, initial);
    if (request)
        find_progress(finder, request);
}

/* ---- multiget (M17) ---- */

/* A multiget: what was asked for, and what became of it. */
typedef struct {
    ms_finder *finder;
    const ms_request *request;
    const char **asked;   /* the hrefs of the request, resolved against the Request-URI */
    ms_path_table *table; /* of them */
    bool *answered;       /* by number */
    GHashTable *extra;    /* what was answered without having been asked for, in loose spelling ->
                           * href */
} multiget;

/* Unrequested answers whose spelling is compared with that of the requested ones. */
#define MOST_EXTRA 10000

/* Bytes of relative hrefs, resolved. */
#define MOST_RESOLVED (4u * 1024 * 1024)

/* False if one of the hrefs cannot be determined. */
static bool read_asked(multiget *m)
{
    const char *uri = m->finder->context->uri;
    size_t resolved = 0;
    uint32_t before;

    for (uint32_t i = 0; i < m->request->n_hrefs; i++) {
        const char *href = m->request->hrefs[i].text;

        m->asked[i] = href;
        if (ms_href_is_relative(href)) {
            if (!uri || (*uri != '/' && !ms_path_is_absolute_uri(uri)))
                return false;
            resolved += strlen(uri) + strlen(href);
            if (resolved > MOST_RESOLVED)
                return false;
            char *target = ms_href_resolve(href, uri);

            m->asked[i] = ms_rules_interned(m->finder, target);
            g_free(target);
        } else if (*href != '/' && !ms_path_is_absolute_uri(href)) {
            return false;
        }
        ms_path_table_add(m->table, m->asked[i], i, &before);
    }
    return true;
}

/* An answer: to what was asked for, in its spelling or another, or to something else. */
static void find_in_answer(multiget *m, uint32_t response, uint32_t href_number)
{
    const ms_document *document = m->finder->document;
    const ms_text *href = &document->hrefs[href_number];
    const char *target = document->targets[href_number].text;
    uint32_t number;

    if (ms_path_table_find(m->table, target, &number)) {
        if (!m->answered[number] && !ms_path_spelled_alike(target, m->asked[number]))
            ms_rules_found(m->finder, MS_RULE_OTHER_SPELLING, response, href->span,
                           "%s answers for %s: only the spelling differs",
                           ms_rules_shown(m->finder, href->text),
                           ms_rules_shown(m->finder, m->request->hrefs[number].text));
        m->answered[number] = true;
    } else if (*href->text) {
        ms_rules_found(m->finder, MS_RULE_MULTIGET_EXTRA, response, href->span,
                       "%s was not asked for", ms_rules_shown(m->finder, href->text));
        if (g_hash_table_size(m->extra) < MOST_EXTRA)
            g_hash_table_replace(m->extra, ms_href_loose(target), (gpointer)href->text);
    }
}

/* The answer whose spelling is close to it; NULL if there is none. */
static const char *near_answer(const multiget *m, uint32_t i)
{
    if (g_hash_table_size(m->extra) == 0)
        return NULL;
    char *spelling = ms_href_loose(m->asked[i]);
    const char *other = g_hash_table_lookup(m->extra, spelling);

    g_free(spelling);
    return other;
}

static void find_unanswered(multiget *m, uint32_t i, const char *other)
{
    const char *href = ms_rules_shown(m->finder, m->request->hrefs[i].text);
    char *difference = other ? ms_href_difference(m->asked[i], other, false) : NULL;

    if (difference)
        ms_rules_found(m->finder, MS_RULE_MULTIGET_MISSING, MS_NO_RESPONSE,
                       m->finder->document->span,
                       "%s was asked for; there is an answer for %s, which is another resource, "
                       "although only its spelling differs: %s",
                       href, ms_rules_shown(m->finder, other), difference);
    else
        ms_rules_found(m->finder, MS_RULE_MULTIGET_MISSING, MS_NO_RESPONSE,
                       m->finder->document->span, "%s was asked for, but there is no answer for it",
                       href);
    g_free(difference);
}

/* Those that are explained by a spelling come first: one of them is the example. */
static void find_all_unanswered(multiget *m)
{
    for (int near = 1; near >= 0; near--) {
        for (uint32_t i = 0; i < m->request->n_hrefs; i++) {
            uint32_t number;

            /* Of those that name the same resource, the first has the number. */
            if (!ms_path_table_find(m->table, m->asked[i], &number) || number != i ||
                m->answered[i])
                continue;
            const char *other = near_answer(m, i);

            if ((other != NULL) == (near == 1))
                find_unanswered(m, i, other);
        }
    }
}

static void compare_answers(multiget *m)
{
    const ms_document *document = m->finder->document;

    for (uint32_t i = 0; i < document->n_responses; i++) {
        ms_range hrefs = document->responses[i].hrefs;

        for (uint32_t j = hrefs.first; j < hrefs.first + hrefs.count; j++)
            find_in_answer(m, i, j);
    }
    find_all_unanswered(m);
}

static void find_in_multiget(ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);

    if (!request || request->n_hrefs == 0 || !finder->whole ||
        finder->document->outcomes[MS_TRUNCATED] > 0 ||
        !(ms_rules_report(finder, MS_CALDAV("calendar-multiget")) ||
          ms_rules_report(finder, MS_CARDDAV("addressbook-multiget"))))
        return;
    multiget m = {.finder = finder,
                  .request = request,
                  .asked = g_new(const char *, request->n_hrefs),
                  .table = ms_path_table_new(request->n_hrefs),
                  .answered = g_new0(bool, request->n_hrefs),
                  .extra = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

    if (read_asked(&m))
        compare_answers(&m);
    g_hash_table_destroy(m.extra);
    g_free(m.answered);
    ms_path_table_free(m.table);
    g_free(m.asked);
}

/* ---- the data itself (M18) ---- */

/* Is one of the two names mentioned, with any status? */
static bool mentions(const ms_document *document, const ms_response *response, const char *a,
                     const char *b)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        ms_range range = document->propstats[response->propstats.first + i].properties;

        for (uint32_t j = range.first; j < range.first + range.count;
             j = document->properties[j].end) {
            const char *name = document->properties[j].name;

            if (name == a || name == b)
                return true;
        }
    }
    return false;
}

static bool asks_for(const ms_request *request, const char *name)
{
    for (uint32_t i = 0; i < request->n_properties; i++) {
        if (strcmp(request->properties[i].text, name) == 0)
            return true;
    }
    return false;
}

static void find_in_data(ms_finder *finder)
{
    static const char *const reports[] = {
        MS_CALDAV("calendar-multiget"), MS_CALDAV("calendar-query"),
        MS_CARDDAV("addressbook-multiget"), MS_CARDDAV("addressbook-query")};
    const ms_request *request = ms_rules_request(finder);
    bool fits = false;

    for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
        fits = fits || ms_rules_report(finder, reports[i]);
    if (!request || !fits || ms_rules_minimal(finder))
        return;
    const char *calendar = ms_rules_interned(finder, MS_CALDAV("calendar-data"));
    const char *address = ms_rules_interned(finder, MS_CARDDAV("address-data"));
    const char *etag = ms_rules_interned(finder, MS_DAV("getetag"));
    bool wants_etag = asks_for(request, etag);

    for (uint32_t i = 0; i < finder->document->n_responses; i++) {
        const ms_response *response = &finder->document->responses[i];
        bool ok = response->complete && response->outcome == MS_OK && response->propstats.count > 0;

        if (ok && request->wants_data && !mentions(finder->document, response, calendar, address))
            ms_rules_found(finder, MS_RULE_NO_DATA, i, response->span,
                           "%s: the data was asked for and is not mentioned",
                           ms_rules_name(finder, i));
        else if (ok && wants_etag && !mentions(finder->document, response, etag, etag))
            ms_rules_found(finder, MS_RULE_NO_DATA, i, response->span,
                           "%s: getetag was asked for and is not mentioned",
                           ms_rules_name(finder, i));
    }
}

/* ---- the status of the answer (M20) ---- */

bool ms_report_lacks_207(const char *method, const char *report, const char *depth, int status)
{
    /* RFC 4791 section 7.10, RFC 3744 section 9.5, RFC 3253 section 11.3. */
    static const char *const others[] = {MS_CALDAV("free-busy-query"),
                                         MS_DAV("principal-search-property-set"),
                                         MS_DAV("merge-preview-report")};
    /* Products, Subversion above all, define theirs otherwise. */
    static const char *const spaces[] = {MS_DAV(""), MS_CALDAV(""), MS_CARDDAV("")};
    bool standard = false;

    if (!method || strcmp(method, "REPORT") != 0 || !report || !depth || status / 100 != 2 ||
        status == 207)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(spaces); i++)
        standard = standard || g_str_has_prefix(report, spaces[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(report, others[i]) == 0)
            return false;
    }
    return standard;
}

void ms_find_in_report(ms_finder *finder)
{
    find_in_token(finder);
    find_truncation(finder);
    find_in_sync(finder);
    find_in_multiget(finder);
    find_in_data(finder);
}
