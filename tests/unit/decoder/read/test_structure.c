/* test_structure.c
 * What may appear where in a body, in which order and namespace, and what becomes of it.
 *
 * RFC 4918 sections 4.3, 13, 14 and 17; RFC 3253 section 1.6; RFC 3744 section 7.1.1; RFC 5689
 * section 3; RFC 6578 section 6.4; Namespaces in XML 1.0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "scan.h"
#include "unit.h"

#define X "<D:x/>"
#define HREF(href) "<D:href>" href "</D:href>"

/* ---- shapes ---- */

typedef struct {
    const char *name;
    const char *body;
    const char *model;    /* with values, after the line of the verdict */
    const char *findings; /* of the rules of form; "" if none */
} shape_row;

#define OK_LINE "response ok 200\n"
#define FAILED_LINE "response failed 423\n"
#define HREF_LINE(href) " href " href "\n"
#define STATUS_LINE(code) " status HTTP/1.1 " #code " x\n"
#define GROUP(outcome, code, prop)                                                                 \
    " propstat " outcome " HTTP/1.1 " #code " x\n"                                                 \
    "  prop " prop "\n"
#define PLAIN_A OK_LINE HREF_LINE("/a") GROUP("ok", 200, "{DAV:}x")
#define LOCKED_A FAILED_LINE HREF_LINE("/a") STATUS_LINE(423)

