/* unit.c
 * What the unit tests of the decoder share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

void unit_init(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
}

/* ---- bodies ---- */

GBytes *unit_body(const char *name)
{
    char *path = g_build_filename(UNIT_BODIES, name, NULL);
    char *text = NULL;
    gsize length = 0;
    GError *error = NULL;

    if (!g_file_get_contents(path, &text, &length, &error))
        g_error("%s", error->message);
    g_free(path);
    return g_bytes_new_take(text, length);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **unit_body_names(void)
{
    GPtrArray *names = g_ptr_array_new();
    GError *error = NULL;
    GDir *folder = g_dir_open(UNIT_BODIES, 0, &error);
    const char *name;

    if (!folder)
        g_error("%s", error->message);
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(name, ".xml"))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_dir_close(folder);
    if (names->len == 0)
        g_error("no bodies in %s", UNIT_BODIES);
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

char *unit_path(const char *subject, const char *body_name)
{
    size_t length = strlen(body_name) - strlen(".xml");

    return g_strdup_printf("/%s/%.*s", subject, (int)length, body_name);
}

void unit_add_bodies(const char *subject, GTestDataFunc test)
{
    char **names = unit_body_names();

    for (size_t i = 0; names[i]; i++) {
        char *path = unit_path(subject, names[i]);

        g_test_add_data_func_full(path, g_strdup(names[i]), test, g_free);
        g_free(path);
    }
    g_strfreev(names);
}

/* ---- decoding ---- */

const ms_context unit_propfind = {
    .method = "PROPFIND",
    .uri = "/c/",
    .http_status = 207,
    .content_type = "application/xml; charset=utf-8",
    .values = true,
};

ms_document *unit_decode_bytes(const void *bytes, size_t length, const ms_context *context)
{
    char *copy = malloc(length); /* g_malloc(0) is NULL, but an empty body has an address too */

    g_assert_nonnull(copy);
    memcpy(copy, bytes, length);
    ms_document *document = ms_decode(copy, length, context);

    free(copy);
    return document;
}

ms_document *unit_decode(const char *xml, const ms_context *context)
{
    return unit_decode_bytes(xml, strlen(xml), context);
}

/* ---- model ---- */

static const char *const root_names[] = {
    [MS_ROOT_NONE] = "none",       [MS_ROOT_MULTISTATUS] = "multistatus",
    [MS_ROOT_MKCOL] = "mkcol",     [MS_ROOT_MKCALENDAR] = "mkcalendar",
    [MS_ROOT_IMPLIED] = "implied", [MS_ROOT_OTHER] = "other",
    [MS_ROOT_JSON] = "json",       [MS_ROOT_MULTIPART] = "multipart",
    [MS_ROOT_BATCH] = "batch",
};

/* A text on one line. */
static void append_text(GString *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (*at == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *at);
    }
}

static void append_span(GString *out, ms_span span, unsigned flags)
{
    if (flags & UNIT_SPANS)
        g_string_append_printf(out, " @%u+%u", span.offset, span.length);
}

static void append_line(GString *out, const char *label, const char *text, ms_span span,
                        unsigned flags)
{
    if (!text)
        return;
    g_string_append(out, label);
    append_text(out, text);
    append_span(out, span, flags);
    g_string_append_c(out, '\n');
}

/* An element and all that is below it: "{DAV:}resource({DAV:}href=/a)". */
static void append_tree(GString *out, const ms_element *elements, uint32_t index, unsigned flags)
{
    const ms_element *element = &elements[index];
    const char *separator = "(";

    g_string_append(out, element->name);
    if (element->value) {
        g_string_append_c(out, '=');
        append_text(out, element->value);
    }
    append_span(out, element->span, flags);
    for (uint32_t i = index + 1; i < element->end; i = elements[i].end) {
        g_string_append(out, separator);
        append_tree(out, elements, i, flags);
        separator = " ";
    }
    if (index + 1 < element->end)
        g_string_append_c(out, ')');
}

static void append_conditions(GString *out, const char *label, const ms_document *document,
                              ms_range range, unsigned flags)
{
    for (uint32_t i = range.first; i < range.first + range.count; i = document->conditions[i].end) {
        g_string_append(out, label);
        append_tree(out, document->conditions, i, flags);
        g_string_append_c(out, '\n');
    }
}

