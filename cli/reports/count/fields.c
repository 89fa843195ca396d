/* fields.c
 * The fields of rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fields.h"

#include <string.h>

#include "record_hint.h"
#include "status.h"
#include "suggest.h"

/* ---------------------------------------------------------------------------------- values ---- */

static void add_text(GPtrArray *values, const char *text)
{
    if (text)
        g_ptr_array_add(values, g_strdup(text));
}

static void add_number(GPtrArray *values, int64_t number)
{
    g_ptr_array_add(values, g_strdup_printf("%" G_GINT64_FORMAT, number));
}

static void add_known(GPtrArray *values, int64_t number, int64_t above)
{
    if (number > above)
        add_number(values, number);
}

static void add_strings(GPtrArray *values, const record_strings *strings)
{
    for (uint32_t i = 0; i < strings->count; i++)
        add_text(values, strings->items[i]);
}

#define EXCHANGE_FIELD(name, statement)                                                            \
    static void add_##name(GPtrArray *values, const exchange_record *record,                       \
                           const record_response *response)                                        \
    {                                                                                              \
        (void)response;                                                                            \
        statement;                                                                                 \
    }
#define EXCHANGE_TEXT(name) EXCHANGE_FIELD(name, add_text(values, record->name))
#define EXCHANGE_NUMBER(name) EXCHANGE_FIELD(name, add_number(values, record->name))

EXCHANGE_TEXT(capture)
EXCHANGE_NUMBER(frame)
EXCHANGE_FIELD(request_frame, add_known(values, record->request_frame, 0))
EXCHANGE_TEXT(time)
EXCHANGE_TEXT(client)
EXCHANGE_TEXT(server)
EXCHANGE_TEXT(protocol)
EXCHANGE_FIELD(stream, add_known(values, record->stream, RECORD_UNKNOWN))
EXCHANGE_FIELD(h2_stream, add_known(values, record->h2_stream, RECORD_UNKNOWN))
EXCHANGE_TEXT(host)
EXCHANGE_TEXT(method)
EXCHANGE_TEXT(uri)
EXCHANGE_TEXT(report)
EXCHANGE_FIELD(http_status, add_known(values, record->http_status, 0))
EXCHANGE_FIELD(complete, add_text(values, record->complete ? "true" : "false"))
EXCHANGE_NUMBER(body_bytes)
EXCHANGE_TEXT(missing)
EXCHANGE_TEXT(format)
EXCHANGE_TEXT(response_time)
EXCHANGE_TEXT(user_agent)
EXCHANGE_TEXT(server_software)
EXCHANGE_TEXT(server_dav)
EXCHANGE_TEXT(server_allow)
EXCHANGE_FIELD(verdict, add_text(values, ms_verdict_name(record->verdict)))
EXCHANGE_FIELD(resources, add_number(values, record->n_responses))
EXCHANGE_NUMBER(ok)
EXCHANGE_NUMBER(failed)
EXCHANGE_NUMBER(collateral)
EXCHANGE_TEXT(sync_token)
EXCHANGE_FIELD(rules, for (uint32_t i = 0; i < record->n_findings; i++)
                          add_text(values, record->findings[i].rule))
EXCHANGE_FIELD(messages, for (uint32_t i = 0; i < record->n_findings; i++)
                             add_text(values, record->findings[i].message))

EXCHANGE_FIELD(habit, for (uint32_t i = 0; i < record->n_findings; i++)
                          add_text(values, record_habit(record, i)))

#define RESOURCE_FIELD(name, statement)                                                            \
    static void add_##name(GPtrArray *values, const exchange_record *record,                       \
                           const record_response *response)                                        \
    {                                                                                              \
        (void)record;                                                                              \
        statement;                                                                                 \
    }

