/* rules_body.c
 * Rules about the header of the response and the XML as a whole (T1 to T21).
 *
 * RFC 4918 sections 8.2, 13, 17, 19 and 20.6; RFC 7303 section 3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "href.h"
#include "json.h"
#include "limit_table.h"
#include "names.h"
#include "roots.h"

/* Bytes that a message shows of what precedes the XML. */
#define SHOWN_GARBAGE 60

/* ---- the header (T15 to T19) ---- */

/* Only a header that was seen can lack a field. */
static bool header_known(const ms_finder *finder)
{
    return finder->context->reason_phrase != NULL;
}

/* Is an age above zero, or "public", there? */
static bool allows_caching(const char *cache_control)
{
    char *lower = g_ascii_strdown(cache_control, -1);
    const char *age = strstr(lower, "max-age=");
    bool allows = strstr(lower, "public") || (age && g_ascii_isdigit(age[8]) && age[8] != '0');

    allows = allows && !strstr(lower, "no-cache") && !strstr(lower, "no-store");
    g_free(lower);
    return allows;
}

static void find_cacheable(ms_finder *finder)
{
    const char *cache_control = finder->context->cache_control;
    ms_span span = finder->document->span;

    if (ms_rules_method(finder, " PROPPATCH ") && cache_control && allows_caching(cache_control))
        ms_rules_found(finder, MS_RULE_CACHEABLE, MS_NO_RESPONSE, span,
                       "The answer to a PROPPATCH must not be cached, but says Cache-Control: %s",
                       ms_rules_shown(finder, cache_control));
    if (finder->context->http_status == 207 && header_known(finder) &&
        ms_rules_method(finder, " UPDATE MERGE LABEL ") &&
        !ms_rules_listed(cache_control, "no-cache"))
        ms_rules_found(finder, MS_RULE_CACHEABLE, MS_NO_RESPONSE, span,
                       "The answer to %s lacks Cache-Control: no-cache", finder->context->method);
}

static void find_reason_phrase(ms_finder *finder)
{
    const char *phrase = finder->context->reason_phrase;

    if (finder->context->http_status == 207 && phrase && *phrase &&
        g_ascii_strcasecmp(phrase, "Multi-Status") != 0)
        ms_rules_found(finder, MS_RULE_REASON_PHRASE, MS_NO_RESPONSE, finder->document->span,
                       "The reason phrase of the 207 is \"%s\"", ms_rules_shown(finder, phrase));
}

static bool is_xml_type(const char *type, size_t length);

/* No specification says what partial success of a single resource would be. 207 with anything but
 * XML is a proprietary interface. */
static void find_unexpected_method(ms_finder *finder)
{
    const char *type = finder->context->content_type;

    if (finder->context->http_status == 207 &&
        ms_rules_method(finder, " GET HEAD PUT UNLOCK OPTIONS ") &&
        (!type || is_xml_type(type, strcspn(type, "; \t"))))
        ms_rules_found(finder, MS_RULE_UNEXPECTED_METHOD, MS_NO_RESPONSE, finder->document->span,
                       "207 to %s, which is about one resource only: many clients take it for "
                       "success, whatever the body says",
                       finder->context->method);
}

void ms_find_in_header(ms_finder *finder)
{
    const ms_context *context = finder->context;
    ms_span span = finder->document->span;

    find_reason_phrase(finder);
    find_unexpected_method(finder);
    find_cacheable(finder);
    if (context->http_status == 207 && context->location)
        ms_rules_found(finder, MS_RULE_LOCATION_HEADER, MS_NO_RESPONSE, span,
                       "The 207 has a Location header, which means nothing there: %s",
                       ms_rules_shown(finder, context->location));
    if (context->msdavext_error) {
        char *readable = ms_href_readable(context->msdavext_error);

        ms_rules_found(finder, MS_RULE_MSDAVEXT_ERROR, MS_NO_RESPONSE, span,
                       "The server's own reason (X-MSDAVEXT_ERROR): %s",
                       ms_rules_shown(finder, readable));
        g_free(readable);
    }
}

/* ---- media type and encoding (T1 to T4) ---- */

static bool is_xml_type(const char *type, size_t length)
{
    static const char *const names[] = {"application/xml", "text/xml"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (length == strlen(names[i]) && g_ascii_strncasecmp(type, names[i], length) == 0)
            return true;
    }
    return length > 4 && g_ascii_strncasecmp(type + length - 4, "+xml", 4) == 0;
}