static const shape_row shapes[] = {
    {"empty", MULTISTATUS(""), "", ""},
    {"empty-element", "<D:multistatus xmlns:D=\"DAV:\"/>", "", ""},
    {"status", MULTISTATUS(RESPONSE("/a", STATUS(423))), LOCKED_A, ""},
    {"propstat", MULTISTATUS(RESPONSE("/a", PROPSTAT(200, X))), PLAIN_A, ""},
    {"several-hrefs",
     MULTISTATUS("<D:response>" HREF("/a") HREF("/b") HREF("/c") STATUS(423) "</D:response>"),
     FAILED_LINE HREF_LINE("/a") HREF_LINE("/b") HREF_LINE("/c") STATUS_LINE(423), ""},
    {"everything",
     MULTISTATUS(RESPONSE(
         "/a",
         STATUS(302) ERROR(
             X) "<D:responsedescription>d</D:responsedescription>"
                "<D:location>" HREF(
                    "/b") "</D:location>") "<D:responsedescription>all</D:responsedescription>"
                                           "<D:sync-token>urn:t</D:sync-token>"),
     "response redirect 302\n" HREF_LINE("/a")
         STATUS_LINE(302) " condition {DAV:}x\n description d\n location /b\n"
                          "description all\nsync-token urn:t\n",
     ""},

    /* "Element ordering is irrelevant" (RFC 4918 section 17): Exchange and Google send the status
     * before the prop. */
    {"status-before-prop",
     MULTISTATUS(RESPONSE("/a", "<D:propstat>" STATUS(200) "<D:prop>" X "</D:prop></D:propstat>")),
     PLAIN_A, ""},
    {"href-last", MULTISTATUS("<D:response>" PROPSTAT(200, X) HREF("/a") "</D:response>"), PLAIN_A,
     ""},
    {"href-behind-status", MULTISTATUS("<D:response>" STATUS(423) HREF("/a") "</D:response>"),
     LOCKED_A, ""},
    {"token-and-description-first",
     MULTISTATUS("<D:sync-token>urn:t</D:sync-token><D:responsedescription>all"
                 "</D:responsedescription>" RESPONSE("/a", STATUS(423))),
     LOCKED_A "description all\nsync-token urn:t\n", ""},
    {"error-first",
     MULTISTATUS("<D:response>" ERROR(X) "<D:responsedescription>d</D:responsedescription>" STATUS(
         423) HREF("/a") "</D:response>"),
     LOCKED_A " condition {DAV:}x\n description d\n", ""},

    /* Shapes that should not be. */
    {"both", MULTISTATUS(RESPONSE("/a", STATUS(423) PROPSTAT(200, X))),
     LOCKED_A GROUP("ok", 200, "{DAV:}x"), "status_and_propstat"},
    {"neither", MULTISTATUS(RESPONSE("/a", "")), "response unknown -1\n" HREF_LINE("/a"),
     "no_status"},
    {"empty-response", MULTISTATUS("<D:response/>"), "response unknown -1\n", "no_href no_status"},
    {"no-href", MULTISTATUS("<D:response>" STATUS(423) "</D:response>"),
     FAILED_LINE STATUS_LINE(423), "no_href"},
    {"empty-href", MULTISTATUS(RESPONSE("", STATUS(423))),
     FAILED_LINE HREF_LINE("") STATUS_LINE(423), ""},
    {"no-prop", MULTISTATUS(RESPONSE("/a", "<D:propstat>" STATUS(200) "</D:propstat>")),
     OK_LINE HREF_LINE("/a") " propstat ok HTTP/1.1 200 x\n  (no prop)\n", "propstat_prop"},
    {"empty-prop", MULTISTATUS(RESPONSE("/a", PROPSTAT(200, ""))),
     OK_LINE HREF_LINE("/a") " propstat ok HTTP/1.1 200 x\n", ""},
    {"no-propstat-status",
     MULTISTATUS(RESPONSE("/a", "<D:propstat><D:prop>" X "</D:prop></D:propstat>")),
     "response unknown -1\n" HREF_LINE("/a") " propstat unknown (no status)\n  prop {DAV:}x\n",
     "propstat_status"},
    /* The first one counts. */
    {"two-statuses", MULTISTATUS(RESPONSE("/a", STATUS(423) STATUS(200))), LOCKED_A, ""},
    {"two-descriptions",
     MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:responsedescription>1</D:responsedescription>"
                                            "<D:responsedescription>2</D:responsedescription>")),
     LOCKED_A " description 1\n", ""},
    {"description-of-cyrus",
     MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:errordescription>d</D:errordescription>")),
     LOCKED_A " description d\n", ""},
    {"two-errors", MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR(X) ERROR("<D:y/>"))),
     LOCKED_A " condition {DAV:}x\n condition {DAV:}y\n", ""},
    {"two-props",
     MULTISTATUS(RESPONSE("/a", "<D:propstat><D:prop>" X
                                "</D:prop><D:prop><D:y/></D:prop>" STATUS(200) "</D:propstat>")),
     OK_LINE HREF_LINE("/a") GROUP("ok", 200, "{DAV:}x {DAV:}y"), ""},

    /* A propstat without a response belongs to no resource. */
    {"orphan-propstat", MULTISTATUS(PROPSTAT(403, X) RESPONSE("/a", STATUS(423))), LOCKED_A,
     "orphan_propstat"},
    {"orphan-propstat-alone", MULTISTATUS(PROPSTAT(403, X)), "", "orphan_propstat"},
    /* Neither do these. */
    {"orphan-status", MULTISTATUS(STATUS(403) HREF("/b") RESPONSE("/a", STATUS(423))), LOCKED_A,
     ""},

    /* A response within a property is that property's value (RFC 3253 section 3.8). */
    {"nested-response",
     MULTISTATUS(RESPONSE(
         "/a", PROPSTAT(200, "<D:x>" RESPONSE("/b", PROPSTAT(404, "<D:y>v</D:y>")) "</D:x>"))),
     OK_LINE HREF_LINE("/a") GROUP("ok", 200,
                                   "{DAV:}x({DAV:}response({DAV:}href=/b {DAV:}propstat({DAV:}prop("
                                   "{DAV:}y=v) {DAV:}status=HTTP/1.1 404 x)))"),
     ""},
    {"response-within-response",
     MULTISTATUS(RESPONSE("/a", RESPONSE("/b", STATUS(200)) STATUS(423))), LOCKED_A, ""},
    {"response-within-unknown",
     MULTISTATUS("<x:y xmlns:x=\"urn:x\">" RESPONSE("/b", STATUS(200)) "</x:y>" RESPONSE(
         "/a", STATUS(423))),
     LOCKED_A, ""},

    /* Unknown elements and attributes count as absent (RFC 4918 section 17), wherever they are. */
    {"unknown-everywhere",
     "<D:multistatus xmlns:D=\"DAV:\" xmlns:u=\"urn:u\" u:a=\"1\"><u:e><D:href>/no</D:href></u:e>"
     "<D:response u:a=\"2\"><u:e/><D:new>text<D:status>HTTP/1.1 200 x</D:status></D:new>"
     "<D:href u:a=\"3\">/a</D:href><u:status>HTTP/1.1 200 x</u:status>"
     "<D:status u:a=\"4\">HTTP/1.1 423 x</D:status><u:error><D:x/></u:error></D:response>"
     "<D:new/></D:multistatus>",
     LOCKED_A, ""},
    {"unknown-in-text",
     MULTISTATUS("<D:response><D:href>/<u:e xmlns:u=\"urn:u\">no</u:e>a</D:href><D:status>HTTP/1.1"
                 "<D:b> 200</D:b> 423 x</D:status></D:response>"),
     LOCKED_A, ""},
    {"text-between", MULTISTATUS("a<D:response>b" HREF("/a") "c" STATUS(423) "d</D:response>e"),
     LOCKED_A, ""},

    /* Text. */
    {"white-space",
     MULTISTATUS(RESPONSE("\r\n\t /a \n", "\n<D:status>\n HTTP/1.1 423 x\n</D:status>\n")),
     LOCKED_A, ""},
    {"references", MULTISTATUS(RESPONSE("/&lt;&#x61;&amp;&#98;&gt;&quot;%20&apos;", STATUS(423))),
     FAILED_LINE HREF_LINE("/<a&b>\"%20'") STATUS_LINE(423), ""},
    {"cdata", MULTISTATUS(RESPONSE("/<![CDATA[<a>&amp;]]>b", STATUS(423))),
     FAILED_LINE HREF_LINE("/<a>&amp;b") STATUS_LINE(423), ""},
    {"comment-in-text", MULTISTATUS(RESPONSE("/<!-- no -->a", STATUS(423))), LOCKED_A, ""},
    {"instruction-in-text", MULTISTATUS(RESPONSE("/<?no no?>a", STATUS(423))), LOCKED_A, ""},
    {"lines-in-a-description",
     MULTISTATUS(RESPONSE("/a",
                          STATUS(423) "<D:responsedescription xml:lang=\"en\">\n one\n  two \n"
                                      "</D:responsedescription>")),
     LOCKED_A " description one\\n  two\n", ""},

    /* Properties. */
    {"property-values",
     MULTISTATUS(RESPONSE("/a", PROPSTAT(200, "<D:displayname> A &amp; B </D:displayname>"
                                              "<D:resourcetype><D:collection/></D:resourcetype>"
                                              "<s:shelf xmlns:s=\"urn:s\">7</s:shelf>"
                                              "<plain xmlns=\"\">p</plain>"))),
     OK_LINE HREF_LINE("/a")
         GROUP("ok", 200,
               "{DAV:}displayname=A & B {DAV:}resourcetype({DAV:}collection) {urn:s}shelf=7 "
               "plain=p"),
     ""},
    /* RFC 4918 section 4.3.1: a property with mixed content and attributes. */
    {"mixed-content",
     MULTISTATUS(
         RESPONSE("/a", PROPSTAT(200, "<s:who xmlns:s=\"urn:s\" xml:lang=\"et\">by <s:n>Ines"
                                      "</s:n> and <s:n>Noor</s:n>, 2024</s:who>"))),
     OK_LINE HREF_LINE("/a")
         GROUP("ok", 200, "{urn:s}who=by  and , 2024({urn:s}n=Ines {urn:s}n=Noor)"),
     ""},
    {"dav-names-as-properties",
     MULTISTATUS(RESPONSE("/a", PROPSTAT(200, "<D:status>s</D:status><D:href>h</D:href><D:prop/>"
                                              "<D:error>" X "</D:error>"))),
     OK_LINE HREF_LINE("/a")
         GROUP("ok", 200, "{DAV:}status=s {DAV:}href=h {DAV:}prop {DAV:}error({DAV:}x)"),
     ""},

    /* Conditions. */
    {"condition-hrefs",
     MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR("<D:lock-token-submitted>" HREF("/a/")
                                                      HREF("/b/") "</D:lock-token-submitted>"))),
     LOCKED_A " condition {DAV:}lock-token-submitted({DAV:}href=/a/ {DAV:}href=/b/)\n", ""},
    {"need-privileges",
     MULTISTATUS(
         RESPONSE("/a", STATUS(423) ERROR("<D:need-privileges><D:resource>" HREF(
                            "/a") "<D:privilege><D:unbind/></D:privilege></"
                                  "D:resource><D:resource>" HREF("/b") "<D:privilege><D:bind/></"
                                                                       "D:privilege></D:resource></"
                                                                       "D:need-privileges>"))),
     LOCKED_A " condition {DAV:}need-privileges({DAV:}resource({DAV:}href=/a {DAV:}privilege("
              "{DAV:}unbind)) {DAV:}resource({DAV:}href=/b {DAV:}privilege({DAV:}bind)))\n",
     ""},
    {"sabre",
     MULTISTATUS(RESPONSE(
         "/a", STATUS(423) ERROR("<s:exception xmlns:s=\"http://sabredav.org/ns\">Locked"
                                 "</s:exception><s:message xmlns:s=\"http://sabredav.org/ns\">"
                                 "It is locked</s:message>"))),
     LOCKED_A " condition {http://sabredav.org/ns}exception=Locked\n"
              " condition {http://sabredav.org/ns}message=It is locked\n"
              " description It is locked (Locked)\n",
     ""},
    /* A responsedescription already says it. */
    {"sabre-with-description",
     MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR("<s:message "
                                                  "xmlns:s=\"http://sabredav.org/ns\">x</"
                                                  "s:message>") "<D:responsedescription>d</"
                                                                "D:responsedescription>")),
     LOCKED_A " condition {http://sabredav.org/ns}message=x\n description d\n", ""},
    {"sabre-exception-alone",
     MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR("<s:exception xmlns:s=\"http://sabredav.org/ns\">"
                                                  "Locked</s:exception>"))),
     LOCKED_A " condition {http://sabredav.org/ns}exception=Locked\n description Locked\n", ""},
    {"message-of-nobody",
     MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR("<s:message xmlns:s=\"urn:x\">x</s:message>"))),
     LOCKED_A " condition {urn:x}message=x\n", ""},
    {"mod-dav",
     MULTISTATUS(
         RESPONSE("/a", STATUS(423) ERROR("<m:human-readable errcode=\"160024\" "
                                          "xmlns:m=\"http://apache.org/dav/xmlns\">\nOut of "
                                          "date\n</m:human-readable>"))),
     LOCKED_A
     " condition {http://apache.org/dav/xmlns}human-readable=Out of date(@errcode=160024)\n"
     " description Out of date\n",
     ""},
    {"condition-attributes",
     MULTISTATUS(RESPONSE("/a", STATUS(423) ERROR("<D:x a=\"1\" b=\"&lt;2&gt;\" c=''><D:y d=\"3\"/>"
                                                  "</D:x>"))),
     LOCKED_A " condition {DAV:}x(@a=1 @b=<2> @c= {DAV:}y(@d=3))\n", ""},
    {"empty-error", MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:error/>")), LOCKED_A, ""},
    {"conditions-of-both",
     MULTISTATUS(RESPONSE(
         "/a", ERROR("<D:r/>") PROPSTAT(200, X) "<D:propstat><D:prop><D:y/></D:prop>" STATUS(423)
                   ERROR("<D:p><D:q/></D:p>") "</D:propstat>" ERROR("<D:s><D:t/></D:s>"))
                     RESPONSE("/b", STATUS(200) ERROR("<D:u/>"))),
     FAILED_LINE HREF_LINE("/a") GROUP("ok", 200, "{DAV:}x")
         GROUP("failed", 423, "{DAV:}y") "  condition {DAV:}p({DAV:}q)\n condition {DAV:}r\n "
                                         "condition {DAV:}s({DAV:}t)\n" OK_LINE HREF_LINE("/b")
                                             STATUS_LINE(200) " condition {DAV:}u\n",
     ""},
    /* RFC 3253 section 1.6: the error within the responsedescription. */
    {"error-in-description",
     MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:responsedescription>" ERROR(
                                    "<D:must-be-checked-out/>") " Check it out\n"
                                                                "</D:responsedescription>")),
     LOCKED_A " condition {DAV:}must-be-checked-out\n description Check it out\n", ""},
    {"error-in-propstat-description",
     MULTISTATUS(RESPONSE("/a", "<D:propstat><D:prop>" X
                                "</D:prop>" STATUS(423) "<D:responsedescription>No: " ERROR(
                                    "<D:y/>") "sorry"
                                              "</D:responsedescription></D:propstat>")),
     FAILED_LINE HREF_LINE("/a")
         GROUP("failed", 423, "{DAV:}x") "  condition {DAV:}y\n  description No: sorry\n",
     ""},
    /* RFC 6352 section 8.6.5. */
    {"description-with-language",
     MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:responsedescription xml:lang=\"et\">lukus"
                                            "</D:responsedescription>")),
     LOCKED_A " description lukus\n", ""},
    {"location",
     MULTISTATUS(RESPONSE("/a", STATUS(302) "<D:location> <D:href> /b </D:href> "
                                            "</D:location>")),
     "response redirect 302\n" HREF_LINE("/a") STATUS_LINE(302) " location /b\n", ""},
    {"location-without-href",
     MULTISTATUS(RESPONSE("/a", STATUS(423) "<D:location>/b</D:location>")), LOCKED_A, ""},

    /* The other roots. */
    {"mkcol",
     "<D:mkcol-response xmlns:D=\"DAV:\">" PROPSTAT(200, X) PROPSTAT(423, "<D:y/>")
         ERROR("<D:z/>") "<D:responsedescription>d</D:responsedescription></D:mkcol-response>",
     FAILED_LINE GROUP("ok", 200, "{DAV:}x")
         GROUP("failed", 423, "{DAV:}y") " condition {DAV:}z\n description d\n",
     ""},
    {"mkcalendar",
     "<C:mkcalendar-response xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">" PROPSTAT(
         423, "<C:calendar-timezone/>") "</C:mkcalendar-response>",
     FAILED_LINE GROUP("failed", 423, "{urn:ietf:params:xml:ns:caldav}calendar-timezone"), ""},
};

