/* request.c
 * Request bodies, as far as the judgement of the answer needs them: a libxml2 SAX parse that keeps
 * names, hrefs and a few texts.
 *
 * RFC 4918 sections 9 and 14 (elements), section 17 (unknown elements are skipped), section 20.6
 * (no entity, no network); RFC 3253 sections 3.6 to 3.8, RFC 3744 section 9, RFC 4791 section 9,
 * RFC 6352 section 10, RFC 6578 section 6, RFC 5689 section 5, RFC 5323 section 5 (requests).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "request.h"

#include <string.h>

#include "names.h"
#include "sax.h"
#include "store.h"

/* ---- the root alone ---- */

typedef struct {
    xmlParserCtxtPtr xml;
    char *name;
} root_search;

static void on_root(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                    int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
                    const xmlChar **attributes)
{
    root_search *search = data;

    (void)prefix;
    (void)n_namespaces;
    (void)namespaces;
    (void)n_attributes;
    (void)n_defaulted;
    (void)attributes;
    if (!search->name) {
        search->name = uri ? g_strdup_printf("{%s}%s", (const char *)uri, (const char *)local)
                           : g_strdup((const char *)local);
        xmlStopParser(search->xml);
    }
}

/* What is wrong with the body does not matter here. */
static void ignore_error(void *data, ms_xml_error error)
{
    (void)data;
    (void)error;
}

char *ms_root_name(const void *body, size_t length, const char *content_type)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC, .startElementNs = on_root, .serror = ignore_error};
    root_search search = {0};
    ms_encoded encoded;

    if (length > MS_LIMIT_BODY)
        length = MS_LIMIT_BODY;
    ms_encoded_init(&encoded, body, length, content_type);
    ms_xml_text text = {encoded.text, encoded.length};

    search.xml = ms_xml_open(&text, &handler, &search);
    if (search.xml)
        xmlParseDocument(search.xml);
    ms_xml_close(search.xml);
    ms_encoded_clear(&encoded);
    return search.name;
}

/* ---- the whole request ---- */

/* What an open element is to us. */
typedef enum {
    IN_DOCUMENT,
    IN_QUERY, /* propfind, and every report that has no place of its own */
    IN_SYNC,
    IN_MULTIGET,
    IN_EXPAND,
    IN_UPDATE,   /* propertyupdate */
    IN_CREATION, /* mkcol and mkcalendar */
    IN_SEARCH,
    IN_BASICSEARCH,
    IN_SELECT,
    IN_FROM,
    IN_FROM_SCOPE,
    IN_LOCKINFO,

    IN_ALLPROP,
    IN_PROPNAME,
    IN_ELSEWHERE, /* apply-to-principal-collection-set */
    IN_ASKED,     /* prop and include: their children are names */
    IN_ASKED_NAME,
    IN_DATA_EXPAND,
    IN_DATA_PART,
    IN_EXPANDED, /* the name is in its attributes */
    IN_SET,
    IN_SET_PROP,
    IN_SET_NAME,
    IN_SET_PART, /* its value is not plain text */
    IN_REMOVE,
    IN_REMOVE_PROP,
    IN_REMOVE_NAME,

    IN_FILTER,
    IN_OBJECT_FILTER, /* of VCALENDAR */
    IN_COMPONENT_FILTER,
    IN_NOT_DEFINED,
    IN_TIME_RANGE,

    IN_HREF,
    IN_SYNC_TOKEN,
    IN_SYNC_LEVEL,
    IN_LIMIT,
    IN_NRESULTS,
    IN_SCOPE,
    IN_SCOPE_NAME,
    IN_TYPE,
    IN_TYPE_NAME,
    IN_OWNER,
    IN_OWNER_PART,

    IN_LOCK_ANSWER, /* the answer to a LOCK has the same words */
    IN_DISCOVERY,
    IN_ACTIVELOCK,
    IN_LOCK_DEPTH,
    IN_LOCK_TIMEOUT,
    IN_TOKEN_HOLDER,
    IN_LOCK_TOKEN,
    IN_ROOT_HOLDER,
    IN_LOCK_ROOT,

    IN_ACL,
    IN_ACE,
    IN_INVERT,
    IN_PRINCIPAL,
    IN_PRINCIPAL_HREF,
    IN_PRINCIPAL_PROPERTY,
    IN_PRINCIPAL_NAME,
    IN_GRANT,
    IN_DENY,
    IN_PRIVILEGE,
    IN_PRIVILEGE_NAME,
    IN_UNKNOWN
} place;