static void append_properties(GString *out, const ms_document *document, ms_range range,
                              unsigned flags)
{
    const ms_element *properties = document->properties;

    if (range.count == 0)
        return;
    g_string_append(out, "  prop");
    for (uint32_t i = range.first; i < range.first + range.count; i = properties[i].end) {
        g_string_append_c(out, ' ');
        if (flags & UNIT_VALUES) {
            append_tree(out, properties, i, flags);
        } else {
            g_string_append(out, properties[i].name);
            append_span(out, properties[i].span, flags);
        }
    }
    g_string_append_c(out, '\n');
}

static void append_propstat(GString *out, const ms_document *document, const ms_propstat *propstat,
                            unsigned flags)
{
    g_string_append_printf(out, " propstat %s %s", ms_outcome_name(propstat->outcome),
                           propstat->status.line ? propstat->status.line : "(no status)");
    append_span(out, propstat->span, flags);
    append_span(out, propstat->status.span, flags);
    g_string_append_c(out, '\n');
    if (!propstat->has_prop)
        g_string_append(out, "  (no prop)\n");
    append_properties(out, document, propstat->properties, flags);
    append_conditions(out, "  condition ", document, propstat->conditions, flags);
    append_line(out, "  description ", propstat->description.text, propstat->description.span,
                flags);
}

static void append_response(GString *out, const ms_document *document, const ms_response *response,
                            unsigned flags)
{
    g_string_append_printf(out, "response %s %d%s", ms_outcome_name(response->outcome),
                           response->code, response->complete ? "" : " (cut)");
    append_span(out, response->span, flags);
    g_string_append_c(out, '\n');
    for (uint32_t i = 0; i < response->hrefs.count; i++) {
        const ms_text *href = &document->hrefs[response->hrefs.first + i];

        append_line(out, " href ", href->text, href->span, flags);
    }
    append_line(out, " status ", response->status.line, response->status.span, flags);
    for (uint32_t i = 0; i < response->propstats.count; i++)
        append_propstat(out, document, &document->propstats[response->propstats.first + i], flags);
    append_conditions(out, " condition ", document, response->conditions, flags);
    append_line(out, " description ", response->description.text, response->description.span,
                flags);
    append_line(out, " location ", response->location.text, response->location.span, flags);
}

char *unit_response_model(const ms_document *document, uint32_t response, unsigned flags)
{
    GString *out = g_string_new(NULL);

    append_response(out, document, &document->responses[response], flags);
    return g_string_free(out, FALSE);
}

char *unit_model(const ms_document *document, unsigned flags)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "root %s", root_names[document->root]);
    append_span(out, document->span, flags);
    g_string_append_printf(out, "\nverdict %s\n", ms_verdict_name(document->verdict));
    for (uint32_t i = 0; i < document->n_responses; i++)
        append_response(out, document, &document->responses[i], flags);
    append_line(out, "description ", document->description.text, document->description.span, flags);
    append_line(out, "sync-token ", document->sync_token.text, document->sync_token.span, flags);
    return g_string_free(out, FALSE);
}

const char *unit_rows(const char *model)
{
    return strchr(strchr(model, '\n') + 1, '\n') + 1;
}

char *unit_outcomes(const ms_document *document)
{
    GString *out = g_string_new(NULL);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        g_string_append_printf(out, "%s%s %d", i > 0 ? ", " : "",
                               ms_outcome_name(response->outcome), response->code);
    }
    return g_string_free(out, FALSE);
}

uint32_t unit_find(const ms_document *document, const char *href)
{
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        if (response->hrefs.count > 0 &&
            strcmp(document->hrefs[response->hrefs.first].text, href) == 0)
            return i;
    }
    return MS_NO_RESPONSE;
}

const ms_finding *unit_finding(const ms_document *document, const char *rule)
{
    for (uint32_t i = 0; i < document->n_findings; i++) {
        if (strcmp(document->findings[i].rule->id, rule) == 0)
            return &document->findings[i];
    }
    return NULL;
}

char *unit_findings(const ms_document *document)
{
    GString *out = g_string_new(NULL);

    for (size_t rule = 0; rule < MS_RULE_COUNT; rule++) {
        if (unit_finding(document, ms_rules[rule].id))
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", ms_rules[rule].id);
    }
    return g_string_free(out, FALSE);
}

/* ---- spans ---- */