/* The rules that are about the form of a body. */
static const char *const form_rules[] = {
    "not_well_formed", "cut_off", "namespace_error",     "limit",
    "other_root",      "no_href", "wrong_namespace",     "no_status",
    "orphan_propstat", "doctype", "status_and_propstat", "propstat_status",
    "propstat_prop",
};

static bool is_listed(const char *list, const char *rule)
{
    char **listed = g_strsplit(list, " ", -1);
    bool found = g_strv_contains((const char *const *)listed, rule);

    g_strfreev(listed);
    return found;
}

static void check_form(const ms_document *document, const char *expected)
{
    for (size_t i = 0; i < G_N_ELEMENTS(form_rules); i++)
        unit_expect_finding(__FILE__, __LINE__, document, form_rules[i],
                            is_listed(expected, form_rules[i]));
}

static void test_shape(const void *data)
{
    const shape_row *row = data;
    ms_document *document = unit_decode(row->body, &unit_propfind);
    char *model = unit_model(document, UNIT_VALUES);

    unit_check_text("model", unit_rows(model), row->model);
    check_form(document, row->findings);
    unit_check(!document->error.present, "not well-formed: %s",
               document->error.present ? document->error.message : "");
    unit_check_sound(document, strlen(row->body));
    g_free(model);
    ms_document_free(document);
}

