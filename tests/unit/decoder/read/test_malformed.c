/* test_malformed.c
 * Bodies that are not what they should be: cut off, not well-formed, something else altogether, or
 * made to do harm. What can be read is still shown, and where that ends is reported.
 *
 * RFC 4918 sections 8.2, 17 and 20.6; XML 1.0 section 2.2; Namespaces in XML 1.0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <libxml/parser.h>

#include "request.h"
#include "scan.h"
#include "unit.h"

#define START "<D:multistatus xmlns:D=\"DAV:\">"
#define END "</D:multistatus>"
#define BEFORE RESPONSE("/before", PROPSTAT(200, "<D:x/>"))
#define AFTER RESPONSE("/after", STATUS(423))
#define PROLOGUE "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

static bool starts_with_mark(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

/* Line and column of a place, counted here once more; a byte order mark is no character. */
static void check_error_place(const char *text, const ms_syntax_error *error, size_t length)
{
    uint32_t line = 1, column = 1;

    unit_check(error->present, "there is no syntax error");
    unit_check(error->message && *error->message, "the syntax error says nothing");
    unit_check(error->offset <= length, "the error is at %u of %zu bytes", error->offset, length);
    for (size_t i = starts_with_mark(text, length) ? 3 : 0; i < MIN(error->offset, length); i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    unit_check(error->line == line && error->column == column,
               "byte %u is line %u, column %u, not line %u, column %u", error->offset, line, column,
               error->line, error->column);
}

/* ----------------------------------------------------------------------------- cut anywhere ----
 */

typedef struct {
    const char *text;
    size_t length;
    GArray *elements;
    ms_document *whole;
    char **responses; /* the models of the whole body's resources */
} cut_case;

static bool is_response(const scan_element *element)
{
    return element->parent == 0 && element->dav && strcmp(element->name, "response") == 0;
}

/* How many responses end within the first `length` bytes. */
static uint32_t complete_responses(const cut_case *c, size_t length)
{
    uint32_t n = 0;

    for (guint i = 0; i < c->elements->len; i++) {
        const scan_element *element = &g_array_index(c->elements, scan_element, i);

        n += is_response(element) && element->end <= length;
    }
    return n;
}

static void check_cut_responses(const cut_case *c, const ms_document *document, size_t length)
{
    uint32_t n = complete_responses(c, length);

    unit_check(document->n_responses >= n, "cut at %zu: %u of %u complete responses are there",
               length, document->n_responses, n);
    for (uint32_t i = 0; i < MIN(n, document->n_responses); i++) {
        char *model = unit_response_model(document, i, UNIT_VALUES | UNIT_SPANS);

        unit_check(document->responses[i].complete, "cut at %zu: response %u is not complete",
                   length, i);
        unit_check_text("a complete response of a cut body", model, c->responses[i]);
        g_free(model);
    }
}

/* Nothing but white space and a byte order mark. */
static bool is_blank(const char *text, size_t length)
{
    size_t at = starts_with_mark(text, length) ? 3 : 0;

    while (at < length && g_ascii_isspace(text[at]))
        at++;
    return at == length;
}

/* What is lost is what was cut off, and no more. */
static void check_cut(const cut_case *c, const ms_document *document, size_t length)
{
    const scan_element *root = &g_array_index(c->elements, scan_element, 0);

    unit_check_sound(document, length);
    if (is_blank(c->text, length))
        unit_check_verdict(document, MS_UNDECODED);
    else if (length > root->start || !document->undecoded)
        unit_check_verdict(document, MS_MALFORMED);
    if (document->verdict == MS_MALFORMED)
        check_error_place(c->text, &document->error, length);
    if (length >= root->content)
        unit_check(document->root == c->whole->root, "cut at %zu: the root is lost", length);
    if (c->whole->root == MS_ROOT_MULTISTATUS)
        check_cut_responses(c, document, length);
}

/* The body just ends, and that is what is reported: not that something is wrong with it, which
 * would blame the server for what the capture left out. */
static bool is_told(const ms_document *document)
{
    return document->undecoded || (document->error.cut && unit_finding(document, "cut_off") &&
                                   !unit_finding(document, "not_well_formed"));
}

/* "complete: its end tag was there", all of it. */
static bool is_complete_too_early(const cut_case *c, const ms_document *document, size_t length)
{
    for (uint32_t i = complete_responses(c, length); i < document->n_responses; i++) {
        if (document->responses[i].complete)
            return c->whole->root == MS_ROOT_MULTISTATUS;
    }
    return false;
}

typedef bool (*cut_check)(const cut_case *c, const ms_document *document, size_t length);

static bool check_all(const cut_case *c, const ms_document *document, size_t length)
{
    check_cut(c, document, length);
    return !g_test_failed();
}

static bool check_told(const cut_case *c, const ms_document *document, size_t length)
{
    (void)c;
    (void)length;
    return is_told(document);
}

/* "cut off at byte ..." is where the body ends. */
static bool check_offset(const cut_case *c, const ms_document *document, size_t length)
{
    (void)c;
    return !document->error.cut || document->error.offset == length;
}

static bool check_complete(const cut_case *c, const ms_document *document, size_t length)
{
    return !is_complete_too_early(c, document, length);
}

/* Decodes the text cut at every byte; the first place that fails a check is reported. */
static void cut_everywhere(const char *text, size_t length, cut_check check)
{
    cut_case c = {text, length, scan_elements(text, length),
                  unit_decode_bytes(text, length, &unit_propfind), NULL};
    GPtrArray *models = g_ptr_array_new();
    size_t end = g_array_index(c.elements, scan_element, 0).end;
    size_t first = SIZE_MAX, wrong = 0;

    for (uint32_t i = 0; i < c.whole->n_responses; i++)
        g_ptr_array_add(models, unit_response_model(c.whole, i, UNIT_VALUES | UNIT_SPANS));
    g_ptr_array_add(models, NULL);
    c.responses = (char **)g_ptr_array_free(models, FALSE);

    for (size_t cut = 0; cut < end; cut++) {
        ms_document *document = unit_decode_bytes(text, cut, &unit_propfind);

        if (!check(&c, document, cut)) {
            wrong++;
            first = MIN(first, cut);
        }
        ms_document_free(document);
        if (g_test_failed())
            break;
    }
    unit_check(wrong == 0, "wrong at %zu places, first at byte %zu: ...%.*s|", wrong, first,
               (int)MIN(first, 30), text + first - MIN(first, 30));
    g_strfreev(c.responses);
    g_array_unref(c.elements);
    ms_document_free(c.whole);
}

static void test_cut(const void *data)
{
    GBytes *body = unit_body(data);
    size_t length;
    const char *text = g_bytes_get_data(body, &length);

    cut_everywhere(text, length, check_all);
    g_bytes_unref(body);
}

typedef struct {
    const char *name;
    const char *text;
} text_row;

/* What no RFC example has: a cut can fall into all of it. */
static const text_row cuts[] = {
    {"mark", "\xEF\xBB\xBF" PROLOGUE START BEFORE END},
    {"references", START RESPONSE("/&amp;&#x41;&#66;", STATUS(200)) END},
    {"comment", START BEFORE "<!-- between - them -->" AFTER END},
    {"cdata", START RESPONSE("<![CDATA[/a]]b]]>", STATUS(200)) END},
    {"instruction", PROLOGUE "<?style a=\"b\"?>" START BEFORE "<?x y?>" AFTER END},
    {"attributes", START "<D:response a='1' xml:lang=\"et\"><D:href b=\"&lt;\">/a</D:href>" STATUS(
                       200) "</D:response>" END},
    {"multi-byte",
     START RESPONSE("/K\xC3\xA4se/\xE2\x82\xAC/\xF0\x9F\xA7\x80", STATUS(200)) AFTER END},
    {"multi-byte-names",
     START RESPONSE("/a", PROPSTAT(200, "<K\xC3\xA4se xmlns=\"urn:\xC3\xA4\"/>")) AFTER END},
    {"conditions", START RESPONSE("/a", STATUS(423) ERROR("<m:x a=\"1\" xmlns:m=\"urn:m\">t"
                                                          "<m:y/></m:x>")) AFTER END},
    {"lines", "<?xml version=\"1.0\"?>\r\n\r\n" START "\r\n" BEFORE "\n\n" AFTER "\r\n" END},
};

static void test_cut_text(const void *data)
{
    const text_row *row = data;

    cut_everywhere(row->text, strlen(row->text), check_all);
}

static void test_cut_told(const void *data)
{
    const text_row *row = data;

    cut_everywhere(row->text, strlen(row->text), check_told);
}

static void test_cut_offset(const void *data)
{
    const text_row *row = data;

    cut_everywhere(row->text, strlen(row->text), check_offset);
}

static void test_cut_complete(const void *data)
{
    const text_row *row = data;

    cut_everywhere(row->text, strlen(row->text), check_complete);
}

/* A cut in UTF-16 can fall between the bytes of a character. */
static void test_cut_utf16(void)
{
    static const char text[] =
        "\xEF\xBB\xBF" START RESPONSE("/K\xC3\xA4se/\xF0\x9F\xA7\x80", STATUS(200)) AFTER END;
    gsize length;
    char *bytes = g_convert(text, -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
    size_t response = (size_t)(strstr(text, "</D:response>") - text) + strlen("</D:response>");
    gsize end;

    g_free(g_convert(text, (gssize)response, "UTF-16LE", "UTF-8", NULL, &end, NULL));
    for (size_t cut = 0; cut < length && !g_test_failed(); cut++) {
        ms_document *document = unit_decode_bytes(bytes, cut, &unit_propfind);

        unit_check(document->verdict == MS_MALFORMED || (cut < 4 && document->undecoded),
                   "cut at %zu: the verdict is %s", cut, ms_verdict_name(document->verdict));
        unit_check(cut < end || (document->n_responses > 0 && document->responses[0].complete &&
                                 document->responses[0].outcome == MS_OK),
                   "cut at %zu: the first response is lost", cut);
        unit_check_sound(document, cut);
        ms_document_free(document);
    }
    g_free(bytes);
}

/* The same cut means something else if it was the capture that made it. */
static void test_not_captured(void)
{
    ms_context context = unit_propfind;

    context.incomplete = true;
    ms_document *document = unit_decode(START BEFORE, &context);

    unit_check_verdict(document, MS_MALFORMED);
    unit_check_finding(document, "not_captured");
    unit_check_no_finding(document, "cut_off");
    unit_check(!document->complete, "the document says that it is complete");
    unit_check(unit_find(document, "/before") == 0, "the first resource is lost");
    ms_document_free(document);
}

/* --------------------------------------------------------------------------- not well-formed ----
 */

typedef struct {
    const char *name;
    const char *body;
    const char *error_at; /* the error is not before this part of the body; NULL: at its start */
    const char *outcomes; /* of the resources that are complete */
} broken_row;

/* "/before" and "/after" around something broken. */
#define AROUND(broken) START BEFORE broken AFTER END
#define BROKEN_HREF(href) AROUND(RESPONSE(href, STATUS(404)))

static const broken_row broken_bodies[] = {
    {"raw-ampersand", BROKEN_HREF("/a&b"), "&b", "ok /before, missing, failed /after"},
    {"raw-ampersand-space", BROKEN_HREF("/a & b"), "& b", "ok /before, missing, failed /after"},
    {"unknown-reference", BROKEN_HREF("/a&nbsp;b"), "&nbsp;", "ok /before, missing, failed /after"},
    {"open-reference", BROKEN_HREF("/a&amp"), "&amp", "ok /before, missing, failed /after"},
    {"null-reference", BROKEN_HREF("/a&#0;b"), "&#0;", "ok /before, missing, failed /after"},
    {"control-reference", BROKEN_HREF("/a&#1;b"), "&#1;", "ok /before, missing, failed /after"},
    {"huge-reference", BROKEN_HREF("/a&#99999999999999999999;b"), "&#9",
     "ok /before, missing, failed /after"},
    {"fffe-reference", BROKEN_HREF("/a&#xFFFE;b"), "&#xFFFE;",
     "ok /before, missing, failed /after"},
    {"surrogate-reference", BROKEN_HREF("/a&#xD83D;b"), "&#xD83D;",
     "ok /before, missing, failed /after"},
    /* rclone#5954: a file name with U+FFFE makes a whole folder unlistable. */
    {"raw-fffe", BROKEN_HREF("/a\xEF\xBF\xBE"), "\xEF\xBF\xBE",
     "ok /before, missing, failed /after"},
    {"raw-control", BROKEN_HREF("/a\x01"), "\x01", "ok /before, missing, failed /after"},
    {"raw-escape", BROKEN_HREF("/a\x1B[31m"), "\x1B", "ok /before, missing, failed /after"},
    {"raw-less-than", BROKEN_HREF("/a < b"), "< b", "ok /before, missing, failed /after"},
    {"cdata-end", BROKEN_HREF("/a]]>b"), "]]>b", "ok /before, missing, failed /after"},
    {"mismatched-tags", AROUND("<D:response><D:href>/a</D:ref>"), "</D:ref>", "ok /before"},
    {"crossed-tags", AROUND("<D:response><D:href>/a<D:status></D:href></D:status></D:response>"),
     "</D:href></D:status>", "ok /before"},
    {"end-tag-too-many", AROUND("</D:response>"), "</D:response><D:response><D:href>/after",
     "ok /before"},
    {"unquoted-attribute", AROUND("<D:response a=1/>"), "1/>", "ok /before"},
    {"attribute-twice", AROUND("<D:response a=\"1\" a=\"2\"/>"), "a=\"2\"", "ok /before"},
    {"two-hyphens-in-comment", AROUND("<!-- a -- b -->"), "-- b", "ok /before, failed /after"},

    /* Something before the XML: a script's notice, an empty line, a second byte order mark. */
    {"php-notice",
     "<br />\n<b>Notice</b>:  Undefined index: x in <b>/srv/dav.php</b> on line <b>7</b><br "
     "/>\n" PROLOGUE AROUND(""),
     NULL, "ok /before, failed /after"},
    {"php-warning", "Warning: mkdir(): File exists\n" PROLOGUE AROUND(""), NULL,
     "ok /before, failed /after"},
    {"php-notice-without-declaration", "Notice: x\n" AROUND(""), NULL, "ok /before, failed /after"},
    {"blank-line-first", "\n" PROLOGUE AROUND(""), NULL, "ok /before, failed /after"},
    {"two-marks", "\xEF\xBB\xBF\xEF\xBB\xBF" PROLOGUE AROUND(""), NULL,
     "ok /before, failed /after"},
    {"two-declarations", PROLOGUE PROLOGUE AROUND(""), NULL, "ok /before, failed /after"},

    /* Something after it. */
    {"text-behind", AROUND("") "Fatal error: Allowed memory size exhausted", "Fatal",
     "ok /before, failed /after"},
    {"html-behind", AROUND("") "<html><body>504</body></html>", "<html>",
     "ok /before, failed /after"},
    {"two-roots", AROUND("") START RESPONSE("/second", STATUS(200)) END, END START,
     "ok /before, failed /after"},
    {"declaration-behind", AROUND("") "\n" PROLOGUE, "<?xml", "ok /before, failed /after"},
};

/* "ok /before, missing, failed /after": the href only where nothing is wrong with it. */
static char *complete_outcomes(const ms_document *document)
{
    GString *out = g_string_new(NULL);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        const char *href =
            response->hrefs.count > 0 ? document->hrefs[response->hrefs.first].text : "";

        if (!response->complete)
            continue;
        g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "",
                               ms_outcome_name(response->outcome));
        if (strcmp(href, "/before") == 0 || strcmp(href, "/after") == 0)
            g_string_append_printf(out, " %s", href);
    }
    return g_string_free(out, FALSE);
}

