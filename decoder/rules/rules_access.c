/* rules_access.c
 * Rules about access control, quotas and bindings: privileges, acl, 507, resource-id (M29, M30,
 * V10, H11).
 *
 * RFC 3744 sections 5.5 and 7.1.1, RFC 4331 section 6, RFC 5842 sections 2.7 and 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "names.h"
#include "rules_path.h"
#include "values.h"

static bool has_condition(const ms_document *document, ms_range range, const char *name)
{
    for (uint32_t i = range.first; i < range.first + range.count; i = document->conditions[i].end) {
        if (document->conditions[i].name == name)
            return true;
    }
    return false;
}

/* ---- 403 and 507 (M29, M30) ---- */

typedef struct {
    ms_finder *finder;
    bool controls;             /* the server announces access-control */
    bool stores;               /* the request needs room */
    const char *quota, *space; /* conditions */
} refusals;

/* A response that names any other condition gives its reason. */
static void find_privileges(const refusals *r, uint32_t index)
{
    const ms_response *response = &r->finder->document->responses[index];

    if (r->controls && response->complete && response->outcome == MS_FAILED &&
        response->status.code == 403 && response->conditions.count == 0)
        ms_rules_found(r->finder, MS_RULE_NEED_PRIVILEGES_MISSING, index, response->span,
                       "%s: 403 without need-privileges: the client cannot tell which privilege is "
                       "lacking",
                       ms_rules_name(r->finder, index));
}

static bool lacks_reason(const refusals *r, int code, ms_range conditions)
{
    const ms_document *document = r->finder->document;

    return code == 507 && !has_condition(document, conditions, r->quota) &&
           !has_condition(document, conditions, r->space);
}

static void find_quota(const refusals *r, uint32_t index)
{
    const ms_document *document = r->finder->document;
    const ms_response *response = &document->responses[index];
    bool lacks = r->stores && lacks_reason(r, response->status.code, response->conditions);

    for (uint32_t i = 0; r->stores && i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];

        lacks = lacks || lacks_reason(r, propstat->status.code, propstat->conditions);
    }
    if (lacks && response->complete)
        ms_rules_found(r->finder, MS_RULE_QUOTA_CONDITION, index, response->span,
                       "%s: 507 without quota-not-exceeded or sufficient-disk-space: the client "
                       "cannot tell whether the user's quota or the disk is used up",
                       ms_rules_name(r->finder, index));
}

static void find_refusals(ms_finder *finder)
{
    refusals r = {
        .finder = finder,
        .controls = ms_rules_listed(finder->context->server_dav, "access-control"),
        .stores = ms_rules_method(finder, " PUT POST PATCH MKCOL MKCALENDAR COPY MOVE PROPPATCH "
                                          "LOCK BIND REBIND "),
        .quota = ms_rules_interned(finder, MS_DAV("quota-not-exceeded")),
        .space = ms_rules_interned(finder, MS_DAV("sufficient-disk-space")),
    };

    if (finder->document->failed == 0 || (!r.controls && !r.stores))
        return;
    for (uint32_t i = 0; i < finder->document->n_responses; i++) {
        find_privileges(&r, i);
        find_quota(&r, i);
    }
}

/* ---- properties (V10, H11) ---- */

typedef struct {
    ms_finder *finder;
    const ms_element *properties;
    const char *acl, *ace, *principal, *invert, *grant, *deny;
    const char *resource_id, *href;
    GArray *ids; /* of identified */
} access;

/* A resource and its resource-id. */
typedef struct {
    const char *id;
    guint hash;
    uint32_t response;
    ms_span span;
} identified;

/* ace ((principal | invert), (grant | deny), protected?, inherited?), anything else is allowed. */
static bool is_ace_malformed(const access *a, uint32_t ace)
{
    unsigned principals = 0, grants = 0, denies = 0;

    for (uint32_t i = ace + 1; i < a->properties[ace].end; i = a->properties[i].end) {
        const char *name = a->properties[i].name;

        principals += name == a->principal || name == a->invert;
        grants += name == a->grant;
        denies += name == a->deny;
    }
    return principals == 0 || (grants > 0) == (denies > 0);
}