static void find_content_type(ms_finder *finder)
{
    const char *type = finder->context->content_type;
    ms_span span = finder->document->span;

    if (finder->document->undecoded || finder->document->root == MS_ROOT_NONE)
        return;
    if (!type || !*type) {
        if (header_known(finder))
            ms_rules_found(finder, MS_RULE_CONTENT_TYPE, MS_NO_RESPONSE, span,
                           "The response has no Content-Type, but its body is Multi-Status");
        return;
    }
    size_t length = strcspn(type, "; \t");

    if (!is_xml_type(type, length))
        ms_rules_found(finder, MS_RULE_CONTENT_TYPE, MS_NO_RESPONSE, span,
                       "The Content-Type is %s, but the body is Multi-Status",
                       ms_rules_shown(finder, type));
    else if (length == strlen("text/xml") && g_ascii_strncasecmp(type, "text/xml", length) == 0)
        ms_rules_found(finder, MS_RULE_TEXT_XML, MS_NO_RESPONSE, span,
                       "The Content-Type is text/xml; application/xml is preferred");
}

/* UTF-16 does not say which bytes come first, and "utf8" is not its name: both are understood. */
static bool same_encoding(const char *a, const char *b)
{
    if (g_ascii_strncasecmp(a, "UTF-16", 6) == 0 && g_ascii_strncasecmp(b, "UTF-16", 6) == 0)
        return true;
    if (g_ascii_strcasecmp(a, "UTF8") == 0)
        a = "UTF-8";
    return g_ascii_strcasecmp(a, b) == 0;
}

static void find_encoding(ms_finder *finder)
{
    const ms_encoded *encoded = finder->notes->encoded;
    const char *read_as = g_ascii_strcasecmp(encoded->name, "UTF8") ? encoded->name : "UTF-8";

    if ((*encoded->charset && !same_encoding(encoded->charset, read_as)) ||
        (*encoded->declared && !same_encoding(encoded->declared, read_as)))
        ms_rules_found(finder, MS_RULE_CHARSET, MS_NO_RESPONSE, finder->document->span,
                       "The Content-Type says %s, the XML declaration %s, the byte order mark %s; "
                       "read as %s",
                       *encoded->charset ? encoded->charset : "nothing",
                       *encoded->declared ? encoded->declared : "nothing",
                       encoded->mark ? encoded->mark : "nothing", encoded->name);
}

/* ---- well-formedness (T5 to T9) ---- */

/* The last resource whose response ends before the place: everything up to there can be trusted. */
static uint32_t last_before(const ms_document *document, uint32_t offset)
{
    for (uint32_t i = document->n_responses; i > 0; i--) {
        ms_span span = document->responses[i - 1].span;

        if (document->responses[i - 1].complete && span.offset + span.length <= offset)
            return i - 1;
    }
    return MS_NO_RESPONSE;
}

/* " in <D:href>, after the response of /a". The caller frees it with g_free(). */
static char *whereabouts(const ms_finder *finder)
{
    const ms_document *document = finder->document;
    GString *text = g_string_new(NULL);
    uint32_t last = last_before(document, document->error.offset);

    if (finder->notes->broken_in)
        g_string_append_printf(text, " in <%s>", ms_rules_shown(finder, finder->notes->broken_in));
    if (last != MS_NO_RESPONSE)
        g_string_append_printf(text, "%s after the %s of %s", text->len > 0 ? "," : "",
                               finder->document->format == MS_FORMAT_JSON ? "row" : "response",
                               ms_rules_name(finder, last));
    return g_string_free(text, FALSE);
}

/* Is it wrong only because a limit ended the reading? The capture holds all of it, and so does the
 * server. */
static bool is_of_limit(const ms_finder *finder)
{
    const ms_syntax_error *error = &finder->document->error;
    const ms_notes *notes = finder->notes;

    if (error->cut && (finder->context->bomb || notes->limit == &ms_limit_table[MS_MAX_BODY]))
        return true;
    return notes->limit == &ms_limit_table[MS_MAX_TAG] && error->offset >= notes->limit_span.offset;
}

