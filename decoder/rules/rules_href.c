/* rules_href.c
 * Rules about hrefs (H1 to H10).
 *
 * RFC 4918 sections 5.2, 8.3, 9.1, 10.2 and 14.24; RFC 3986; RFC 8144 section 3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "href.h"
#include "names.h"
#include "near_href.h"
#include "rules_path.h"

/* The number of collections without members from which on a listing with Depth: infinity looks cut
 * short. One or two empty folders are nothing unusual. */
#define EMPTY_COLLECTIONS 3

typedef enum { UNLIMITED, DEPTH_0, DEPTH_1, DEPTH_INFINITY } depth_asked;

typedef struct {
    ms_finder *finder;
    ms_document *document;
    ms_path_survey *survey;
    ms_path_table *seen; /* of those that may be there again */
    const char *resourcetype, *collection;

    const char *base; /* the Request-URI, if it is known and the hrefs relate to it */
    ms_path_base base_path;
    bool must_be_below; /* of the base */
    bool may_be_above;  /* a locked or read-only parent is a cause as well */
    const char *first_uri, *first_path;
    const char *good; /* an href whose authority was found to be right, and its length */
    size_t good_length;
    bool types_known; /* a resourcetype without content says that it is no collection */

    depth_asked depth;
    uint32_t outside;     /* hrefs that should be below the base but are not */
    uint32_t below;       /* hrefs at or below the base, and of these: */
    bool request_uri;     /* the base itself is listed */
    uint32_t collections; /* members that are collections */
    bool descendants;     /* there are members of members */
} hrefs;

/* ---- form (H3, H4) ---- */

/* A segment that is "." or "..", percent-encoded or not. */
static bool is_dots(const char *segment)
{
    unsigned dots = 0;

    for (; dots < 3; dots++) {
        if (*segment == '.')
            segment++;
        else if (g_ascii_strncasecmp(segment, "%2e", 3) == 0)
            segment += 3;
        else
            break;
    }
    return (dots == 1 || dots == 2) && (*segment == '\0' || strchr("/?#", *segment) != NULL);
}

/* May the character appear unencoded in a path or query (RFC 3986 sections 3.3 and 3.4)? A bit for
 * each ASCII character: letters, digits and -_.~!$&'()*+,;=:@? */
static inline bool is_plain(char c)
{
    static const uint64_t plain[2] = {0xAFFF7FD200000000u, 0x47FFFFFE87FFFFFFu};
    unsigned char octet = (unsigned char)c;

    return octet < 128 && (plain[octet / 64] >> (octet % 64) & 1);
}

/* The first character of a path that has to be encoded; NULL if there is none. */
static const char *wrong_character(const char *at, bool *dots)
{
    for (; *at; at++) {
        if (is_plain(*at))
            continue;
        if (*at == '/') {
            if (at[1] == '.' || at[1] == '%')
                *dots = *dots || is_dots(at + 1);
        } else if (*at != '%' || !g_ascii_isxdigit(at[1]) || !g_ascii_isxdigit(at[2])) {
            return at;
        }
    }
    return NULL;
}

/* What is wrong with it. The caller frees it with g_free(). */
static char *character_words(char c)
{
    unsigned octet = (unsigned char)c;

    if (c == '%')
        return g_strdup("a \"%\" that begins no escape must be percent-encoded (%25)");
    if (c == '#')
        return g_strdup("a \"#\", after which clients read a fragment (%23 would be a name's own)");
    if (octet >= 0x80)
        return g_strdup("a character that is not ASCII must be percent-encoded");
    if (c == ' ')
        return g_strdup("a space must be percent-encoded (%20)");
    if (g_ascii_iscntrl(c))
        return g_strdup_printf("a control character must be percent-encoded (%%%02X)", octet);
    return g_strdup_printf("the character %c must be percent-encoded (%%%02X)", c, octet);
}

