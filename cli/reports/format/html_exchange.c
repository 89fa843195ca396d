/* html_exchange.c
 * Failed exchanges in the HTML report.
 *
 * There may be ten thousand of them in a file that is sent by mail: end tags that HTML lets a
 * writer omit are omitted, and what is the same in every exchange is left to style and script.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_exchange.h"

#include <string.h>

#include "html_text.h"
#include "record_hint.h"
#include "text.h"

/* ------------------------------------------------------------------------------------- why ---- */

static void put_code(GString *to, const char *text)
{
    g_string_append(to, "<code>");
    html_append(to, text);
    g_string_append(to, "</code>");
}

static void put_names(GString *to, GStrv names)
{
    for (guint i = 0; names[i]; i++) {
        g_string_append(to, i > 0 ? ", " : "");
        put_code(to, names[i]);
    }
}

static void put_quote(GString *to, const char *words)
{
    if (words)
        html_element(to, "p", "quote", words);
}

static void put_group(GString *to, const failed_group *group)
{
    g_string_append(to, "<p>");
    html_status(to, group->code, group->status);
    g_string_append(to, *group->properties ? ": " : "");
    put_names(to, group->properties);
    g_string_append(to, *group->conditions ? " &middot; " : "");
    put_names(to, group->conditions);
    g_string_append(to, "</p>");
    put_quote(to, group->description);
}

static void put_hint(GString *to, const char *status, const char *words, const char *source)
{
    g_string_append(to, "<p class=\"hint\">");
    if (status) {
        html_element(to, "b", "status", status);
        g_string_append(to, ": ");
    }
    html_append(to, words);
    g_string_append(to, " <span class=\"soft\">(");
    html_append(to, source);
    g_string_append(to, ")</span></p>\n");
}

static void put_why(GString *to, const failed_resource *resource)
{
    if (*resource->conditions) {
        g_string_append(to, "<p>");
        put_names(to, resource->conditions);
        g_string_append(to, "</p>");
    }
    put_quote(to, resource->description);
    for (guint i = 0; i < resource->groups->len; i++)
        put_group(to, &g_array_index(resource->groups, failed_group, i));
    if (resource->lock)
        put_hint(to, NULL, resource->lock, MS_LOCK_SOURCE);
}

/* ------------------------------------------------------------------------------- resources ---- */

static void put_resource(GString *to, const failed_resource *resource)
{
    g_string_append(to, "<tr><td>");
    for (guint i = 0; resource->hrefs[i]; i++) {
        g_string_append(to, i > 0 ? "<br>" : "");
        html_element(to, "code", "href", resource->hrefs[i]);
    }
    g_string_append(to, "<td>");
    html_status(to, resource->code, resource->status);
    g_string_append_printf(to, "<td>%s<td>", ms_outcome_name(resource->of->outcome));
    put_why(to, resource);
    g_string_append_c(to, '\n');
}

/* What a hint says, and of which status. */
typedef struct {
    const ms_hint *hint;
    char *status;
} meaning;

static void clear_meaning(gpointer data)
{
    g_free(((meaning *)data)->status);
}

/* Each hint once, however many resources it is about. */
static void add_meaning(GArray *to, const failed_resource *resource)
{
    if (!resource->hint)
        return;
    for (guint i = 0; i < to->len; i++) {
        const meaning *known = &g_array_index(to, meaning, i);

        if (known->hint == resource->hint && strcmp(known->status, resource->status) == 0)
            return;
    }
    const meaning added = {resource->hint, g_strdup(resource->status)};

    g_array_append_val(to, added);
}

static void put_resources(GString *to, const failed_exchange *of)
{
    g_autoptr(GArray) meanings = g_array_new(FALSE, FALSE, sizeof(meaning));

    g_array_set_clear_func(meanings, clear_meaning);
    if (of->resources->len == 0)
        return;
    g_string_append(to, "<table class=\"sortable why\"><thead><tr>"
                        "<th>resource<th>status<th>outcome<th>why<tbody>\n");
    for (guint i = 0; i < of->resources->len; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        put_resource(to, &resource);
        add_meaning(meanings, &resource);
        failed_resource_clear(&resource);
    }
    g_string_append(to, "</table>\n");
    for (guint i = 0; i < meanings->len; i++) {
        const meaning *one = &g_array_index(meanings, meaning, i);

        put_hint(to, one->status, one->hint->text, one->hint->source);
    }
}