static void check_broken(const char *body, size_t length, const char *error_at,
                         const char *expected)
{
    ms_document *document = unit_decode_bytes(body, length, &unit_propfind);
    char *outcomes = complete_outcomes(document);
    const char *place = error_at ? g_strstr_len(body, (gssize)length, error_at) : body;

    g_assert_nonnull(place);
    unit_check_verdict(document, MS_MALFORMED);
    unit_check_finding(document, "not_well_formed");
    unit_check_no_finding(document, "cut_off");
    check_error_place(body, &document->error, length);
    unit_check(!document->error.cut, "it is reported as cut off");
    unit_check(document->error.offset >= (size_t)(place - body),
               "the error is reported at %u, but everything is fine up to %zu",
               document->error.offset, (size_t)(place - body));
    unit_check(g_str_has_prefix(outcomes, expected), "is \"%s\", expected \"%s\"", outcomes,
               expected);
    unit_check_sound(document, length);
    g_free(outcomes);
    ms_document_free(document);
}

static void test_broken(const void *data)
{
    const broken_row *row = data;

    check_broken(row->body, strlen(row->body), row->error_at, row->outcomes);
}

/* What is not a reference, or an undeclared one, stays as it was written: an href is shown "as
 * sent", never as one that was not. */
static void test_raw_reference(void)
{
    static const char *const hrefs[] = {"/a&nbsp;b", "/a&b=1", "/a & b", "/a&", "/a&b", "/a&&b"};

    for (size_t i = 0; i < G_N_ELEMENTS(hrefs); i++) {
        char *body = g_strdup_printf(BROKEN_HREF("%s"), hrefs[i]);
        ms_document *document = unit_decode(body, &unit_propfind);

        unit_check_verdict(document, MS_MALFORMED);
        unit_check_text("href", document->n_hrefs == 3 ? document->hrefs[1].text : NULL, hrefs[i]);
        ms_document_free(document);
        g_free(body);
    }
}