/* ---- prefixes ---- */

/* Every body is the same whatever its prefix for DAV: is. */
static void test_prefixes(const void *data)
{
    static const char *const prefixes[] = {"D", "d", "", "ns0", "a", "lp1", "very-long.prefix_1"};
    GBytes *body = unit_body(data);
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(text, length, &unit_propfind);
    char *expected = unit_model(document, UNIT_VALUES);

    ms_document_free(document);
    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        char *other = scan_with_prefix(text, length, prefixes[i]);

        document = unit_decode(other, &unit_propfind);
        char *model = unit_model(document, UNIT_VALUES);

        unit_check_text(*prefixes[i] ? prefixes[i] : "default namespace", model, expected);
        unit_check_no_finding(document, "namespace_error");
        g_free(model);
        ms_document_free(document);
        g_free(other);
    }
    g_free(expected);
    g_bytes_unref(body);
}

/* mod_dav declares several prefixes for DAV: and uses all of them. */
static void test_mixed_prefixes(void)
{
    ms_document *document = unit_decode(
        "<D:multistatus xmlns:D=\"DAV:\" xmlns:ns0=\"DAV:\"><D:response xmlns:lp1=\"DAV:\" "
        "xmlns:g0=\"DAV:\"><lp1:href>/a</lp1:href><ns0:propstat><D:prop><lp1:x/><g0:y/></D:prop>"
        "<status xmlns=\"DAV:\">HTTP/1.1 200 x</status></ns0:propstat></D:response>"
        "</D:multistatus>",
        &unit_propfind);
    char *model = unit_model(document, UNIT_VALUES);

    unit_check_text("model", model,
                    "root multistatus\nverdict success\n" OK_LINE HREF_LINE("/a")
                        GROUP("ok", 200, "{DAV:}x {DAV:}y"));
    g_free(model);
    ms_document_free(document);
}

