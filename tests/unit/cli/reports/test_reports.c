/* test_reports.c
 * What reports are made with: selection, groupings, conditions, rows and escaping.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "aggregate.h"
#include "delimited.h"
#include "failure_list.h"
#include "formats.h"
#include "heap.h"
#include "markdown.h"
#include "predicate.h"
#include "record_build.h"
#include "records.h"
#include "redact.h"
#include "selection.h"
#include "text.h"
#include "text_table.h"
#include "timeline.h"
#include "view.h"

/* ----------------------------------------------------------------------------------- record ----
 */

typedef struct {
    const char *href;
    int status;
    ms_outcome outcome;
} row;

/* An exchange with some resources. */
static exchange_record *make(ms_verdict verdict, const row *rows, uint32_t n)
{
    exchange_record *record = exchange_record_empty();

    record->capture = "a.pcap";
    record->frame = 1;
    record->time = "2026-11-22T07:30:38.123456Z";
    record->client = "10.0.0.2:51012";
    record->server = "[::1]:8080";
    record->host = "Dav.example:8080";
    record->method = "DELETE";
    record->uri = "/coll/%C3%A4/";
    record->http_status = 207;
    record->verdict = verdict;
    record->n_responses = n;
    record->responses = record_allocate(record, n * sizeof *record->responses);
    for (uint32_t i = 0; i < n; i++) {
        record_response *to = &record->responses[i];

        to->hrefs.items = record_allocate(record, sizeof(char *));
        to->hrefs.items[0] = rows[i].href;
        to->hrefs.count = 1;
        to->status = to->code = rows[i].status;
        to->outcome = rows[i].outcome;
        record->failed += ms_outcome_is_failure(rows[i].outcome);
    }
    return record;
}

static const row usual_rows[] = {
    {"/coll/%C3%A4/x", 423, MS_FAILED},
    {"http://dav.example/coll/b/", 424, MS_COLLATERAL},
    {"/coll/c", 200, MS_OK},
};

static exchange_record *make_usual(void)
{
    return make(MS_PARTIAL, usual_rows, G_N_ELEMENTS(usual_rows));
}

/* --------------------------------------------------------------------------------- selection ----
 */

typedef struct {
    selection_key key;
    const char *value;
} choice;

/* The selected resources of the usual exchange as a text: "101"; "-" if it is not selected. */
static void assert_selected(const choice *choices, size_t n, bool failed_only, const char *expected)
{
    selection *s = selection_new();
    exchange_record *record = make_usual();
    g_autoptr(GString) found = g_string_new(NULL);

    for (size_t i = 0; i < n; i++)
        g_assert_null(selection_add(s, choices[i].key, choices[i].value));
    if (failed_only)
        selection_set_failed_only(s);
    if (!selection_exchange(s, record))
        g_string_append_c(found, '-');
    for (uint32_t i = 0; found->str[0] != '-' && i < record->n_responses; i++)
        g_string_append_c(found, selection_resource(s, record, &record->responses[i]) ? '1' : '0');
    if (strcmp(found->str, expected) != 0)
        g_error("%s: %s, expected %s", n > 0 ? choices[0].value : "", found->str, expected);
    exchange_record_unref(record);
    selection_free(s);
}