/* The places of a body after garbage count from the start of what was sent. */
static void test_spans_behind_garbage(void)
{
    static const char notice[] = "<b>Notice</b>: x\n";
    ms_document *clean = unit_decode(PROLOGUE AROUND(""), &unit_propfind);
    char *body = g_strconcat(notice, PROLOGUE AROUND(""), NULL);
    ms_document *document = unit_decode(body, &unit_propfind);

    g_assert_cmpuint(document->n_responses, ==, clean->n_responses);
    for (uint32_t i = 0; i < clean->n_responses; i++) {
        ms_span is = document->responses[i].span, expected = clean->responses[i].span;

        unit_check(is.offset == expected.offset + strlen(notice) && is.length == expected.length,
                   "response %u is at %u+%u, expected %zu+%u", i, is.offset, is.length,
                   expected.offset + strlen(notice), expected.length);
    }
    g_free(body);
    ms_document_free(document);
    ms_document_free(clean);
}

/* NUL bytes are no characters of XML. */
static void test_nul(void)
{
    static const char within[] = START BEFORE "<D:response><D:href>/a\0b</D:href></D:response>" END;
    static const char behind[] = AROUND("") "\0\0\0\0";
    static const char only[] = "\0\0\0\0";

    check_broken(within, sizeof within - 1, "\0", "ok /before");
    check_broken(behind, sizeof behind - 1, END, "ok /before, failed /after");
    ms_document *document = unit_decode_bytes(only, sizeof only - 1, &unit_propfind);

    unit_check(document->verdict == MS_MALFORMED || document->verdict == MS_UNDECODED,
               "the verdict is %s", ms_verdict_name(document->verdict));
    unit_check_sound(document, sizeof only - 1);
    ms_document_free(document);
}