/* A prefix means what the nearest declaration says. */
static void test_rebound_prefix(void)
{
    ms_document *document = unit_decode(
        MULTISTATUS(RESPONSE(
            "/a",
            PROPSTAT(200,
                     "<D:x xmlns:D=\"urn:x\"><D:y/></D:x><D:z/>")) "<D:response "
                                                                   "xmlns:D=\"urn:x\"><D:href>/no</"
                                                                   "D:href></D:response>"),
        &unit_propfind);
    char *model = unit_model(document, UNIT_VALUES);

    unit_check_text("model", model,
                    "root multistatus\nverdict success\n" OK_LINE HREF_LINE("/a")
                        GROUP("ok", 200, "{urn:x}x({urn:x}y) {DAV:}z"));
    g_free(model);
    ms_document_free(document);
}

/* ---- wrong namespaces ---- */

typedef struct {
    const char *name;
    const char *start, *end; /* of the root */
    int http_status;
    ms_root root;
    const char *root_name;
    const char *outcomes;
    const char *findings; /* of the rules of form */
} root_row;

#define ROWS "<D:response><D:href>/a</D:href><D:status>HTTP/1.1 200 x</D:status></D:response>"

static const root_row roots[] = {
    {"right", "<D:multistatus xmlns:D=\"DAV:\">", "</D:multistatus>", 207, MS_ROOT_MULTISTATUS,
     "{DAV:}multistatus", "ok 200", ""},
    {"right-under-200", "<D:multistatus xmlns:D=\"DAV:\">", "</D:multistatus>", 200,
     MS_ROOT_MULTISTATUS, "{DAV:}multistatus", "ok 200", ""},
    /* A 207 with a multistatus in a wrong namespace is still one ... */
    {"no-colon", "<D:multistatus xmlns:D=\"DAV\">", "</D:multistatus>", 207, MS_ROOT_MULTISTATUS,
     "{DAV}multistatus", "ok 200", "wrong_namespace"},
    {"ancient", "<D:multistatus xmlns:D=\"http://www.ietf.org/standards/dav/\">",
     "</D:multistatus>", 207, MS_ROOT_MULTISTATUS,
     "{http://www.ietf.org/standards/dav/}multistatus", "ok 200", "wrong_namespace"},
    {"undeclared", "<D:multistatus>", "</D:multistatus>", 207, MS_ROOT_MULTISTATUS, "D:multistatus",
     "ok 200", "wrong_namespace namespace_error"},
    /* ... but nothing is one only because of its name. */
    {"no-colon-under-200", "<D:multistatus xmlns:D=\"DAV\">", "</D:multistatus>", 200,
     MS_ROOT_OTHER, "{DAV}multistatus", "", "other_root"},
    {"other", "<D:error xmlns:D=\"DAV:\">", "</D:error>", 207, MS_ROOT_OTHER, "{DAV:}error", "",
     "other_root"},
    {"schedule-response",
     "<C:schedule-response xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">",
     "</C:schedule-response>", 207, MS_ROOT_OTHER,
     "{urn:ietf:params:xml:ns:caldav}schedule-response", "", "other_root"},
};