static void test_selection(void)
{
    static const struct {
        choice one;
        const char *expected;
    } rows[] = {
        {{SELECT_STATUS, "423"}, "100"},
        {{SELECT_STATUS, "4xx"}, "110"},
        {{SELECT_STATUS, "4XX,200"}, "111"},
        {{SELECT_STATUS, "400-423"}, "100"},
        {{SELECT_STATUS, "5xx"}, "-"},
        {{SELECT_STATUS, "207"}, "111"}, /* of the exchange itself */
        {{SELECT_PATH, "/coll/c"}, "001"},
        {{SELECT_PATH, "/coll/\xc3\xa4/?"}, "100"},
        {{SELECT_PATH, "/coll/%C3%A4/?"}, "100"},
        {{SELECT_PATH, "/coll/b"}, "010"},
        {{SELECT_PATH, "http://*"}, "010"},
        {{SELECT_PATH, "/coll/\xc3\xa4/"}, "111"}, /* the Request-URI */
        {{SELECT_PATH, "/nothing,/coll/c"}, "001"},
        {{SELECT_PATH, "/COLL/C"}, "-"},
        {{SELECT_PATH, "/coll/c\\,"}, "-"},
        {{SELECT_OUTCOME, "failed"}, "100"},
        {{SELECT_OUTCOME, "Failed,ok"}, "101"},
        {{SELECT_OUTCOME, "missing"}, "-"},
        {{SELECT_HOST, "dav.EXAMPLE"}, "111"},
        {{SELECT_HOST, "dav.example:8080"}, "111"},
        {{SELECT_HOST, "*.example"}, "111"},
        {{SELECT_HOST, "example"}, "-"},
        {{SELECT_METHOD, "delete"}, "111"},
        {{SELECT_METHOD, "COPY,MOVE"}, "-"},
        {{SELECT_CLIENT, "10.0.0.2"}, "111"},
        {{SELECT_CLIENT, "10.0.0.*"}, "111"},
        {{SELECT_CLIENT, "10.0.0.2:51012"}, "111"},
        {{SELECT_CLIENT, "10.0.0.20"}, "-"},
        {{SELECT_SERVER, "[::1]:8080"}, "111"},
        {{SELECT_SERVER, "[::1]"}, "111"},
        {{SELECT_SERVER, "::1"}, "111"},
        {{SELECT_SERVER, "::2"}, "-"},
        {{SELECT_VERDICT, "partial"}, "111"},
        {{SELECT_VERDICT, "failure,empty"}, "-"},
        {{SELECT_SINCE, "2026-11-22"}, "111"},
        {{SELECT_SINCE, "2026-11-22T07:30:38.123456"}, "111"},
        {{SELECT_SINCE, "2026-11-22T07:30:38.123457Z"}, "-"},
        {{SELECT_SINCE, "2026-11-22T08:30:38+01:00"}, "111"},
        {{SELECT_SINCE, "2026-11-23"}, "-"},
        {{SELECT_UNTIL, "2026-11-22"}, "111"},
        {{SELECT_UNTIL, "2026-11-21"}, "-"},
        {{SELECT_UNTIL, "2026-11-22T07:30:38.123456"}, "111"},
        {{SELECT_UNTIL, "2026-11-22T07:30"}, "-"},
    };
    const choice together[] = {{SELECT_STATUS, "4xx"}, {SELECT_PATH, "/coll/b"}};
    const choice against[] = {{SELECT_STATUS, "4xx"}, {SELECT_PATH, "/coll/c"}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_selected(&rows[i].one, 1, false, rows[i].expected);
    assert_selected(together, 2, false, "010");
    assert_selected(against, 2, false, "-"); /* no single resource is both */
    assert_selected(NULL, 0, true, "110");
    assert_selected(together, 2, true, "010");
}

static void test_selection_refuses(void)
{
    static const choice wrong[] = {
        {SELECT_STATUS, ""},
        {SELECT_STATUS, "x"},
        {SELECT_STATUS, "4x"},
        {SELECT_STATUS, "410-404"},
        {SELECT_STATUS, "423,"},
        {SELECT_STATUS, "99999999999"},
        {SELECT_OUTCOME, "good"},
        {SELECT_VERDICT, "partly"},
        {SELECT_SINCE, "yesterday"},
        {SELECT_SINCE, "2026-13-01"},
        {SELECT_UNTIL, "2026-11-22T25:00"},
        {SELECT_PATH, ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        selection *s = selection_new();
        g_autofree char *message = selection_add(s, wrong[i].key, wrong[i].value);

        if (!message)
            g_error("\"%s\" is not refused", wrong[i].value);
        selection_free(s);
    }
}

/* ------------------------------------------------------------------------------- aggregates ----
 */

static const report_table *find_table(const report_view *view, const char *key)
{
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        for (guint j = 0; j < s->tables->len; j++) {
            const report_table *t = s->tables->pdata[j];

            if (strcmp(t->key, key) == 0)
                return t;
        }
    }
    g_error("no table %s", key);
}

static int64_t number_at(const report_table *t, guint row_number, const char *key)
{
    for (guint i = 0; i < t->n_columns; i++) {
        if (strcmp(t->columns[i].key, key) == 0)
            return table_at(t, row_number, i)->number;
    }
    g_error("no column %s", key);
}

/* Counts the usual exchange `times` times. */
static aggregate *count(const report_settings *settings, unsigned times)
{
    aggregate *totals = aggregate_new(settings);

    for (unsigned i = 0; i < times; i++) {
        exchange_record *record = make_usual();

        aggregate_exchange(totals, record);
        exchange_record_unref(record);
    }
    aggregate_finish(totals);
    return totals;
}

static void test_groups(void)
{
    report_settings *settings = settings_new();

    g_assert_null(settings_add_grouping(settings, "method,status"));
    g_assert_null(settings_add_grouping(settings, "client"));
    g_assert_null(settings_add_grouping(settings, "client"));
    aggregate *totals = count(settings, 3);
    report_view *view = view_new(totals, settings);
    const report_table *nested = find_table(view, "by_method_status"), *client;

    g_assert_cmpuint(settings->groupings->len, ==, 2);
    g_assert_cmpuint(nested->rows->len, ==, 2); /* 423 and 424: 200 is no failure */
    g_assert_cmpint(number_at(nested, 0, "status"), ==, 423);
    g_assert_cmpint(number_at(nested, 0, "failed"), ==, 3);
    g_assert_cmpint(number_at(nested, 0, "exchanges"), ==, 3);
    g_assert_cmpint(number_at(nested, 1, "collateral"), ==, 3);
    client = find_table(view, "by_client");
    g_assert_cmpuint(client->rows->len, ==, 1);
    g_assert_cmpstr(table_at(client, 0, 0)->text, ==, "10.0.0.2");
    g_assert_cmpint(number_at(client, 0, "failed_exchanges"), ==, 3);
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

static void test_recurring(void)
{
    report_settings *settings = settings_new();

    for (unsigned times = 1; times < 3; times++) {
        aggregate *totals = count(settings, times);
        report_view *view = view_new(totals, settings);
        const report_table *t = find_table(view, "recurring");

        g_assert_cmpuint(t->rows->len, ==, times > 1 ? 1 : 0);
        if (times > 1)
            g_assert_cmpint(number_at(t, 0, "exchanges"), ==, times);
        view_free(view);
        aggregate_free(totals);
    }
    settings_free(settings);
}

static void test_grouping_refuses(void)
{
    static const char *const wrong[] = {"", "size", "method,", "method,,status"};

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *message = NULL;

        g_assert_null(grouping_new(wrong[i], &message));
        g_assert_nonnull(message);
    }
}

static void test_timeline(void)
{
    timeline *t = timeline_new();
    int64_t step = 0;

    for (int i = 0; i < 5000; i++) {
        g_autofree char *time =
            g_strdup_printf("2026-11-%02dT%02d:%02d:00.000000Z", 1 + i / 1440, i / 60 % 24, i % 60);
        exchange_record record = {.time = time, .verdict = MS_PARTIAL};

        timeline_count(t, &record);
    }
    g_autoptr(GArray) steps = timeline_steps(t, 60, &step);
    uint64_t sum = 0;

    for (guint i = 0; i < steps->len; i++)
        sum += g_array_index(steps, timeline_step, i).verdicts[MS_PARTIAL];
    g_assert_cmpuint(sum, ==, 5000);
    g_assert_cmpint(step, ==, 6 * 3600);
    g_assert_cmpuint(steps->len, <=, 60);
    int64_t first = 0, last = 0;

    g_assert_true(timeline_span(t, &first, &last));
    g_assert_cmpint(last - first, ==, 4999 * 60);
    timeline_free(t);
}

/* ------------------------------------------------------------------------------- conditions ----
 */

static void test_predicates(void)
{
    static const struct {
        const char *text;
        bool holds;
    } rows[] = {
        {"failed>0", true},
        {"failed > 2", false},
        {"failed==2", true},
        {"failed = 2 && exchanges = 2", true},
        {"failed!=2 || exchanges>=2", true},
        {"failed!=2 or exchanges<2", false},
        {"failed>5 && exchanges>0 || collateral<=2", true},
        {"collateral<=2 || failed>5 && exchanges>0", true},
        {"exchanges>0 and partial>5 or unknown>0", false},
        {"partial>0", true},
        {"verdict:partial==2", true},
        {"outcome:ok==2", true},
        {"outcome:not-traversed==0", true},
        {"status:423>=2", true},
        {"status:4xx>2", false},
        {"status:400-499>=2", true},
        {"undecoded>0", false},
        {"failed_exchanges==2", true},
        {"problems>0", false},
        {"resources==6", true},
        {"captures==0", true},
    };
    report_settings *settings = settings_new();
    aggregate *totals = count(settings, 2);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *message = NULL;
        predicate *p = predicate_parse(rows[i].text, &message);

        if (!p || predicate_holds(p, totals) != rows[i].holds)
            g_error("%s: %s", rows[i].text, message ? message : "wrong");
        predicate_free(p);
    }
    aggregate_free(totals);
    settings_free(settings);
}