/* -------------------------------------------------------------------------- namespace errors ----
 */

typedef struct {
    const char *name;
    const char *property;
    const char *expected; /* its name in the model; NULL: it cannot be predicted */
} namespace_row;

static const namespace_row namespace_errors[] = {
    /* Cyberduck asks for SAR:lastmodified, and servers echo it (npm-WebDAV#27, reva#720). */
    {"undeclared", "<SAR:lastmodified/>", "SAR:lastmodified"},
    {"undeclared-with-child", "<x:y><x:z/></x:y>", "x:y"},
    {"two-colons", "<C:my:review xmlns:C=\"urn:c\"/>", NULL},
    {"colon-first", "<:a/>", NULL},
    {"empty-namespace", "<x:y xmlns:x=\"\"/>", NULL},
    {"undeclared-attribute", "<D:x y:z=\"1\"/>", "{DAV:}x"},
};

/* Such a name breaks only itself: the rows around it are fine. */
static void test_namespace(const void *data)
{
    const namespace_row *row = data;
    char *body = g_strdup_printf(AROUND(RESPONSE("/a", PROPSTAT(200, "%s"))), row->property);
    ms_document *document = unit_decode(body, &unit_propfind);
    char *outcomes = unit_outcomes(document);

    unit_check_finding(document, "namespace_error");
    unit_check_text("outcomes", outcomes, "ok 200, ok 200, failed 423");
    unit_check(document->n_properties >= 2, "the property is lost");
    if (row->expected && document->n_properties >= 2)
        unit_check_text("property", document->properties[1].name, row->expected);
    if (document->n_properties >= 2) {
        ms_span span = document->properties[1].span;

        unit_check(span.length == strlen(row->property) &&
                       strncmp(body + span.offset, row->property, span.length) == 0,
                   "the span is %u+%u", span.offset, span.length);
    }
    unit_check_sound(document, strlen(body));
    g_free(outcomes);
    ms_document_free(document);
    g_free(body);
}

/* NWebDav: a name that is no name at all (npm-WebDAV#34). */
static void test_no_name(void)
{
    static const char body[] =
        AROUND(RESPONSE("/a", PROPSTAT(200, "<http://example.com/alpha:somename/>")));

    check_broken(body, strlen(body), "//example.com", "ok /before");
}

/* --------------------------------------------------------------------------- something else ----
 */

typedef struct {
    const char *name;
    const char *body;
    ms_verdict verdict;
    const char *reason; /* part of why it is undecoded */
} foreign_row;