RESOURCE_FIELD(href, add_strings(values, &response->hrefs))
RESOURCE_FIELD(status, add_known(values, response->code, RECORD_UNKNOWN))
RESOURCE_FIELD(reason, add_text(values, response->reason))
RESOURCE_FIELD(outcome, add_text(values, ms_outcome_name(response->outcome)))
RESOURCE_FIELD(property, for (uint32_t i = 0; i < response->n_propstats; i++)
                             add_strings(values, &response->propstats[i].properties))
RESOURCE_FIELD(location, add_text(values, response->location))

static bool is_trouble(const record_propstat *propstat)
{
    return ms_outcome_is_failure(propstat->outcome) || propstat->outcome == MS_COLLATERAL ||
           propstat->outcome == MS_UNKNOWN;
}

RESOURCE_FIELD(
    failed_property, for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (is_trouble(&response->propstats[i]))
            add_strings(values, &response->propstats[i].properties);
    })
RESOURCE_FIELD(condition, add_strings(values, &response->conditions);
               for (uint32_t i = 0; i < response->n_propstats; i++)
                   add_strings(values, &response->propstats[i].conditions))
RESOURCE_FIELD(description, add_text(values, response->description);
               for (uint32_t i = 0; i < response->n_propstats; i++)
                   add_text(values, response->propstats[i].description))
RESOURCE_FIELD(hint, const ms_hint *hint = record_hint(record, response);
               add_text(values, hint ? hint->text : NULL))
RESOURCE_FIELD(hint_source, const ms_hint *hint = record_hint(record, response);
               add_text(values, hint ? hint->source : NULL))

static void add_lock(GPtrArray *values, const exchange_record *record,
                     const record_response *response)
{
    const ms_lock *held = record_lock_of(record, response);
    g_autofree char *words = held ? ms_lock_words(held) : NULL;

    add_text(values, words);
}

RESOURCE_FIELD(lock_frame, const ms_lock *held = record_lock_of(record, response);
               add_known(values, held ? held->frame : 0, 0))

/* clang-format off */
static const field fields[] = {
    {"capture", false, false, "name of the capture", add_capture},
    {"frame", false, true, "number of the frame with the response", add_frame},
    {"request_frame", false, true, "number of the frame with the request", add_request_frame},
    {"time", false, false, "of the response, UTC", add_time},
    {"client", false, false, "address and port", add_client},
    {"server", false, false, "address and port", add_server},
    {"protocol", false, false, "HTTP/1.1, HTTP/2, ...", add_protocol},
    {"stream", false, true, "tcp.stream", add_stream},
    {"h2_stream", false, true, "http2.streamid", add_h2_stream},
    {"host", false, false, "header Host or :authority", add_host},
    {"method", false, false, "of the request", add_method},
    {"uri", false, false, "of the request", add_uri},
    {"report", false, false, "root element of a REPORT body", add_report},
    {"http_status", false, true, "of the HTTP response itself", add_http_status},
    {"complete", false, false, "whether the capture holds the response to its end", add_complete},
    {"body_bytes", false, true, "of the body, codings undone", add_body_bytes},
    {"missing", false, false, "why the capture does not hold all of the body", add_missing},
    {"format", false, false, "of the body", add_format},
    {"response_time", false, true, "seconds from request to response", add_response_time},
    {"user_agent", false, false, "of the client", add_user_agent},
    {"server_software", false, false, "header Server", add_server_software},
    {"server_dav", false, false, "WebDAV compliance classes of the server", add_server_dav},
    {"server_allow", false, false, "methods the server said it allows", add_server_allow},
    {"verdict", false, false, "did the request do what was asked?", add_verdict},
    {"resources", false, true, "how many the body lists", add_resources},
    {"ok", false, true, "how many of them are ok", add_ok},
    {"failed", false, true, "how many are failed or missing", add_failed},
    {"collateral", false, true, "how many failed only because of another one", add_collateral},
    {"sync_token", false, false, "of a sync-collection report", add_sync_token},
    {"rules", false, false, "rules of the findings about the body", add_rules},
    {"messages", false, false, "messages of the findings about the body", add_messages},
    {"habit", false, false, "findings that are a known habit of the server's product", add_habit},
    {"href", true, false, "the resource, as sent", add_href},
    {"status", true, true, "that decided the outcome of the resource", add_status},
    {"reason", true, false, "registered phrase of that status", add_reason},
    {"outcome", true, false, "of the resource", add_outcome},
    {"property", true, false, "every property that is listed", add_property},
    {"failed_property", true, false, "properties that could not be had or set", add_failed_property},
    {"condition", true, false, "pre- and postconditions that the server names", add_condition},
    {"description", true, false, "what the server says about it", add_description},
    {"location", true, false, "where it is instead", add_location},
    {"lock", true, false, "the lock in the way, where the capture saw it taken", add_lock},
    {"lock_frame", true, true, "the frame in which it was taken", add_lock_frame},
    {"hint", true, false, "what the status means here and what to look at next", add_hint},
    {"hint_source", true, false, "where that is said", add_hint_source},
};
/* clang-format on */