/* The caller frees it with g_free(); NULL if nothing is wrong. */
static char *wrong_form(const char *href, bool *dots)
{
    const char *path = ms_path_of(href);

    if (ms_href_is_encoded_uri(href))
        return g_strdup("it is a URI that is percent-encoded as a whole; clients take it for a "
                        "relative path");
    if (ms_href_is_relative(href))
        return g_strdup("it is relative; an href is an absolute path or URI");
    if (href[0] == '/' && href[1] == '/')
        return g_strdup("it starts with \"//\", after which clients read a host");
    const char *character = wrong_character(path, dots);

    return character ? character_words(*character) : NULL;
}

/* Is it the Request-URI in another spelling? */
static bool is_respelled(const hrefs *h, const char *target)
{
    return h->base && ms_path_same(target, h->base) && !ms_path_spelled_alike(target, h->base);
}

static void find_form(hrefs *h, uint32_t index, const ms_text *href, const char *target)
{
    bool dots = false;
    char *wrong = wrong_form(href->text, &dots);

    if (wrong && is_respelled(h, target))
        ms_rules_found(h->finder, MS_RULE_BAD_HREF, index, href->span,
                       "%s: %s; it is the Request-URI %s, only its spelling differs",
                       ms_rules_shown(h->finder, href->text), wrong,
                       ms_rules_shown(h->finder, h->base));
    else if (wrong)
        ms_rules_found(h->finder, MS_RULE_BAD_HREF, index, href->span, "%s: %s",
                       ms_rules_shown(h->finder, href->text), wrong);
    g_free(wrong);
    if (dots)
        ms_rules_found(h->finder, MS_RULE_DOT_SEGMENTS, index, href->span,
                       "%s holds the segments \".\" or \"..\"",
                       ms_rules_shown(h->finder, href->text));
    if (ms_path_is_absolute_uri(href->text))
        h->first_uri = h->first_uri ? h->first_uri : href->text;
    else if (href->text[0] == '/')
        h->first_path = h->first_path ? h->first_path : href->text;
}

/* ---- the same href again (H1, H10) ---- */

static void find_duplicate(hrefs *h, uint32_t index, const ms_text *href, uint32_t number)
{
    const ms_document *document = h->document;
    const ms_response *response = &document->responses[index];
    uint32_t before;

    /* A row that only says that there is more comes in addition to the resource's own. */
    if (!ms_path_survey_repeated(h->survey, number) || response->outcome == MS_TRUNCATED ||
        ms_path_table_add(h->seen, document->targets[number].text, number, &before) ||
        before >= response->hrefs.first)
        return;
    const ms_text *other = &document->hrefs[before];

    if (strcmp(other->text, href->text) == 0)
        ms_rules_found(h->finder, MS_RULE_DUPLICATE_HREF, index, href->span,
                       "%s stands in more than one response",
                       ms_rules_shown(h->finder, href->text));
    else
        ms_rules_found(h->finder, MS_RULE_SAME_RESOURCE, index, href->span,
                       "%s and %s name the same resource", ms_rules_shown(h->finder, other->text),
                       ms_rules_shown(h->finder, href->text));
}

/* ---- the request (H5, H6) ---- */

typedef struct {
    const char *host;
    size_t host_length;
    const char *port; /* "" for the default one */
    size_t port_length;
} authority;

/* Of "user@host:port" that ends at `end`. Hosts in brackets hold colons. */
static authority read_authority(const char *at, const char *end)
{
    for (const char *c = at; c < end; c++) {
        if (*c == '@')
            at = c + 1;
    }
    const char *bracket = memchr(at, ']', (size_t)(end - at));
    const char *from = bracket ? bracket : at;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    authority read = {at, (size_t)((colon ? colon : end) - at), "", 0};

    if (colon && end - colon > 1) {
        read.port = colon + 1;
        read.port_length = (size_t)(end - read.port);
    }
    /* Behind a proxy that ends TLS, neither 80 nor 443 says anything. */
    if ((read.port_length == 2 && strncmp(read.port, "80", 2) == 0) ||
        (read.port_length == 3 && strncmp(read.port, "443", 3) == 0))
        read.port_length = 0;
    return read;
}

