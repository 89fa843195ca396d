/* hints.c
 * What a status means in its situation, and what to look at next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hints.h"

#include <string.h>

#include "href.h"
#include "names.h"
#include "words.h"

#define C(name) "{" MS_NS_CALDAV "}" name
#define CR(name) "{" MS_NS_CARDDAV "}" name

/* In place of a code: any of them, of 400 to 499, of 500 to 599. */
enum { ANY = 0, CLIENT_ERROR = 4, SERVER_ERROR = 5 };

/* What is known about the situation, and what a row asks for. */
enum {
    SELF = 1 << 0,     /* it is about the Request-URI itself */
    MEMBER = 1 << 1,   /* ... about another resource */
    PROPERTY = 1 << 2, /* a group that names properties decided */
    WHOLE = 1 << 3,    /* ... none: it is about the resource as a whole */
    SAID = 1 << 4,     /* the server gives a reason: words of its own, or any condition */
    SILENT = 1 << 5,   /* ... none: a guess may help */
    IF = 1 << 6,       /* the request has an If header */
    MATCH = 1 << 7,    /* ... If-Match or the like */
    FREE = 1 << 8,     /* ... neither: it is known to have no such condition */
    KEEP = 1 << 9,     /* ... Overwrite: F */
    REPLACE = 1 << 10, /* ... no Overwrite: F */
    LIVE = 1 << 11,    /* the property is one that the server keeps itself */
    ALONE = 1 << 12,   /* the body mentions no failure */
    MIXED = 1 << 13,   /* other properties of the resource were done all the same */
};

typedef struct {
    int code;
    const char *methods;   /* names between spaces; NULL fits all */
    const char *reports;   /* local names of reports between spaces; NULL fits all, and no report */
    unsigned facts;        /* that must hold */
    const char *condition; /* one that the resource must carry; NULL fits all */
    const char *words; /* in the server's own text, in lower case, between bars; NULL fits all */
    ms_hint hint;
} hint_row;

#define PATCHES " PROPPATCH MKCOL MKCALENDAR "
#define QUERIES " calendar-query addressbook-query "
#define MULTIGETS " calendar-multiget addressbook-multiget "

/* What servers say of a property that clients cannot set. */
#define READ_ONLY                                                                                  \
    "read-only|read only|readonly|protected|cannot be changed|can't be changed|can not be changed" \
    "|not be modified|not be changed|cannot be set|can't be set|can not be set|may not be set"     \
    "|immutable|not writable|not writeable"

/* What became of the other properties, as it should be and as it should not. */
#define SET_NONE "all or nothing, no other property was set either."
#define SET_SOME                                                                                   \
    "The request should be all or nothing, but the server says that it set other properties of "   \
    "it: read them again."

/* The first row that fits counts: conditions first, then what the server says itself, then methods,
 * then the status alone, then its class. A row that guesses at a cause asks for SILENT: the
 * server's own words are better than a guess. */