/* Where an element may stand, and what it is there. NULL stands for any namespace, any name; the
 * first row that fits counts. What is in no row asks for nothing, nor does anything inside it: a
 * prop in C:comp (RFC 4791 section 9.6.1) or in property-search (RFC 3744 section 9.4). */
static const struct {
    place parent;
    const char *uri;
    const char *name;
    place is;
} grammar[] = {
    {IN_DOCUMENT, MS_NS_DAV, "propertyupdate", IN_UPDATE},
    {IN_DOCUMENT, MS_NS_DAV, "mkcol", IN_CREATION},
    {IN_DOCUMENT, MS_NS_CALDAV, "mkcalendar", IN_CREATION},
    {IN_DOCUMENT, MS_NS_DAV, "lockinfo", IN_LOCKINFO},
    {IN_DOCUMENT, MS_NS_DAV, "prop", IN_LOCK_ANSWER},
    {IN_DOCUMENT, MS_NS_DAV, "acl", IN_ACL},
    {IN_DOCUMENT, MS_NS_DAV, "searchrequest", IN_SEARCH},
    {IN_DOCUMENT, MS_NS_DAV, "sync-collection", IN_SYNC},
    {IN_DOCUMENT, MS_NS_DAV, "expand-property", IN_EXPAND},
    {IN_DOCUMENT, MS_NS_CALDAV, "calendar-multiget", IN_MULTIGET},
    {IN_DOCUMENT, MS_NS_CARDDAV, "addressbook-multiget", IN_MULTIGET},
    /* Reports say what they ask for as PROPFIND does (RFC 3253 section 3.6), those of products
     * included; so do UPDATE and MERGE (RFC 3253 sections 7.1 and 11.2). */
    {IN_DOCUMENT, NULL, NULL, IN_QUERY},

    {IN_QUERY, MS_NS_DAV, "prop", IN_ASKED},
    {IN_QUERY, MS_NS_DAV, "include", IN_ASKED},
    {IN_QUERY, MS_NS_DAV, "allprop", IN_ALLPROP},
    {IN_QUERY, MS_NS_DAV, "propname", IN_PROPNAME},
    {IN_QUERY, MS_NS_DAV, "apply-to-principal-collection-set", IN_ELSEWHERE},
    {IN_QUERY, NULL, "limit", IN_LIMIT}, /* CardDAV and calendarserver.org have their own */
    {IN_QUERY, MS_NS_CALDAV, "filter", IN_FILTER},
    {IN_FILTER, MS_NS_CALDAV, "comp-filter", IN_OBJECT_FILTER},
    {IN_OBJECT_FILTER, MS_NS_CALDAV, "comp-filter", IN_COMPONENT_FILTER},
    {IN_COMPONENT_FILTER, MS_NS_CALDAV, "is-not-defined", IN_NOT_DEFINED},
    {IN_COMPONENT_FILTER, MS_NS_CALDAV, "time-range", IN_TIME_RANGE},
    {IN_SYNC, MS_NS_DAV, "prop", IN_ASKED},
    {IN_SYNC, MS_NS_DAV, "sync-token", IN_SYNC_TOKEN},
    {IN_SYNC, MS_NS_DAV, "sync-level", IN_SYNC_LEVEL},
    {IN_SYNC, NULL, "limit", IN_LIMIT},
    {IN_MULTIGET, MS_NS_DAV, "prop", IN_ASKED},
    {IN_MULTIGET, MS_NS_DAV, "allprop", IN_ALLPROP},
    {IN_MULTIGET, MS_NS_DAV, "propname", IN_PROPNAME},
    {IN_MULTIGET, MS_NS_DAV, "href", IN_HREF},
    {IN_EXPAND, MS_NS_DAV, "property", IN_EXPANDED},
    {IN_SEARCH, MS_NS_DAV, "basicsearch", IN_BASICSEARCH},
    {IN_BASICSEARCH, MS_NS_DAV, "select", IN_SELECT},
    {IN_BASICSEARCH, MS_NS_DAV, "from", IN_FROM},
    {IN_BASICSEARCH, MS_NS_DAV, "limit", IN_LIMIT},
    {IN_FROM, MS_NS_DAV, "scope", IN_FROM_SCOPE},
    {IN_FROM_SCOPE, MS_NS_DAV, "href", IN_HREF},
    {IN_SELECT, MS_NS_DAV, "prop", IN_ASKED},
    {IN_SELECT, MS_NS_DAV, "allprop", IN_ALLPROP},
    {IN_ASKED, NULL, NULL, IN_ASKED_NAME},
    {IN_ASKED_NAME, MS_NS_CALDAV, "expand", IN_DATA_EXPAND},
    {IN_ASKED_NAME, MS_NS_CALDAV, "comp", IN_DATA_PART},
    {IN_ASKED_NAME, MS_NS_CARDDAV, "prop", IN_DATA_PART},
    {IN_LIMIT, NULL, "nresults", IN_NRESULTS},

    {IN_UPDATE, MS_NS_DAV, "set", IN_SET},
    {IN_SET_NAME, NULL, NULL, IN_SET_PART},
    {IN_UPDATE, MS_NS_DAV, "remove", IN_REMOVE},
    {IN_CREATION, MS_NS_DAV, "set", IN_SET},
    {IN_SET, MS_NS_DAV, "prop", IN_SET_PROP},
    {IN_SET_PROP, NULL, NULL, IN_SET_NAME},
    {IN_REMOVE, MS_NS_DAV, "prop", IN_REMOVE_PROP},
    {IN_REMOVE_PROP, NULL, NULL, IN_REMOVE_NAME},

    {IN_LOCKINFO, MS_NS_DAV, "lockscope", IN_SCOPE},
    {IN_LOCKINFO, MS_NS_DAV, "locktype", IN_TYPE},
    {IN_LOCKINFO, MS_NS_DAV, "owner", IN_OWNER},
    {IN_LOCK_ANSWER, MS_NS_DAV, "lockdiscovery", IN_DISCOVERY},
    {IN_DISCOVERY, MS_NS_DAV, "activelock", IN_ACTIVELOCK},
    {IN_ACTIVELOCK, MS_NS_DAV, "lockscope", IN_SCOPE},
    {IN_ACTIVELOCK, MS_NS_DAV, "locktype", IN_TYPE},
    {IN_ACTIVELOCK, MS_NS_DAV, "owner", IN_OWNER},
    {IN_ACTIVELOCK, MS_NS_DAV, "depth", IN_LOCK_DEPTH},
    {IN_ACTIVELOCK, MS_NS_DAV, "timeout", IN_LOCK_TIMEOUT},
    {IN_ACTIVELOCK, MS_NS_DAV, "locktoken", IN_TOKEN_HOLDER},
    {IN_ACTIVELOCK, MS_NS_DAV, "lockroot", IN_ROOT_HOLDER},
    {IN_TOKEN_HOLDER, MS_NS_DAV, "href", IN_LOCK_TOKEN},
    {IN_ROOT_HOLDER, MS_NS_DAV, "href", IN_LOCK_ROOT},
    {IN_SCOPE, MS_NS_DAV, NULL, IN_SCOPE_NAME},
    {IN_TYPE, MS_NS_DAV, NULL, IN_TYPE_NAME},
    {IN_OWNER, NULL, NULL, IN_OWNER_PART},
    {IN_OWNER_PART, NULL, NULL, IN_OWNER_PART},

    {IN_ACL, MS_NS_DAV, "ace", IN_ACE},
    {IN_ACE, MS_NS_DAV, "principal", IN_PRINCIPAL},
    {IN_ACE, MS_NS_DAV, "invert", IN_INVERT},
    {IN_ACE, MS_NS_DAV, "grant", IN_GRANT},
    {IN_ACE, MS_NS_DAV, "deny", IN_DENY},
    {IN_INVERT, MS_NS_DAV, "principal", IN_PRINCIPAL},
    {IN_PRINCIPAL, MS_NS_DAV, "href", IN_PRINCIPAL_HREF},
    {IN_PRINCIPAL, MS_NS_DAV, "property", IN_PRINCIPAL_PROPERTY},
    {IN_PRINCIPAL, NULL, NULL, IN_PRINCIPAL_NAME},
    {IN_PRINCIPAL_PROPERTY, NULL, NULL, IN_PRINCIPAL_NAME},
    {IN_GRANT, MS_NS_DAV, "privilege", IN_PRIVILEGE},
    {IN_DENY, MS_NS_DAV, "privilege", IN_PRIVILEGE},
    {IN_PRIVILEGE, NULL, NULL, IN_PRIVILEGE_NAME},
};