static bool same_authority(authority a, authority b)
{
    return a.host_length == b.host_length && a.port_length == b.port_length &&
           g_ascii_strncasecmp(a.host, b.host, a.host_length) == 0 &&
           strncmp(a.port, b.port, a.port_length) == 0;
}

static authority authority_of_uri(const char *uri)
{
    const char *start = strstr(uri, "://");

    return read_authority(start + 3, ms_path_of(uri));
}

static void find_authority(hrefs *h, uint32_t index, const ms_text *href)
{
    const ms_context *context = h->finder->context;
    size_t length = (size_t)(ms_path_of(href->text) - href->text);

    if (!context->host || length == 0 ||
        (length == h->good_length && strncmp(h->good, href->text, length) == 0))
        return;
    authority of = authority_of_uri(href->text);
    bool right =
        same_authority(of, read_authority(context->host, context->host + strlen(context->host)));

    if (!right && context->destination && ms_path_is_absolute_uri(context->destination))
        right = same_authority(of, authority_of_uri(context->destination));
    if (!right)
        ms_rules_found(h->finder, MS_RULE_OTHER_AUTHORITY, index, href->span,
                       "%s: the request was sent to %s", ms_rules_shown(h->finder, href->text),
                       ms_rules_shown(h->finder, context->host));
    else if (context->tls && g_ascii_strncasecmp(href->text, "http:", 5) == 0)
        ms_rules_found(h->finder, MS_RULE_OTHER_AUTHORITY, index, href->span,
                       "%s: the request was sent with TLS (https)",
                       ms_rules_shown(h->finder, href->text));
    else {
        h->good = href->text;
        h->good_length = length;
    }
}

/* Is one at or below what remains of the other without some of its leading segments? Returns the
 * length of those, 0 if not. Nothing remains of a base that is just a slash. */
static size_t left_over_start(const char *longer, const char *other, bool longer_is_base)
{
    const char *path = ms_path_of(longer);
    size_t end = strcspn(path, "?#");

    for (size_t i = 1; i + 1 < end; i++) {
        if (path[i] == '/' && path[i + 1] != '/' &&
            (longer_is_base ? ms_path_below(other, path + i) : ms_path_below(path + i, other)))
            return i;
    }
    return 0;
}

/* A proxy that changes paths, and what it strips or prepends. The caller frees it with g_free();
 * NULL if that is not it. */
static char *prefix_words(const char *base, const char *target)
{
    size_t lacks = left_over_start(base, target, true);
    size_t has = lacks > 0 ? 0 : left_over_start(target, base, false);

    if (lacks > 0)
        return g_strdup_printf("it lacks the prefix %.*s, as behind a proxy that strips it from "
                               "requests and does not put it back into answers",
                               (int)lacks, ms_path_of(base));
    if (has > 0)
        return g_strdup_printf("it has the prefix %.*s, as behind a proxy that adds it to requests "
                               "and does not strip it from answers",
                               (int)has, ms_path_of(target));
    return NULL;
}

/* Why an href is not where it should be, as far as that can be determined. The caller frees it. */
static char *outside_words(const char *base, const char *target)
{
    char *difference = ms_href_difference(base, target, true);
    char *words = difference ? g_strdup_printf("only the spelling differs: %s", difference)
                             : prefix_words(base, target);

    g_free(difference);
    return words;
}

static void find_outside(hrefs *h, uint32_t index, const ms_text *href, const char *target)
{
    if (!h->must_be_below || (h->may_be_above && ms_path_below(h->base, target)) ||
        ms_rules_is_subversion(target))
        return;
    /* The first one is reported; the others are counted. */
    char *words = h->outside++ == 0 ? outside_words(h->base, target) : NULL;

    ms_rules_found(h->finder, MS_RULE_OUTSIDE_REQUEST_URI, index, href->span,
                   "%s is not below the Request-URI %s%s%s", ms_rules_shown(h->finder, href->text),
                   ms_rules_shown(h->finder, h->base), words ? "; " : "", words ? words : "");
    g_free(words);
}