static void find_syntax_error(ms_finder *finder)
{
    const ms_syntax_error *error = &finder->document->error;
    ms_span place = {error->offset, 0};

    if (is_of_limit(finder))
        return;
    char *where = whereabouts(finder);
    const char *comma = *where ? "," : "";

    if (error->cut && finder->context->incomplete)
        ms_rules_found(finder, MS_RULE_NOT_CAPTURED, MS_NO_RESPONSE, place,
                       "The capture does not hold the whole body: it ends at byte %u (line %u, "
                       "column %u)%s%s",
                       error->offset, error->line, error->column, comma, where);
    else if (error->cut)
        ms_rules_found(finder, MS_RULE_CUT_OFF, MS_NO_RESPONSE, place,
                       "The body is cut off at byte %u (line %u, column %u)%s%s: %s", error->offset,
                       error->line, error->column, comma, where, error->message);
    else if (finder->document->format == MS_FORMAT_JSON)
        ms_rules_found(finder, MS_RULE_JSON_INVALID, MS_NO_RESPONSE, place,
                       "Not valid JSON at byte %u (line %u, column %u)%s%s: %s", error->offset,
                       error->line, error->column, comma, where, error->message);
    else
        ms_rules_found(finder, MS_RULE_NOT_WELL_FORMED, MS_NO_RESPONSE, place,
                       "Not well-formed at byte %u (line %u, column %u)%s%s: %s", error->offset,
                       error->line, error->column, comma, where, error->message);
    g_free(where);
}

/* The text at the place, on one line. The caller frees it with g_free(). */
static char *excerpt(const ms_encoded *encoded, size_t at)
{
    const char *end;

    while (at < encoded->length && g_ascii_isspace(encoded->text[at]))
        at++;
    size_t length = MIN(encoded->length - at, SHOWN_GARBAGE);

    g_utf8_validate_len(encoded->text + at, length, &end);
    char *text = g_strndup(encoded->text + at, (gsize)(end - (encoded->text + at)));

    for (char *c = text; *c; c++) {
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    }
    return text;
}

static bool ends_with_tag(const ms_encoded *encoded)
{
    size_t end = encoded->length;

    while (end > 0 && g_ascii_isspace(encoded->text[end - 1]))
        end--;
    return end > 0 && encoded->text[end - 1] == '>';
}

/* What scripts print after their answer. */
static bool is_html(const char *text)
{
    static const char *const tags[] = {"<br",    "<b>",   "<html", "<!doctype html", "<p>", "<div",
                                       "<table", "<font", "<pre",  "<center",        "<h1"};

    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        if (g_ascii_strncasecmp(text, tags[i], strlen(tags[i])) == 0)
            return true;
    }
    return false;
}

/* Something else, or another document, before or after the one that is read. */
static void find_garbage(ms_finder *finder, ms_span place)
{
    const ms_notes *notes = finder->notes;
    char *text = excerpt(notes->encoded, notes->broken_at);
    bool document = *text == '<' && !is_html(text);

    if (notes->first_root)
        ms_rules_found(finder, MS_RULE_GARBAGE, MS_NO_RESPONSE, place,
                       "Another XML document stands before the multistatus: its root is %s%s%s",
                       ms_rules_shown(finder, notes->first_root),
                       notes->first_words ? ", and it says: " : "",
                       notes->first_words ? ms_rules_shown(finder, notes->first_words) : "");
    else if (notes->broken_at > 0 && document)
        ms_rules_found(finder, MS_RULE_GARBAGE, MS_NO_RESPONSE, place,
                       "Another XML document stands behind the first one%s: %s",
                       ends_with_tag(notes->encoded) ? "" : ", and is cut off", text);
    else
        ms_rules_found(finder, MS_RULE_GARBAGE, MS_NO_RESPONSE, place,
                       "%s stands %s the XML document: %s",
                       is_html(text) ? "HTML" : "Something else",
                       notes->broken_at == 0 ? "before" : "behind", text);
    if (notes->rest_cut && finder->context->incomplete)
        ms_rules_found(finder, MS_RULE_NOT_CAPTURED, MS_NO_RESPONSE,
                       (ms_span){finder->document->span.length, 0},
                       "The capture does not hold all of the multistatus behind it");
    else if (notes->rest_cut)
        ms_rules_found(finder, MS_RULE_CUT_OFF, MS_NO_RESPONSE,
                       (ms_span){finder->document->span.length, 0},
                       "The multistatus behind it is cut off: the body ends in the middle of it");
    g_free(text);
}