static void find_in_acl(const access *a, uint32_t response, uint32_t acl)
{
    for (uint32_t i = acl + 1; i < a->properties[acl].end; i = a->properties[i].end) {
        if (a->properties[i].name == a->ace && is_ace_malformed(a, i))
            ms_rules_found(a->finder, MS_RULE_VALUE_ACL, response, a->properties[i].span,
                           "%s: an ace of its acl does not say who may do what: principal, and one "
                           "of grant and deny",
                           ms_rules_name(a->finder, response));
    }
}

static void note_id(const access *a, uint32_t response, uint32_t property)
{
    uint32_t child = property + 1;

    if (child < a->properties[property].end && a->properties[child].name == a->href &&
        a->properties[child].value) {
        const char *id = a->properties[child].value;
        identified made = {id, g_str_hash(id), response, a->properties[property].span};

        g_array_append_val(a->ids, made);
    }
}

static void look_at_response(const access *a, uint32_t index)
{
    const ms_document *document = a->finder->document;
    const ms_response *response = &document->responses[index];

    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        uint32_t end = propstat->properties.first + propstat->properties.count;

        if (propstat->outcome != MS_OK)
            continue;
        for (uint32_t j = propstat->properties.first; j < end; j = a->properties[j].end) {
            if (a->properties[j].name == a->acl)
                find_in_acl(a, index, j);
            else if (a->properties[j].name == a->resource_id)
                note_id(a, index, j);
        }
    }
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    const identified *one = a, *two = b;

    if (one->hash != two->hash)
        return one->hash < two->hash ? -1 : 1;
    int order = strcmp(one->id, two->id);

    return order != 0 ? order : (one->response > two->response) - (one->response < two->response);
}

/* In a listing of all depths, the second binding of a collection is a 208. */
static void find_bindings(ms_finder *finder, GArray *ids)
{
    const ms_document *document = finder->document;

    g_array_sort(ids, compare_ids);
    for (guint i = 1; i < ids->len; i++) {
        const identified *before = &g_array_index(ids, identified, i - 1);
        const identified *now = &g_array_index(ids, identified, i);
        ms_range first = document->responses[before->response].hrefs;
        ms_range second = document->responses[now->response].hrefs;

        if (now->hash == before->hash && strcmp(now->id, before->id) == 0 && first.count > 0 &&
            second.count > 0 &&
            !ms_path_same(document->hrefs[first.first].text, document->hrefs[second.first].text))
            ms_rules_found(finder, MS_RULE_BIND_TWICE, now->response, now->span,
                           "%s and %s are the same resource (%s): what happens to one happens to "
                           "the other",
                           ms_rules_name(finder, now->response),
                           ms_rules_name(finder, before->response),
                           ms_rules_shown(finder, now->id));
    }
}

/* A PROPFIND without Depth asks for all depths (RFC 4918 section 9.1). */
static bool is_infinite(const ms_finder *finder)
{
    const ms_context *context = finder->context;

    return ms_rules_listed(context->depth, "infinity") ||
           (context->request_known && !context->depth && ms_rules_method(finder, " PROPFIND "));
}

static void find_in_properties(ms_finder *finder)
{
    access a = {
        .finder = finder,
        .properties = finder->document->properties,
        .acl = ms_rules_interned(finder, MS_DAV("acl")),
        .ace = ms_rules_interned(finder, MS_DAV("ace")),
        .principal = ms_rules_interned(finder, MS_DAV("principal")),
        .invert = ms_rules_interned(finder, MS_DAV("invert")),
        .grant = ms_rules_interned(finder, MS_DAV("grant")),
        .deny = ms_rules_interned(finder, MS_DAV("deny")),
        .resource_id = ms_rules_interned(finder, MS_DAV("resource-id")),
        .href = ms_rules_interned(finder, MS_DAV("href")),
        .ids = g_array_new(FALSE, FALSE, sizeof(identified)),
    };

    for (uint32_t i = 0; i < finder->document->n_responses; i++) {
        if (finder->document->responses[i].complete)
            look_at_response(&a, i);
    }
    if (!is_infinite(finder))
        find_bindings(finder, a.ids);
    g_array_free(a.ids, TRUE);
}

void ms_find_in_access(ms_finder *finder)
{
    find_refusals(finder);
    if (ms_value_met(finder->notes, MS_DAV("acl")) ||
        ms_value_met(finder->notes, MS_DAV("resource-id")))
        find_in_properties(finder);
}