/* The headline already says how many failed. */
static bool is_said(const record_finding *finding)
{
    return strcmp(finding->rule, "failures") == 0;
}

static void put_finding(GString *to, const exchange_record *record, uint32_t i)
{
    const record_finding *finding = &record->findings[i];
    const char *severity = ms_severity_name(finding->severity);
    const char *habit = record_habit(record, i);

    g_string_append_printf(to, "<li><span class=\"badge %s\">%s</span> ", severity, severity);
    html_append(to, finding->message);
    g_string_append(to, " <span class=\"soft\">(");
    html_append(to, finding->rule);
    g_string_append(to, ")</span>");
    if (habit)
        html_element(to, "p", "hint", habit);
    g_string_append_c(to, '\n');
}

static void put_findings(GString *to, const exchange_record *record)
{
    uint32_t put = 0;

    for (uint32_t i = 0; i < record->n_findings; i++) {
        if (is_said(&record->findings[i]))
            continue;
        g_string_append(to, put++ == 0 ? "<h3>Findings</h3><ul>\n" : "");
        put_finding(to, record, i);
    }
    g_string_append(to, put > 0 ? "</ul>\n" : "");
}

/* ----------------------------------------------------------------------------------- facts ---- */

static void put_fact(GString *to, const char *name, const char *text, const char *more)
{
    if (!text && !more)
        return;
    g_string_append_printf(to, "<dt>%s<dd>", name);
    html_append(to, text ? text : "?");
    if (more) {
        g_string_append_c(to, ' ');
        html_element(to, "span", "soft", more);
    }
    g_string_append_c(to, '\n');
}

/* Is that the file's name, as far as that can be known? A name that was not UTF-8 or that would be
 * shown in other characters is not one that a shell would find. */
static bool can_be_typed(const char *capture)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, capture);
    return strcmp(capture, "-") != 0 && strcmp(safe->str, capture) == 0 &&
           !strstr(capture, "\xef\xbf\xbd");
}

/* One word for a POSIX shell, and no option for the program. */
static char *shell_word(const char *file)
{
    static const char plain[] = "._-+,:@%/=";
    g_autofree char *path = *file == '-' ? g_strconcat("./", file, NULL) : g_strdup(file);

    for (const char *c = path; *c; c++) {
        if (!g_ascii_isalnum(*c) && !strchr(plain, *c))
            return g_shell_quote(path);
    }
    return g_steal_pointer(&path);
}

static void put_filter(GString *to, const exchange_record *record)
{
    g_string_append(to, "<span class=\"filter\">");
    if (record->request_frame > 0)
        g_string_append_printf(to, "frame.number in {%u, %u}", record->request_frame,
                               record->frame);
    else
        g_string_append_printf(to, "frame.number == %u", record->frame);
    g_string_append(to, "</span>");
}

/* A display filter, within the command that shows the packets where the file has a name. Sessions
 * of other tools have entries, not packets. */
static void put_command(GString *to, const exchange_record *record)
{
    if (!record->client)
        return;
    if (!can_be_typed(record->capture)) {
        g_string_append(to, "<dt>Display filter<dd><code>");
        put_filter(to, record);
    } else {
        g_autofree char *file = shell_word(record->capture);

        g_string_append(to, "<dt>To see it<dd><code class=\"command\">wireshark -r ");
        html_append(to, file);
        g_string_append(to, " -Y '");
        put_filter(to, record);
        g_string_append_c(to, '\'');
    }
    g_string_append(to, "</code>\n");
}