static const foreign_row foreign_bodies[] = {
    {"empty", "", MS_UNDECODED, "empty"},
    {"white-space", " \r\n\t\n", MS_UNDECODED, "empty"},
    {"mark-alone", "\xEF\xBB\xBF", MS_UNDECODED, "empty"},
    {"json-object", "{\"things\":[{\"id\":1,\"status\":\"open\"}]}", MS_UNDECODED, "JSON"},
    {"json-array", "\n [1, 2]", MS_UNDECODED, "JSON"},
    {"json-after-mark", "\xEF\xBB\xBF{}", MS_UNDECODED, "JSON"},
    {"xhtml", "<html><body><p>multistatus</p></body></html>", MS_UNDECODED, "HTML"},
    {"html-with-doctype", "<!DOCTYPE html>\n<html><body>x</body></html>", MS_UNDECODED, "HTML"},
    {"error", "<D:error xmlns:D=\"DAV:\"><D:x/></D:error>", MS_UNDECODED, "{DAV:}error"},
    /* A document that is well-formed is what its root says, whatever it quotes or wraps. */
    {"error-quoting-xml",
     "<D:error xmlns:D=\"DAV:\"><D:x><![CDATA[" PROLOGUE AROUND("") "]]></D:x></D:error>",
     MS_UNDECODED, "{DAV:}error"},
    {"wrapped", "<e:Envelope xmlns:e=\"urn:e\">" AROUND("") "</e:Envelope>", MS_UNDECODED,
     "{urn:e}Envelope"},
    /* What is not XML at all is neither broken nor cut off. */
    {"html-not-well-formed", "<html><body><br>x</html>", MS_UNDECODED,
     "the body is HTML, not a multistatus: \"x\""},
    {"html-title",
     "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>502 Bad\nGateway</title>"
     "<body><hr>nginx</html>",
     MS_UNDECODED, "HTML, not a multistatus: \"502 Bad Gateway\""},
    {"html-of-a-script", "<br />\n<b>Fatal error</b>:  Uncaught Error in <b>/x.php</b>",
     MS_UNDECODED, "HTML, not a multistatus: \"Fatal error: Uncaught Error in /x.php\""},
    {"html-script", "<HTML><SCRIPT>if (a<b) go()</SCRIPT><P>Sign in", MS_UNDECODED, "\"Sign in\""},
    {"html-cut", "<html><head><title>Log", MS_UNDECODED, "HTML, not a multistatus: \"Log\""},
    {"error-cut", "<D:error xmlns:D=\"DAV:\"><D:x/>", MS_UNDECODED, "{DAV:}error"},
    {"text", "Internal\r\nServer Error", MS_UNDECODED,
     "the body is text, neither XML nor JSON: \"Internal Server Error\""},
    {"long-text", "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n",
     MS_UNDECODED, "the body is text, neither XML nor JSON: \"a b c d"},
    {"less-than-in-text", "a < b", MS_UNDECODED, "\"a < b\""},
    {"comparison", "< b", MS_UNDECODED, "\"< b\""},
    {"rows", "id,status\n1,200\n", MS_UNDECODED, "\"id,status 1,200\""},
    {"bytes", "\x01\x02\xFF\x03", MS_UNDECODED,
     "the body is not text: it starts with the bytes 01 02 ff 03"},
    /* The start of XML is the start of XML. */
    {"declaration-alone", PROLOGUE, MS_MALFORMED, NULL},
    {"comment-alone", "<!-- nothing -->", MS_MALFORMED, NULL},
    {"less-than", "<", MS_MALFORMED, NULL},
    {"comment-open", "<!-- <html> ", MS_MALFORMED, NULL},
    {"name-cut", "<D:multista", MS_MALFORMED, NULL},
    {"name-cut-in-html", "<htm", MS_MALFORMED, NULL},
    {"greater-than", ">", MS_UNDECODED, "\">\""},
};

static void test_foreign(const void *data)
{
    const foreign_row *row = data;
    ms_document *document = unit_decode(row->body, &unit_propfind);

    unit_check_verdict(document, row->verdict);
    unit_check(document->n_responses == 0, "%u resources", document->n_responses);
    if (row->reason)
        unit_check(document->undecoded && strstr(document->undecoded, row->reason),
                   "\"%s\" does not say \"%s\"", document->undecoded ? document->undecoded : "",
                   row->reason);
    else
        check_error_place(row->body, &document->error, strlen(row->body));
    unit_check_sound(document, strlen(row->body));
    ms_document_free(document);
}

/* ---- made to harm ---- */

#define DOCTYPE(subset) "<!DOCTYPE D:multistatus [" subset "]>"

typedef struct {
    const char *name;
    const char *doctype;
    const char *text;  /* stands in an href, a property and a condition */
    bool entities;     /* it declares some */
    const char *never; /* must not be anywhere in the model */
} doctype_row;

#define TEN(x) x x x x x x x x x x
#define LOL(n, of) "<!ENTITY lol" #n " \"" TEN("&lol" #of ";") "\">"