static void test_root(const void *data)
{
    const root_row *row = data;
    char *body = g_strconcat(row->start, ROWS, row->end, NULL);
    ms_context context = unit_propfind;

    context.http_status = row->http_status;
    ms_document *document = unit_decode(body, &context);
    char *outcomes = unit_outcomes(document);

    unit_check(document->root == row->root, "the root is %d, expected %d", document->root,
               row->root);
    unit_check_text("root", document->root_name, row->root_name);
    unit_check_text("outcomes", outcomes, row->outcomes);
    check_form(document, row->findings);
    unit_expect_finding(__FILE__, __LINE__, document, "other_status",
                        row->root == MS_ROOT_MULTISTATUS && row->http_status != 207);
    if (row->root == MS_ROOT_OTHER) {
        unit_check_verdict(document, MS_UNDECODED);
        unit_check(strstr(document->undecoded, row->root_name), "\"%s\" does not name %s",
                   document->undecoded, row->root_name);
    }
    unit_check_sound(document, strlen(body));
    g_free(outcomes);
    ms_document_free(document);
    g_free(body);
}

/* A namespace name that is a relative reference is deprecated, but no error (Namespaces in XML 1.0
 * section 2.2): the names in it are well-formed. */
static void test_relative_namespace(void)
{
    static const char *const properties[] = {"<x xmlns=\"shelf\"/>", "<s:x xmlns:s=\"shelf\"/>",
                                             "<s:x xmlns:s=\"a b\"/>"};

    for (size_t i = 0; i < G_N_ELEMENTS(properties); i++) {
        char *body =
            g_strdup_printf(MULTISTATUS(RESPONSE("/a", PROPSTAT(200, "%s"))), properties[i]);
        ms_document *document = unit_decode(body, &unit_propfind);

        const ms_finding *finding = unit_finding(document, "namespace_error");

        unit_check(!finding, "%s: %s", properties[i], finding ? finding->message : "");
        unit_check_verdict(document, MS_SUCCESS);
        ms_document_free(document);
        g_free(body);
    }
}