/* What breaks the XML, besides where. */
static void find_breach(ms_finder *finder)
{
    const ms_notes *notes = finder->notes;
    ms_span place = {finder->document->error.offset, 0};

    if (notes->invalid_bytes && notes->broken != MS_BROKEN_GARBAGE)
        ms_rules_found(finder, MS_RULE_INVALID_BYTES, MS_NO_RESPONSE, place,
                       "A byte sequence at byte %u that is not valid %s; it is read as \"?\"",
                       place.offset, notes->encoded->name);
    else if (notes->broken == MS_BROKEN_CHARACTER)
        ms_rules_found(finder, MS_RULE_ILLEGAL_CHARACTER, MS_NO_RESPONSE, place,
                       "A character at byte %u that XML 1.0 does not allow, in <%s>", place.offset,
                       notes->broken_in ? ms_rules_shown(finder, notes->broken_in) : "?");
    else if (notes->broken == MS_BROKEN_GARBAGE) {
        find_garbage(finder, place);
    }
}

void ms_find_limit(ms_finder *finder)
{
    const ms_notes *notes = finder->notes;

    if (finder->context->bomb && !notes->limit)
        ms_rules_found(finder, MS_RULE_LIMIT, MS_NO_RESPONSE, finder->document->span,
                       "With its content coding undone, the body is larger than what is read of "
                       "it: a decompression bomb. What comes after it is left out");
    if (notes->limit)
        ms_rules_found(
            finder, MS_RULE_LIMIT, MS_NO_RESPONSE, notes->limit_span,
            "The limit for %s was reached, which is %u; what comes after it is left out. "
            "Preference multistatus.%s raises it",
            notes->limit->what, notes->limits.of[notes->limit - ms_limit_table],
            notes->limit->name);
}

static void find_in_markup(ms_finder *finder)
{
    const ms_notes *notes = finder->notes;
    const ms_note *instruction = &notes->of[MS_NOTE_INSTRUCTION];

    if (notes->doctype && !finder->document->undecoded)
        ms_rules_found(finder, MS_RULE_DOCTYPE, MS_NO_RESPONSE, notes->doctype_span,
                       "The body has a document type declaration; it is not used");
    if (notes->entity_declaration)
        ms_rules_found(finder, MS_RULE_ENTITY_DECLARATION, MS_NO_RESPONSE, notes->doctype_span,
                       "The body declares entities; they are not expanded");
    if (instruction->count > 0)
        ms_rules_found_many(finder, MS_RULE_INSTRUCTION, instruction->count, MS_NO_RESPONSE,
                            instruction->span, "A processing instruction: <?%s ...?>",
                            ms_rules_shown(finder, instruction->example));
    if (finder->document->error.present)
        find_syntax_error(finder);
    if (finder->document->error.present && !finder->document->error.cut)
        find_breach(finder);
    if (notes->namespace_errors > 0)
        ms_rules_found_many(finder, MS_RULE_NAMESPACE_ERROR, notes->namespace_errors,
                            MS_NO_RESPONSE, notes->namespace_span, "%s",
                            ms_rules_shown(finder, notes->namespace_example));
    ms_find_limit(finder);
}

/* ---- the root (T13 to T15, S24) ---- */

/* "supported-report, x:y": what is not a condition but words for people is left out. The caller
 * frees it with g_free(). */
static char *list_conditions(const ms_finder *finder)
{
    const ms_document *document = finder->document;
    ms_range range = document->root_conditions;
    GString *names = g_string_new(NULL);

    for (uint32_t i = range.first; i < range.first + range.count && names->len < SHOWN_GARBAGE;
         i = document->conditions[i].end) {
        const ms_element *condition = &document->conditions[i];

        if (!ms_is_said(condition->name, condition->value))
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   ms_rules_shown_name(finder, condition->name));
    }
    return g_string_free(names, FALSE);
}

/* "The body is HTML, ...": the reason, as a sentence. */
static void find_foreign(ms_finder *finder, unsigned rule, const char *before)
{
    char *reason = g_strdup(finder->document->undecoded);

    if (!*before)
        reason[0] = g_ascii_toupper(reason[0]);
    ms_rules_found(finder, rule, MS_NO_RESPONSE, finder->document->span, "%s%s", before, reason);
    g_free(reason);
}

