/* saz_about.c
 * What Fiddler knows of an exchange: times and addresses, in a little XML.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <libxml/xmlreader.h>

#include "saz_entry.h"

/* Such a member has two or three kilobytes. */
#define MOST_BYTES (1024u * 1024)
#define MOST_TEXT 128

static char *attribute(xmlTextReaderPtr at, const char *name)
{
    xmlChar *value = xmlTextReaderGetAttribute(at, (const xmlChar *)name);
    char *copy =
        value && strlen((const char *)value) <= MOST_TEXT ? g_strdup((const char *)value) : NULL;

    xmlFree(value);
    return copy;
}

/* The first of two that is set: what did not happen is in the year 1. */
static moment time_of(xmlTextReaderPtr at, const char *name, const char *instead)
{
    g_autofree char *text = attribute(at, name);
    moment time = saved_moment(text);

    if (moment_is_known(time) && time.seconds > 0)
        return time;
    return instead ? time_of(at, instead, NULL) : moment_unknown();
}

static void read_flag(saz_about *to, xmlTextReaderPtr at)
{
    const struct {
        const char *name;
        char **to;
    } known[] = {
        {"x-clientip", &to->client},
        {"x-clientport", &to->client_port},
        {"x-hostip", &to->server},
    };
    g_autofree char *name = attribute(at, "N");

    for (size_t i = 0; name && i < G_N_ELEMENTS(known); i++) {
        if (g_ascii_strcasecmp(name, known[i].name) == 0 && !*known[i].to)
            *known[i].to = attribute(at, "V");
    }
}

static void read_element(saz_about *to, xmlTextReaderPtr at)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(at);

    if (g_strcmp0(name, "Session") == 0) {
        g_autofree char *flags = attribute(at, "BitFlags");

        to->flags = flags ? (unsigned)g_ascii_strtoull(flags, NULL, 16) : 0;
    } else if (g_strcmp0(name, "SessionTimers") == 0) {
        to->times.sent = time_of(at, "ClientDoneRequest", "ClientBeginRequest");
        to->times.answered = time_of(at, "ServerDoneResponse", "ClientDoneResponse");
    } else if (g_strcmp0(name, "SessionFlag") == 0) {
        read_flag(to, at);
    }
}

saz_about saz_about_read(const GByteArray *xml)
{
    saz_about made = {.times = {moment_unknown(), moment_unknown()}};
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlTextReaderPtr at =
        xml->len > 0 && xml->len <= MOST_BYTES
            ? xmlReaderForMemory((const char *)xml->data, (int)xml->len, NULL, NULL, options)
            : NULL;

    while (at && xmlTextReaderRead(at) == 1) {
        if (xmlTextReaderNodeType(at) == XML_READER_TYPE_ELEMENT)
            read_element(&made, at);
    }
    xmlFreeTextReader(at);
    return made;
}

void saz_about_clear(saz_about *of)
{
    g_free(of->client);
    g_free(of->client_port);
    g_free(of->server);
}