/* ---- values ---- */

/* Values that rules look at, of properties and of the href in one. */
static bool is_kept(const ms_document *document, uint32_t property)
{
    static const char *const kept[] = {"{DAV:}getetag",
                                       "{DAV:}getcontentlength",
                                       "{DAV:}getcontenttype",
                                       "{DAV:}href",
                                       "{http://calendarserver.org/ns/}getctag",
                                       NULL};

    return g_strv_contains(kept, document->properties[property].name);
}

/* Without values, everything else is the same: what a condition says is always kept. */
static void test_without_values(const void *data)
{
    GBytes *body = unit_body(data);
    size_t length;
    const char *text = g_bytes_get_data(body, &length);
    ms_context context = unit_propfind;
    ms_document *with = unit_decode_bytes(text, length, &context);

    context.values = false;
    ms_document *without = unit_decode_bytes(text, length, &context);
    char *expected = unit_model(with, UNIT_SPANS);
    char *model = unit_model(without, UNIT_SPANS);

    unit_check_text("model", model, expected);
    g_assert_cmpuint(with->n_properties, ==, without->n_properties);
    for (uint32_t i = 0; i < without->n_properties; i++)
        unit_check(!without->properties[i].value || is_kept(without, i), "%s has a value",
                   without->properties[i].name);
    g_free(expected);
    g_free(model);
    ms_document_free(with);
    ms_document_free(without);
    g_bytes_unref(body);
}