const field *field_at(unsigned i)
{
    return i < G_N_ELEMENTS(fields) ? &fields[i] : NULL;
}

/* ---------------------------------------------------------------------------------- layout ---- */

/* Of a row that nobody described: what tells which resource failed, where and why. */
static const char *const usual_fields[] = {
    "capture",     "frame",   "time", "client", "server", "host",    "method",    "uri",
    "http_status", "verdict", "href", "status", "reason", "outcome", "condition", "description",
};

row_layout *row_layout_new(void)
{
    row_layout *layout = g_new0(row_layout, 1);

    layout->fields = g_ptr_array_new();
    layout->header = true;
    layout->quote = QUOTE_AS_NEEDED;
    layout->aggregator = ',';
    return layout;
}

void row_layout_free(row_layout *layout)
{
    g_ptr_array_unref(layout->fields);
    g_free(layout);
}

static const field *find_field(const char *name)
{
    /* Those of the dissector have a prefix. */
    if (g_str_has_prefix(name, "multistatus."))
        name += strlen("multistatus.");
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

static char *unknown_field(const char *name)
{
    suggestion near = suggestion_for(name);

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        suggestion_offer(&near, fields[i].name);
    g_autofree char *meant = suggestion_text(&near, "");

    return g_strdup_printf("There is no field \"%s\"; --help-fields lists all.%s", name, meant);
}

char *row_layout_add(row_layout *layout, const char *name)
{
    const field *found = find_field(name);

    if (!found)
        return unknown_field(name);
    g_ptr_array_add(layout->fields, (gpointer)found);
    return NULL;
}

static bool set_bool(bool *to, const char *value)
{
    *to = strcmp(value, "y") == 0;
    return *to || strcmp(value, "n") == 0;
}

static bool set_header(row_layout *layout, const char *value)
{
    return set_bool(&layout->header, value);
}

static bool set_bom(row_layout *layout, const char *value)
{
    return set_bool(&layout->bom, value);
}

/* "/t" is a tab and "/s" a space, as in tshark. */
static bool set_character(char *to, const char *value)
{
    if (strcmp(value, "/t") == 0)
        *to = '\t';
    else if (strcmp(value, "/s") == 0)
        *to = ' ';
    else if (strlen(value) == 1 && g_ascii_isgraph(*value))
        *to = *value;
    else
        return false;
    return true;
}

static bool set_separator(row_layout *layout, const char *value)
{
    return set_character(&layout->separator, value);
}

static bool set_aggregator(row_layout *layout, const char *value)
{
    return set_character(&layout->aggregator, value);
}

static bool set_quote(row_layout *layout, const char *value)
{
    static const struct {
        const char *value;
        char quote;
    } quotes[] = {{"d", '"'}, {"s", '\''}, {"n", QUOTE_NEVER}, {"a", QUOTE_AS_NEEDED}};

    for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++) {
        if (strcmp(quotes[i].value, value) == 0) {
            layout->quote = quotes[i].quote;
            return true;
        }
    }
    return false;
}