static void test_predicates_refused(void)
{
    static const char *const wrong[] = {
        "",
        "failed",
        "failed>",
        "failed>x",
        "failed>-1",
        "failed>1 failed>2",
        "sum>1",
        "status:>1",
        "status:x>1",
        "outcome:good>1",
        "failed>1 &&",
        "|| failed>1",
        "failed>1 & partial>1",
        "failed>99999999999999999999",
        "failed>>1",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *message = NULL;

        if (predicate_parse(wrong[i], &message))
            g_error("not refused: %s", wrong[i]);
        g_assert_nonnull(message);
    }
}

/* --------------------------------------------------------------------------------- escaping ----
 */

static void assert_cell(const char *settings, const char *text, bool numeric, const char *expected)
{
    row_layout *layout = row_layout_new();
    g_autoptr(GString) cell = g_string_new(NULL);

    g_assert_null(row_layout_set(layout, settings));
    delimited_cell(cell, layout, layout->separator ? layout->separator : ',', text, numeric);
    g_assert_cmpstr(cell->str, ==, expected);
    row_layout_free(layout);
}

static void test_cells(void)
{
    assert_cell("", "plain", false, "plain");
    assert_cell("", NULL, false, "");
    assert_cell("", "a,b", false, "\"a,b\"");
    assert_cell("", "a\"b", false, "\"a\"\"b\"");
    assert_cell("", "a\r\nb\tc", false, "a  b c");
    assert_cell("", "\x1b[31m\xe2\x80\xae", false, "\\x1b[31m\\u202e");
    assert_cell("separator=;", "a,b", false, "a,b");
    assert_cell("separator=;", "a;b", false, "\"a;b\"");
    assert_cell("separator=/t,quote=n", "a\tb,c\"", false, "a b,c\"");
    assert_cell("quote=n", "a,b", false, "a b");
    assert_cell("quote=d", "a", false, "\"a\"");
    assert_cell("quote=s", "it's", false, "'it''s'");
    /* Formulas. */
    assert_cell("", "=1+1", false, "'=1+1");
    assert_cell("", "+1", false, "'+1");
    assert_cell("", "-1", false, "'-1");
    assert_cell("", "-1", true, "-1");
    assert_cell("", "@SUM(A1)", false, "'@SUM(A1)");
    assert_cell("", "\t=1", false, "' =1");
    assert_cell("", "\r=1", false, "' =1");
    assert_cell("", "  =1", false, "'  =1");
    assert_cell("", "\n=1", false, "' =1");
    assert_cell("",
                "\xef\xbc\x9d"
                "1",
                false,
                "'\xef\xbc\x9d"
                "1");
}

static void test_layout(void)
{
    row_layout *layout = row_layout_new();
    static const char *const wrong[] = {
        "header=x", "separator=ab", "quote=", "colour=y", "header", "occurrence=af"};

    g_assert_null(row_layout_set(layout, "separator=,,header=n,quote=d,aggregator=/s,bom=y"));
    g_assert_cmpint(layout->separator, ==, ',');
    g_assert_false(layout->header);
    g_assert_cmpint(layout->quote, ==, '"');
    g_assert_cmpint(layout->aggregator, ==, ' ');
    g_assert_true(layout->bom);
    g_assert_null(row_layout_set(layout, "separator=,"));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *message = row_layout_set(layout, wrong[i]);

        g_assert_nonnull(message);
    }
    g_assert_null(row_layout_add(layout, "frame"));
    g_assert_false(row_layout_is_of_resources(layout));
    g_assert_null(row_layout_add(layout, "multistatus.href"));
    g_assert_true(row_layout_is_of_resources(layout));
    g_autofree char *message = row_layout_add(layout, "nothing");

    g_assert_nonnull(message);
    row_layout_free(layout);
}