/* Most requests name a handful of properties. */
#define STRING_BLOCK 1024

struct ms_request_store {
    struct ms_store *strings;
    GArray *properties, *set, *remove, *hrefs, *principals, *granted, *denied; /* of ms_text */
    GPtrArray *set_values;
    GArray *components; /* of ms_component_filter */
};

typedef struct {
    place is;
    size_t start;     /* of the element, in the text */
    gsize text;       /* where its character data starts in reader.text */
    unsigned errors;  /* reader.errors at that time */
    bool compound;    /* holds elements */
    const char *name; /* for the places that are names, NULL if it is not kept */
} open_element;

typedef struct {
    ms_request *request;
    ms_sax sax;
    GArray *open;    /* of open_element */
    GString *text;   /* character data of the open elements */
    GString *name;   /* scratch */
    bool complete;   /* the end tag of the root was there */
    bool denies;     /* the privileges that come next are denied, not granted */
    bool has_filter; /* the comp-filter that is open is the last of those that are kept */
    unsigned errors;
} reader;

static open_element *top(reader *r)
{
    return &g_array_index(r->open, open_element, r->open->len - 1);
}

/* ---- names ---- */

static bool room_left(reader *r)
{
    const struct ms_request_store *store = r->request->store;

    if (store->properties->len + store->set->len + store->remove->len + store->hrefs->len +
            store->principals->len + store->granted->len + store->denied->len +
            store->components->len <
        MS_REQUEST_ITEMS)
        return true;
    r->request->truncated = true;
    return false;
}

