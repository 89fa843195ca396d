/* test_encoding.c
 * Bodies in every encoding that occurs: the same model, and places that are exact in the bytes as
 * they were sent.
 *
 * RFC 4918 sections 8.2 and 19 (UTF-8 and UTF-16 are required), RFC 7303 section 3 (which of byte
 * order mark, charset and declaration counts), XML 1.0 appendix F.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "unit.h"

/* "%s" is the encoding declaration or nothing. The first text fits into ISO-8859-1, the second
 * needs all of Unicode. */
#define BODY(text)                                                                                 \
    "<?xml version=\"1.0\"%s?>\n" MULTISTATUS(                                                     \
        "\n" RESPONSE("/" text "/a", PROPSTAT(200, "<x xmlns=\"urn:x\">" text "<y/></x>"))         \
            RESPONSE("/b", STATUS(423) ERROR("<m:why xmlns:m=\"urn:m\">" text                      \
                                             "</m:why>")) "<D:responsedescription>" text           \
                                                          "</D:responsedescription>")

#define LATIN "K\xC3\xA4se \xC2\xA7"
#define WIDE "K\xC3\xA4se \xE2\x82\xAC \xF0\x9F\xA7\x80 \xD0\x96"
#define JAPANESE "\xE6\x97\xA5\xE6\x9C\xAC"

typedef struct {
    const char *name;
    const char *text;
    const char *sent;     /* the encoding of the bytes, for g_convert() */
    const char *mark;     /* the byte order mark that is sent, "" if none */
    const char *declared; /* in the XML declaration, NULL if it names none */
    const char *content_type;
    const char *read; /* as which encoding it is read */
    bool exact;
} encoding_row;

#define UTF8_MARK "\xEF\xBB\xBF"
#define LE_MARK "\xFF\xFE"
#define BE_MARK "\xFE\xFF"