static void assert_markdown(const char *text, const char *expected)
{
    g_autoptr(GString) to = g_string_new(NULL);

    markdown_append(to, text);
    g_assert_cmpstr(to->str, ==, expected);
}

static void test_markdown(void)
{
    assert_markdown("/a/b-c.txt 10:20 (x)", "/a/b-c.txt 10:20 (x)");
    assert_markdown("<b>&amp;", "&lt;b\\>&amp;amp;");
    assert_markdown("a|b\nc", "a\\|b\\\\nc");
    assert_markdown("[x](http://y)", "\\[x\\](http&#58;//y)");
    assert_markdown("www.y WWW.z @me", "www&#46;y WWW&#46;z &#64;me");
    assert_markdown(":tada: mailto:x", "&#58;tada: mailto&#58;x");
    assert_markdown("`*_~#$", "\\`\\*\\_\\~\\#\\$");
}

static void test_hints(void)
{
    report_settings *settings = settings_new();

    settings->explain = true;
    aggregate *totals = count(settings, 1);
    report_view *view = view_new(totals, settings);
    const report_table *t = find_table(view, "hints");

    g_assert_cmpuint(t->rows->len, ==, 2);
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* An answer with a finding of each severity from note on, one of them twice, and a chat. */
static void count_noticed(aggregate *totals, const char *verdict, const char *capture, int frame)
{
    g_autofree char *line = g_strdup_printf(
        "{\"type\":\"exchange\",\"schema\":1,\"capture\":\"%s\",\"frame\":%d,\"http_status\":207,"
        "\"complete\":true,\"verdict\":\"%s\",\"resources\":0,\"ok\":0,\"failed\":0,"
        "\"collateral\":0,\"responses\":[],\"findings\":["
        "{\"rule\":\"text_xml\",\"severity\":\"chat\",\"message\":\"c\"},"
        "{\"rule\":\"bad_href\",\"severity\":\"warn\",\"message\":\"%s %d\"},"
        "{\"rule\":\"empty_href\",\"severity\":\"note\",\"message\":\"n\"},"
        "{\"rule\":\"empty_href\",\"severity\":\"note\",\"message\":\"n\"}]}",
        capture, frame, verdict, capture, frame);
    any_record record;
    char *message = NULL;

    if (!record_read(line, strlen(line), &record, &message))
        g_error("%s", message);
    aggregate_exchange(totals, record.exchange);
    exchange_record_unref(record.exchange);
}

/* Findings of answers that failed stand beside them; those of the others are counted by rule. */
static void test_noticed(void)
{
    report_settings *settings = settings_new();

    settings->explain = true;
    aggregate *totals = aggregate_new(settings);

    count_noticed(totals, "benign", "b.pcap", 7);
    count_noticed(totals, "success", "a.pcap", 9);
    count_noticed(totals, "failure", "a.pcap", 1);
    aggregate_finish(totals);
    report_view *view = view_new(totals, settings);
    const report_table *t = find_table(view, "noticed");

    g_assert_cmpuint(t->rows->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        bool bad = strcmp(table_at(t, i, 1)->text, "bad_href") == 0;

        g_assert_cmpstr(table_at(t, i, 0)->text, ==, bad ? "warn" : "note");
        g_assert_cmpint(number_at(t, i, "exchanges"), ==, 2);
        g_assert_cmpstr(table_at(t, i, 3)->text, ==, bad ? "a.pcap 9" : "n");
        g_assert_cmpint(number_at(t, i, "frame"), ==, 9);
    }
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* ------------------------------------------------------------------------------------ whole ----
 */

typedef struct {
    const format *as;
    rendering r;
    aggregate *totals;
    const redactor *redaction;
} making;

static void make_record(const char *line, any_record *record, void *data)
{
    (void)line;
    making *m = data;

    if (record->capture) {
        capture_record *redacted = redact_capture(m->redaction, record->capture);

        aggregate_capture(m->totals, redacted);
        if (m->as->capture)
            m->as->capture(&m->r, redacted);
        capture_record_free(redacted);
        return;
    }
    selection_mark(m->r.settings->chosen, record->exchange);
    exchange_record *redacted = redact_exchange(m->redaction, record->exchange);

    g_assert_cmpuint(redacted->n_responses, ==, record->exchange->n_responses);
    aggregate_exchange(m->totals, redacted);
    if (m->as->exchange)
        m->as->exchange(&m->r, redacted);
    exchange_record_unref(redacted);
}

/* Every golden record, redacted, in every format with everything that can be asked for. */
static void test_every_format(void)
{
    redactor *redaction = redactor_new("key", 3);
    const char *name;

    for (unsigned i = 0; (name = format_name(i)); i++) {
        report_settings *settings = settings_new();
        making m = {.as = format_find(name),
                    .r = {.text = g_string_new(NULL), .settings = settings, .width = 80},
                    .redaction = redaction};

        settings->explain = true;
        for (unsigned d = 0; grouping_dimension_name(d); d++)
            g_assert_null(settings_add_grouping(settings, grouping_dimension_name(d)));
        g_assert_null(settings_add_grouping(settings, "resource,status,property,client"));
        m.totals = aggregate_new(settings);
        if (m.as->begin)
            m.as->begin(&m.r);
        for_each_golden(make_record, &m);
        aggregate_finish(m.totals);
        report_view *view = view_new(m.totals, settings);

        if (m.as->report)
            m.as->report(&m.r, view);
        while (m.as->more && m.as->more(&m.r))
            ;
        g_assert_cmpint(m.r.error, ==, 0);
        g_assert_true(m.as->lacks || m.r.text->len > 1000);
        g_assert_true(m.as->binary || g_utf8_validate(m.r.text->str, (gssize)m.r.text->len, NULL));
        g_assert_null(g_strstr_len(m.r.text->str, (gssize)m.r.text->len, "127.0.0.1"));
        view_free(view);
        aggregate_free(m.totals);
        if (m.as->release)
            m.as->release(&m.r);
        else
            g_free(m.r.state);
        g_string_free(m.r.text, TRUE);
        settings_free(settings);
    }
    redactor_free(redaction);
}

/* ------------------------------------------------------------------------------------ text ---- */

static aggregate *count_goldens(report_settings *settings)
{
    redactor *redaction = redactor_new("key", 3);
    making m = {.as = format_find("text"),
                .r = {.settings = settings},
                .totals = aggregate_new(settings),
                .redaction = redaction};

    for_each_golden(make_record, &m);
    aggregate_finish(m.totals);
    redactor_free(redaction);
    return m.totals;
}

static void assert_line_fits(const char *line, unsigned width)
{
    const char *text = line + strspn(line, " ");

    if (g_str_has_suffix(line, " "))
        g_error("width %u: a blank at the end of \"%s\"", width, line);
    if (*text && strspn(text, "()[]{}<>,;:-\"") == strlen(text))
        g_error("width %u: a line of nothing but \"%s\"", width, text);
    /* What is wider is one piece that must not be cut, a name or a path, perhaps after a label. */
    const char *gap = strstr(text, "  ");
    const char *piece = gap ? gap + strspn(gap, " ") : text;

    if (text_columns(line) > width && (strstr(piece, "  ") || strstr(piece, ", ")))
        g_error("width %u: %u columns: %s", width, text_columns(line), line);
}

/* Reads below a table what "…/" stands for in a column; NULL if it says nothing of it. */
static char *legend(const char *text, const char *column)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
    GString *line = g_string_new(NULL);

    for (char **word = words; *word; word++) {
        if (**word)
            g_string_append_printf(line, "%s ", *word);
    }
    g_autofree char *says = g_strdup_printf("In %s, \xe2\x80\xa6/ stands for ", column);
    const char *at = strstr(line->str, says);
    char *folder = at ? g_strdup(at + strlen(says)) : NULL;

    if (folder)
        *strchr(folder, ' ') = '\0';
    g_string_free(line, TRUE);
    return folder;
}

/* The part of a report with this table. */
static char *part_of(const char *text, const char *title)
{
    g_autofree char *heading = g_strdup_printf("\n%s\n", title);
    const char *at = strstr(text, heading), *end = at ? strstr(at + 1, "\n\n") : NULL;

    return !at ? g_strdup("") : end ? g_strndup(at, (gsize)(end - at)) : g_strdup(at);
}

/* Is a path there, whole, or without the folder that the table names? */
static bool path_is_there(const char *part, const char *path, const char *folder)
{
    g_autofree char *rest = folder && g_str_has_prefix(path, folder)
                                ? g_strconcat("\xe2\x80\xa6/", path + strlen(folder), NULL)
                                : NULL;

    return strstr(part, rest ? rest : path) != NULL;
}

/* What a row is about stands there whole, whatever the width. */
static void assert_keys(const char *text, const report_view *view, const char *section)
{
    const report_section *s = view_section(view, section);

    for (guint i = 0; i < s->tables->len; i++) {
        const report_table *t = s->tables->pdata[i];
        g_autofree char *part = part_of(text, t->title);
        g_autofree char *folder = legend(part, t->columns[0].title);

        g_assert_true(*part || t->rows->len <= 1);
        guint shown = MIN(t->rows->len, strcmp(section, "failing") == 0 ? 5u : 20u);

        for (guint at = 0; *part && at < shown; at++) {
            g_autofree char *key = cell_readable(table_at(t, at, 0), t->columns[0].type);
            g_autoptr(GString) safe = g_string_new(NULL);

            text_append_safe(safe, key);
            if (!path_is_there(part, safe->str, folder))
                g_error("%s: no %s", t->title, safe->str);
        }
    }
}

static void test_every_width(void)
{
    report_settings *settings = settings_new();

    settings->explain = true;
    g_assert_null(settings_add_grouping(settings, "resource,status"));
    g_assert_null(settings_add_grouping(settings, "capture"));
    g_assert_null(settings_add_grouping(settings, "condition"));
    aggregate *totals = count_goldens(settings);
    report_view *view = view_new(totals, settings);

    for (unsigned width = 40; width <= 250; width++) {
        rendering r = {.text = g_string_new(NULL), .settings = settings, .width = width};

        format_find("text")->report(&r, view);
        g_auto(GStrv) lines = g_strsplit(r.text->str, "\n", -1);

        for (char **line = lines; *line; line++)
            assert_line_fits(*line, width);
        assert_keys(r.text->str, view, "parties");
        assert_keys(r.text->str, view, "groups");
        assert_keys(r.text->str, view, "failing");
        assert_keys(r.text->str, view, "recurring");
        g_string_free(r.text, TRUE);
    }
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* A table of paths and numbers. */
static report_table *table_of_paths(const char *const *paths)
{
    static table_column columns[] = {{"resource", "resource", CELL_PATH},
                                     {"capture", "capture", CELL_CAPTURE},
                                     {"last", "last", CELL_TIME},
                                     {"failed", "failed resources", CELL_COUNT}};
    report_table *t = g_new0(report_table, 1);

    t->columns = columns;
    t->n_columns = G_N_ELEMENTS(columns);
    t->rows = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; paths[i]; i++) {
        table_cell *cells = g_new0(table_cell, G_N_ELEMENTS(columns));

        cells[0].text = (char *)paths[i];
        cells[1].text = (char *)(i == 0 ? "monday/a.pcap" : "monday/morning/b.pcap");
        cells[2].text = (char *)"2026-11-22T07:33:23.000000Z";
        cells[3].number = i + 1;
        g_ptr_array_add(t->rows, cells);
    }
    return t;
}

/* The folder that all paths are below is left out where that is what the table needs, never in part
 * of them, and is named below the table. */
static void test_common_folders(void)
{
    static const struct {
        const char *paths[5], *folder;
    } cases[] = {
        {{"/calendars/home/alice/a.ics", "/calendars/home/bob/", "/calendars/home/"},
         "/calendars/home/"},
        {{"/calendars/alice", "/calendars/alison"}, "/calendars/"},
        {{"/calendars/a", "/calendars", "/calendars/b"}, NULL},
        {{"/calendars/a/only-one-of-them.ics"}, NULL},
        {{"/a/b-and-so-on", "/a/c-and-so-on"}, NULL}, /* as long as what would stand for it */
        {{"http://one.example/dav/x", "http://two.example/dav/x"}, NULL},
        {{"http://one.example/dav/x", "http://one.example/y"}, "http://one.example/"},
        {{"/\xc3\xa9t\xc3\xa9/\xc3\xa8", "/\xc3\xa9t\xc3\xa9/\xc3\xa9"}, "/\xc3\xa9t\xc3\xa9/"},
        {{"/calendars/home/a", "/calendars/home/b", "/else/c"}, NULL},
    };
    report_settings *settings = settings_new();
    report_view view = {.settings = settings};

    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        report_table *t = table_of_paths(cases[c].paths);
        bool stripped = false;

        for (unsigned width = 40; width <= 250; width++) {
            g_autoptr(GString) text = g_string_new(NULL);
            page p = {.to = text, .width = width};

            text_table(&p, &view, t, 20);
            g_autofree char *folder = legend(text->str, "resource");

            stripped |= folder != NULL;
            if (folder)
                g_assert_cmpstr(folder, ==, cases[c].folder);
            g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);

            for (char **line = lines; *line; line++)
                assert_line_fits(*line, width);
            for (guint i = 0; cases[c].paths[i]; i++)
                g_assert_true(path_is_there(text->str, cases[c].paths[i], folder));
            if (!folder) /* neither in one row nor in another */
                g_assert_null(strstr(text->str, "\n  \xe2\x80\xa6/"));
            if (width == 250)
                g_assert_null(strstr(text->str, "stands for"));
        }
        g_assert_cmpint(stripped, ==, cases[c].folder != NULL);
        g_ptr_array_unref(t->rows);
        g_free(t);
    }
    settings_free(settings);
}