/* RFC 4918 sections 9.1.1 and 16: the body of an error belongs under the status of the error. */
static void find_other_root(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const char *words = document->description.text;

    if (strcmp(document->root_name, MS_DAV("error")) != 0) {
        find_foreign(finder, MS_RULE_OTHER_ROOT, "");
        return;
    }
    char *conditions = list_conditions(finder);

    ms_rules_found(finder, MS_RULE_OTHER_ROOT, MS_NO_RESPONSE, document->span,
                   "The root element is {DAV:}error, not a multistatus: an error document, which "
                   "belongs under the status of the error. %s%s%s%s",
                   *conditions ? "It names "
                   : words     ? ""
                               : "It names no condition",
                   conditions,
                   words ? *conditions ? "; the server says: " : "The server says: " : "",
                   words ? ms_rules_shown(finder, words) : "");
    g_free(conditions);
}

static void find_in_root(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_context *context = finder->context;

    if (document->root == MS_ROOT_MKCOL && context->http_status == 207)
        ms_rules_found(finder, MS_RULE_MKCOL_ROOT, MS_NO_RESPONSE, document->span,
                       "A mkcol-response under 207; the status of the response should say what "
                       "became of the MKCOL");
    if (document->root == MS_ROOT_OTHER)
        find_other_root(finder);
    if (finder->notes->wrong_namespace) {
        const ms_root_kind *right = ms_root_kind_of(document->root);

        ms_rules_found(finder, MS_RULE_WRONG_NAMESPACE, MS_NO_RESPONSE, document->span,
                       "The root element is %s, not {%s}%s; it is read as if it were",
                       ms_rules_shown(finder, document->root_name), right->name_space,
                       right->local);
    }
    /* A stored file may well be a Multi-Status body: fetching it is not an operation on resources.
     */
    if ((document->root == MS_ROOT_MULTISTATUS || document->root == MS_ROOT_IMPLIED) &&
        !finder->is_207 && !ms_rules_method(finder, " GET HEAD "))
        ms_rules_found(finder, MS_RULE_OTHER_STATUS, MS_NO_RESPONSE, document->span,
                       "A Multi-Status body under HTTP status %d", context->http_status);
}

static void find_orphans(ms_finder *finder)
{
    const ms_notes *notes = finder->notes;
    const char *more =
        notes->orphan_status >= 400 ? "; it holds a failure that belongs to no resource"
        : finder->document->root == MS_ROOT_IMPLIED ? "; read as those of the Request-URI"
                                                    : "";

    if (notes->orphan_propstats > 0)
        ms_rules_found(finder, MS_RULE_ORPHAN_PROPSTAT, MS_NO_RESPONSE, notes->orphan_span,
                       "%u propstat directly under multistatus, without a response%s",
                       notes->orphan_propstats, more);
}

static bool is_blank(const ms_encoded *encoded)
{
    size_t at = 0;

    while (at < encoded->length && g_ascii_isspace(encoded->text[at]))
        at++;
    return at == encoded->length;
}

void ms_find_in_body(ms_finder *finder)
{
    if (finder->context->miscoded)
        ms_rules_found(finder, MS_RULE_CODING, MS_NO_RESPONSE, finder->document->span,
                       "The Content-Encoding is %s, but the bytes are %s: they are read all the "
                       "same, which not every client does",
                       finder->context->content_encoding
                           ? ms_rules_shown(finder, finder->context->content_encoding)
                           : "absent",
                       finder->context->miscoded);
    if (finder->context->http_status == 207 && !finder->context->incomplete &&
        is_blank(finder->notes->encoded))
        ms_rules_found(finder, MS_RULE_NO_BODY, MS_NO_RESPONSE, finder->document->span,
                       "A 207 without a body");
    else if (finder->document->format == MS_FORMAT_NONE && !is_blank(finder->notes->encoded))
        find_foreign(finder, MS_RULE_UNDECODED, "Not decoded: ");
    if (finder->document->format == MS_FORMAT_XML && !finder->document->undecoded) {
        find_content_type(finder);
        find_encoding(finder);
    }
    find_in_markup(finder);
    find_in_root(finder);
    find_orphans(finder);
}