static const encoding_row rows[] = {
    /* UTF-8, declared or not. */
    {"utf-8", WIDE, "UTF-8", "", "utf-8", "application/xml", "UTF-8", true},
    {"utf-8-undeclared", WIDE, "UTF-8", "", NULL, NULL, "UTF-8", true},
    {"utf-8-mark", WIDE, "UTF-8", UTF8_MARK, "utf-8", "application/xml", "UTF-8", true},
    {"utf-8-mark-undeclared", WIDE, "UTF-8", UTF8_MARK, NULL, NULL, "UTF-8", true},
    {"utf-8-charset", WIDE, "UTF-8", "", NULL, "text/xml; charset=utf-8", "UTF-8", true},
    {"utf-8-quoted", WIDE, "UTF-8", "", "UTF-8", "text/xml; charset=\"utf-8\"", "UTF-8", true},
    {"utf-8-upper-case", WIDE, "UTF-8", "", "utf-8", "TEXT/XML; CHARSET=UTF-8", "UTF-8", true},
    {"utf-8-no-space", WIDE, "UTF-8", "", "utf-8", "text/xml;charset=utf-8", "UTF-8", true},
    {"utf-8-spaces", WIDE, "UTF-8", "", "utf-8", "text/xml ; charset = utf-8 ; x=y", "UTF-8", true},
    {"utf-8-other-parameter", WIDE, "UTF-8", "", "utf-8", "text/xml; x=\"y\"; charset=\"UTF-8\"",
     "UTF-8", true},
    {"utf8-without-hyphen", WIDE, "UTF-8", "", "utf8", "text/xml; charset=utf8", "utf8", true},

    /* UTF-16 (RFC 4918 section 19). */
    {"utf-16le", WIDE, "UTF-16LE", LE_MARK, "utf-16", "text/xml; charset=utf-16", "UTF-16LE", true},
    {"utf-16be", WIDE, "UTF-16BE", BE_MARK, "utf-16", "text/xml; charset=\"UTF-16\"", "UTF-16BE",
     true},
    {"utf-16le-undeclared", WIDE, "UTF-16LE", LE_MARK, NULL, NULL, "UTF-16LE", true},
    {"utf-16be-undeclared", WIDE, "UTF-16BE", BE_MARK, NULL, NULL, "UTF-16BE", true},
    {"utf-16le-no-mark", WIDE, "UTF-16LE", "", "utf-16", "text/xml", "UTF-16LE", true},
    {"utf-16be-no-mark", WIDE, "UTF-16BE", "", "utf-16", "text/xml", "UTF-16BE", true},
    {"utf-16le-charset", WIDE, "UTF-16LE", "", NULL, "text/xml; charset=utf-16le", "UTF-16LE",
     true},
    {"utf-16be-charset", WIDE, "UTF-16BE", "", NULL, "text/xml; charset=UTF-16BE", "UTF-16BE",
     true},

    /* One byte for each character. */
    {"latin-1-declared", LATIN, "ISO-8859-1", "", "iso-8859-1", "text/xml", "iso-8859-1", true},
    {"latin-1-charset", LATIN, "ISO-8859-1", "", NULL, "text/xml; charset=ISO-8859-1", "ISO-8859-1",
     true},
    {"latin-1-quoted", LATIN, "ISO-8859-1", "", NULL, "text/xml; charset=\"iso-8859-1\"",
     "iso-8859-1", true},
    {"windows-1252", "K\xC3\xA4se \xE2\x82\xAC", "WINDOWS-1252", "", "windows-1252", "text/xml",
     "windows-1252", true},
    {"koi8-r", "\xD0\x96\xD1\x83\xD0\xBA", "KOI8-R", "", "koi8-r", "text/xml", "koi8-r", true},

    /* Several bytes for some: read, but without exact places. */
    {"shift-jis", JAPANESE, "SHIFT_JIS", "", "Shift_JIS", "text/xml", "Shift_JIS", false},
    {"euc-jp", JAPANESE, "EUC-JP", "", "EUC-JP", "text/xml", "EUC-JP", false},
    {"gb18030", JAPANESE, "GB18030", "", "GB18030", "text/xml", "GB18030", false},

    /* Contradictions. The byte order mark counts most (RFC 7303 section 3.2) ... */
    {"mark-against-charset", WIDE, "UTF-16LE", LE_MARK, NULL, "text/xml; charset=utf-8", "UTF-16LE",
     true},
    {"mark-against-declaration", WIDE, "UTF-8", UTF8_MARK, "iso-8859-1", NULL, "UTF-8", true},
    {"mark-against-both", WIDE, "UTF-16BE", BE_MARK, "utf-8", "text/xml; charset=iso-8859-1",
     "UTF-16BE", true},
    /* ... then UTF-8, if one of the two says so and it is true ... */
    {"charset-utf-8-true", WIDE, "UTF-8", "", "iso-8859-1", "text/xml; charset=utf-8", "UTF-8",
     true},
    {"declared-utf-8-true", WIDE, "UTF-8", "", "utf-8", "text/xml; charset=iso-8859-1", "UTF-8",
     true},
    /* ... then the charset. */
    {"declared-utf-8-false", LATIN, "ISO-8859-1", "", "utf-8", "text/xml; charset=iso-8859-1",
     "iso-8859-1", true},
    {"charset-against-declaration", "K\xC3\xA4se \xE2\x82\xAC", "WINDOWS-1252", "", "iso-8859-1",
     "text/xml; charset=windows-1252", "windows-1252", true},
    /* A declaration that can be read in single bytes is not in UTF-16, whatever it says. */
    {"declared-utf-16-false", WIDE, "UTF-8", "", "utf-16", "text/xml", "UTF-8", true},
    {"charset-utf-16-false", WIDE, "UTF-8", "", NULL, "text/xml; charset=utf-16", "UTF-8", true},
};

typedef struct {
    char *bytes;
    gsize length;
} sent_body;

/* The body in UTF-8, as it would be without any encoding. */
static char *plain_text(const encoding_row *row)
{
    char *declaration =
        row->declared ? g_strdup_printf(" encoding=\"%s\"", row->declared) : g_strdup("");
    char **parts = g_strsplit(BODY("\x01"), "%s", 2);
    char *text = g_strconcat(parts[0], declaration, parts[1], NULL);
    char **pieces = g_strsplit(text, "\x01", -1);
    char *filled = g_strjoinv(row->text, pieces);

    g_strfreev(pieces);
    g_strfreev(parts);
    g_free(text);
    g_free(declaration);
    return filled;
}

static sent_body encode(const char *text, const char *encoding, const char *mark)
{
    GError *error = NULL;
    gsize length;
    char *converted = g_convert(text, -1, encoding, "UTF-8", NULL, &length, &error);

    g_assert_no_error(error);
    sent_body body = {g_malloc(strlen(mark) + length), strlen(mark) + length};

    memcpy(body.bytes, mark, strlen(mark));
    memcpy(body.bytes + strlen(mark), converted, length);
    g_free(converted);
    return body;
}