static const char *kept_name(reader *r, const xmlChar *local, const xmlChar *prefix,
                             const xmlChar *uri)
{
    ms_sax_name(r->name, local, prefix, uri);
    return ms_store_name(r->request->store->strings, r->name->str);
}

/* The value of an attribute without namespace; NULL if there is none. libxml2 hands out five
 * pointers for each attribute. The caller frees it with g_free(). */
static char *attribute(const char *name, int count, const xmlChar **attributes)
{
    for (int i = 0; i < count; i++, attributes += 5) {
        if (!attributes[2] && strcmp((const char *)attributes[0], name) == 0)
            return g_strndup((const char *)attributes[3], (gsize)(attributes[4] - attributes[3]));
    }
    return NULL;
}

static const char *kept_attribute(reader *r, const char *name, int count,
                                  const xmlChar **attributes)
{
    char *value = attribute(name, count, attributes);
    const char *kept =
        value ? ms_store_text(r->request->store->strings, value, strlen(value)) : NULL;

    g_free(value);
    return kept;
}

/* What the attributes of an expand-property's property name (RFC 3253 section 3.8); NULL without a
 * name. */
static const char *expanded_name(reader *r, int count, const xmlChar **attributes)
{
    char *name = attribute("name", count, attributes);
    char *uri = attribute("namespace", count, attributes);
    const char *kept = NULL;

    if (name && *name)
        kept = kept_name(r, (const xmlChar *)name, NULL,
                         (const xmlChar *)(!uri   ? MS_NS_DAV
                                           : *uri ? uri
                                                  : NULL));
    g_free(name);
    g_free(uri);
    return kept;
}

static bool is_data(const char *name)
{
    return strcmp(name, "{" MS_NS_CALDAV "}calendar-data") == 0 ||
           strcmp(name, "{" MS_NS_CARDDAV "}address-data") == 0;
}

/* ---- elements ---- */

static place place_of(place parent, const xmlChar *local, const xmlChar *uri)
{
    for (size_t i = 0; i < G_N_ELEMENTS(grammar); i++) {
        if (grammar[i].parent == parent &&
            (!grammar[i].uri || g_strcmp0(grammar[i].uri, (const char *)uri) == 0) &&
            (!grammar[i].name || strcmp(grammar[i].name, (const char *)local) == 0))
            return grammar[i].is;
    }
    return IN_UNKNOWN;
}

/* Of the data that is asked for. */
static void take_data(reader *r, const char *name, int n_attributes, const xmlChar **attributes)
{
    ms_request *request = r->request;

    if (!name || !is_data(name) || request->wants_data)
        return;
    request->wants_data = true;
    request->data_type = kept_attribute(r, "content-type", n_attributes, attributes);
    request->data_version = kept_attribute(r, "version", n_attributes, attributes);
}