static void visit_texts(const ms_document *document, unit_visitor visit, void *data)
{
    visit("root", document->span, data);
    if (document->description.text)
        visit("description of the body", document->description.span, data);
    if (document->sync_token.text)
        visit("sync-token", document->sync_token.span, data);
    for (uint32_t i = 0; i < document->n_hrefs; i++)
        visit("href", document->hrefs[i].span, data);
}

static void visit_elements(const char *what, const ms_element *elements, uint32_t count,
                           unit_visitor visit, void *data)
{
    for (uint32_t i = 0; i < count; i++) {
        /* An attribute of a condition is not an element. */
        if (elements[i].name[0] != '@')
            visit(what, elements[i].span, data);
    }
}

void unit_visit_spans(const ms_document *document, unit_visitor visit, void *data)
{
    visit_texts(document, visit, data);
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        visit("response", response->span, data);
        if (response->status.line)
            visit("status of a response", response->status.span, data);
        if (response->description.text)
            visit("description of a response", response->description.span, data);
        if (response->location.text)
            visit("location", response->location.span, data);
    }
    for (uint32_t i = 0; i < document->n_propstats; i++) {
        const ms_propstat *propstat = &document->propstats[i];

        visit("propstat", propstat->span, data);
        if (propstat->status.line)
            visit("status of a propstat", propstat->status.span, data);
        if (propstat->description.text)
            visit("description of a propstat", propstat->description.span, data);
    }
    visit_elements("property", document->properties, document->n_properties, visit, data);
    visit_elements("condition", document->conditions, document->n_conditions, visit, data);
}

/* ---- soundness ---- */

static void check_range(const char *what, ms_range range, uint32_t count)
{
    unit_check(range.first <= count && range.count <= count - range.first,
               "%s: the range %u+%u leaves an array of %u", what, range.first, range.count, count);
}

static void check_span(const char *what, ms_span span, void *data)
{
    size_t length = *(size_t *)data;

    unit_check(span.offset <= length && span.length <= length - span.offset,
               "%s: the span %u+%u leaves a body of %zu bytes", what, span.offset, span.length,
               length);
}

static bool within(ms_span inner, ms_span outer)
{
    return inner.offset >= outer.offset &&
           inner.offset + inner.length <= outer.offset + outer.length;
}

static void check_elements(const char *what, const ms_element *elements, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        unit_check(elements[i].name && *elements[i].name, "%s %u has no name", what, i);
        unit_check(elements[i].end > i && elements[i].end <= count, "%s %u: its end is %u of %u",
                   what, i, elements[i].end, count);
        for (uint32_t j = i + 1; j < MIN(elements[i].end, count); j = elements[j].end) {
            unit_check(elements[j].end <= elements[i].end, "%s %u leaves its parent %u", what, j,
                       i);
            unit_check(within(elements[j].span, elements[i].span),
                       "%s %u (%s) lies outside of its parent %u (%s)", what, j, elements[j].name,
                       i, elements[i].name);
            if (elements[j].end <= j)
                break; /* reported above; it would not end */
        }
    }
}

static void check_counts(const ms_document *document)
{
    uint32_t counted[MS_OUTCOMES] = {0};

    for (uint32_t i = 0; i < document->n_responses; i++)
        counted[document->responses[i].outcome]++;
    for (int outcome = 0; outcome < MS_OUTCOMES; outcome++)
        unit_check(counted[outcome] == document->outcomes[outcome], "%u resources %s, not %u",
                   counted[outcome], ms_outcome_name((ms_outcome)outcome),
                   document->outcomes[outcome]);
    unit_check(document->failed == counted[MS_FAILED] + counted[MS_MISSING],
               "failed is %u, but %u failed and %u are missing", document->failed,
               counted[MS_FAILED], counted[MS_MISSING]);
    unit_check((document->undecoded != NULL) == (document->verdict == MS_UNDECODED),
               "the verdict is %s and the reason %s", ms_verdict_name(document->verdict),
               document->undecoded ? document->undecoded : "absent");
}