/* The places of a document, one after the other. */
static void collect(const char *what, ms_span span, void *data)
{
    (void)what;
    g_array_append_val((GArray *)data, span);
}

/* The text at a place, as UTF-8. */
static char *text_at(const char *bytes, ms_span span, const char *encoding)
{
    return g_convert(bytes + span.offset, span.length, "UTF-8", encoding, NULL, NULL, NULL);
}

static void check_places(const encoding_row *row, const sent_body *body,
                         const ms_document *document, const char *text, const ms_document *plain)
{
    GArray *is = g_array_new(FALSE, FALSE, sizeof(ms_span));
    GArray *expected = g_array_new(FALSE, FALSE, sizeof(ms_span));

    unit_visit_spans(document, collect, is);
    unit_visit_spans(plain, collect, expected);
    g_assert_cmpuint(is->len, ==, expected->len);
    for (guint i = 0; i < is->len; i++) {
        char *found = text_at(body->bytes, g_array_index(is, ms_span, i), row->sent);
        char *wanted = text_at(text, g_array_index(expected, ms_span, i), "UTF-8");

        unit_check_text("the element at a place", found, wanted);
        unit_check(found && g_str_has_prefix(found, "<") &&
                       (document->error.cut || g_str_has_suffix(found, ">")),
                   "\"%s\" is no element", found ? found : "(not valid)");
        g_free(found);
        g_free(wanted);
    }
    g_array_free(is, TRUE);
    g_array_free(expected, TRUE);
}

static void check_whole(const char *what, ms_span span, void *data)
{
    size_t length = *(size_t *)data;

    unit_check(span.offset == 0 && span.length == length, "%s: %u+%u is not the whole body", what,
               span.offset, span.length);
}

static void test_row(const void *data)
{
    const encoding_row *row = data;
    char *text = plain_text(row);
    sent_body body = encode(text, row->sent, row->mark);
    ms_context context = unit_propfind, plain_context = unit_propfind;

    context.content_type = row->content_type;
    plain_context.content_type = "text/xml; charset=utf-8";
    ms_document *document = unit_decode_bytes(body.bytes, body.length, &context);
    ms_document *plain = unit_decode(text, &plain_context);
    char *model = unit_model(document, UNIT_VALUES);
    char *expected = unit_model(plain, UNIT_VALUES);

    unit_check_text("model", model, expected);
    unit_check(strstr(model, row->text), "\"%s\" is not in the model", row->text);
    unit_check(!document->error.present, "not well-formed: %s",
               document->error.present ? document->error.message : "");
    unit_check(g_ascii_strcasecmp(document->encoding, row->read) == 0,
               "it was read as %s, expected %s", document->encoding, row->read);
    unit_check(document->exact_spans == row->exact, "the spans are %sexact",
               document->exact_spans ? "" : "not ");
    if (row->exact)
        check_places(row, &body, document, text, plain);
    else
        unit_visit_spans(document, check_whole, &body.length);
    unit_check_sound(document, body.length);
    g_free(model);
    g_free(expected);
    ms_document_free(document);
    ms_document_free(plain);
    g_free(body.bytes);
    g_free(text);
}

/* ---- all the bodies ---- */

/* Every body in UTF-16 is the same model, and every place is right. */
static void test_body(const void *data)
{
    static const encoding_row utf16[] = {
        {"le", NULL, "UTF-16LE", LE_MARK, NULL, NULL, "UTF-16LE", true},
        {"be", NULL, "UTF-16BE", BE_MARK, NULL, NULL, "UTF-16BE", true},
    };
    GBytes *bytes = unit_body(data);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    ms_document *plain = unit_decode(text, &unit_propfind);
    char *expected = unit_model(plain, UNIT_VALUES);

    for (size_t i = 0; i < G_N_ELEMENTS(utf16); i++) {
        sent_body body = encode(text, utf16[i].sent, utf16[i].mark);
        ms_document *document = unit_decode_bytes(body.bytes, body.length, &unit_propfind);
        char *model = unit_model(document, UNIT_VALUES);

        unit_check_text(utf16[i].name, model, expected);
        check_places(&utf16[i], &body, document, text, plain);
        g_free(model);
        ms_document_free(document);
        g_free(body.bytes);
    }
    g_free(expected);
    ms_document_free(plain);
    g_free(text);
    g_bytes_unref(bytes);
}

/* ---- invalid bytes ---- */

