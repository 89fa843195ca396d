/* vocabulary.c
 * What the name of an element means at its place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "vocabulary.h"

#include <string.h>

#include "names.h"
#include "sax.h"

/* Where a DAV: element may stand, and what it is there. */
static const struct {
    place parent;
    const char *name;
    place is;
} grammar[] = {
    {IN_MULTISTATUS, "response", IN_RESPONSE},
    {IN_MULTISTATUS, "responsedescription", IN_DESCRIPTION},
    {IN_MULTISTATUS, "sync-token", IN_SYNC_TOKEN},
    {IN_MULTISTATUS, "propstat", IN_ORPHAN_PROPSTAT},
    {IN_ORPHAN_PROPSTAT, "status", IN_ORPHAN_STATUS},
    {IN_RESPONSE, "href", IN_HREF},
    {IN_RESPONSE, "propstat", IN_PROPSTAT},
    {IN_RESPONSE, "status", IN_STATUS},
    {IN_RESPONSE, "error", IN_ERROR},
    {IN_RESPONSE, "responsedescription", IN_DESCRIPTION},
    {IN_RESPONSE, "errordescription", IN_DESCRIPTION}, /* Cyrus 3 says it so */
    {IN_RESPONSE, "location", IN_LOCATION},
    {IN_MKCOL, "propstat", IN_PROPSTAT},
    {IN_MKCOL, "error", IN_ERROR},
    {IN_MKCOL, "responsedescription", IN_DESCRIPTION},
    {IN_PROPSTAT, "prop", IN_PROP},
    {IN_PROPSTAT, "status", IN_STATUS},
    {IN_PROPSTAT, "error", IN_ERROR},
    {IN_PROPSTAT, "responsedescription", IN_DESCRIPTION},
    {IN_DESCRIPTION, "error", IN_ERROR},
    {IN_LOCATION, "href", IN_LOCATION_HREF},
};

void vocabulary_init(vocabulary *v, struct ms_store *store)
{
    memset(v, 0, sizeof *v);
    v->store = store;
    v->scratch = g_string_new(NULL);
    for (size_t i = 0; i < MS_WATCHED_VALUES; i++)
        v->watched[i] = ms_store_name(store, ms_watched_values[i].name);
}

void vocabulary_clear(vocabulary *v)
{
    g_string_free(v->scratch, TRUE);
}

void vocabulary_forget(vocabulary *v)
{
    v->dav = NULL;
    memset(v->known, 0, sizeof v->known);
}

/* ---- names ---- */

known_name *vocabulary_look_up(vocabulary *v, const xmlChar *local, const xmlChar *prefix,
                               const xmlChar *uri)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)local * 31 + (uintptr_t)uri) * 0x9E3779B97F4A7C15u;
    known_name *set = v->known[mixed >> (64 - KNOWN_SETS_BITS)];

    for (unsigned i = 0; i < KNOWN_IN_SET; i++) {
        if (set[i].local == local && set[i].uri == uri && set[i].prefix == prefix)
            return &set[i];
    }
    known_name *name = &set[v->next++ % KNOWN_IN_SET];

    *name = (known_name){.local = local, .prefix = prefix, .uri = uri, .value = NO_VALUE};
    name->written =
        (uint32_t)(strlen((const char *)local) + (prefix ? strlen((const char *)prefix) + 1 : 0));
    name->two_colons = !prefix && strchr((const char *)local, ':');
    return name;
}

/* The place of the property's value among those that are looked at. */
static int watched_value(const vocabulary *v, const char *name)
{
    for (size_t i = 0; i < MS_WATCHED_VALUES; i++) {
        if (v->watched[i] == name)
            return (int)i;
    }
    return NO_VALUE;
}

void vocabulary_spell(vocabulary *v, known_name *name, const xmlChar *local, const xmlChar *prefix,
                      const xmlChar *uri)
{
    ms_sax_name(v->scratch, local, prefix, uri);
    name->name = ms_store_name(v->store, v->scratch->str);
    name->value = watched_value(v, name->name);
}

/* ---- places ---- */

bool vocabulary_is_dav(const vocabulary *v, const xmlChar *uri)
{
    if (!uri)
        return v->no_namespace;
    return strcmp((const char *)uri, MS_NS_DAV) == 0 || (v->dav && xmlStrEqual(uri, v->dav));
}

static place find_place(const vocabulary *v, const known_name *name, place parent)
{
    switch (parent) {
    case IN_PROP:
    case IN_PROPERTY:
        return IN_PROPERTY;
    case IN_ERROR:
    case IN_CONDITION:
        return IN_CONDITION;
    default:
        break;
    }
    if (!vocabulary_is_dav(v, name->uri))
        return IN_UNKNOWN;
    for (size_t i = 0; i < G_N_ELEMENTS(grammar); i++) {
        if (grammar[i].parent == parent && strcmp(grammar[i].name, (const char *)name->local) == 0)
            return grammar[i].is;
    }
    return IN_UNKNOWN;
}

place vocabulary_place(const vocabulary *v, known_name *name, place parent)
{
    if (name->is[parent] == IN_DOCUMENT)
        name->is[parent] = (uint8_t)find_place(v, name, parent);
    return (place)name->is[parent];
}