static void put_facts(GString *to, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    g_autofree char *lasted =
        record->response_time ? g_strdup_printf("answered in %s s", record->response_time) : NULL;
    g_autofree char *frame =
        record->request_frame > 0
            ? g_strdup_printf("%u, request in %u", record->frame, record->request_frame)
            : g_strdup_printf("%u", record->frame);

    g_string_append(to, "<dl>");
    put_fact(to, "Capture", of->capture, NULL);
    put_fact(to, "Frame", frame, NULL);
    put_command(to, record);
    put_fact(to, "Time", record->time, lasted);
    put_fact(to, "Client", record->client, record->user_agent);
    put_fact(to, "Server", record->server, record->server_software);
    put_fact(to, "Host", record->host, NULL);
    put_fact(to, "Request", of->asked, NULL);
    put_fact(to, "Report", of->report, NULL);
    if (!record->complete)
        put_fact(to, "Incomplete", record->missing ? record->missing : "yes", NULL);
    g_string_append(to, "</dl>\n");
}

/* -------------------------------------------------------------------------------- headline ---- */

/* "2026-11-22 07:33:23", a file's name without its folders: the full name is inside. */
static void put_where(GString *to, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    g_autofree char *file = g_path_get_basename(of->capture);
    g_autofree char *time = text_time(record->time ? record->time : "time unknown", 8);

    g_string_append(to, "<small>");
    html_append(to, time);
    if (record->client) {
        g_string_append(to, " &middot; ");
        html_append(to, record->client);
    }
    if (record->server) {
        g_string_append(to, " &rarr; ");
        html_append(to, record->server);
    }
    g_string_append(to, " &middot; ");
    html_append(to, file);
    g_string_append(to, "</small>");
}

/* @param element  that it is */
static void put_headline(GString *to, const failed_exchange *of, guint number, const char *element)
{
    g_autofree char *result = failed_exchange_result(of);

    g_string_append_printf(to, "<%s class=\"summary\"><span class=\"badge %s\">%s</span><b>",
                           element, of->verdict, of->verdict);
    html_append(to, of->method);
    g_string_append(to, "</b>");
    put_code(to, of->uri ? of->uri : "(URI unknown)");
    g_string_append(to, "<strong>");
    if (of->http)
        html_append(to, of->http);
    g_string_append(to, of->http && *result ? " &middot; " : "");
    html_append(to, result);
    g_string_append(to, "</strong>");
    put_where(to, of);
    g_string_append_printf(to, "<i>#%u</i></%s>", number, element);
}

/* All statuses that indicate a failure in it, and the status of the answer: what a script filters
 * by. */
static void put_statuses(GString *to, const exchange_record *record)
{
    g_autoptr(GArray) counts = aggregate_statuses_of(record);

    g_string_append(to, " data-status=\"");
    if (record->http_status > 0)
        g_string_append_printf(to, "%d", record->http_status);
    bool none = false;
    for (guint i = 0; i < counts->len; i++) {
        int code = g_array_index(counts, ms_failure_count, i).code;

        if (code >= 0)
            g_string_append_printf(to, " %d", code);
        none = none || code < 0;
    }
    if (none)
        g_string_append(to, " none");
    g_string_append(to, record->collateral > 0 ? " 424\"" : "\"");
}

/* What the script unfolds becomes a details element once it is about to be seen: browsers take
 * three times as long to open a page of ten thousand of those. */
void html_exchange(GString *to, const failed_exchange *of, guint number, html_shelf *shelf)
{
    g_autoptr(GString) inside = g_string_new("<div class=\"inside\">");
    const char *element = shelf ? "div" : "details";

    put_facts(inside, of);
    put_quote(inside, of->description);
    put_resources(inside, of);
    put_findings(inside, of->record);
    if (!shelf)
        g_string_append_printf(
            inside, "<p class=\"self\"><a href=\"#exchange-%u\">Link to this exchange</a></p>",
            number);
    g_string_append(inside, "</div>");
    g_string_append_printf(to, "<%s class=\"exchange %s\" id=\"exchange-%u\"", element, of->verdict,
                           number);
    put_statuses(to, of->record);
    if (shelf) {
        g_string_append(to, " data-inside=\"");
        html_shelf_add(to, shelf, inside->str);
        g_string_append_c(to, '"');
    }
    g_string_append_c(to, '>');
    put_headline(to, of, number, shelf ? "p" : "summary");
    g_string_append(to, shelf ? "" : inside->str);
    g_string_append_printf(to, "</%s>\n", element);
}