/* The answer comes first, then what fails most, then exchanges, the worst first. */
static void test_order_of_the_text(void)
{
    report_settings *settings = settings_new();

    g_assert_null(settings_add_grouping(settings, "method"));
    aggregate *totals = count_goldens(settings);
    report_view *view = view_new(totals, settings);
    rendering r = {.text = g_string_new(NULL), .settings = settings, .width = 100};
    static const char *const order[] = {"captures ",
                                        "\ntime ",
                                        "\nexchanges ",
                                        "\nfailed ",
                                        "\nlook at first ",
                                        "\nnot looked into ",
                                        "\nBy method",
                                        "\nWhat fails most",
                                        "\nRecurring failures",
                                        "\nServers",
                                        "\nFailed exchanges, the worst first"};
    const char *at;

    format_find("text")->report(&r, view);
    at = r.text->str;
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        at = strstr(at, order[i]);
        if (!at)
            g_error("no \"%s\" where it should be", order[i]);
    }
    guint shown = 0, failed = G_MAXUINT;

    for (const char *next = at; (next = strstr(next, " failed (")); next++, shown++) {
        const char *start = next;
        unsigned total, number;

        while (start > at && start[-1] != ':' && start[-1] != '\n')
            start--;
        if (sscanf(start, " %u of %u failed", &number, &total) != 2 &&
            sscanf(start, " %u failed", &number) != 1)
            continue;
        g_assert_cmpuint(number, <=, failed);
        failed = number;
    }
    g_assert_cmpuint(shown, <=, 20);
    g_assert_cmpuint(shown, >, 10);
    g_assert_nonnull(strstr(at, "more failed exchanges (--top 0 shows all)"));
    g_string_free(r.text, TRUE);
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* What to look at first, and what fails most, are on the first screen. */
static void test_first_lines(void)
{
    report_settings *settings = settings_new();
    aggregate *totals = count_goldens(settings);
    report_view *view = view_new(totals, settings);
    const report_table *t = find_table(view, "failing");
    int64_t failed = 0, before = G_MAXINT64;

    for (guint i = 0; i < t->rows->len; i++) {
        g_assert_cmpint(number_at(t, i, "failed"), <=, before);
        before = number_at(t, i, "failed");
        failed += before;
    }
    g_assert_cmpint(failed, ==, (int64_t)totals->failed);
    for (unsigned width = 80; width <= 120; width += 20) {
        rendering r = {.text = g_string_new(NULL), .settings = settings, .width = width};

        format_find("text")->report(&r, view);
        const char *at = r.text->str, *most = strstr(at, "\nWhat fails most\n");
        unsigned lines = 0;

        g_assert_nonnull(most);
        for (; at < most; at++)
            lines += *at == '\n';
        /* Nobody has one of everything on 80 columns. */
        g_assert_cmpuint(lines, <, width == 80 ? 28 : 24);
        g_string_free(r.text, TRUE);
    }
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* Every hint is there once, with the number by which the resources name it. */
static void test_numbered_hints(void)
{
    report_settings *settings = settings_new();

    settings->explain = true;
    settings->top = 0;
    aggregate *totals = count_goldens(settings);
    report_view *view = view_new(totals, settings);
    rendering r = {.text = g_string_new(NULL), .settings = settings, .width = 10000};

    format_find("text")->report(&r, view);
    const char *list = strstr(r.text->str, "\nWhat the failures mean\n");

    g_assert_nonnull(list);
    g_autofree char *exchanges = g_strndup(r.text->str, (gsize)(list - r.text->str));
    g_auto(GStrv) lines = g_strsplit(strchr(list + 1, '\n') + 1, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = 0;

    for (; *lines[n]; n++) {
        g_autofree char *number = g_strdup_printf("  [%u] ", n + 1);

        g_assert_true(g_str_has_prefix(lines[n], number));
        g_assert_true(g_hash_table_add(seen, lines[n] + strlen(number)));
        g_assert_nonnull(strstr(exchanges, g_strstrip(number)));
    }
    g_assert_cmpuint(n, >, 10);
    g_autofree char *none = g_strdup_printf(" [%u]  ", n + 1);

    g_assert_null(strstr(exchanges, none));
    g_string_free(r.text, TRUE);
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

/* Relative luminance of a channel, as WCAG 2 defines it. */
static double linear(unsigned level)
{
    double part = level / 255.0;

    return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

/* Of a colour of the palette of 256 beyond the first sixteen, which differ from terminal to
 * terminal. */
static double luminance(unsigned color)
{
    static const unsigned levels[] = {0, 95, 135, 175, 215, 255};

    g_assert_cmpuint(color, >=, 16);
    g_assert_cmpuint(color, <, 256);
    if (color >= 232)
        return linear(8 + 10 * (color - 232));
    color -= 16;
    return 0.2126 * linear(levels[color / 36]) + 0.7152 * linear(levels[color / 6 % 6]) +
           0.0722 * linear(levels[color % 6]);
}

/* Legible on white and on black: everything that is coloured, and no colours but those that were
 * checked. */
static void test_colors(void)
{
    report_settings *settings = settings_new();

    settings->explain = true;
    aggregate *totals = count_goldens(settings);
    report_view *view = view_new(totals, settings);
    rendering r = {.text = g_string_new(NULL), .settings = settings, .color = true, .width = 100};
    g_autoptr(GHashTable) colors = g_hash_table_new(g_direct_hash, g_direct_equal);

    format_find("text")->report(&r, view);
    for (const char *at = r.text->str; (at = strchr(at, '\x1b')); at++) {
        unsigned color;

        if (g_str_has_prefix(at, "\x1b[0m") || g_str_has_prefix(at, "\x1b[1m"))
            continue;
        g_assert_cmpint(sscanf(at, "\x1b[38;5;%um", &color), ==, 1);
        g_assert_cmpfloat(1.05 / (luminance(color) + 0.05), >=, 4.0);
        g_assert_cmpfloat((luminance(color) + 0.05) / 0.05, >=, 4.0);
        g_hash_table_add(colors, GUINT_TO_POINTER(color));
    }
    g_assert_cmpuint(g_hash_table_size(colors), ==, 4);
    g_string_free(r.text, TRUE);
    view_free(view);
    aggregate_free(totals);
    settings_free(settings);
}

static void assert_shape(const redactor *r, const char *uri, const char *expected)
{
    const row rows[] = {{uri, 423, MS_FAILED}};
    exchange_record *record = make(MS_FAILURE, rows, 1), *redacted = redact_exchange(r, record);
    g_autoptr(GRegex) digits = g_regex_new("-[0-9a-f]{12}", 0, 0, NULL);
    g_autofree char *shape =
        g_regex_replace_literal(digits, redacted->responses[0].hrefs.items[0], -1, 0, "#", 0, NULL);

    g_assert_cmpstr(shape, ==, expected);
    exchange_record_unref(redacted);
    exchange_record_unref(record);
}

static const char *redacted_host(const redactor *r, const char *host)
{
    static char kept[64];
    exchange_record *record = make_usual();

    record->host = host;
    exchange_record *redacted = redact_exchange(r, record);

    g_strlcpy(kept, redacted->host, sizeof kept);
    exchange_record_unref(redacted);
    exchange_record_unref(record);
    return kept;
}

static void test_redaction(void)
{
    redactor *r = redactor_new("key", 3), *other = redactor_new(NULL, 0);
    g_autofree char *host = g_strdup(redacted_host(r, "Dav.example:8080"));

    assert_shape(r, "/a/b/", "/p#/p#/");
    assert_shape(r, "/a/b.ics", "/p#/p#.ics");
    assert_shape(r, "/a/b.smith", "/p#/p#");
    assert_shape(r, "http://u@dav.example:81/a?q=1", "http://host#:81/p#?q#");
    assert_shape(r, "//dav.example/a", "//host#/p#");
    assert_shape(r, "urn:uuid:1", "uri#");
    assert_shape(r, "mailto:bob@example.com", "uri#");
    assert_shape(r, "*", "*");
    assert_shape(r, "", "");
    assert_shape(r, "a/../b", "p#/../p#");
    assert_shape(r, "secret://x/y", "uri://host#/p#");
    g_assert_true(g_str_has_suffix(host, ":8080"));
    g_assert_cmpstr(redacted_host(r, "dav.EXAMPLE:8080"), ==, host);
    g_assert_cmpstr(redacted_host(r, "dav.example:8081"), !=, host);
    g_assert_cmpstr(redacted_host(other, "Dav.example:8080"), !=, host);
    redactor_free(r);
    redactor_free(other);
}

/* ------------------------------------------------------------------------ very many failures ----
 */

/* A failed exchange that takes some 40 kB. */
static exchange_record *make_failed(const char *capture, uint32_t frame)
{
    enum { RESPONSES = 40 };
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *words = g_strnfill(1000, 'w');
    any_record record;
    char *message = NULL;

    g_string_printf(line,
                    "{\"type\":\"exchange\",\"schema\":1,\"capture\":\"%s\",\"frame\":%u,"
                    "\"http_status\":207,\"complete\":true,\"verdict\":\"failure\","
                    "\"resources\":%d,\"ok\":0,\"failed\":%d,\"collateral\":0,\"responses\":[",
                    capture, frame, RESPONSES, RESPONSES);
    for (int i = 0; i < RESPONSES; i++)
        g_string_append_printf(line,
                               "%s{\"hrefs\":[\"/c/%u/%d\"],\"status\":423,\"outcome\":\"failed\","
                               "\"reason\":\"Locked\",\"propstats\":[],\"conditions\":"
                               "[\"{DAV:}lock-token-submitted\"],\"description\":\"%s\"}",
                               i > 0 ? "," : "", frame, i, words);
    g_string_append(line, "],\"findings\":[]}");
    if (!record_read(line->str, line->len, &record, &message))
        g_error("%s", message);
    record.exchange->marked = true;
    record.exchange->responses[frame % RESPONSES].selected = true;
    return record.exchange;
}

static void assert_same_failure(const exchange_record *read, const exchange_record *added)
{
    g_autoptr(GString) one = g_string_new(NULL), other = g_string_new(NULL);

    ndjson_exchange(one, read);
    ndjson_exchange(other, added);
    g_assert_cmpstr(one->str, ==, other->str);
    g_assert_true(read->marked);
    for (uint32_t i = 0; i < read->n_responses; i++)
        g_assert_true(read->responses[i].selected == added->responses[i].selected);
}

/* 12 MB of them in 1 MB: the last come first, and each is whole. */
static void test_many_failures(void)
{
    enum { NUMBER = 300, LIMIT = 1024 * 1024, MOST = 4 * LIMIT };
    failure_list *list = failure_list_new(LIMIT);
    size_t before = heap_in_use();

    for (uint32_t frame = NUMBER; frame > 0; frame--) {
        exchange_record *record = make_failed(frame % 2 ? "b.pcap" : "a.pcap", frame);

        failure_list_add(list, record);
        exchange_record_unref(record);
    }
    failure_list_sort(list);
    g_assert_cmpuint(heap_in_use(), <, before + MOST);
    g_assert_cmpuint(failure_list_length(list), ==, NUMBER);
    for (uint32_t i = 0; i < NUMBER; i++) {
        bool first = i < NUMBER / 2;
        uint32_t frame = first ? 2 * (i + 1) : 2 * (i - NUMBER / 2) + 1;
        exchange_record *added = make_failed(first ? "a.pcap" : "b.pcap", frame);
        exchange_record *read = failure_list_get(list, i);

        assert_same_failure(read, added);
        exchange_record_unref(added);
        exchange_record_unref(read);
    }
    g_assert_cmpuint(heap_in_use(), <, before + MOST);
    g_assert_true(failure_list_is_sound(list));
    failure_list_free(list);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/selection", test_selection);
    g_test_add_func("/reports/selection-refuses", test_selection_refuses);
    g_test_add_func("/reports/groups", test_groups);
    g_test_add_func("/reports/recurring", test_recurring);
    g_test_add_func("/reports/grouping-refuses", test_grouping_refuses);
    g_test_add_func("/reports/timeline", test_timeline);
    g_test_add_func("/reports/predicates", test_predicates);
    g_test_add_func("/reports/predicates-refused", test_predicates_refused);
    g_test_add_func("/reports/cells", test_cells);
    g_test_add_func("/reports/layout", test_layout);
    g_test_add_func("/reports/markdown", test_markdown);
    g_test_add_func("/reports/hints", test_hints);
    g_test_add_func("/reports/noticed", test_noticed);
    g_test_add_func("/reports/every-format", test_every_format);
    g_test_add_func("/reports/every-width", test_every_width);
    g_test_add_func("/reports/common-folders", test_common_folders);
    g_test_add_func("/reports/first-lines", test_first_lines);
    g_test_add_func("/reports/numbered-hints", test_numbered_hints);
    g_test_add_func("/reports/colors", test_colors);
    g_test_add_func("/reports/order", test_order_of_the_text);
    g_test_add_func("/reports/redaction", test_redaction);
    g_test_add_func("/reports/many-failures", test_many_failures);
    return g_test_run();
}