static void find_place(hrefs *h, uint32_t index, const ms_text *href, const char *target)
{
    if (!h->base)
        return;
    const char *rest = ms_path_below_base(target, &h->base_path);

    if (!rest) {
        find_outside(h, index, href, target);
        return;
    }
    unsigned depth = ms_path_depth(rest);

    h->below++;
    h->request_uri = h->request_uri || depth == 0;
    h->descendants = h->descendants || depth > 1;
    if (depth == 1 && rest[strlen(rest) - 1] == '/')
        h->collections++;
    if ((h->depth == DEPTH_0 && depth > 0) || (h->depth == DEPTH_1 && depth > 1))
        ms_rules_found(h->finder, MS_RULE_TOO_DEEP, index, href->span,
                       "%s is %u below the Request-URI, but the request said Depth: %s",
                       ms_rules_shown(h->finder, href->text), depth, h->finder->context->depth);
}

/* ---- collections (H7) ---- */

typedef enum { NOT_SAID, COLLECTION, PLAIN } kind;

/* What the resourcetype says. A principal or an address book is not plain, even if it is no
 * collection. */
static kind kind_of(const hrefs *h, const ms_response *response)
{
    const ms_document *document = h->document;
    const ms_element *properties = document->properties;

    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        uint32_t end = propstat->properties.first + propstat->properties.count;

        if (propstat->outcome != MS_OK)
            continue;
        for (uint32_t j = propstat->properties.first; j < end; j = properties[j].end) {
            if (properties[j].name != h->resourcetype)
                continue;
            for (uint32_t child = j + 1; child < properties[j].end; child = properties[child].end) {
                if (properties[child].name == h->collection)
                    return COLLECTION;
            }
            return properties[j].end == j + 1 ? PLAIN : NOT_SAID;
        }
    }
    return NOT_SAID;
}

static void find_slash(hrefs *h, uint32_t index)
{
    const ms_response *response = &h->document->responses[index];

    if (response->hrefs.count == 0 || response->propstats.count == 0)
        return;
    const ms_text *href = &h->document->hrefs[response->hrefs.first];
    const char *path = ms_path_of(href->text);
    size_t length = strcspn(path, "?#");
    bool slash = length > 0 && path[length - 1] == '/';
    kind is = kind_of(h, response);

    if (is == COLLECTION && !slash)
        ms_rules_found(h->finder, MS_RULE_TRAILING_SLASH, index, href->span,
                       "%s is a collection, but does not end with a slash",
                       ms_rules_shown(h->finder, href->text));
    else if (is == PLAIN && slash && length > 1 && h->types_known)
        ms_rules_found(h->finder, MS_RULE_TRAILING_SLASH, index, href->span,
                       "%s is not a collection, but ends with a slash",
                       ms_rules_shown(h->finder, href->text));
}

/* ---- the body (H2, H8, H9) ---- */

static bool wants_root(const ms_finder *finder)
{
    return !ms_rules_listed(finder->context->depth, "noroot") &&
           !ms_rules_listed(finder->context->prefer, "depth-noroot") &&
           !ms_rules_listed(finder->context->preference_applied, "depth-noroot");
}

static void find_in_listing(hrefs *h)
{
    ms_span span = h->document->span;

    if (h->first_uri && h->first_path)
        ms_rules_found(h->finder, MS_RULE_MIXED_HREFS, MS_NO_RESPONSE, span,
                       "Some hrefs are absolute URIs (%s), some are paths (%s)",
                       ms_rules_shown(h->finder, h->first_uri),
                       ms_rules_shown(h->finder, h->first_path));
    if (!h->finder->whole || !ms_rules_method(h->finder, " PROPFIND "))
        return;
    /* If no href is below it, that is the finding. */
    if (h->below > 0 && !h->request_uri && h->finder->context->request_known &&
        wants_root(h->finder))
        ms_rules_found(h->finder, MS_RULE_NO_REQUEST_URI, MS_NO_RESPONSE, span,
                       "The listing of %s lacks that resource itself",
                       ms_rules_shown(h->finder, h->base));
    if (h->depth == DEPTH_INFINITY && h->collections >= EMPTY_COLLECTIONS && !h->descendants)
        ms_rules_found(h->finder, MS_RULE_TOO_SHALLOW, MS_NO_RESPONSE, span,
                       "Depth: infinity was asked for, but none of the %u collections in %s shows "
                       "a member",
                       h->collections, ms_rules_shown(h->finder, h->base));
}