static const doctype_row doctypes[] = {
    {"none-declared", "<!DOCTYPE D:multistatus>", "text", false, NULL},
    {"external-dtd", "<!DOCTYPE D:multistatus SYSTEM \"http://dtd.example.net/dav.dtd\">", "text",
     false, NULL},
    {"external-dtd-reference", "<!DOCTYPE D:multistatus SYSTEM \"http://dtd.example.net/dav.dtd\">",
     "&anything;", false, NULL},
    {"element-declaration", DOCTYPE("<!ELEMENT D:multistatus ANY>"), "text", false, NULL},
    {"attribute-default", DOCTYPE("<!ATTLIST D:x y CDATA \"defaulted\">"), "text", false,
     "defaulted"},
    {"internal-entity", DOCTYPE("<!ENTITY e \"expanded\">"), "&e;", true, "expanded"},
    {"internal-entity-unused", DOCTYPE("<!ENTITY e \"expanded\">"), "text", true, "expanded"},
    {"entity-with-markup",
     DOCTYPE("<!ENTITY e \"&lt;D:response>&lt;D:href>/forged&lt;/D:href>&lt;/D:response>\">"),
     "&e;", true, "forged"},
    {"redefined-amp", DOCTYPE("<!ENTITY amp \"expanded\">"), "a&amp;b", true, "expanded"},
    {"external-entity", DOCTYPE("<!ENTITY e SYSTEM \"%s\">"), "&e;", true, "canary"},
    {"external-entity-public", DOCTYPE("<!ENTITY e PUBLIC \"-//x//y\" \"%s\">"), "&e;", true,
     "canary"},
    {"external-parameter-entity", DOCTYPE("<!ENTITY %% p SYSTEM \"%s\"> %%p;"), "text", true,
     "canary"},
    {"parameter-entity", DOCTYPE("<!ENTITY %% p \"<!ENTITY e 'expanded'>\"> %%p;"), "&e;", true,
     "expanded"},
    {"external-dtd-file", "<!DOCTYPE D:multistatus SYSTEM \"%s\">", "&canary;", false, "canary-"},
    {"billion-laughs",
     DOCTYPE("<!ENTITY lol0 \"haha\">" LOL(1, 0) LOL(2, 1) LOL(3, 2) LOL(4, 3) LOL(5, 4) LOL(6, 5)
                 LOL(7, 6) LOL(8, 7) LOL(9, 8)),
     "&lol9;", true, "haha"},
    {"recursive", DOCTYPE("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">"), "&a;", true, NULL},
};

static char *canary; /* the path of a file that nobody may read */
static unsigned openings;

static xmlParserInputPtr refuse(const char *url, const char *id, xmlParserCtxtPtr context)
{
    (void)url;
    (void)id;
    (void)context;
    openings++;
    return NULL;
}

static char *harmful_body(const doctype_row *row)
{
    char *url = g_filename_to_uri(canary, NULL, NULL);
    GString *doctype = g_string_new(row->doctype);

    g_string_replace(doctype, "%s", url, 0);
    g_string_replace(doctype, "%%", "%", 0);
    char *body =
        g_strconcat("<?xml version=\"1.0\"?>", doctype->str, START BEFORE, "<D:response><D:href>/",
                    row->text, "</D:href><D:propstat><D:prop><D:x>", row->text,
                    "</D:x></D:prop>" STATUS(200) "</D:propstat><D:error><D:y a=\"", row->text,
                    "\">", row->text, "</D:y></D:error></D:response>" END, NULL);

    g_string_free(doctype, TRUE);
    g_free(url);
    return body;
}

/* Nothing is expanded, nothing is opened, and it takes no time (RFC 4918 section 20.6). */
static void test_doctype(const void *data)
{
    const doctype_row *row = data;
    char *body = harmful_body(row);
    xmlExternalEntityLoader loader = xmlGetExternalEntityLoader();
    gint64 start = g_get_monotonic_time();

    openings = 0;
    xmlSetExternalEntityLoader(refuse);
    ms_document *document = unit_decode(body, &unit_propfind);
    gint64 passed = g_get_monotonic_time() - start;
    char *root = ms_root_name(body, strlen(body), NULL);
    char *model = unit_model(document, UNIT_VALUES);

    xmlSetExternalEntityLoader(loader);
    unit_check(openings == 0, "something was to be opened, %u times", openings);
    unit_check(passed < 120 * G_USEC_PER_SEC, "it took %d ms", (int)(passed / 1000));
    unit_check(strlen(model) < 4096, "the model has grown to %zu bytes", strlen(model));
    unit_check(!row->never || !strstr(model, row->never), "\"%s\" is in the model:\n%s", row->never,
               model);
    unit_check_finding(document, "doctype");
    unit_expect_finding(__FILE__, __LINE__, document, "entity_declaration", row->entities);
    unit_check(document->n_responses > 0 && unit_find(document, "/before") == 0,
               "the first resource is lost");
    unit_check_text("root", root, "{DAV:}multistatus");
    unit_check_sound(document, strlen(body));
    g_free(root);
    g_free(model);
    ms_document_free(document);
    g_free(body);
}

/* A document type declaration alone does not make a body unreadable. */
static void test_harmless_doctype(void)
{
    static const char body[] = "<!DOCTYPE D:multistatus SYSTEM \"dav.dtd\">" AROUND("");
    ms_document *document = unit_decode(body, &unit_propfind);
    const ms_finding *finding = unit_finding(document, "doctype");

    unit_check_verdict(document, MS_PARTIAL);
    g_assert_nonnull(finding);
    unit_check(strncmp(body + finding->span.offset, "<!DOCTYPE", 9) == 0, "it is reported at %u",
               finding->span.offset);
    ms_document_free(document);
}

/* ---- limits ---- */

/* A body whose elements are nested this deep; the root is the first. */
static char *deep_body(unsigned depth)
{
    const unsigned fixed = 4; /* multistatus, response, propstat, prop */
    GString *body =
        g_string_new(START BEFORE "<D:response><D:href>/deep</D:href><D:propstat><D:prop>");

    for (unsigned i = fixed; i < depth; i++)
        g_string_append(body, "<D:x>");
    for (unsigned i = fixed; i < depth; i++)
        g_string_append(body, "</D:x>");
    g_string_append(body, "</D:prop>" STATUS(200) "</D:propstat></D:response>" END);
    return g_string_free(body, FALSE);
}

typedef struct {
    const char *name;
    unsigned depth;
    bool limit;
} depth_row;

static const depth_row depths[] = {
    {"shallow", 9, false},
    {"at-the-limit", MS_LIMIT_DEPTH, false},
    {"one-more", MS_LIMIT_DEPTH + 1, true},
    {"libxml2-limit", 256, true},
    {"beyond-libxml2", 300, true},
    {"abyss", 500000, true},
};

static void test_depth(const void *data)
{
    const depth_row *row = data;
    char *body = deep_body(row->depth);
    ms_document *document = unit_decode(body, &unit_propfind);

    unit_expect_finding(__FILE__, __LINE__, document, "limit", row->limit);
    unit_check_verdict(document, row->limit ? MS_MALFORMED : MS_SUCCESS);
    unit_check(document->n_responses >= 1 && document->responses[0].complete,
               "the first resource is lost");
    unit_check(unit_find(document, "/deep") == 1, "the deep resource is not shown at all");
    if (!row->limit)
        unit_check(document->n_properties == 1 + row->depth - 4, "%u properties",
                   document->n_properties);
    unit_check_sound(document, strlen(body));
    ms_document_free(document);
    g_free(body);
}

typedef struct {
    const char *name;
    const char *start, *end; /* around the text */
    size_t line;             /* a line feed after that many bytes; 0: none */
    size_t length;
    bool limit;
} text_limit_row;

#define TEXT_LIMIT ((size_t)MS_LIMIT_TEXT)

static const text_limit_row text_limits[] = {
    {"at-the-limit", "", "", 0, TEXT_LIMIT, false},
    {"at-the-limit-lines", "", "", 76, TEXT_LIMIT, false},
    {"at-the-limit-cdata", "<![CDATA[", "]]>", 76, TEXT_LIMIT, false},
    {"one-more", "", "", 0, TEXT_LIMIT + 1, true},
    {"one-more-lines", "", "", 76, TEXT_LIMIT + 1, true},
    {"one-more-cdata", "<![CDATA[", "]]>", 76, TEXT_LIMIT + 1, true},
    {"three-times", "", "", 0, 3 * TEXT_LIMIT, true},
    {"three-times-lines", "", "", 1000, 3 * TEXT_LIMIT, true},
    {"three-times-references", "&amp;", "&lt;", 1000, 3 * TEXT_LIMIT, true},
};

static char *long_text(const text_limit_row *row)
{
    char *text = g_malloc(row->length + 1);

    for (size_t i = 0; i < row->length; i++)
        text[i] = row->line && i % row->line == row->line - 1 ? '\n' : (char)('a' + i % 26);
    text[row->length - 1] = 'z'; /* no white space at its end, which would be trimmed */
    text[row->length] = '\0';
    return text;
}

/* "Bytes kept of one text; the rest is left out": the beginning is there, and nothing else. */
static void test_text_limit(const void *data)
{
    const text_limit_row *row = data;
    char *text = long_text(row);
    char *body = g_strconcat(
        START BEFORE "<D:response><D:href>/long</D:href><D:propstat><D:prop><D:x>", row->start,
        text, row->end, "</D:x></D:prop>" STATUS(200) "</D:propstat></D:response>" AFTER END, NULL);
    char *sent =
        g_strconcat(*row->start == '&' ? "&" : "", text, *row->end == '&' ? "<" : "", NULL);
    ms_document *document = unit_decode(body, &unit_propfind);
    const char *value = document->n_properties > 1 ? document->properties[1].value : NULL;

    unit_expect_finding(__FILE__, __LINE__, document, "limit", row->limit);
    unit_check(document->n_responses == 3 && document->responses[2].outcome == MS_FAILED,
               "the other resources are lost");
    unit_check(value, "the text is gone altogether");
    unit_check(value && strlen(value) <= TEXT_LIMIT, "%zu bytes are kept",
               value ? strlen(value) : 0);
    unit_check(value && g_str_has_prefix(sent, value), "what is kept is not the beginning");
    unit_check(value && strlen(value) + 1024 > MIN(row->length, TEXT_LIMIT),
               "no more than %zu bytes are kept", value ? strlen(value) : 0);
    unit_check_sound(document, strlen(body));
    g_free(sent);
    ms_document_free(document);
    g_free(body);
    g_free(text);
}

/* A long text is read to the end of the body: whether its value is kept (the tree shows it) or not
 * (the command does not) changes no verdict. */
static void test_text_limit_verdict(void)
{
    const text_limit_row row = {NULL, NULL, NULL, 76, TEXT_LIMIT + 1, true};
    char *text = long_text(&row);
    char *body =
        g_strconcat(START "<D:response><D:href>/long</D:href><D:propstat><D:prop><D:x>", text,
                    "</D:x></D:prop>" STATUS(200) "</D:propstat></D:response>" END, NULL);

    for (int values = 0; values < 2; values++) {
        ms_context context = unit_propfind;

        context.values = values;
        ms_document *document = unit_decode(body, &context);

        unit_check(document->verdict == MS_SUCCESS, "with values=%d the verdict is %s", values,
                   ms_verdict_name(document->verdict));
        ms_document_free(document);
    }
    g_free(body);
    g_free(text);
}

/* ---- time ---- */

typedef struct {
    const char *name;
    const char *start;
    const char *again; /* '#' is its number */
    size_t times;
} time_row;

/* About a megabyte of what could take more than linear time. */
static const time_row times[] = {
    {"open-responses", START, "<D:response>", 80000},
    {"responses", START, RESPONSE("/#", STATUS(200)), 15000},
    {"names-in-a-row", "x ", "amultistatus-", 80000},
    {"roots-in-a-row", "x ", "<multistatus>", 80000},
    {"declarations-in-a-row", "x ", "<?xml version=\"1.0\"?>", 50000},
    {"less-thans", START, "<", 1000000},
    {"ampersands", START "<D:response><D:href>", "& ", 500000},
    {"references", START "<D:response><D:href>", "&x#;", 150000},
    {"comments", START, "<!---->", 150000},
    {"instructions", START, "<?x?>", 200000},
    {"end-tags", START, "</D:x#>", 100000},
    {"invalid-bytes", START "<D:response><D:href>", "\xE9", 1000000},
    {"undeclared-prefixes", START "<D:response><D:error>", "<x#:y/>", 100000},
    {"namespaces", START "<D:response><D:error>", "<y xmlns=\"urn:#\"/>", 50000},
    {"attributes", START "<D:response><D:error><D:x", " a#=\"\"", 150000},
    {"entities", "<!DOCTYPE x [", "<!ENTITY e# \"&e;\">", 50000},
};

static char *repeated(const time_row *row)
{
    GString *body = g_string_new(row->start);
    char **parts = g_strsplit(row->again, "#", 2);

    for (size_t i = 0; i < row->times; i++) {
        g_string_append(body, parts[0]);
        if (parts[1])
            g_string_append_printf(body, "%zu%s", i, parts[1]);
    }
    g_strfreev(parts);
    return g_string_free(body, FALSE);
}

/* A megabyte takes seconds at most, even with sanitizers. */
static void test_time(const void *data)
{
    const time_row *row = data;

    if (g_test_subprocess()) {
        char *body = repeated(row);
        ms_document *document = unit_decode(body, &unit_propfind);

        unit_check_verdict(document, document->undecoded ? MS_UNDECODED : MS_MALFORMED);
        unit_check(!document->undecoded || *body != '<', "%s", document->undecoded);
        unit_check_sound(document, strlen(body));
        ms_document_free(document);
        g_free(body);
        return;
    }
    g_test_trap_subprocess(NULL, 120 * G_USEC_PER_SEC, 0);
    unit_check(!g_test_trap_reached_timeout(), "it takes more than two minutes: it runs away");
    if (!g_test_trap_reached_timeout())
        g_test_trap_assert_passed();
}

/* ---- silence ---- */

/* No body makes the decoder write to stderr or stdout. */
static void test_silence(void)
{
    if (g_test_subprocess()) {
        for (size_t i = 0; i < G_N_ELEMENTS(broken_bodies); i++)
            ms_document_free(unit_decode(broken_bodies[i].body, &unit_propfind));
        for (size_t i = 0; i < G_N_ELEMENTS(foreign_bodies); i++)
            ms_document_free(unit_decode(foreign_bodies[i].body, &unit_propfind));
        for (size_t i = 0; i < G_N_ELEMENTS(doctypes); i++) {
            char *body = harmful_body(&doctypes[i]);

            ms_document_free(unit_decode(body, &unit_propfind));
            g_free(ms_root_name(body, strlen(body), NULL));
            g_free(body);
        }
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
}

/* An empty body may have no address. */
static void test_null_body(void)
{
    if (g_test_subprocess()) {
        ms_document *document = ms_decode(NULL, 0, &unit_propfind);

        unit_check_verdict(document, MS_UNDECODED);
        ms_document_free(document);
        unit_check(!ms_sniff(NULL, 0), "ms_sniff() says yes");
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
}

static void make_canary(void)
{
    int file = g_file_open_tmp("multistatus-XXXXXX", &canary, NULL);
    static const char text[] = "<!ENTITY canary \"canary-text\">";

    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
        g_error("no file for the external entities");
    close(file);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    make_canary();
    unit_add_bodies("malformed/cut", test_cut);
    unit_add_table("malformed/cut-text", cuts, test_cut_text);
    unit_add_table("malformed/cut-told", cuts, test_cut_told);
    unit_add_table("malformed/cut-offset", cuts, test_cut_offset);
    unit_add_table("malformed/cut-complete", cuts, test_cut_complete);
    g_test_add_func("/malformed/cut-utf-16", test_cut_utf16);
    g_test_add_func("/malformed/not-captured", test_not_captured);
    unit_add_table("malformed/broken", broken_bodies, test_broken);
    g_test_add_func("/malformed/raw-reference", test_raw_reference);
    g_test_add_func("/malformed/spans-behind-garbage", test_spans_behind_garbage);
    g_test_add_func("/malformed/nul", test_nul);
    unit_add_table("malformed/namespace", namespace_errors, test_namespace);
    g_test_add_func("/malformed/no-name", test_no_name);
    unit_add_table("malformed/foreign", foreign_bodies, test_foreign);
    unit_add_table("malformed/doctype", doctypes, test_doctype);
    g_test_add_func("/malformed/harmless-doctype", test_harmless_doctype);
    unit_add_table("malformed/depth", depths, test_depth);
    unit_add_table("malformed/text-limit", text_limits, test_text_limit);
    g_test_add_func("/malformed/text-limit-verdict", test_text_limit_verdict);
    unit_add_table("malformed/time", times, test_time);
    g_test_add_func("/malformed/silence", test_silence);
    g_test_add_func("/malformed/null-body", test_null_body);
    int result = g_test_run();

    g_unlink(canary);
    g_free(canary);
    return result;
}