static void take_filter(reader *r, int n_attributes, const xmlChar **attributes)
{
    ms_component_filter made = {.name = kept_attribute(r, "name", n_attributes, attributes)};

    r->has_filter = made.name && room_left(r);
    if (r->has_filter)
        g_array_append_val(r->request->store->components, made);
}

static void take_range(reader *r, bool is_range, int n_attributes, const xmlChar **attributes)
{
    GArray *components = r->request->store->components;

    if (!r->has_filter || components->len == 0)
        return;
    ms_component_filter *of = &g_array_index(components, ms_component_filter, components->len - 1);

    if (!is_range) {
        of->not_defined = true;
        return;
    }
    of->has_range = true;
    of->start = kept_attribute(r, "start", n_attributes, attributes);
    of->end = kept_attribute(r, "end", n_attributes, attributes);
}

/* What a start tag alone says. */
static void take_start(reader *r, open_element *element, const xmlChar *local,
                       const xmlChar *prefix, const xmlChar *uri, int n_attributes,
                       const xmlChar **attributes)
{
    switch (element->is) {
    case IN_ALLPROP:
        r->request->allprop = true;
        break;
    case IN_PROPNAME:
        r->request->propname = true;
        break;
    case IN_ELSEWHERE:
        r->request->elsewhere = true;
        break;
    case IN_ASKED:
        r->request->n_props += strcmp((const char *)local, "prop") == 0;
        break;
    case IN_GRANT:
    case IN_DENY:
        r->denies = element->is == IN_DENY;
        break;
    case IN_ASKED_NAME:
    case IN_SET_NAME:
    case IN_REMOVE_NAME:
    case IN_PRINCIPAL_NAME:
    case IN_PRIVILEGE_NAME:
        if (room_left(r))
            element->name = kept_name(r, local, prefix, uri);
        if (element->is == IN_ASKED_NAME)
            take_data(r, element->name, n_attributes, attributes);
        break;
    case IN_SET_PART:
        top(r)->compound = true;
        break;
    case IN_DATA_EXPAND:
        r->request->expands = true;
        break;
    case IN_DATA_PART:
        r->request->partial = true;
        break;
    case IN_COMPONENT_FILTER:
        take_filter(r, n_attributes, attributes);
        break;
    case IN_NOT_DEFINED:
    case IN_TIME_RANGE:
        take_range(r, element->is == IN_TIME_RANGE, n_attributes, attributes);
        break;
    case IN_EXPANDED:
        if (room_left(r))
            element->name = expanded_name(r, n_attributes, attributes);
        break;
    case IN_SCOPE_NAME:
    case IN_TYPE_NAME:
        element->name = kept_name(r, local, NULL, NULL);
        break;
    default:
        break;
    }
}

static void on_start(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    reader *r = data;
    place parent = r->open->len > 0 ? top(r)->is : IN_DOCUMENT;
    open_element element = {.is = place_of(parent, local, uri),
                            .start = ms_sax_tag_start(&r->sax),
                            .text = r->text->len,
                            .errors = r->errors};

    (void)n_namespaces;
    (void)namespaces;
    if (!ms_sax_tag_complete(&r->sax, ms_sax_here(&r->sax)))
        return;
    if (r->open->len >= MS_LIMIT_DEPTH) {
        r->request->truncated = true;
        r->errors++;
        xmlStopParser(r->sax.xml);
        return;
    }
    if (!r->request->present) {
        r->request->present = true;
        r->request->root = kept_name(r, local, prefix, uri);
    }
    take_start(r, &element, local, prefix, uri, n_attributes - n_defaulted, attributes);
    g_array_append_val(r->open, element);
}

/* ---- closing ---- */

static ms_text text_of(reader *r, const open_element *element, ms_span span)
{
    size_t length;
    const char *text = ms_sax_trimmed(r->text, element->text, &length);

    return (ms_text){ms_store_text(r->request->store->strings, text, length), span};
}

/* The first one counts. */
static void set_text(ms_text *field, ms_text text)
{
    if (!field->text)
        *field = text;
}

static void add(GArray *list, const char *name, ms_span span)
{
    ms_text item = {name, span};

    if (name)
        g_array_append_val(list, item);
}

static void close_limit(reader *r, const open_element *element)
{
    size_t length;
    const char *text = ms_sax_trimmed(r->text, element->text, &length);
    char *copy = g_strndup(text, length);
    guint64 number;

    if (!r->request->has_limit &&
        g_ascii_string_to_unsigned(copy, 10, 0, UINT32_MAX, &number, NULL)) {
        r->request->has_limit = true;
        r->request->limit = (uint32_t)number;
    }
    g_free(copy);
}