static depth_asked depth_of(const ms_finder *finder)
{
    const char *depth = finder->context->depth;

    if (!depth || !ms_rules_method(finder, " PROPFIND "))
        return UNLIMITED;
    if (ms_rules_listed(depth, "0"))
        return DEPTH_0;
    if (ms_rules_listed(depth, "1"))
        return DEPTH_1;
    return ms_rules_listed(depth, "infinity") ? DEPTH_INFINITY : UNLIMITED;
}

static const char *base_of(const ms_finder *finder)
{
    const char *uri = finder->context->uri;

    return uri && (*uri == '/' || ms_path_is_absolute_uri(uri)) ? uri : NULL;
}

/* Reports whose answer is about the Request-URI and its members. Those that are about resources
 * named elsewhere (versions, principals, the hrefs of a multiget) are not among them. */
static bool reports_members(const ms_finder *finder)
{
    const ms_request *request = ms_rules_request(finder);

    return ms_rules_report(finder, MS_DAV("sync-collection")) ||
           ms_rules_report(finder, "{" MS_NS_CALDAV "}calendar-query") ||
           ms_rules_report(finder, "{" MS_NS_CARDDAV "}addressbook-query") ||
           (ms_rules_report(finder, MS_DAV("principal-property-search")) && request &&
            !request->elsewhere);
}

static void *start(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_context *context = finder->context;
    hrefs *h = g_new(hrefs, 1);

    *h = (hrefs){
        .finder = finder,
        .document = finder->document,
        .survey = ms_path_survey_new(document->targets, document->n_hrefs),
        .resourcetype = ms_rules_interned(finder, MS_DAV("resourcetype")),
        .collection = ms_rules_interned(finder, MS_DAV("collection")),
        .base = base_of(finder),
        .must_be_below =
            ms_rules_method(finder, " PROPFIND PROPPATCH DELETE LOCK MKCOL MKCALENDAR ") ||
            reports_members(finder),
        .may_be_above = !ms_rules_method(finder, " PROPFIND REPORT "),
        /* The answer to propname holds names only. */
        .types_known = context->request_known && ms_rules_method(finder, " PROPFIND ") &&
                       context->request && context->request->well_formed &&
                       !context->request->propname,
        .depth = depth_of(finder),
    };
    if (h->base)
        h->base_path = ms_path_base_of(h->base);
    h->seen = ms_path_table_new(ms_path_survey_repeats(h->survey));
    return h;
}

static void find_in_response(hrefs *h, uint32_t index)
{
    const ms_document *document = h->document;
    const ms_response *response = &document->responses[index];

    if (!response->complete)
        return;
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        uint32_t number = response->hrefs.first + i;
        const ms_text *href = &document->hrefs[number];

        if (!*href->text)
            continue;
        const char *target = document->targets[number].text;

        /* A relative one may be simple once it is resolved. */
        if (!ms_path_survey_simple(h->survey, number) || target != href->text)
            find_form(h, index, href, target);
        else if (!h->first_path)
            h->first_path = href->text;
        find_duplicate(h, index, href, number);
        find_authority(h, index, href);
        find_place(h, index, href, target);
    }
    find_slash(h, index);
}

static void look(void *state, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        find_in_response(state, i);
}

static void finish(void *state)
{
    hrefs *h = state;

    find_in_listing(h);
    ms_path_table_free(h->seen);
    ms_path_survey_free(h->survey);
    g_free(h);
}

const ms_family ms_family_hrefs = {start, look, finish};