/* clang-format off */
static const hint_row hints[] = {
    /* ---- conditions ---- */
    {ANY, NULL, NULL, 0, MS_DAV("propfind-finite-depth"), NULL, {"The server does not answer Depth: infinity for this collection: ask level by level with Depth: 1.", "RFC 4918 section 9.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("lock-token-matches-request-uri"), NULL, {"The lock token that was sent does not belong to a lock on this resource: the lock was released, has expired, or covers something else.", "RFC 4918 sections 9.10.6, 9.11.1 and 16"}},
    {ANY, NULL, NULL, 0, MS_DAV("preserved-live-properties"), NULL, {"The destination cannot keep a live property of the source as it was (quota, type, versions).", "RFC 4918 section 16"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-external-entities"), NULL, {"The body refers to an external entity, which the server does not open.", "RFC 4918 section 16"}},
    {ANY, NULL, NULL, 0, MS_DAV("valid-sync-token"), NULL, {"The server does not know the sync-token (any more): start again with an empty one.", "RFC 6578 section 3.2"}},
    {ANY, NULL, NULL, 0, MS_DAV("resource-must-be-null"), NULL, {"Something exists here already: delete it first, or choose another name.", "RFC 3253 section 1.6, RFC 4791 section 5.3.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("valid-resourcetype"), NULL, {"The server cannot make a resource of this type here.", "RFC 5689 section 3.3"}},
    {ANY, NULL, NULL, 0, MS_DAV("must-be-checked-out"), NULL, {"The resource is under version control and must be checked out before it can be changed.", "RFC 3253 section 4.4"}},
    {ANY, NULL, NULL, 0, MS_DAV("cannot-modify-version"), NULL, {"This is a version, and versions do not change: check out the resource that it is a version of.", "RFC 3253 section 3.10"}},
    {ANY, NULL, NULL, 0, MS_DAV("supported-report"), NULL, {"This resource does not support the report; see its supported-report-set.", "RFC 3253 section 3.6"}},
    {ANY, " PROPFIND ", NULL, 0, MS_DAV("number-of-matches-within-limits"), NULL, {"There is more here than the server is willing to list: ask for less, or page by page.", "RFC 3744 section 9.2"}},
    {ANY, NULL, NULL, 0, MS_DAV("number-of-matches-within-limits"), NULL, {"The report matches more than the server is willing to list: ask for less, or page by page.", "RFC 3744 section 9.2, RFC 6578 section 3.6"}},
    {ANY, NULL, NULL, 0, C("no-uid-conflict"), NULL, {"Another resource in the calendar has the same UID; the href in the condition says which one.", "RFC 4791 section 5.3.2.1"}},
    {ANY, NULL, NULL, 0, CR("no-uid-conflict"), NULL, {"Another card in the address book has the same UID; the href in the condition says which one.", "RFC 6352 section 6.3.2.1"}},
    {ANY, NULL, NULL, 0, C("valid-calendar-data"), NULL, {"The body is not valid iCalendar.", "RFC 4791 section 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("valid-calendar-object-resource"), NULL, {"A calendar resource holds one UID, one kind of component and no METHOD; this one does not.", "RFC 4791 sections 4.1 and 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("supported-calendar-component"), NULL, {"The calendar does not accept this kind of component; see its supported-calendar-component-set.", "RFC 4791 section 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("supported-calendar-data"), NULL, {"The calendar does not accept this media type or version; see supported-calendar-data.", "RFC 4791 section 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("max-resource-size"), NULL, {"The object is larger than the calendar's max-resource-size.", "RFC 4791 section 5.2.5"}},
    {ANY, NULL, NULL, 0, C("valid-filter"), NULL, {"The filter of the query is not valid.", "RFC 4791 section 7.8"}},
    {ANY, NULL, NULL, 0, C("supported-filter"), NULL, {"The server cannot filter for what the query asks; the condition names it.", "RFC 4791 section 7.8"}},
    {ANY, NULL, NULL, 0, C("calendar-collection-location-ok"), NULL, {"No calendar can be created at this place.", "RFC 4791 section 5.3.1"}},
    {ANY, NULL, NULL, 0, CR("valid-address-data"), NULL, {"The body is not a valid vCard.", "RFC 6352 section 6.3.2.1"}},
    {ANY, NULL, NULL, 0, CR("supported-address-data"), NULL, {"The address book does not accept this media type or version; see supported-address-data.", "RFC 6352 section 6.3.2.1"}},
    {ANY, NULL, NULL, 0, CR("max-resource-size"), NULL, {"The card is larger than the address book's max-resource-size.", "RFC 6352 section 6.2.3"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-ace-conflict"), NULL, {"Two of the entries contradict each other: the server does not accept an acl that grants and denies the same.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-protected-ace-conflict"), NULL, {"An entry contradicts a protected one, which the server does not let clients change; see the acl that is there.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-inherited-ace-conflict"), NULL, {"An entry contradicts one that is inherited from a collection above.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("limited-number-of-aces"), NULL, {"The acl has more entries than the server keeps for one resource.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("deny-before-grant"), NULL, {"The server wants the entries that deny before those that grant; see acl-restrictions.", "RFC 3744 sections 5.6.3 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("grant-only"), NULL, {"The server accepts only entries that grant, none that deny; see acl-restrictions.", "RFC 3744 sections 5.6.1 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-invert"), NULL, {"The server does not accept entries with invert; see acl-restrictions.", "RFC 3744 sections 5.6.2 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("no-abstract"), NULL, {"A privilege of the acl is abstract: it cannot be granted by itself; see supported-privilege-set.", "RFC 3744 sections 5.3 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("not-supported-privilege"), NULL, {"A privilege of the acl is not known for this resource; see supported-privilege-set.", "RFC 3744 sections 5.3 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("missing-required-principal"), NULL, {"The acl lacks an entry for a principal that the server requires; see acl-restrictions.", "RFC 3744 sections 5.6.4 and 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("recognized-principal"), NULL, {"An entry of the acl names a principal that the server does not know.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("allowed-principal"), NULL, {"An entry of the acl names a principal for whom the server does not allow entries here.", "RFC 3744 section 8.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("bind-into-collection"), NULL, {"The place for the new binding does not exist or is not a collection.", "RFC 5842 section 4"}},
    {ANY, NULL, NULL, 0, MS_DAV("bind-source-exists"), NULL, {"The resource that was to get another name does not exist: look at the href of the request.", "RFC 5842 section 4"}},
    {ANY, NULL, NULL, 0, MS_DAV("rebind-source-exists"), NULL, {"The resource that was to get another name does not exist: look at the href of the request.", "RFC 5842 section 6"}},
    {ANY, NULL, NULL, 0, MS_DAV("unbind-source-exists"), NULL, {"The name that was to be removed does not exist in the collection.", "RFC 5842 section 5"}},
    {ANY, NULL, NULL, 0, MS_DAV("binding-allowed"), NULL, {"The server does not let this resource have more than one name.", "RFC 5842 section 4"}},
    {ANY, NULL, NULL, 0, MS_DAV("cross-server-binding"), NULL, {"The resource is on another server, and this one makes no bindings across servers.", "RFC 5842 sections 4 and 6"}},
    {ANY, NULL, NULL, 0, MS_DAV("name-allowed"), NULL, {"The last segment of the name is one that the server does not accept.", "RFC 5842 sections 4 and 6"}},
    {ANY, NULL, NULL, 0, MS_DAV("can-overwrite"), NULL, {"The name exists already, and the request said Overwrite: F.", "RFC 5842 sections 4 and 6"}},
    {ANY, NULL, NULL, 0, MS_DAV("cycle-allowed"), NULL, {"The binding would make the collection contain itself, which the server does not allow.", "RFC 5842 sections 4 and 6"}},
    {ANY, NULL, NULL, 0, MS_DAV("locked-update-allowed"), NULL, {"The collection is locked: the request must carry the lock token in an If header.", "RFC 5842 sections 4 to 6"}},
    {ANY, NULL, NULL, 0, C("min-date-time"), NULL, {"A date is earlier than the calendar accepts; see its min-date-time.", "RFC 4791 sections 5.2.6 and 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("max-date-time"), NULL, {"A date is later than the calendar accepts; see its max-date-time.", "RFC 4791 sections 5.2.7 and 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("max-instances"), NULL, {"The event recurs more often than the calendar accepts; see its max-instances.", "RFC 4791 sections 5.2.8 and 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("max-attendees-per-instance"), NULL, {"The event has more attendees than the calendar accepts; see its max-attendees-per-instance.", "RFC 4791 sections 5.2.9 and 5.3.2.1"}},
    {ANY, NULL, NULL, 0, C("supported-collation"), NULL, {"The server cannot compare texts with the collation that the query asks for; see supported-collation-set.", "RFC 4791 sections 7.5.1 and 7.8"}},
    {ANY, NULL, NULL, 0, C("unique-scheduling-object-resource"), NULL, {"The user has a copy of this event in another calendar; the href in the condition says where.", "RFC 6638 section 3.2.4.1"}},
    {ANY, NULL, NULL, 0, C("same-organizer-in-all-components"), NULL, {"All components of the event must have the same organizer.", "RFC 6638 section 3.2.4.2"}},
    {ANY, NULL, NULL, 0, C("allowed-organizer-scheduling-object-change"), NULL, {"The organizer may not change the event in this way.", "RFC 6638 section 3.2.4.3"}},
    {ANY, NULL, NULL, 0, C("allowed-attendee-scheduling-object-change"), NULL, {"An attendee may not change the event in this way: the organizer must.", "RFC 6638 section 3.2.4.4"}},
    {ANY, NULL, NULL, 0, CR("supported-collation"), NULL, {"The server cannot compare texts with the collation that the query asks for; see supported-collation-set.", "RFC 6352 sections 8.3.1 and 8.6"}},
    {ANY, NULL, NULL, 0, CR("supported-filter"), NULL, {"The server cannot filter for what the query asks; the condition names it.", "RFC 6352 section 8.6"}},
    {ANY, NULL, NULL, 0, CR("addressbook-collection-location-ok"), NULL, {"No address book can be created at this place.", "RFC 6352 section 6.3.2.1"}},
    {403, NULL, NULL, 0, MS_DAV("need-privileges"), NULL, {"The user lacks the privilege that the condition names; compare with current-user-privilege-set of that resource.", "RFC 3744 section 7.1.1"}},
    {ANY, NULL, NULL, 0, MS_DAV("cannot-modify-protected-property"), NULL, {"The property is protected: the server computes it and refuses to set it. Leave it out of the request.", "RFC 4918 section 16"}},
    {507, NULL, NULL, 0, MS_DAV("quota-not-exceeded"), NULL, {"The user's quota is used up; see quota-available-bytes.", "RFC 4331 section 6"}},
    {507, NULL, NULL, 0, MS_DAV("sufficient-disk-space"), NULL, {"The server's disk is full.", "RFC 4331 section 6"}},

    /* ---- what the server says itself ---- */
    {ANY, PATCHES, NULL, PROPERTY | MIXED, NULL, READ_ONLY, {"The server says that it does not let clients set this property. Leave it out of the request. " SET_SOME, "RFC 4918 sections 9.2.1 and 16"}},
    {ANY, PATCHES, NULL, PROPERTY, NULL, READ_ONLY, {"The server says that it does not let clients set this property. Leave it out of the request: " SET_NONE, "RFC 4918 sections 9.2.1 and 16"}},
    {404, NULL, QUERIES, SELF, NULL, "no resource|no match|no result|no event|no item|no object|no card|no contact|no entr|nothing found|nothing was found|nothing match|empty", {"The server means that the query found nothing. The answer to that is a Multi-Status body without any response, not a 404 for the collection: clients take this for a failed request.", "RFC 4791 section 7.8, RFC 6352 section 8.6"}},

    /* ---- method and status ---- */
    {401, NULL, NULL, 0, NULL, NULL, {"This resource needs other credentials than those in the request.", "RFC 4918 section 9.1.2, RFC 9110 section 15.5.2"}},
    {403, PATCHES, NULL, PROPERTY | MIXED | SILENT | LIVE, NULL, NULL, {"This is a live property, which the server maintains itself: few servers let clients set it. Leave it out of the request. " SET_SOME, "RFC 4918 sections 9.2.1 and 15"}},
    {403, PATCHES, NULL, PROPERTY | SILENT | LIVE, NULL, NULL, {"This is a live property, which the server maintains itself: few servers let clients set it. Leave it out of the request: " SET_NONE, "RFC 4918 sections 9.2.1 and 15"}},
    {403, PATCHES, NULL, PROPERTY | MIXED | SAID, NULL, NULL, {"The server refuses to set this property, for the reason it gives. " SET_SOME, "RFC 4918 section 9.2.1"}},
    {403, PATCHES, NULL, PROPERTY | SAID, NULL, NULL, {"The server refuses to set this property, for the reason it gives. All or nothing: no other property of the request was set either.", "RFC 4918 section 9.2.1"}},
    {403, PATCHES, NULL, PROPERTY | MIXED, NULL, NULL, {"The server refuses to set this property at all, and does not say why. " SET_SOME, "RFC 4918 section 9.2.1"}},
    {403, PATCHES, NULL, PROPERTY, NULL, NULL, {"The server refuses to set this property at all, and does not say why. All or nothing: no other property of the request was set either.", "RFC 4918 section 9.2.1"}},
    {403, PATCHES, NULL, 0, NULL, NULL, {"The server refuses to change the properties of this resource: all or nothing, none of them was set.", "RFC 4918 section 9.2.1"}},
    {403, " DELETE MOVE ", NULL, MEMBER | SILENT, NULL, NULL, {"The server is not permitted to remove this member: look at the permissions of the file and of the folder that holds it. Every collection above it stays as well.", "RFC 4918 section 9.6.1"}},
    {403, " DELETE MOVE ", NULL, SILENT, NULL, NULL, {"The server is not permitted to remove this resource: look at the permissions of the file and of the folder that holds it.", "RFC 4918 section 9.6.1"}},
    {403, " DELETE MOVE ", NULL, 0, NULL, NULL, {"The server refuses to remove this resource, for the reason it gives. Every collection above it stays as well.", "RFC 4918 section 9.6.1"}},
    {403, " COPY ", NULL, SILENT, NULL, NULL, {"The server is not permitted to write the destination, or source and destination are the same.", "RFC 4918 section 9.8.5"}},
    {403, " PROPFIND REPORT SEARCH ", NULL, PROPERTY | SILENT, NULL, NULL, {"The user may not see this property of the resource.", "RFC 4918 section 9.1.2"}},
    {403, " PROPFIND REPORT SEARCH ", NULL, SILENT, NULL, NULL, {"The user may not see this resource.", "RFC 4918 section 9.1.2"}},
    {403, " LOCK ", NULL, 0, NULL, NULL, {"The resource cannot be locked by this user, or not at all; the whole LOCK fails because of it.", "RFC 4918 sections 9.10.3 and 9.10.6"}},
    {403, " PUT POST PATCH ", NULL, SILENT, NULL, NULL, {"The user may not write this resource.", "RFC 9110 section 15.5.4"}},
    {403, NULL, NULL, SAID, NULL, NULL, {"The server refuses, for the reason it gives; authenticating again does not help.", "RFC 9110 section 15.5.4"}},
    {403, NULL, NULL, 0, NULL, NULL, {"The server understood and refuses; authenticating again does not help. Look at permissions and access control.", "RFC 9110 section 15.5.4"}},
    {404, NULL, MULTIGETS, 0, NULL, NULL, {"The request asked for this resource by name, and it does not exist (any more): the client's list is out of date.", "RFC 4791 section 7.9, RFC 6352 section 8.7"}},
    {404, NULL, QUERIES, SELF, NULL, NULL, {"Either this collection does not exist, or the query found nothing and the server says so in the wrong way: the answer to a query without matches is a Multi-Status body without any response, not a 404.", "RFC 4791 section 7.8, RFC 6352 section 8.6"}},
    {404, NULL, QUERIES, MEMBER | SILENT, NULL, NULL, {"The query found this resource, and it was gone when its properties were read: somebody else removed it meanwhile.", "RFC 4791 section 7.8, RFC 6352 section 8.6"}},
    {404, " REPORT SEARCH ", NULL, SELF, NULL, NULL, {"The resource that the report is about does not exist (any more).", "RFC 3253 section 3.6"}},
    {404, " REPORT SEARCH ", NULL, 0, NULL, NULL, {"The answer refers to this resource, but it does not exist (any more).", "RFC 9110 section 15.5.5"}},
    {404, " PROPFIND ", NULL, SELF, NULL, NULL, {"The resource itself does not exist; the server should have answered the request with 404 instead of 207.", "RFC 4918 section 9.1"}},
    {404, " PROPFIND ", NULL, MEMBER | SILENT, NULL, NULL, {"The collection lists this member, but the server does not find it: it was removed meanwhile, or is a link that leads nowhere.", "RFC 4918 section 9.1, RFC 9110 section 15.5.5"}},
    {404, " PROPFIND ", NULL, MEMBER, NULL, NULL, {"The collection lists this member, but the server does not find it, for the reason it gives.", "RFC 4918 section 9.1, RFC 9110 section 15.5.5"}},
    {404, " DELETE ", NULL, MEMBER, NULL, NULL, {"This resource was gone when its turn came: somebody else removed or renamed it meanwhile.", "RFC 9110 section 15.5.5"}},
    {404, " COPY MOVE ", NULL, MEMBER, NULL, NULL, {"This resource was gone when its turn came: somebody else removed or renamed it meanwhile. If it is the destination, the collection that is to hold it does not exist.", "RFC 9110 section 15.5.5, RFC 4918 sections 9.8.5 and 9.9.4"}},
    {404, " DELETE MOVE COPY ", NULL, SELF, NULL, NULL, {"There was nothing to act on: the resource does not exist (any more).", "RFC 9110 section 15.5.5"}},
    {404, PATCHES, NULL, PROPERTY | MIXED, NULL, NULL, {"The server does not know this property, or does not have it here. " SET_SOME, "RFC 4918 section 9.2"}},
    {404, PATCHES, NULL, PROPERTY, NULL, NULL, {"The server does not know this property, or does not have it here; nothing of the request was set.", "RFC 4918 section 9.2"}},
    {404, PATCHES, NULL, 0, NULL, NULL, {"The resource does not exist (any more); nothing of the request was set.", "RFC 4918 section 9.2"}},
    {404, NULL, NULL, 0, NULL, NULL, {"The resource does not exist, or was gone when its turn came.", "RFC 9110 section 15.5.5"}},
    {405, " MKCOL MKCALENDAR ", NULL, 0, NULL, NULL, {"Something exists here already.", "RFC 4918 section 9.3.1"}},
    {405, NULL, NULL, 0, NULL, NULL, {"The resource does not support the method; see the Allow header that it sends.", "RFC 9110 section 15.5.6"}},
    {409, " COPY MOVE ", NULL, SILENT, NULL, NULL, {"The collection that is to hold the destination does not exist: create it first.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {409, PATCHES, NULL, PROPERTY | MIXED | SILENT | LIVE, NULL, NULL, {"This is a live property, which the server maintains itself: few servers let clients set it. Leave it out of the request. " SET_SOME, "RFC 4918 sections 9.2.1 and 15"}},
    {409, PATCHES, NULL, PROPERTY | SILENT | LIVE, NULL, NULL, {"This is a live property, which the server maintains itself: few servers let clients set it. Leave it out of the request: " SET_NONE, "RFC 4918 sections 9.2.1 and 15"}},
    {409, PATCHES, NULL, PROPERTY | MIXED | SAID, NULL, NULL, {"The server refuses this property, for the reason it gives. " SET_SOME, "RFC 4918 section 9.2.1"}},
    {409, PATCHES, NULL, PROPERTY | SAID, NULL, NULL, {"The server refuses this property, for the reason it gives. All or nothing: no other property of the request was set either.", "RFC 4918 section 9.2.1"}},
    {409, PATCHES, NULL, PROPERTY, NULL, NULL, {"The property cannot take this value: it has the wrong type or form, or makes no sense here.", "RFC 4918 section 9.2.1"}},
    {409, " PUT LOCK MKCOL MKCALENDAR ", NULL, SILENT, NULL, NULL, {"The collection that is to hold the new resource does not exist: create it first.", "RFC 4918 sections 9.3.1, 9.7.1 and 9.10.6"}},
    {409, NULL, NULL, SAID, NULL, NULL, {"The request conflicts with the state of the resource, for the reason that the server gives.", "RFC 9110 section 15.5.10"}},
    {409, NULL, NULL, 0, NULL, NULL, {"The request conflicts with the state of the resource: often its parent collection is missing.", "RFC 9110 section 15.5.10"}},
    {412, NULL, NULL, SAID, NULL, NULL, {"A precondition was not met; the server's own words or its error element say which one.", "RFC 9110 section 15.5.13"}},
    {412, " COPY MOVE ", NULL, KEEP | FREE, NULL, NULL, {"The destination exists, and the request said Overwrite: F.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {412, " COPY MOVE ", NULL, KEEP, NULL, NULL, {"The destination exists and the request said Overwrite: F, or a condition in its If or If-Match header is not true.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {412, " LOCK ", NULL, IF, NULL, NULL, {"The lock that was to be refreshed does not hold this resource (any more), or a condition in the If header is not true.", "RFC 4918 section 9.10.6"}},
    {412, NULL, NULL, IF, NULL, NULL, {"A condition in the If header is not true: the resource has changed since the client saw it, or its lock is gone.", "RFC 4918 sections 10.4 and 12.1"}},
    {412, NULL, NULL, MATCH, NULL, NULL, {"The condition in the If-Match header (or one like it) is not true: the resource has changed since the client saw it.", "RFC 9110 sections 13.1 and 15.5.13"}},
    {412, NULL, NULL, FREE, NULL, NULL, {"The request has no If or If-Match header: what was not true is a condition of the server's own, and the answer does not say which.", "RFC 9110 section 15.5.13"}},
    {412, " COPY MOVE ", NULL, 0, NULL, NULL, {"The destination exists and the request said Overwrite: F, or a condition in its If header is not true.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {412, " LOCK ", NULL, 0, NULL, NULL, {"The lock that was to be refreshed does not hold this resource (any more), or a condition in the If header is not true.", "RFC 4918 section 9.10.6"}},
    {412, NULL, NULL, 0, NULL, NULL, {"A condition was not true: one of the request's headers (If, If-Match) if it has one, or one of the server's own.", "RFC 4918 section 12.1, RFC 9110 section 15.5.13"}},
    {415, " MKCOL MKCALENDAR ", NULL, 0, NULL, NULL, {"The server does not understand the body of the request.", "RFC 4918 section 9.3.1"}},
    {415, NULL, NULL, 0, NULL, NULL, {"The server does not accept this kind of content there.", "RFC 9110 section 15.5.16"}},
    {422, NULL, NULL, 0, NULL, NULL, {"The server understood the content and cannot carry it out.", "RFC 9110 section 15.5.21"}},
    {423, " DELETE ", NULL, MEMBER, NULL, NULL, {"The member is locked: only the lock holder can delete it, with the lock token in an If header. PROPFIND lockdiscovery tells who holds the lock. Every collection above it stays as well.", "RFC 4918 sections 9.6.1 and 7"}},
    {423, " DELETE ", NULL, 0, NULL, NULL, {"The resource is locked: only the lock holder can delete it, with the lock token in an If header. PROPFIND lockdiscovery tells who holds the lock.", "RFC 4918 sections 9.6.1 and 7"}},
    {423, " MOVE ", NULL, 0, NULL, NULL, {"Source or destination is locked: the request must carry the lock token in an If header. PROPFIND lockdiscovery tells who holds it.", "RFC 4918 sections 9.9.4 and 7"}},
    {423, " COPY ", NULL, 0, NULL, NULL, {"The destination is locked: the request must carry the lock token in an If header. PROPFIND lockdiscovery tells who holds it.", "RFC 4918 sections 9.8.5 and 7"}},
    {423, " LOCK ", NULL, 0, NULL, NULL, {"Somebody else's lock on this resource is in the way of the new one. PROPFIND lockdiscovery tells who holds it and until when.", "RFC 4918 sections 9.10.3 and 6.1"}},
    {423, " PROPPATCH ", NULL, 0, NULL, NULL, {"The resource is locked: only the lock holder can change its properties, with the lock token in an If header. PROPFIND lockdiscovery tells who holds the lock.", "RFC 4918 sections 9.2.1 and 7"}},
    {423, " PUT MKCOL MKCALENDAR ", NULL, 0, NULL, NULL, {"The resource, or the collection that is to hold it, is locked: the request must carry the lock token in an If header. PROPFIND lockdiscovery tells who holds the lock.", "RFC 4918 sections 7.4, 9.3.1 and 9.7"}},
    {423, NULL, NULL, 0, NULL, NULL, {"The resource, or the collection that holds it, is locked: the request must carry the lock token in an If header. PROPFIND lockdiscovery tells who holds the lock.", "RFC 4918 sections 11.3 and 7"}},
    {424, PATCHES, NULL, ALONE, NULL, NULL, {"Nothing is wrong with these properties: they were not set because something else could not be done, and the answer does not say what.", "RFC 4918 sections 9.2.1 and 11.4"}},
    {424, NULL, NULL, ALONE, NULL, NULL, {"Nothing is wrong with this resource itself: something else failed, and the answer does not say what.", "RFC 4918 section 11.4"}},
    {424, PATCHES, NULL, 0, NULL, NULL, {"Nothing is wrong with these properties: they were not set because another one could not be. Look for the one whose status is not 424.", "RFC 4918 section 9.2.1"}},
    {424, " LOCK ", NULL, 0, NULL, NULL, {"This resource could have been locked; another one below it could not, and a LOCK is all or nothing.", "RFC 4918 section 9.10.3"}},
    {424, " DELETE COPY MOVE ", NULL, 0, NULL, NULL, {"Nothing is wrong with this resource itself: it stays because something below or above it failed.", "RFC 4918 sections 9.6.1 and 11.4"}},
    {424, NULL, NULL, 0, NULL, NULL, {"Nothing is wrong with this resource itself: look for the one in this body whose status is not 424.", "RFC 4918 section 11.4"}},
    {425, NULL, NULL, SILENT, NULL, NULL, {"The server is still processing the resource: ask again later.", "RFC 8470 section 5.2"}},
    {500, NULL, NULL, SILENT, NULL, NULL, {"The server failed at this resource; its own log says why.", "RFC 9110 section 15.6.1"}},
    {500, NULL, NULL, 0, NULL, NULL, {"The server failed at this resource, for the reason it gives; its own log may say more.", "RFC 9110 section 15.6.1"}},
    {502, " COPY MOVE ", NULL, SILENT, NULL, NULL, {"The destination is on another server, which refused.", "RFC 4918 sections 9.8.5 and 9.9.4"}},
    {503, NULL, NULL, 0, NULL, NULL, {"The server could not do this at that time: try again later.", "RFC 9110 section 15.6.4"}},
    {507, " REPORT SEARCH ", NULL, SILENT, NULL, NULL, {"The server ran out of room for this row: disk or quota, or a limit on the size of its answers that it does not name.", "RFC 4918 section 11.5, RFC 6578 section 3.6"}},
    {507, PATCHES, NULL, SILENT, NULL, NULL, {"There is no room to store the properties: disk or quota. All or nothing: none of the request was set.", "RFC 4918 sections 9.2.1 and 11.5"}},
    {507, NULL, NULL, SAID, NULL, NULL, {"The server has no room for this, for the reason it gives.", "RFC 4918 section 11.5, RFC 4331"}},
    {507, NULL, NULL, 0, NULL, NULL, {"There is not enough space for this: disk or quota. See quota-available-bytes.", "RFC 4918 section 11.5, RFC 4331"}},
    {508, NULL, NULL, 0, NULL, NULL, {"The collection contains itself by way of a binding, and the client did not say that it can deal with that (header DAV: bind).", "RFC 5842 section 7.2"}},
    {400, NULL, NULL, 0, NULL, NULL, {"The server finds an error in this part of the request.", "RFC 9110 section 15.5.1"}},
    {402, NULL, NULL, 0, NULL, NULL, {"The server wants payment first.", "RFC 9110 section 15.5.3"}},
    {406, NULL, NULL, 0, NULL, NULL, {"The server has nothing in a form that the client accepts.", "RFC 9110 section 15.5.7"}},
    {407, NULL, NULL, 0, NULL, NULL, {"A proxy wants credentials first.", "RFC 9110 section 15.5.8"}},
    {408, NULL, NULL, 0, NULL, NULL, {"The server waited too long for the request: try again.", "RFC 9110 section 15.5.9"}},
    {410, NULL, NULL, 0, NULL, NULL, {"The resource is gone for good: forget it.", "RFC 9110 section 15.5.11"}},
    {411, NULL, NULL, 0, NULL, NULL, {"The server wants a Content-Length.", "RFC 9110 section 15.5.12"}},
    {413, NULL, NULL, 0, NULL, NULL, {"The content is larger than the server accepts; with a Retry-After, for the time being.", "RFC 9110 section 15.5.14"}},
    {414, NULL, NULL, 0, NULL, NULL, {"The URI is longer than the server accepts.", "RFC 9110 section 15.5.15"}},
    {416, NULL, NULL, 0, NULL, NULL, {"The range that was asked for is not in the resource.", "RFC 9110 section 15.5.17"}},
    {417, NULL, NULL, 0, NULL, NULL, {"The server cannot do what the Expect header asks.", "RFC 9110 section 15.5.18"}},
    {421, NULL, NULL, 0, NULL, NULL, {"The request reached a server that does not answer for this host: look at proxies and name resolution.", "RFC 9110 section 15.5.20"}},
    {426, NULL, NULL, 0, NULL, NULL, {"The server wants another protocol; its Upgrade header says which.", "RFC 9110 section 15.5.22"}},
    {428, NULL, NULL, 0, NULL, NULL, {"The server wants a condition (If-Match) with this request, so that no change gets lost.", "RFC 6585 section 3"}},
    {429, NULL, NULL, 0, NULL, NULL, {"The client sends too many requests: wait as long as Retry-After says.", "RFC 6585 section 4"}},
    {431, NULL, NULL, 0, NULL, NULL, {"A header field is larger than the server accepts.", "RFC 6585 section 5"}},
    {451, NULL, NULL, 0, NULL, NULL, {"The server may not do this for legal reasons.", "RFC 7725 section 3"}},
    {501, PATCHES, NULL, PROPERTY | SILENT, NULL, NULL, {"The server has not implemented that clients set this property here: leave it out of the request.", "RFC 9110 section 15.6.2"}},
    {501, NULL, NULL, PROPERTY | SILENT, NULL, NULL, {"The server has not implemented this property for this resource: it cannot tell its value.", "RFC 9110 section 15.6.2"}},
    {501, NULL, NULL, SILENT, NULL, NULL, {"The server does not know the method, or not for this resource.", "RFC 9110 section 15.6.2"}},
    {502, NULL, NULL, 0, NULL, NULL, {"A server behind this one gave no valid answer.", "RFC 9110 section 15.6.3"}},
    {504, NULL, NULL, 0, NULL, NULL, {"A server behind this one gave no answer in time.", "RFC 9110 section 15.6.5"}},
    {505, NULL, NULL, 0, NULL, NULL, {"The server does not support this version of HTTP.", "RFC 9110 section 15.6.6"}},
    {506, NULL, NULL, 0, NULL, NULL, {"The server is misconfigured: content negotiation leads back to itself.", "RFC 2295 section 8.1"}},
    {511, NULL, NULL, 0, NULL, NULL, {"Something in the network wants a login first.", "RFC 6585 section 6"}},
    {CLIENT_ERROR, NULL, NULL, SAID, NULL, NULL, {"The server refuses this part of the request, for the reason it gives.", "RFC 9110 section 15.5"}},
    {CLIENT_ERROR, NULL, NULL, 0, NULL, NULL, {"The server refuses this part of the request, and does not say why.", "RFC 9110 section 15.5"}},
    {SERVER_ERROR, NULL, NULL, SAID, NULL, NULL, {"The server failed at this resource, for the reason it gives; its own log may say more.", "RFC 9110 section 15.6"}},
    {SERVER_ERROR, NULL, NULL, 0, NULL, NULL, {"The server failed at this resource; its own log says why.", "RFC 9110 section 15.6"}},
};
/* clang-format on */

static const ms_hint unreadable = {"No status that a client can read says what became of this "
                                   "resource; some clients take that for "
                                   "a success, others refuse the whole body because of it.",
                                   "RFC 4918 sections 14.24 and 14.28"};

/* ---- what fits ---- */

static bool fits_code(int wanted, int code)
{
    return wanted == ANY || wanted == code || wanted == code / 100;
}

static bool fits_report(const char *reports, const char *report)
{
    const char *brace = report ? strrchr(report, '}') : NULL;

    return !reports || (report && ms_is_one_of(reports, brace ? brace + 1 : report));
}

static bool says_one_of(const ms_hint_query *query, const char *words)
{
    char **list = g_strsplit(words, "|", -1);
    bool says = false;

    for (char **word = list; *word && !says; word++)
        says = query->says(query->data, *word);
    g_strfreev(list);
    return says;
}

static unsigned facts_of_request(const char *preconditions)
{
    static const struct {
        const char *name;
        unsigned fact;
    } known[] = {{"If", IF}, {"If-Match", MATCH}, {"Overwrite", KEEP}};
    unsigned facts = 0;

    if (!preconditions)
        return 0;
    char **names = g_strsplit(preconditions, ", ", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        facts |= g_strv_contains((const char *const *)names, known[i].name) ? known[i].fact : 0;
    g_strfreev(names);
    facts |= facts & (IF | MATCH) ? 0 : FREE;
    return facts | (facts & KEEP ? 0 : REPLACE);
}

static unsigned facts_of(const ms_hint_query *query)
{
    unsigned facts = facts_of_request(query->preconditions);

    if (query->place != MS_HINT_ANYWHERE)
        facts |= query->place == MS_HINT_SELF ? SELF : MEMBER;
    facts |= query->property ? PROPERTY : WHOLE;
    facts |= query->live ? LIVE : 0;
    facts |= query->mixed ? MIXED : 0;
    facts |= query->alone ? ALONE : 0;
    bool said = query->says(query->data, "") || query->has_condition(query->data, NULL);

    return facts | (said ? SAID : SILENT);
}

static bool fits(const hint_row *row, const ms_hint_query *query, unsigned facts)
{
    return fits_code(row->code, query->code) && (row->facts & ~facts) == 0 &&
           (!row->methods || ms_is_one_of(row->methods, query->method)) &&
           fits_report(row->reports, query->report) &&
           (!row->condition || query->has_condition(query->data, row->condition)) &&
           (!row->words || ((facts & SAID) && says_one_of(query, row->words)));
}

/* For JSON, where no number is an HTTP status: those of HomeKit are unlike any others. */
static const ms_hint *find_number(const ms_hint_query *query)
{
#define HAP "HomeKit Accessory Protocol, HAP status codes"
    static const struct {
        const char *number;
        ms_hint hint;
    } numbers[] = {
        {"-70401", {"The controller lacks the privileges for this characteristic.", HAP}},
        {"-70402", {"The accessory could not reach the service: it is off, or out of reach.", HAP}},
        {"-70403", {"The accessory is busy: try again.", HAP}},
        {"-70404", {"The characteristic can only be read.", HAP}},
        {"-70405", {"The characteristic can only be written.", HAP}},
        {"-70406", {"The characteristic does not notify of changes.", HAP}},
        {"-70407", {"The accessory has no room for the request.", HAP}},
        {"-70408", {"The operation took too long.", HAP}},
        {"-70409", {"There is no such characteristic.", HAP}},
        {"-70410", {"The value is not one that the characteristic can take.", HAP}},
        {"-70411", {"The request lacks the authorization that the characteristic needs.", HAP}},
    };
#undef HAP

    if (!query->reason || !ms_outcome_is_failure(query->outcome))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (strcmp(query->reason, numbers[i].number) == 0)
            return &numbers[i].hint;
    }
    return NULL;
}

/* Batches in XML and in several parts: by the server's word, or by how the text of a status begins
 * (a REQUEST-STATUS of iTIP). The first that fits counts. */
static const struct {
    const char *kind;
    int code;         /* ANY */
    const char *word; /* NULL: any */
    ms_hint hint;
} word_hints[] = {
    /* clang-format off */
    {"s3", ANY, "SlowDown",
     {"The store was too busy for this one: the client has to send it again, and more slowly.",
      "Amazon S3 API reference, Error responses"}},
    {"s3", ANY, "ServiceUnavailable",
     {"The store was too busy for this one: the client has to send it again, and more slowly.",
      "Amazon S3 API reference, Error responses"}},
    {"s3", ANY, "InternalError",
     {"The store failed with this one, through no fault of the client, which has to send it again.",
      "Amazon S3 API reference, Error responses"}},
    {"s3", ANY, "AccessDenied",
     {"The client may not do that to this object: look at the policies of bucket and user, at locks of "
      "objects, and at deletion with MFA.",
      "Amazon S3 API reference, Error responses"}},
    {"s3", ANY, "NoSuchUpload",
     {"The upload was finished or given up already, or never began: look whether the object is there "
      "before it is sent again.",
      "Amazon S3 API reference, Error responses"}},
    {"s3", ANY, "InvalidPart",
     {"A part was not found, or has another ETag than the client says: it has to upload that part "
      "again.",
      "Amazon S3 API reference, Error responses"}},
    {"s3-error", ANY, NULL,
     {"The answer says 200 because it began before the store was done; the object was not written, "
      "and the client has to look at the body.",
      "Amazon S3 API reference, CompleteMultipartUpload and CopyObject"}},
    {"caldav", ANY, "3.7",
     {"The server knows no calendar user with this address: look for a mistake in it; nobody was told.",
      "RFC 5546 section 3.6, RFC 6638 section 3.2.9"}},
    {"caldav", ANY, "3.8",
     {"The user may not send this to that recipient: look at the privileges for scheduling of the "
      "outbox and of the recipient's inbox.",
      "RFC 5546 section 3.6, RFC 6638 sections 3.2.9 and 6.1"}},
    {"caldav", ANY, "3.14",
     {"The server does not do what the request asks for with this recipient.",
      "RFC 5546 section 3.6"}},
    {"caldav", ANY, "5.1",
     {"The server could not complete the delivery, and the recipient was not told: most often for now, "
      "so the client may send this again later.",
      "RFC 5546 section 3.6, RFC 6638 section 3.2.9"}},
    {"caldav", ANY, "5.2",
     {"The server found no way to deliver this, and the recipient was not told: look at the address "
      "before this is sent again.",
      "RFC 5546 section 3.6, RFC 6638 section 3.2.9"}},
    {"caldav", ANY, "5.3",
     {"Scheduling with this recipient is not allowed, and nobody was told: sending the same again fails "
      "again.",
      "RFC 5546 section 3.6, RFC 6638 section 3.2.9"}},
    {"caldav", ANY, "3.",
     {"Something in the request is not acceptable for this recipient: sending the same again fails "
      "again.",
      "RFC 5546 section 3.6"}},
    {"caldav", ANY, "4.",
     {"The time is taken in this recipient's calendar: the organizer has to decide.",
      "RFC 5546 section 3.6"}},
    {"caldav", ANY, "5.",
     {"The server could not do this for the recipient, who may not have been told.",
      "RFC 5546 section 3.6"}},
    {"http-batch", 424, NULL,
     {"This request was not carried out because another one that it refers to failed: look at that "
      "one.",
      "OData 4.01 part 1 section 11.7, RFC 4918 section 11.4"}},
    {"http-batch", ANY, "rateLimitExceeded",
     {"There were too many requests, and this one was not done: the client has to send it again, and "
      "more slowly.",
      "Google Drive API, Resolve errors"}},
    {"http-batch", ANY, "userRateLimitExceeded",
     {"There were too many requests, and this one was not done: the client has to send it again, and "
      "more slowly.",
      "Google Drive API, Resolve errors"}},
    {"http-batch", ANY, "ServerBusy",
     {"The account was too busy for this one: the client has to send it again, and more slowly.",
      "Azure Storage, Status and error codes"}},
    {"http-batch", ANY, "AuthorizationFailure",
     {"The account does not let the client do this to that resource: every request of a batch has an "
      "authorization of its own.",
      "Azure Storage, Blob Batch"}},
    {"http-batch", 412, NULL,
     {"The resource was changed since the version that the client knew: read it again first.",
      "RFC 9110 section 15.5.13"}},
    {"fhir", ANY, "throttled",
     {"The server was too busy for this entry: the client has to send it again, and more slowly.",
      "FHIR, IssueType"}},
    {"fhir", ANY, "conflict",
     {"Somebody else changed the resource in between: read it again first.", "FHIR, IssueType"}},
    {"fhir", 412, NULL,
     {"The resource was changed since the version that the client knew, or several fit what was asked "
      "for.",
      "FHIR, RESTful API, conditional update"}},
    /* clang-format on */
};

/* "3.1" is not how "3.14" begins, "3." is. */
static bool begins_with_number(const char *text, const char *number)
{
    size_t length = strlen(number);

    return text && strncmp(text, number, length) == 0 &&
           (number[length - 1] == '.' || !g_ascii_isdigit(text[length]));
}

static const ms_hint *find_by_word(const ms_hint_query *query)
{
    for (size_t i = 0; i < G_N_ELEMENTS(word_hints); i++) {
        const char *word = word_hints[i].word;

        if (g_str_has_prefix(query->kind, word_hints[i].kind) &&
            (word_hints[i].code == ANY || word_hints[i].code == query->code) &&
            (!word || (g_ascii_isdigit(*word) ? begins_with_number(query->reason, word)
                                              : query->has_condition(query->data, word))))
            return &word_hints[i].hint;
    }
    return NULL;
}

/* Rows of batches, by the server's own word for what went wrong. The first that fits counts. */
#define AGAIN "the client has to send these again, and more slowly."

static const struct {
    const char *kind;      /* begins so; NULL: any batch */
    int code;              /* ANY */
    const char *condition; /* or the word instead of a status; NULL: any */
    ms_hint hint;
} batch_hints[] = {
    {"elasticsearch",
     ANY,
     "es_rejected_execution_exception",
     {"The cluster was too busy for these and did not index them: " AGAIN,
      "Elasticsearch reference, Rejected requests"}},
    {"elasticsearch",
     ANY,
     "circuit_breaking_exception",
     {"The cluster had too little memory for these and did not index them: " AGAIN,
      "Elasticsearch reference, Circuit breaker errors"}},
    {"elasticsearch",
     ANY,
     "version_conflict_engine_exception",
     {"The document exists already, or was changed in between: sending the same again fails again.",
      "Elasticsearch reference, Bulk API"}},
    {"elasticsearch",
     ANY,
     "document_parsing_exception",
     {"A field of the document does not fit the mapping of the index: sending the same again fails "
      "again, and the document is lost unless it is changed.",
      "Elasticsearch reference, Mapping"}},
    {"elasticsearch",
     ANY,
     "mapper_parsing_exception",
     {"A field of the document does not fit the mapping of the index: sending the same again fails "
      "again, and the document is lost unless it is changed.",
      "Elasticsearch reference, Mapping"}},
    {"elasticsearch",
     ANY,
     "cluster_block_exception",
     {"The index takes no writes, most often because a disk is nearly full; when that is mended, "
      "the "
      "client has to send these again.",
      "Elasticsearch reference, Disk-based shard allocation"}},
    {"kinesis",
     ANY,
     "ProvisionedThroughputExceededException",
     {"The shard's throughput is used up, and these records were not stored: " AGAIN,
      "Kinesis Data Streams API reference, PutRecords"}},
    {"kinesis",
     ANY,
     NULL,
     {"The record was not stored: the client has to send those with an ErrorCode again.",
      "Kinesis Data Streams API reference, PutRecords"}},
    {"firehose",
     ANY,
     NULL,
     {"The record was not taken: the client has to send those with an ErrorCode again; after "
      "ServiceUnavailableException, more slowly.",
      "Amazon Data Firehose API reference, PutRecordBatch"}},
    {"eventbridge",
     ANY,
     NULL,
     {"The event was not taken: the client has to send those with an ErrorCode again.",
      "Amazon EventBridge API reference, PutEvents"}},
    {"dynamodb",
     ANY,
     NULL,
     {"The table's throughput, or what one answer holds, was used up before this one: the client "
      "has "
      "to ask for these again, waiting longer each time.",
      "Amazon DynamoDB developer guide, Error retries and exponential backoff"}},
    {"sqs",
     ANY,
     NULL,
     {"Nothing was done with this message: the client has to look at Failed, and to send those "
      "again that are not its own mistake (SenderFault).",
      "Amazon SQS API reference, BatchResultErrorEntry"}},
    {"bigquery",
     ANY,
     "stopped",
     {"Nothing was wrong with this row, but another one of the request was refused, and none was "
      "inserted: the client has to send it again without that one, or with skipInvalidRows.",
      "BigQuery API reference, tabledata.insertAll"}},
    {"bigquery",
     ANY,
     "invalid",
     {"The row does not fit the table: sending the same again fails again, and the row is lost "
      "unless "
      "it or the table is changed.",
      "BigQuery documentation, Error messages"}},
    {"bigquery",
     ANY,
     NULL,
     {"The row was not inserted: the client has to look at insertErrors, and to send it again.",
      "BigQuery API reference, tabledata.insertAll"}},
    {"couchdb",
     ANY,
     "conflict",
     {"The document was changed in between, or exists already: the client has to read its latest "
      "revision and to send its change again.",
      "CouchDB documentation, Bulk documents transaction semantics"}},
    {"couchdb",
     ANY,
     "forbidden",
     {"A validation function of the database refused the document.",
      "CouchDB documentation, Validate document update functions"}},
    {"salesforce",
     ANY,
     "UNABLE_TO_LOCK_ROW",
     {"Another transaction held the record: the client has to send this again.",
      "Salesforce API reference, Core data types, StatusCode"}},
    {"salesforce",
     ANY,
     "REQUEST_LIMIT_EXCEEDED",
     {"The organization has used up its requests: the client has to send these again later.",
      "Salesforce API reference, Core data types, StatusCode"}},
    {"otlp",
     ANY,
     NULL,
     {"These were dropped. The exporter must not send them again: what is wrong with them, as the "
      "message says, has to be mended where they are made.",
      "OTLP specification, Partial Success"}},
    {"graphql",
     ANY,
     "THROTTLED",
     {"The server limits what may be asked in a time, and did not answer this: " AGAIN,
      "Shopify GraphQL Admin API, Rate limits"}},
    {"graphql",
     ANY,
     "RATE_LIMITED",
     {"The server limits what may be asked in a time, and did not answer this: " AGAIN,
      "GitHub GraphQL API, Rate limits"}},
    {"json-rpc",
     ANY,
     "-32601",
     {"The server has no such method.", "JSON-RPC 2.0 specification, section 5.1"}},
    {"json-rpc",
     ANY,
     "-32005",
     {"The server limits what may be asked in a time, and did not do this: " AGAIN,
      "EIP-1474, Error codes"}},
    {"json-rpc",
     ANY,
     "-32602",
     {"The parameters do not fit the method.", "JSON-RPC 2.0 specification, section 5.1"}},
    {NULL,
     429,
     NULL,
     {"There were too many requests, and these were not done: " AGAIN, "RFC 6585 section 4"}},
    {NULL,
     503,
     NULL,
     {"The server could not do these for now: the client has to send them again.",
      "RFC 9110 section 15.6.4"}},
    {"scim",
     409,
     NULL,
     {"A resource with that unique value exists already.", "RFC 7644 section 3.12"}},
    {"scim",
     412,
     NULL,
     {"The resource was changed since the version that the client knew.", "RFC 7644 section 3.12"}},
};

static const ms_hint *find_of_batch(const ms_hint_query *query)
{
    if (!query->kind || !ms_outcome_is_failure(query->outcome))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(batch_hints); i++) {
        const char *kind = batch_hints[i].kind, *condition = batch_hints[i].condition;

        if (kind ? g_str_has_prefix(query->kind, kind) : strchr(query->kind, '-') != NULL) {
            if ((batch_hints[i].code == ANY || batch_hints[i].code == query->code) &&
                (!condition || query->has_condition(query->data, condition)))
                return &batch_hints[i].hint;
        }
    }
    return NULL;
}

/* The kinds of batches have a "-"; "dav", "json" and "multipart" have none. */
static bool is_batch(const ms_hint_query *query)
{
    return query->kind && strchr(query->kind, '-') != NULL;
}

const ms_hint *ms_hint_find(const ms_hint_query *query)
{
    bool went_wrong = query->outcome == MS_COLLATERAL || ms_outcome_is_failure(query->outcome);
    const ms_hint *by_word = is_batch(query) && went_wrong ? find_by_word(query) : NULL;

    if (by_word)
        return by_word;
    /* The other hints give advice for WebDAV. */
    if (query->format == MS_FORMAT_JSON || is_batch(query)) {
        const ms_hint *of_batch = find_of_batch(query);

        return of_batch ? of_batch : find_number(query);
    }
    if (query->format == MS_FORMAT_MULTIPART)
        return NULL;
    if (query->outcome == MS_UNKNOWN)
        return &unreadable;
    if (query->outcome != MS_COLLATERAL && !ms_outcome_is_failure(query->outcome))
        return NULL;
    unsigned facts = facts_of(query);

    for (size_t i = 0; i < G_N_ELEMENTS(hints); i++) {
        if (fits(&hints[i], query, facts))
            return &hints[i].hint;
    }
    return NULL;
}

bool ms_hint_is_live(const char *name, const char *method)
{
    static const char *const live[] = {
        MS_DAV("creationdate"),         MS_DAV("getcontentlength"), MS_DAV("getetag"),
        MS_DAV("getlastmodified"),      MS_DAV("lockdiscovery"),    MS_DAV("resourcetype"),
        MS_DAV("supportedlock"),        MS_DAV("quota-used-bytes"), MS_DAV("supported-report-set"),
        MS_DAV("supported-method-set"), MS_DAV("sync-token"),
    };

    if (method && strcmp(method, "MKCOL") == 0 && strcmp(name, MS_DAV("resourcetype")) == 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(live); i++) {
        if (strcmp(name, live[i]) == 0)
            return true;
    }
    return false;
}

bool ms_hint_holds(const char *text, const char *word)
{
    if (!text || !*text)
        return false;
    if (!*word)
        return true;
    size_t length = strlen(word);

    for (const char *at = text; *at && (size_t)(at - text) < MS_HINT_LOOKED_AT; at++) {
        if (g_ascii_strncasecmp(at, word, length) == 0)
            return true;
    }
    return false;
}

/* ---- of a document ---- */

typedef struct {
    const ms_document *document;
    const ms_response *response;
} resource;

/* That condition, or any if there is no name. */
static bool holds(const ms_document *document, ms_range conditions, const char *name)
{
    if (!name)
        return conditions.count > 0;
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

static bool says(const void *data, const char *word)
{
    const resource *r = data;

    if (ms_hint_holds(r->document->description.text, word) ||
        ms_hint_holds(r->response->description.text, word))
        return true;
    for (uint32_t i = 0; i < r->response->propstats.count; i++) {
        const ms_propstat *propstat = &r->document->propstats[r->response->propstats.first + i];

        if (propstat->outcome == r->response->outcome &&
            ms_hint_holds(propstat->description.text, word))
            return true;
    }
    return false;
}

static ms_hint_place place_of(const ms_document *document, const ms_response *response,
                              const char *uri)
{
    if (!uri || response->hrefs.count == 0)
        return MS_HINT_ANYWHERE;
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        if (ms_href_same(document->targets[response->hrefs.first + i].text, uri))
            return MS_HINT_SELF;
    }
    return MS_HINT_MEMBER;
}

/* Did properties fare so? */
static bool names_properties(const ms_document *document, const ms_response *response,
                             ms_outcome outcome)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];

        if (propstat->outcome == outcome && propstat->properties.count > 0)
            return true;
    }
    return false;
}

/* Is the property that was refused one that the server keeps itself? */
static bool is_about_live_property(const ms_document *document, const ms_response *response,
                                   const char *method)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];
        uint32_t end = propstat->properties.first + propstat->properties.count;

        for (uint32_t j = propstat->properties.first;
             propstat->outcome == response->outcome && j < end; j = document->properties[j].end) {
            if (ms_hint_is_live(document->properties[j].name, method))
                return true;
        }
    }
    return false;
}

char *ms_hint_preconditions(const ms_context *context)
{
    if (!context->request_known)
        return NULL;
    GString *names = g_string_new(NULL);

    if (context->if_header)
        g_string_append(names, "If");
    if (context->if_match)
        g_string_append(names, names->len > 0 ? ", If-Match" : "If-Match");
    if (context->overwrite && g_ascii_strcasecmp(context->overwrite, "F") == 0)
        g_string_append(names, names->len > 0 ? ", Overwrite" : "Overwrite");
    return g_string_free(names, FALSE);
}

const ms_hint *ms_hint_for(const ms_document *document, const ms_response *response,
                           const ms_context *context)
{
    const resource r = {document, response};
    char *preconditions = ms_hint_preconditions(context);
    const ms_hint_query query = {
        .format = document->format,
        .kind = document->kind,
        .method = context->method,
        .report = context->report,
        .outcome = response->outcome,
        .code = response->code,
        .reason = response->reason,
        .place = place_of(document, response, context->uri),
        .property = names_properties(document, response, response->outcome),
        .live = is_about_live_property(document, response, context->method),
        .mixed = names_properties(document, response, MS_OK),
        .alone = document->failed == 0,
        .preconditions = preconditions,
        .has_condition = has_condition,
        .says = says,
        .data = &r};
    const ms_hint *hint = ms_hint_find(&query);

    g_free(preconditions);
    return hint;
}

/* ---- locks ---- */

char *ms_lock_words(const ms_lock *of)
{
    const char *taker = of->owner ? of->owner : of->client ? of->client : "an unknown client";
    const char *from = of->owner ? of->client : NULL;

    g_autofree char *frame = of->frame > 0 ? g_strdup_printf(" in frame %u", of->frame) : NULL;

    return g_strdup_printf("The lock's root is %s, taken%s by %s%s%s%s%s",
                           of->root ? of->root : "?", frame ? frame : "", taker,
                           from ? " from " : "", from ? from : "", of->agent ? " with " : "",
                           of->agent ? of->agent : "");
}