static const char *set_value(reader *r, const open_element *element)
{
    return element->compound ? NULL : text_of(r, element, (ms_span){0}).text;
}

/* What is known from the start tag on. */
static void close_name(reader *r, const open_element *element, ms_span span)
{
    ms_request *request = r->request;

    switch (element->is) {
    case IN_ASKED_NAME:
    case IN_EXPANDED:
        add(request->store->properties, element->name, span);
        request->wants_data = request->wants_data || (element->name && is_data(element->name));
        break;
    case IN_SET_NAME:
        add(request->store->set, element->name, span);
        if (element->name)
            g_ptr_array_add(request->store->set_values, (gpointer)set_value(r, element));
        break;
    case IN_REMOVE_NAME:
        add(request->store->remove, element->name, span);
        break;
    case IN_PRINCIPAL_NAME:
        add(request->store->principals, element->name, span);
        break;
    case IN_PRIVILEGE_NAME:
        add(r->denies ? request->store->denied : request->store->granted, element->name, span);
        break;
    case IN_SCOPE_NAME:
        set_text(&request->lock_scope, (ms_text){element->name, span});
        break;
    case IN_TYPE_NAME:
        set_text(&request->lock_type, (ms_text){element->name, span});
        break;
    default:
        break;
    }
}

/* What is known only at the end tag, and only if nothing went wrong on the way: half an href is a
 * different href. */
static void close_text(reader *r, const open_element *element, ms_span span)
{
    ms_request *request = r->request;

    switch (element->is) {
    case IN_HREF:
        if (room_left(r))
            add(request->store->hrefs, text_of(r, element, span).text, span);
        break;
    case IN_SYNC_TOKEN:
        set_text(&request->sync_token, text_of(r, element, span));
        break;
    case IN_SYNC_LEVEL:
        set_text(&request->sync_level, text_of(r, element, span));
        break;
    case IN_NRESULTS:
        close_limit(r, element);
        break;
    case IN_OWNER:
        set_text(&request->lock_owner, text_of(r, element, span));
        break;
    case IN_LOCK_DEPTH:
        set_text(&request->lock_depth, text_of(r, element, span));
        break;
    case IN_LOCK_TIMEOUT:
        set_text(&request->lock_timeout, text_of(r, element, span));
        break;
    case IN_LOCK_TOKEN:
        set_text(&request->lock_token, text_of(r, element, span));
        break;
    case IN_LOCK_ROOT:
        set_text(&request->lock_root, text_of(r, element, span));
        break;
    case IN_PRINCIPAL_HREF:
        if (room_left(r))
            add(request->store->principals, text_of(r, element, span).text, span);
        break;
    default:
        break;
    }
}

static void close_top(reader *r, size_t end, bool complete)
{
    open_element element = *top(r);
    ms_span span = ms_sax_span(&r->sax, element.start, end);

    close_name(r, &element, span);
    if (complete && r->errors == element.errors)
        close_text(r, &element, span);
    if (element.is != IN_OWNER_PART) /* its text is the owner's */
        g_string_truncate(r->text, element.text);
    g_array_set_size(r->open, r->open->len - 1);
    if (r->open->len == 0) {
        r->request->span = span;
        r->complete = complete;
    }
}

static void on_end(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    reader *r = data;

    (void)local;
    (void)prefix;
    (void)uri;
    if (r->open->len > 0)
        close_top(r, ms_sax_here(&r->sax), true);
}

/* ---- the rest ---- */

static bool holds_text(place is)
{
    switch (is) {
    case IN_HREF:
    case IN_SET_NAME:
    case IN_SYNC_TOKEN:
    case IN_SYNC_LEVEL:
    case IN_NRESULTS:
    case IN_OWNER:
    case IN_OWNER_PART:
    case IN_LOCK_DEPTH:
    case IN_LOCK_TIMEOUT:
    case IN_LOCK_TOKEN:
    case IN_LOCK_ROOT:
    case IN_PRINCIPAL_HREF:
        return true;
    default:
        return false;
    }
}