static bool set_occurrence(row_layout *layout, const char *value)
{
    const char *letters = "afl", *found = *value ? strchr(letters, *value) : NULL;

    if (!found || value[1])
        return false;
    layout->occurrence = (occurrence_kind)(found - letters);
    return true;
}

static const struct {
    const char *name;
    bool (*set)(row_layout *layout, const char *value);
    const char *values;
} layout_settings[] = {
    {"header", set_header, "y or n"},
    {"separator", set_separator, "/t, /s or one character"},
    {"quote", set_quote, "d, s, n, or a (where it is needed)"},
    {"aggregator", set_aggregator, "/s or one character"},
    {"occurrence", set_occurrence, "a, f or l"},
    {"bom", set_bom, "y or n"},
};

/* The index of the setting that a text begins with ("header=..."), or the number of settings. */
static size_t find_setting(const char *text)
{
    size_t length = strcspn(text, "=");
    size_t i = 0;

    while (i < G_N_ELEMENTS(layout_settings) &&
           (text[length] != '=' || strlen(layout_settings[i].name) != length ||
            strncmp(layout_settings[i].name, text, length) != 0))
        i++;
    return i;
}

/* Where the value ends: a comma can be the value itself ("separator=,"). */
static const char *value_end(const char *value)
{
    const char *comma = strchr(value, ',');

    while (comma && comma[1] && find_setting(comma + 1) == G_N_ELEMENTS(layout_settings))
        comma = strchr(comma + 1, ',');
    return comma && comma[1] ? comma : value + strlen(value);
}

char *row_layout_set(row_layout *layout, const char *text)
{
    for (const char *at = text; *at;) {
        size_t i = find_setting(at);

        if (i == G_N_ELEMENTS(layout_settings))
            return g_strdup_printf("\"%s\" is not known; -E takes header, separator, quote, "
                                   "aggregator, occurrence and bom, for example header=y.",
                                   at);
        const char *start = at + strlen(layout_settings[i].name) + 1;
        const char *end = value_end(start);
        g_autofree char *value = g_strndup(start, (gsize)(end - start));

        if (!layout_settings[i].set(layout, value))
            return g_strdup_printf("%s takes %s, not \"%s\".", layout_settings[i].name,
                                   layout_settings[i].values, value);
        at = *end ? end + 1 : end;
    }
    return NULL;
}

const field *row_layout_field(const row_layout *layout, guint i)
{
    if (layout->fields->len > 0)
        return i < layout->fields->len ? layout->fields->pdata[i] : NULL;
    return i < G_N_ELEMENTS(usual_fields) ? find_field(usual_fields[i]) : NULL;
}

bool row_layout_is_of_resources(const row_layout *layout)
{
    const field *of;

    for (guint i = 0; (of = row_layout_field(layout, i)); i++) {
        if (of->of_resource)
            return true;
    }
    return false;
}

static char *join(const row_layout *layout, const GPtrArray *values)
{
    GString *joined = g_string_new(NULL);

    for (guint i = 0; i < values->len; i++) {
        if (i > 0)
            g_string_append_c(joined, layout->aggregator);
        g_string_append(joined, values->pdata[i]);
    }
    return g_string_free(joined, FALSE);
}

char *row_layout_cell(const row_layout *layout, const field *of, const exchange_record *record,
                      const record_response *response)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    if (!of->of_resource || response)
        of->add(values, record, response);
    if (values->len == 0)
        return NULL;
    if (layout->occurrence == OCCURRENCE_FIRST)
        return g_strdup(values->pdata[0]);
    if (layout->occurrence == OCCURRENCE_LAST)
        return g_strdup(values->pdata[values->len - 1]);
    return join(layout, values);
}
