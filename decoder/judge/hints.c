/* hints.c
 * What a status means under a method, and what to look at next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hints.h"

#include <string.h>

#include "names.h"
#include "words.h"

#define MS_CALDAV(name) "{" MS_NS_CALDAV "}" name
#define MS_CARDDAV(name) "{" MS_NS_CARDDAV "}" name

/* In place of a code: any of them, of 400 to 499, of 500 to 599. */
enum { ANY = 0, CLIENT_ERROR = 4, SERVER_ERROR = 5 };

/* The first entry that fits counts: conditions first, then methods, then the status alone, then
 * its class. */
static const struct {
    int code;
    const char *methods;   /* names between spaces; NULL fits all */
    const char *condition; /* one that the resource must carry; NULL fits all */
    ms_hint hint;
} hints[] = {
    {ANY,
     NULL,
     MS_DAV("propfind-finite-depth"),
     {"The server does not answer Depth: infinity for this collection: ask level by level with "
      "Depth: 1.",
      "RFC 4918 section 9.1.1"}},
    {ANY,
     NULL,
     MS_DAV("lock-token-matches-request-uri"),
     {"The lock token that was sent does not belong to a lock of this resource: it was released, "
      "has expired, or its root is elsewhere.",
      "RFC 4918 sections 9.10.6, 9.11.1 and 16"}},
    {ANY,
     NULL,
     MS_DAV("preserved-live-properties"),
     {"The destination cannot keep a live property of the source as it was (quota, type, "
      "versions).",
      "RFC 4918 section 16"}},
    {ANY,
     NULL,
     MS_DAV("no-external-entities"),
     {"The body refers to an external entity, which the server does not open.",
      "RFC 4918 section 16"}},
    {ANY,
     NULL,
     MS_DAV("valid-sync-token"),
     {"The server does not know the sync-token (any more): start again with an empty one.",
      "RFC 6578 section 3.2"}},
    {ANY,
     NULL,
     MS_DAV("resource-must-be-null"),
     {"There is something at this place already: delete it first, or choose another name.",
      "RFC 3253 section 1.6, RFC 4791 section 5.3.1"}},
    {ANY,
     NULL,
     MS_DAV("valid-resourcetype"),
     {"The server cannot make a resource of this type here.", "RFC 5689 section 3.3"}},
    {ANY,
     NULL,
     MS_DAV("must-be-checked-out"),
     {"The resource is under version control and must be checked out before it can be changed.",
      "RFC 3253 section 4.4"}},
    {ANY,
     NULL,
     MS_DAV("cannot-modify-version"),
     {"This is a version, and versions do not change: check out the resource that it is a version "
      "of.",
      "RFC 3253 section 3.10"}},
    {ANY,
     NULL,
     MS_DAV("supported-report"),
     {"This resource does not know the report; see its supported-report-set.",
      "RFC 3253 section 3.6"}},
    {ANY,
     NULL,
     MS_DAV("number-of-matches-within-limits"),
     {"The report matches more than the server wants to list: ask for less, or page by page.",
      "RFC 3744 section 9.2, RFC 6578 section 3.6"}},
    {ANY,
     NULL,
     MS_CALDAV("no-uid-conflict"),
     {"Another resource of the calendar has the same UID; the href in the condition says which "
      "one.",
      "RFC 4791 section 5.3.2.1"}},
    {ANY,
     NULL,
     MS_CARDDAV("no-uid-conflict"),
     {"Another card of the address book has the same UID; the href in the condition says which "
      "one.",
      "RFC 6352 section 6.3.2.1"}},
    {ANY,
     NULL,
     MS_CALDAV("valid-calendar-data"),
     {"The body is not valid iCalendar.", "RFC 4791 section 5.3.2.1"}},
    {ANY,
     NULL,
     MS_CALDAV("valid-calendar-object-resource"),
     {"A calendar resource holds one UID and one kind of component, and no METHOD; this one does "
      "not.",
      "RFC 4791 sections 4.1 and 5.3.2.1"}},
    {ANY,
     NULL,
     MS_CALDAV("supported-calendar-component"),
     {"The calendar does not take this kind of component; see its "
      "supported-calendar-component-set.",
      "RFC 4791 section 5.3.2.1"}},
    {ANY,
     NULL,
     MS_CALDAV("supported-calendar-data"),
     {"The calendar does not take this media type or version; see supported-calendar-data.",
      "RFC 4791 section 5.3.2.1"}},
    {ANY,
     NULL,
     MS_CALDAV("max-resource-size"),
     {"The object is larger than max-resource-size of the calendar.", "RFC 4791 section 5.2.5"}},
    {ANY,
     NULL,
     MS_CALDAV("valid-filter"),
     {"The filter of the query is not valid.", "RFC 4791 section 7.8"}},
    {ANY,
     NULL,
     MS_CALDAV("supported-filter"),
     {"The server cannot filter for what the query asks; the condition names it.",
      "RFC 4791 section 7.8"}},
    {ANY,
     NULL,
     MS_CALDAV("calendar-collection-location-ok"),
     {"No calendar can be made at this place.", "RFC 4791 section 5.3.1"}},
    {ANY,
     NULL,
     MS_CARDDAV("valid-address-data"),
     {"The body is not a valid vCard.", "RFC 6352 section 6.3.2.1"}},
    {ANY,
     NULL,
     MS_CARDDAV("supported-address-data"),
     {"The address book does not take this media type or version; see supported-address-data.",
      "RFC 6352 section 6.3.2.1"}},
    {ANY,
     NULL,
     MS_CARDDAV("max-resource-size"),
     {"The card is larger than max-resource-size of the address book.", "RFC 6352 section 6.2.3"}},
    {403,
     NULL,
     MS_DAV("need-privileges"),
     {"The user lacks the privilege that the condition names; compare with "
      "current-user-privilege-set of that resource.",
      "RFC 3744 section 7.1.1"}},
    {403,
     NULL,
     MS_DAV("cannot-modify-protected-property"),
     {"The property is protected: the server computes it and refuses to set it. Leave it out of "
      "the "
      "request.",
      "RFC 4918 section 16"}},
    {507,
     NULL,
     MS_DAV("quota-not-exceeded"),
     {"The user's quota is used up; see quota-available-bytes.", "RFC 4331 section 6"}},
    {507,
     NULL,
     MS_DAV("sufficient-disk-space"),
     {"The server's disk is full.", "RFC 4331 section 6"}},

    {401,
     NULL,
     NULL,
     {"This resource wants other credentials than the request carried.",
      "RFC 4918 section 9.1.2, RFC 9110 section 15.5.2"}},
    {403,
     " PROPPATCH MKCOL MKCALENDAR ",
     NULL,
     {"The server refuses to set this property at all; the conditions or the description may say "
      "why. "
      "All or nothing: no other property of the request was set either.",
      "RFC 4918 section 9.2.1"}},
    {403,
     " DELETE MOVE ",
     NULL,
     {"The server may not remove this member: look at the permissions of the file and of the "
      "folder "
      "that holds it. Every collection above it stays as well.",
      "RFC 4918 section 9.6.1"}},
    {403,
     " COPY ",
     NULL,
     {"The server may not write the destination, or source and destination are the same.",
      "RFC 4918 section 9.8.5"}},
    {403,
     " PROPFIND REPORT SEARCH ",
     NULL,
     {"The user may not see this resource, or this property of it.", "RFC 4918 section 9.1.2"}},
    {403,
     " LOCK ",
     NULL,
     {"The resource cannot be locked by this user, or not at all; the whole LOCK fails with it.",
      "RFC 4918 sections 9.10.3 and 9.10.6"}},
    {403,
     " PUT POST PATCH ",
     NULL,
     {"The user may not write this resource.", "RFC 9110 section 15.5.4"}},
    {403,
     NULL,
     NULL,
     {"The server understood and refuses; authenticating again does not help. Look at permissions, "
      "access control and the conditions.",
      "RFC 9110 section 15.5.4"}},
    {404,
     " REPORT ",
     NULL,
     {"The request asked for this resource by name, and it does not exist (any more): the client's "
      "list is out of date.",
      "RFC 4791 section 7.9, RFC 6352 section 8.7"}},
    {404,
     " PROPFIND ",
     NULL,
     {"The resource itself does not exist. Many clients take the 207 for a proof that it does; the "
      "server should have answered the request with 404.",
      "RFC 4918 section 9.1"}},
    {404,
     " DELETE MOVE COPY ",
     NULL,
     {"The member was gone when its turn came: somebody else removed or renamed it meanwhile.",
      "RFC 9110 section 15.5.5"}},
    {404,
     " PROPPATCH MKCOL MKCALENDAR ",
     NULL,
     {"The server has no such property, or its resource is gone; nothing of the request was set.",
      "RFC 4918 section 9.2"}},
    {404,
     NULL,
     NULL,
     {"The resource does not exist, or was gone when its turn came.", "RFC 9110 section 15.5.5"}},
    {405,
     " MKCOL MKCALENDAR ",
     NULL,
     {"There is something at this place already.", "RFC 4918 section 9.3.1"}},
    {405,
     NULL,
     NULL,
     {"The resource does not support the method; see the Allow header that it sends.",
      "RFC 9110 section 15.5.6"}},
    {409,
     " COPY MOVE ",
     NULL,
     {"The collection that is to hold the destination does not exist: create it first.",
      "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {409,
     " PROPPATCH MKCOL MKCALENDAR ",
     NULL,
     {"The value is not one that this property can take.", "RFC 4918 section 9.2.1"}},
    {409,
     " PUT LOCK ",
     NULL,
     {"The collection that is to hold the new resource does not exist: create it first.",
      "RFC 4918 sections 9.3.1, 9.7.1 and 9.10.6"}},
    {409,
     NULL,
     NULL,
     {"The request conflicts with the state of the resource: often its parent collection is "
      "missing.",
      "RFC 9110 section 15.5.10"}},
    {412,
     " COPY MOVE ",
     NULL,
     {"The destination exists and the request said Overwrite: F, or a condition in its If header "
      "is not "
      "true.",
      "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {412,
     " LOCK ",
     NULL,
     {"The lock that was to be refreshed does not hold this resource (any more), or a condition in "
      "the If header is not true.",
      "RFC 4918 section 9.10.6"}},
    {412,
     " DELETE PUT PROPPATCH UNLOCK ",
     NULL,
     {"A condition in the If or If-Match header is not true: the resource has changed since the "
      "client saw it, or its lock is gone.",
      "RFC 4918 sections 10.4 and 12.1"}},
    {412,
     NULL,
     NULL,
     {"A condition in the request's headers (If, If-Match) is not true.", "RFC 4918 section 12.1"}},
    {415,
     " MKCOL MKCALENDAR ",
     NULL,
     {"The server does not understand the body of the request.", "RFC 4918 section 9.3.1"}},
    {415,
     NULL,
     NULL,
     {"The server does not take this kind of content there.", "RFC 9110 section 15.5.16"}},
    {422,
     NULL,
     NULL,
     {"The server understood the content and cannot carry it out.", "RFC 9110 section 15.5.21"}},
    {423,
     " DELETE ",
     NULL,
     {"The member is locked: it can be deleted by who holds the lock, with the lock token in an If "
      "header. Every collection above it stays as well. PROPFIND lockdiscovery tells who that is.",
      "RFC 4918 sections 9.6.1 and 7"}},
    {423,
     " MOVE ",
     NULL,
     {"Source or destination is locked: the request must carry the lock token in an If header. "
      "PROPFIND "
      "lockdiscovery tells who holds it.",
      "RFC 4918 sections 9.9.4 and 7"}},
    {423,
     " COPY ",
     NULL,
     {"The destination is locked: the request must carry the lock token in an If header. PROPFIND "
      "lockdiscovery tells who holds it.",
      "RFC 4918 sections 9.8.5 and 7"}},
    {423,
     " LOCK ",
     NULL,
     {"Somebody else's lock on this resource is in the way of the new one. PROPFIND lockdiscovery "
      "tells "
      "who holds it and until when.",
      "RFC 4918 sections 9.10.3 and 6.1"}},
    {423,
     " PROPPATCH ",
     NULL,
     {"The resource is locked: its properties can be changed by who holds the lock, with the lock "
      "token in an If header. PROPFIND lockdiscovery tells who that is.",
      "RFC 4918 sections 9.2.1 and 7"}},
    {423,
     " PUT MKCOL MKCALENDAR ",
     NULL,
     {"The resource, or the collection that is to hold it, is locked: the request must carry the "
      "lock token in an If header. PROPFIND lockdiscovery tells who holds the lock.",
      "RFC 4918 sections 7.4, 9.3.1 and 9.7"}},
    {423,
     NULL,
     NULL,
     {"The resource, or the collection that holds it, is locked: the request must carry the lock "
      "token "
      "in an If header. PROPFIND lockdiscovery tells who holds the lock.",
      "RFC 4918 sections 11.3 and 7"}},
    {424,
     " PROPPATCH MKCOL MKCALENDAR ",
     NULL,
     {"Nothing is wrong with these properties: they were not set because another one could not be. "
      "Look "
      "for the one whose status is not 424.",
      "RFC 4918 section 9.2.1"}},
    {424,
     " LOCK ",
     NULL,
     {"This resource could have been locked; another one below it could not, and a LOCK is all or "
      "nothing.",
      "RFC 4918 section 9.10.3"}},
    {424,
     " DELETE COPY MOVE ",
     NULL,
     {"Nothing is wrong with this resource itself: it stays because something below or above it "
      "failed.",
      "RFC 4918 sections 9.6.1 and 11.4"}},
    {424,
     NULL,
     NULL,
     {"Nothing is wrong with this resource itself: look for the one in this body whose status is "
      "not 424.",
      "RFC 4918 section 11.4"}},
    {425,
     NULL,
     NULL,
     {"The server is still processing the resource: ask again later.", "RFC 8470 section 5.2"}},
    {500,
     NULL,
     NULL,
     {"The server failed at this resource; its own log says why.", "RFC 9110 section 15.6.1"}},
    {502,
     " COPY MOVE ",
     NULL,
     {"The destination is on another server, which refused.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {503,
     NULL,
     NULL,
     {"The server could not do this at the time: try again later.", "RFC 9110 section 15.6.4"}},
    {507,
     " PROPPATCH MKCOL MKCALENDAR ",
     NULL,
     {"There is no room to store the properties: disk or quota. All or nothing: none of the "
      "request was set.",
      "RFC 4918 sections 9.2.1 and 11.5"}},
    {507,
     NULL,
     NULL,
     {"There is not enough space for this: disk or quota. See quota-available-bytes.",
      "RFC 4918 section 11.5, RFC 4331"}},
    {508,
     NULL,
     NULL,
     {"The collection contains itself by way of a binding, and the client did not say that it can "
      "deal "
      "with that (header DAV: bind).",
      "RFC 5842 section 7.2"}},
    {400,
     NULL,
     NULL,
     {"The server takes this part of the request for wrong.", "RFC 9110 section 15.5.1"}},
    {402,
     NULL,
     NULL,
     {"The server wants something paid before it does this.", "RFC 9110 section 15.5.3"}},
    {406,
     NULL,
     NULL,
     {"The server has nothing in a form that the client accepts.", "RFC 9110 section 15.5.7"}},
    {407, NULL, NULL, {"A proxy wants credentials first.", "RFC 9110 section 15.5.8"}},
    {408,
     NULL,
     NULL,
     {"The server waited too long for the request: try again.", "RFC 9110 section 15.5.9"}},
    {410, NULL, NULL, {"The resource is gone for good: forget it.", "RFC 9110 section 15.5.11"}},
    {411, NULL, NULL, {"The server wants a Content-Length.", "RFC 9110 section 15.5.12"}},
    {413,
     NULL,
     NULL,
     {"The content is larger than the server takes; with a Retry-After, for the time being.",
      "RFC 9110 section 15.5.14"}},
    {414, NULL, NULL, {"The URI is longer than the server takes.", "RFC 9110 section 15.5.15"}},
    {416,
     NULL,
     NULL,
     {"The range that was asked for is not in the resource.", "RFC 9110 section 15.5.17"}},
    {417,
     NULL,
     NULL,
     {"The server cannot do what the Expect header asks.", "RFC 9110 section 15.5.18"}},
    {421,
     NULL,
     NULL,
     {"The request reached a server that does not answer for this host: look at proxies and name "
      "resolution.",
      "RFC 9110 section 15.5.20"}},
    {426,
     NULL,
     NULL,
     {"The server wants another protocol; its Upgrade header says which.",
      "RFC 9110 section 15.5.22"}},
    {428,
     NULL,
     NULL,
     {"The server wants a condition (If-Match) with this request, so that no change gets lost.",
      "RFC 6585 section 3"}},
    {429,
     NULL,
     NULL,
     {"The client sends too many requests: wait as long as Retry-After says.",
      "RFC 6585 section 4"}},
    {431, NULL, NULL, {"A header field is larger than the server takes.", "RFC 6585 section 5"}},
    {451, NULL, NULL, {"The server may not do this for legal reasons.", "RFC 7725 section 3"}},
    {501,
     NULL,
     NULL,
     {"The server does not know the method, or not for this resource.", "RFC 9110 section 15.6.2"}},
    {502,
     NULL,
     NULL,
     {"A server behind this one gave no valid answer.", "RFC 9110 section 15.6.3"}},
    {504,
     NULL,
     NULL,
     {"A server behind this one gave no answer in time.", "RFC 9110 section 15.6.5"}},
    {505,
     NULL,
     NULL,
     {"The server does not know this version of HTTP.", "RFC 9110 section 15.6.6"}},
    {506,
     NULL,
     NULL,
     {"The server is set up wrongly: content negotiation leads to itself.",
      "RFC 2295 section 8.1"}},
    {511, NULL, NULL, {"Something in the network wants a log-in first.", "RFC 6585 section 6"}},
    {CLIENT_ERROR,
     NULL,
     NULL,
     {"The server refuses this part of the request; a description or a condition may say why.",
      "RFC 9110 section 15.5"}},
    {SERVER_ERROR,
     NULL,
     NULL,
     {"The server failed at this resource; its own log says why.", "RFC 9110 section 15.6"}},
};

static const ms_hint unreadable = {
    "No status that a client can read says what became of this resource; many clients refuse the "
    "whole body because of it.",
    "RFC 4918 sections 14.24 and 14.28"};

static bool fits_code(int wanted, int code)
{
    return wanted == ANY || wanted == code || wanted == code / 100;
}

static bool fits_method(const char *methods, const char *method)
{
    return !methods || ms_is_one_of(methods, method);
}

static bool fits_condition(const ms_hint_query *query, const char *name)
{
    return !name || query->has_condition(query->data, name);
}

const ms_hint *ms_hint_find(const ms_hint_query *query)
{
    /* What they advise is for WebDAV. */
    if (query->format == MS_FORMAT_JSON || query->format == MS_FORMAT_MULTIPART)
        return NULL;
    if (query->outcome == MS_UNKNOWN)
        return &unreadable;
    if (query->outcome != MS_COLLATERAL && !ms_outcome_is_failure(query->outcome))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (fits_code(hints[i].code, query->code) && fits_method(hints[i].methods, query->method) &&
            fits_condition(query, hints[i].condition))
            return &hints[i].hint;
    }
    return NULL;
}

/* ------------------------------------------------------------------------- of a document ---- */

typedef struct {
    const ms_document *document;
    const ms_response *response;
} resource;

static bool holds(const ms_document *document, ms_range conditions, const char *name)
{
    for (uint32_t i = conditions.first; i < conditions.first + conditions.count; i++) {
        if (strcmp(document->conditions[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool has_condition(const void *data, const char *name)
{
    const resource *r = data;

    if (holds(r->document, r->response->conditions, name))
        return true;
    for (uint32_t i = 0; i < r->response->propstats.count; i++) {
        uint32_t propstat = r->response->propstats.first + i;

        if (holds(r->document, r->document->propstats[propstat].conditions, name))
            return true;
    }
    return false;
}

const ms_hint *ms_hint_for(const ms_document *document, const ms_response *response,
                           const ms_context *context)
{
    const resource r = {document, response};
    const ms_hint_query query = {document->format, context->method, response->outcome,
                                 response->code,   has_condition,   &r};

    return ms_hint_find(&query);
}

/* -------------------------------------------------------------------------------- locks ---- */

char *ms_lock_words(const ms_lock *of)
{
    const char *taker = of->owner ? of->owner : of->client ? of->client : "an unknown client";
    const char *from = of->owner ? of->client : NULL;

    return g_strdup_printf("The lock's root is %s, taken in frame %u by %s%s%s%s%s",
                           of->root ? of->root : "?", of->frame, taker, from ? " from " : "",
                           from ? from : "", of->agent ? " with " : "", of->agent ? of->agent : "");
}