typedef struct {
    const char *name;
    const char *bytes;        /* what is not UTF-8 */
    const char *content_type; /* and is taken for UTF-8 because of this */
    const char *declared;
    size_t at; /* of the first invalid byte, in `bytes` */
} invalid_row;

static const invalid_row invalid[] = {
    {"lone-latin-1", "caf\xE9", "text/xml", "utf-8", 3},
    {"lone-continuation", "a\x80z", "text/xml", "utf-8", 1},
    {"short-sequence", "a\xC3z", "text/xml", "utf-8", 1},
    {"overlong", "a\xC0\xAFz", "text/xml", "utf-8", 1},
    {"surrogate", "a\xED\xA0\x80z", "text/xml", "utf-8", 1},
    {"beyond-unicode", "a\xF5\x80\x80\x80z", "text/xml", "utf-8", 1},
    {"0xff", "a\xFFz", "text/xml", "utf-8", 1},
    {"charset-utf-8-false", "caf\xE9", "text/xml; charset=utf-8", "iso-8859-1", 3},
    {"undeclared", "caf\xE9", NULL, NULL, 3},
};

/* The bytes are reported where they are, and cost nothing but themselves. */
static void test_invalid(const void *data)
{
    const invalid_row *row = data;
    char *declaration =
        row->declared ? g_strdup_printf(" encoding=\"%s\"", row->declared) : g_strdup("");
    char *body = g_strdup_printf("<?xml version=\"1.0\"%s?>\n" MULTISTATUS(
                                     RESPONSE("/a", STATUS(200)) RESPONSE("/%s", STATUS(423))
                                         RESPONSE("/c", STATUS(200))),
                                 declaration, row->bytes);
    ms_context context = unit_propfind;

    context.content_type = row->content_type;
    ms_document *document = unit_decode(body, &context);
    size_t at = (size_t)(strstr(body, row->bytes) - body) + row->at;
    char *outcomes = unit_outcomes(document);

    unit_check_verdict(document, MS_MALFORMED);
    unit_check_finding(document, "not_well_formed");
    unit_check_text("outcomes", outcomes, "ok 200, failed 423, ok 200");
    unit_check(document->error.present && document->error.offset == at,
               "the error is at %u, expected %zu", document->error.offset, at);
    unit_check(!document->error.cut, "it is not cut off");
    unit_check(document->exact_spans, "the spans are not exact");
    unit_check_sound(document, strlen(body));
    g_free(outcomes);
    ms_document_free(document);
    g_free(declaration);
    g_free(body);
}

/* Half of a surrogate pair: what comes before it is read. */
static void test_lone_surrogate(void)
{
    char *text = g_strdup(MULTISTATUS(RESPONSE("/a", STATUS(200)) RESPONSE("/@", STATUS(423))));
    sent_body body = encode(text, "UTF-16LE", LE_MARK);
    size_t at = 2 + 2 * (size_t)(strchr(text, '@') - text);

    memcpy(body.bytes + at, "\x00\xD8", 2);
    ms_document *document = unit_decode_bytes(body.bytes, body.length, &unit_propfind);

    unit_check_verdict(document, MS_MALFORMED);
    unit_check(document->n_responses >= 1 && document->responses[0].complete &&
                   document->responses[0].outcome == MS_OK,
               "the first resource is lost");
    unit_check(document->error.offset == at, "the error is at %u, expected %zu",
               document->error.offset, at);
    unit_check_sound(document, body.length);
    ms_document_free(document);
    g_free(body.bytes);
    g_free(text);
}

/* A body that ends within a character just ends. */
static void test_half_character(void)
{
    char *text = g_strdup(MULTISTATUS(RESPONSE("/a", STATUS(200)) RESPONSE("/b", "")));
    sent_body body = encode(text, "UTF-16BE", BE_MARK);
    size_t half = 2 + 2 * (size_t)(strstr(text, "/b") - text) + 1;
    ms_document *document = unit_decode_bytes(body.bytes, half, &unit_propfind);

    unit_check_verdict(document, MS_MALFORMED);
    unit_check(document->error.cut, "it is not reported as cut off");
    unit_check(document->n_responses >= 1 && document->responses[0].complete,
               "the first resource is lost");
    unit_check_sound(document, half);
    ms_document_free(document);
    g_free(body.bytes);
    g_free(text);
}

/* ---- unknown encodings ---- */

