/* xml.h
 * The one way in which the decoder sets libxml2 up for every parse, and what differs between its
 * versions.
 *
 * No DTD, no entity, no network (RFC 4918 section 20.6); errors go to the handler's own callback
 * and to no global state. The text is UTF-8 already, whatever its declaration says.
 *
 * Ownership: the parser context is the caller's, between ms_xml_open() and ms_xml_close().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_XML_H
#define MS_XML_H

#include <stddef.h>
#include <string.h>

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

/* The type of the error that xmlSAXHandler.serror is called with. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *ms_xml_error;
#else
typedef xmlErrorPtr ms_xml_error;
#endif

/** A text that libxml2 takes piece by piece: given it in one piece, it would copy all of it. */
typedef struct {
    const char *at;
    size_t left;
} ms_xml_text;

static inline int ms_xml_read(void *data, char *buffer, int length)
{
    ms_xml_text *text = data;
    size_t n = MIN(text->left, (size_t)MAX(length, 0));

    memcpy(buffer, text->at, n);
    text->at += n;
    text->left -= n;
    return (int)n;
}

/** NULL for an empty text.
 *  @param text  lives as long as the parser */
static inline xmlParserCtxtPtr ms_xml_open(ms_xml_text *text, const xmlSAXHandler *handler,
                                           void *data)
{
    xmlParserCtxtPtr xml = text->left > 0 ? xmlCreateIOParserCtxt(NULL, NULL, ms_xml_read, NULL,
                                                                  text, XML_CHAR_ENCODING_NONE)
                                          : NULL;

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
    /* What xmlByteConsumed() says of a text that is UTF-8, without a call for every element. */
    const xmlParserInput *input = xml->input;

    return input ? input->consumed + (size_t)(input->cur - input->base) : 0;
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
