/* hints.c
 * What a status means under a method, and what to look at next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hints.h"

#include <string.h>

#include "names.h"

/* The first entry that fits counts: conditions first, then methods, then the status alone. */
static const struct {
    int code;
    const char *methods;   /* names between spaces; NULL fits all */
    const char *condition; /* one that the resource must carry; NULL fits all */
    ms_hint hint;
} hints[] = {
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
     NULL,
     NULL,
     {"The resource does not exist, or was gone when its turn came.", "RFC 9110 section 15.5.5"}},
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
     NULL,
     NULL,
     {"A condition in the request's headers (If, If-Match) is not true.", "RFC 4918 section 12.1"}},
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
};

static const ms_hint unreadable = {
    "No client can tell what this status means; many refuse the whole body because of it.",
    "RFC 4918 section 14.28"};

static bool fits_method(const char *methods, const char *method)
{
    if (!methods)
        return true;
    const char *found = method ? strstr(methods, method) : NULL;

    return found && found[-1] == ' ' && found[strlen(method)] == ' ';
}

static bool holds(const ms_document *document, ms_range conditions, const char *name)
{
    for (uint32_t i = conditions.first; i < conditions.first + conditions.count; i++) {
        if (strcmp(document->conditions[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool fits_condition(const ms_document *document, const ms_response *response,
                           const char *name)
{
    if (!name || holds(document, response->conditions, name))
        return true;
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        if (holds(document, document->propstats[response->propstats.first + i].conditions, name))
            return true;
    }
    return false;
}

const ms_hint *ms_hint_for(const ms_document *document, const ms_response *response,
                           const ms_context *context)
{
    /* What they advise is for WebDAV. */
    if (document->format == MS_FORMAT_JSON)
        return NULL;
    if (response->outcome == MS_UNKNOWN)
        return response->code == MS_STATUS_NONE ? NULL : &unreadable;
    if (response->outcome != MS_COLLATERAL && !ms_outcome_is_failure(response->outcome))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (hints[i].code == response->code && fits_method(hints[i].methods, context->method) &&
            fits_condition(document, response, hints[i].condition))
            return &hints[i].hint;
    }
    return NULL;
}