void unit_check_sound(const ms_document *document, size_t length)
{
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        check_range("hrefs", response->hrefs, document->n_hrefs);
        check_range("propstats", response->propstats, document->n_propstats);
        check_range("conditions", response->conditions, document->n_conditions);
    }
    for (uint32_t i = 0; i < document->n_propstats; i++) {
        check_range("properties", document->propstats[i].properties, document->n_properties);
        check_range("conditions", document->propstats[i].conditions, document->n_conditions);
    }
    for (uint32_t i = 0; i < document->n_findings; i++) {
        const ms_finding *finding = &document->findings[i];

        unit_check(finding->rule && finding->message && *finding->message,
                   "finding %u says nothing", i);
        unit_check(finding->response == MS_NO_RESPONSE || finding->response < document->n_responses,
                   "finding %u is about resource %u of %u", i, finding->response,
                   document->n_responses);
        check_span("finding", finding->span, &length);
    }
    check_elements("property", document->properties, document->n_properties);
    check_elements("condition", document->conditions, document->n_conditions);
    unit_visit_spans(document, check_span, &length);
    check_counts(document);
}

/* ---- checks ---- */

static unsigned failures;

unsigned unit_failures(void)
{
    return failures;
}

void unit_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    g_printerr("%s:%d: %s: %s\n", file, line, g_test_get_path(), message);
    g_free(message);
    failures++;
    g_test_fail();
}

/* The first line in which two texts differ, for a message. */
static char *first_difference(const char *actual, const char *expected)
{
    char **a = g_strsplit(actual, "\n", -1), **b = g_strsplit(expected, "\n", -1);
    size_t i = 0;

    while (a[i] && b[i] && strcmp(a[i], b[i]) == 0)
        i++;
    char *text = g_strdup_printf("line %zu:\n  is:       \"%s\"\n  expected: \"%s\"", i + 1,
                                 a[i] ? a[i] : "(end)", b[i] ? b[i] : "(end)");

    g_strfreev(a);
    g_strfreev(b);
    return text;
}

void unit_compare(const char *file, int line, const char *what, const char *actual,
                  const char *expected)
{
    if (g_strcmp0(actual, expected) == 0)
        return;
    if (actual && expected && (strchr(actual, '\n') || strchr(expected, '\n'))) {
        char *difference = first_difference(actual, expected);

        unit_fail(file, line, "%s, %s\n%s", what, difference, actual);
        g_free(difference);
    } else {
        unit_fail(file, line, "%s: is \"%s\", expected \"%s\"", what, actual ? actual : "(NULL)",
                  expected ? expected : "(NULL)");
    }
}

void unit_expect_finding(const char *file, int line, const ms_document *document, const char *rule,
                         bool expected)
{
    bool known = false;

    for (size_t i = 0; i < MS_RULE_COUNT; i++)
        known = known || strcmp(ms_rules[i].id, rule) == 0;
    if (!known)
        unit_fail(file, line, "there is no rule \"%s\"", rule);
    if ((unit_finding(document, rule) != NULL) == expected)
        return;
    char *findings = unit_findings(document);

    unit_fail(file, line, "finding \"%s\" is %s; findings: %s", rule,
              expected ? "not there" : "there", findings);
    g_free(findings);
}

/* ---- parts ---- */

static bool may_be_found(const ms_document *whole, const char *rule)
{
    static const char *const others[][2] = {
        {"other_root", "garbage"}, /* the root is another one, before the multistatus comes */
        {"needless_success", "needless_207"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(rule, others[i][0]) == 0 && unit_finding(whole, others[i][1]))
            return true;
    }
    return strcmp(rule, "not_captured") == 0 || strcmp(rule, "undecoded") == 0 ||
           strcmp(rule, "json_shape") == 0 || /* how JSON says that */
           unit_finding(whole, rule);
}

void unit_check_parts(const char *body, const ms_context *context)
{
    ms_document *whole = unit_decode(body, context);
    ms_context cut = *context;

    cut.incomplete = true;
    for (size_t length = 0; length < strlen(body); length++) {
        if (cut.http_status != 207 && !ms_is_ours(body, length, &cut, true))
            continue; /* nobody asks for what is found in it */
        ms_document *part = unit_decode_bytes(body, length, &cut);
        size_t shown = MIN(length, 60);

        for (uint32_t i = 0; i < part->n_findings; i++)
            unit_check(may_be_found(whole, part->findings[i].rule->id),
                       "%s of %zu bytes, %.*s|: %s", part->findings[i].rule->id, length, (int)shown,
                       body + length - shown, part->findings[i].message);
        ms_document_free(part);
    }
    ms_document_free(whole);
}