static void test_expand_property(void)
{
    GBytes *body = unit_body("rfc3253-3.8.1-expand-property.xml");
    size_t length;
    const void *text = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(text, length, &unit_propfind);
    uint32_t hrefs = 0, statuses = 0;

    for (uint32_t i = 0; i < document->n_properties; i++) {
        hrefs += strcmp(document->properties[i].name, "{DAV:}href") == 0;
        statuses += strcmp(document->properties[i].name, "{DAV:}status") == 0;
    }
    unit_check(document->n_responses == 1 && document->n_hrefs == 1 && document->n_propstats == 1,
               "%u responses, %u hrefs, %u propstats", document->n_responses, document->n_hrefs,
               document->n_propstats);
    unit_check(hrefs == 5 && statuses == 3, "%u hrefs and %u statuses within the property", hrefs,
               statuses);
    unit_check(document->n_properties > 0 && document->properties[0].end == document->n_properties,
               "more than one property");
    ms_document_free(document);
    g_bytes_unref(body);
}

/* ---- large ---- */

/* More than libxml2's 10 MB for one look ahead, as one of the large listings in bug reports. */
static void test_large(void)
{
    const uint32_t n = 40000;
    GString *body = g_string_new("<D:multistatus xmlns:D=\"DAV:\">");

    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(body,
                               RESPONSE("/c/a-rather-long-name-for-a-file-in-a-collection-%u.txt",
                                        PROPSTAT(200, "<D:getetag>\"%u\"</D:getetag>"
                                                      "<D:getcontentlength>%u</D:getcontentlength>")
                                            PROPSTAT(404, "<D:quota-used-bytes/>")),
                               i, i, i);
    g_string_append(body, "</D:multistatus>");
    g_assert_cmpuint(body->len, >, 11 * 1000 * 1000);
    ms_document *document = unit_decode_bytes(body->str, body->len, &unit_propfind);

    unit_check_verdict(document, MS_SUCCESS);
    unit_check(document->n_responses == n, "%u resources", document->n_responses);
    unit_check(document->n_properties == 3 * n, "%u properties", document->n_properties);
    if (document->n_responses == n) {
        ms_span span = document->responses[n - 1].span;

        unit_check(strncmp(body->str + span.offset, "<D:response>", 12) == 0 &&
                       span.offset + span.length + strlen("</D:multistatus>") == body->len,
                   "the last span is %u+%u", span.offset, span.length);
    }
    ms_document_free(document);
    g_string_free(body, TRUE);
}

/* Propstats without a response, in the answer to a request about one resource: one row, and
 * wherever the body ends, no more than was there. */
static void test_implied(void)
{
    static const char body[] = MULTISTATUS(PROPSTAT(403, X) PROPSTAT(424, "<D:y/>"));
    const ms_context context = {.method = "MKCALENDAR", .uri = "/c/", .http_status = 207};

    for (size_t length = 0; length < sizeof body; length++) {
        ms_document *document = unit_decode_bytes(body, length, &context);
        bool whole = length == sizeof body - 1;

        unit_check_sound(document, length);
        g_assert_cmpuint(document->n_responses, <=, 1);
        g_assert_cmpuint(document->n_propstats, <=, 2);
        unit_check(whole == (document->verdict == MS_FAILURE), "verdict at %zu", length);
        if (document->n_responses > 0)
            unit_check(document->responses[0].complete == whole, "complete at %zu", length);
        if (whole) {
            g_assert_cmpint(document->root, ==, MS_ROOT_IMPLIED);
            g_assert_cmpuint(document->responses[0].span.offset, ==,
                             document->propstats[0].span.offset);
        }
        ms_document_free(document);
    }
}

static void test_free_null(void)
{
    ms_document *document = unit_decode(MULTISTATUS(""), &unit_propfind);

    unit_check_verdict(document, MS_EMPTY);
    ms_document_free(document);
    ms_document_free(NULL);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("structure/shape", shapes, test_shape);
    unit_add_table("structure/root", roots, test_root);
    unit_add_bodies("structure/prefixes", test_prefixes);
    unit_add_bodies("structure/without-values", test_without_values);
    g_test_add_func("/structure/mixed-prefixes", test_mixed_prefixes);
    g_test_add_func("/structure/rebound-prefix", test_rebound_prefix);
    g_test_add_func("/structure/relative-namespace", test_relative_namespace);
    g_test_add_func("/structure/expand-property", test_expand_property);
    g_test_add_func("/structure/large", test_large);
    g_test_add_func("/structure/implied", test_implied);
    g_test_add_func("/structure/free-null", test_free_null);
    return g_test_run();
}
