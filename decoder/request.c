/* request.c
 * Request bodies, as far as the judgement of the answer needs them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multistatus.h"

#include "encoding.h"
#include "xml.h"

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

/* What is wrong with the body is not asked here. */
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
    search.xml = ms_xml_open(encoded.text, encoded.length, &handler, &search);
    if (search.xml)
        xmlParseDocument(search.xml);
    ms_xml_close(search.xml);
    ms_encoded_clear(&encoded);
    return search.name;
}