static void on_text(void *data, const xmlChar *text, int length)
{
    reader *r = data;

    if (r->open->len == 0 || length <= 0 || !holds_text(top(r)->is))
        return;
    /* Only an owner holds text in nested elements, and all of it counts as one. */
    size_t kept = ms_sax_fitting(text, (size_t)length, MS_LIMIT_TEXT - r->text->len);

    if (kept < (size_t)length)
        r->request->truncated = true;
    g_string_append_len(r->text, (const char *)text, (gssize)kept);
}

/* A reference that nobody declared (&nbsp;) stays as it was written. */
static void on_reference(void *data, const xmlChar *name)
{
    char *text = g_strdup_printf("&%s;", (const char *)name);

    on_text(data, (const xmlChar *)text, (int)strlen(text));
    g_free(text);
}

/* Names that are not namespace-well-formed still name something. */
static void on_error(void *data, ms_xml_error error)
{
    reader *r = data;

    if (error->domain == XML_FROM_NAMESPACE)
        r->request->namespace_error =
            r->request->namespace_error ||
            (error->level >= XML_ERR_ERROR && error->code != XML_WAR_NS_URI);
    else if (error->level == XML_ERR_FATAL)
        r->errors++;
}

static void read_request(reader *r)
{
    static const xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .reference = on_reference,
        .serror = on_error,
    };
    const ms_encoded *encoded = r->sax.encoded;

    ms_xml_text text = {encoded->text, encoded->length};

    r->sax.xml = ms_xml_open(&text, &handler, r);
    if (!r->sax.xml)
        return;
    xmlParseDocument(r->sax.xml);
    ms_xml_close(r->sax.xml);
    while (r->open->len > 0)
        close_top(r, encoded->length, false);
}

/* ---- requests ---- */

static ms_request *new_request(void)
{
    ms_request *request = g_new0(ms_request, 1);
    struct ms_request_store *store = g_new0(struct ms_request_store, 1);

    store->strings = ms_store_new_for_texts(STRING_BLOCK);
    store->properties = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->set = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->remove = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->hrefs = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->principals = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->granted = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->denied = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->set_values = g_ptr_array_new();
    store->components = g_array_new(FALSE, FALSE, sizeof(ms_component_filter));
    request->store = store;
    return request;
}

static ms_text *publish(const GArray *list, uint32_t *count)
{
    *count = list->len;
    return (ms_text *)(void *)list->data;
}

ms_request *ms_request_parse(const void *body, size_t length, const char *content_type)
{
    ms_request *request = new_request();
    struct ms_request_store *store = request->store;
    ms_encoded encoded;

    if (length == 0) {
        request->well_formed = true;
        return request;
    }
    if (length > MS_LIMIT_BODY) {
        length = MS_LIMIT_BODY;
        request->truncated = true;
    }
    ms_encoded_init(&encoded, body, length, content_type);
    reader r = {
        .request = request,
        .sax = {.encoded = &encoded, .body_length = length},
        .open = g_array_new(FALSE, FALSE, sizeof(open_element)),
        .text = g_string_new(NULL),
        .name = g_string_new(NULL),
    };

    read_request(&r);
    request->well_formed = r.complete && r.errors == 0 && !encoded.invalid && !encoded.partial;
    request->properties = publish(store->properties, &request->n_properties);
    request->set = publish(store->set, &request->n_set);
    request->remove = publish(store->remove, &request->n_remove);
    request->hrefs = publish(store->hrefs, &request->n_hrefs);
    request->principals = publish(store->principals, &request->n_principals);
    request->granted = publish(store->granted, &request->n_granted);
    request->denied = publish(store->denied, &request->n_denied);
    request->components = (ms_component_filter *)(void *)store->components->data;
    request->n_components = store->components->len;
    request->set_values = (const char **)store->set_values->pdata;

    g_array_free(r.open, TRUE);
    g_string_free(r.text, TRUE);
    g_string_free(r.name, TRUE);
    ms_encoded_clear(&encoded);
    return request;
}

void ms_request_free(ms_request *request)
{
    if (!request)
        return;
    ms_store_free(request->store->strings);
    g_array_free(request->store->properties, TRUE);
    g_array_free(request->store->set, TRUE);
    g_array_free(request->store->remove, TRUE);
    g_array_free(request->store->hrefs, TRUE);
    g_array_free(request->store->principals, TRUE);
    g_array_free(request->store->granted, TRUE);
    g_array_free(request->store->denied, TRUE);
    g_array_free(request->store->components, TRUE);
    g_ptr_array_free(request->store->set_values, TRUE);
    g_free(request->store);
    g_free(request);
}