static void test_unknown(void)
{
    static const char *const names[] = {"x-nobody-knows", "UTF-99", "EBCDIC-XX-YY", "1", "-"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        char *body = g_strdup_printf("<?xml version=\"1.0\" encoding=\"%s\"?>" MULTISTATUS(RESPONSE(
                                         "/a", STATUS(200)) RESPONSE("/b\xE4", STATUS(423))),
                                     names[i]);
        ms_document *document = unit_decode(body, &unit_propfind);
        char *outcomes = unit_outcomes(document);

        unit_check_text(names[i], outcomes, "ok 200, failed 423");
        unit_check_sound(document, strlen(body));
        g_free(outcomes);
        ms_document_free(document);
        g_free(body);
    }
}

/* Encoding names of any length. */
static void test_long_name(void)
{
    char *name = g_strnfill(5000, 'x');
    char *type = g_strdup_printf("text/xml; charset=\"%s\"", name);
    char *body = g_strdup_printf(
        "<?xml version=\"1.0\" encoding=\"%s\"?>" MULTISTATUS(RESPONSE("/a", STATUS(200))), name);
    ms_context context = unit_propfind;

    context.content_type = type;
    ms_document *document = unit_decode(body, &context);
    char *outcomes = unit_outcomes(document);

    unit_check_text("outcomes", outcomes, "ok 200");
    g_free(outcomes);
    ms_document_free(document);
    g_free(body);
    g_free(type);
    g_free(name);
}

/* Content types that say nothing about the encoding. */
static void test_content_types(void)
{
    static const char *const types[] = {"",
                                        ";",
                                        "; ;",
                                        "text/xml;",
                                        "text/xml; charset",
                                        "text/xml; charset=",
                                        "charset",
                                        "text/xml; charset=\"\"",
                                        "text/xml; charset=\"",
                                        "text/xml; xcharset=utf-16",
                                        "text/xml; charsets=utf-16"};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        char *type = g_strdup(types[i]);
        ms_context context = unit_propfind;

        context.content_type = type;
        ms_document *document =
            unit_decode(MULTISTATUS(RESPONSE("/K\xC3\xA4se", STATUS(200))), &context);

        unit_check_verdict(document, MS_SUCCESS);
        unit_check_text("encoding", document->encoding, "UTF-8");
        unit_check(unit_find(document, "/K\xC3\xA4se") == 0, "%s: the href is lost", types[i]);
        ms_document_free(document);
        g_free(type);
    }
}

/* Where places in text and body differ from one another, the error's is still in the body. */
static void test_error_in_multibyte(void)
{
    char *sent =
        g_convert("<D:multistatus xmlns:D=\"DAV:\">" JAPANESE JAPANESE "<D:response></D:x>", -1,
                  "SHIFT_JIS", "UTF-8", NULL, NULL, NULL);
    ms_context context = unit_propfind;

    context.content_type = "text/xml; charset=shift_jis";
    ms_document *document = unit_decode(sent, &context);

    unit_check(!document->exact_spans, "the spans are exact");
    unit_check(document->error.present && document->error.offset == strlen(sent),
               "the error is at %u of %zu bytes", document->error.offset, strlen(sent));
    ms_document_free(document);
    g_free(sent);
}

/* libxml2 takes these for UTF-32, and complains on stderr. */
static void test_first_nuls(void)
{
    static const char body[] = "\0\0\0<D:multistatus xmlns:D=\"DAV:\"/>";

    if (g_test_subprocess()) {
        ms_context context = unit_propfind;

        context.content_type = "text/xml; charset=iso-8859-1";
        ms_document *document = unit_decode_bytes(body, sizeof body - 1, &context);

        unit_check_verdict(document, MS_MALFORMED);
        unit_check_finding(document, "garbage");
        unit_check_no_finding(document, "cut_off");
        ms_document_free(document);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("encoding/row", rows, test_row);
    unit_add_table("encoding/invalid", invalid, test_invalid);
    unit_add_bodies("encoding/utf-16", test_body);
    g_test_add_func("/encoding/lone-surrogate", test_lone_surrogate);
    g_test_add_func("/encoding/half-character", test_half_character);
    g_test_add_func("/encoding/unknown", test_unknown);
    g_test_add_func("/encoding/long-name", test_long_name);
    g_test_add_func("/encoding/content-types", test_content_types);
    g_test_add_func("/encoding/error-in-multibyte", test_error_in_multibyte);
    g_test_add_func("/encoding/first-nuls", test_first_nuls);
    return g_test_run();
}
