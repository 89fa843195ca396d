/* xml.h
 * One way to set libxml2 up, for every parse in the decoder, and what differs between its versions.
 *
 * No DTD, no entity, no network (RFC 4918 section 20.6); errors go to the handler's own callback
 * and to no global state. The text is UTF-8 already, whatever its declaration says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_XML_H
#define MS_XML_H

#include <stddef.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

/* The type of the error that xmlSAXHandler.serror is called with. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *ms_xml_error;
#else
typedef xmlErrorPtr ms_xml_error;
#endif

/** NULL for an empty text. */
static inline xmlParserCtxtPtr ms_xml_open(const char *text, size_t length,
                                           const xmlSAXHandler *handler, void *data)
{
    xmlParserCtxtPtr xml = length > 0 ? xmlCreateMemoryParserCtxt(text, (int)length) : NULL;

    if (xml) {
        xmlCtxtUseOptions(xml, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
        *xml->sax = *handler;
        xml->userData = data;
        /* Without a document, libxml2 would make one for the entities that the body declares. */
        xml->myDoc = xmlNewDoc((const xmlChar *)"1.0");
    }
    return xml;
}

/** How many bytes of the text the parser has read. */
static inline size_t ms_xml_consumed(xmlParserCtxtPtr xml)
{
#if LIBXML_VERSION >= 21500
    unsigned long at = 0;

    return xmlCtxtGetInputPosition(xml, 0, NULL, NULL, NULL, &at) == 0 ? at : 0;
#else
    long at = xmlByteConsumed(xml);

    return at > 0 ? (size_t)at : 0;
#endif
}

static inline void ms_xml_close(xmlParserCtxtPtr xml)
{
    if (xml) {
        xmlFreeDoc(xml->myDoc);
        xmlFreeParserCtxt(xml);
    }
}

#endif /* MS_XML_H */
