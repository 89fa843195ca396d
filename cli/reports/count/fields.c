/* fields.c
 * The fields of rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fields.h"

#include <string.h>

#include "record_hint.h"
#include "record_shape.h"
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

static void add_known(GPtrArray *values, int64_t number, int64_t unknown)
{
    if (number != unknown)
        add_number(values, number);
}

static void add_strings(GPtrArray *values, const record_strings *strings)
{
    for (uint32_t i = 0; i < strings->count; i++)
        add_text(values, strings->items[i]);
}

/* The value of a key. */
static void add_value(GPtrArray *values, record_kind kind, record_value value)
{
    switch (kind) {
    case RECORD_TEXT:
    case RECORD_TIME:
    case RECORD_NAME:
    case RECORD_DECIMAL:
        add_text(values, *value.text);
        break;
    case RECORD_TEXTS:
    case RECORD_NAMES:
        add_strings(values, value.texts);
        break;
    case RECORD_NUMBER:
    case RECORD_COUNT:
        add_number(values, *value.number);
        break;
    case RECORD_FRAME:
        add_known(values, *value.number, 0);
        break;
    case RECORD_INDEX:
    case RECORD_TOTAL:
        add_known(values, *value.large, RECORD_UNKNOWN);
        break;
    case RECORD_STATUS:
        add_known(values, *value.status, RECORD_UNKNOWN);
        break;
    case RECORD_HTTP_STATUS:
        add_known(values, *value.status, 0);
        break;
    case RECORD_BOOL:
        add_text(values, *value.flag ? "true" : "false");
        break;
    case RECORD_OUTCOME:
    case RECORD_VERDICT:
    case RECORD_SEVERITY:
        add_text(values, record_word(kind, *value.word));
        break;
    case RECORD_UNSEEN:
    case RECORD_LIST:
    case RECORD_MARK:
    case RECORD_DERIVED:
        break;
    }
}

#define EXCHANGE_FIELD(name, statement)                                                            \
    static void add_##name(GPtrArray *values, const exchange_record *record,                       \
                           const record_response *response)                                        \
    {                                                                                              \
        (void)response;                                                                            \
        statement;                                                                                 \
    }

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
RESOURCE_FIELD(property, for (uint32_t i = 0; i < response->n_propstats; i++)
                             add_strings(values, &response->propstats[i].properties))

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
    const record_lock *held = record_lock_of(record, response);
    g_autofree char *words = held ? record_lock_words(held) : NULL;

    add_text(values, words);
}

RESOURCE_FIELD(lock_frame, const record_lock *held = record_lock_of(record, response);
               add_known(values, held ? held->frame : 0, 0))

/* The keys of the record that are fields, and what is made of others. */
#define NO_FIELD(...)
#define KEY(name, kind, type, of_resource, about)                                                  \
    {#name, of_resource, kind, about, NULL, offsetof(type, name)},
#define EXCHANGE_KEY(kind, name, presence, redaction, about)                                       \
    KEY(name, RECORD_##kind, exchange_record, false, about)
#define RESOURCE_KEY(kind, name, presence, redaction, about)                                       \
    KEY(name, RECORD_##kind, record_response, true, about)

/* clang-format off */
#define EXCHANGE(name, kind, about) {#name, false, RECORD_##kind, about, add_##name, 0}
#define RESOURCE(name, kind, about) {#name, true, RECORD_##kind, about, add_##name, 0}

static const row_field fields[] = {
    RECORD_EXCHANGE(NO_FIELD, EXCHANGE_KEY, NO_FIELD, NO_FIELD)
    EXCHANGE(rules, TEXTS, "rules of the findings about the body"),
    EXCHANGE(messages, TEXTS, "messages of the findings about the body"),
    EXCHANGE(habit, TEXTS, "findings that are a known habit of the server's product"),
    RESOURCE(href, TEXTS, "the resource, as sent"),
    RESOURCE(status, STATUS, "that decided the outcome of the resource"),
    RECORD_RESPONSE(NO_FIELD, RESOURCE_KEY, NO_FIELD, NO_FIELD)
    RESOURCE(property, NAMES, "every property that is listed"),
    RESOURCE(failed_property, NAMES, "properties that could not be read or set"),
    RESOURCE(condition, NAMES, "pre- and postconditions that the server names"),
    RESOURCE(description, TEXTS, "what the server says about it"),
    RESOURCE(lock, TEXT, "the lock in the way, where the capture saw it taken"),
    RESOURCE(lock_frame, FRAME, "the frame in which it was taken"),
    RESOURCE(hint, TEXT, "what the status means here and what to look at next"),
    RESOURCE(hint_source, TEXT, "where that is said"),
};
/* clang-format on */

bool row_field_is_numeric(const row_field *of)
{
    switch (of->kind) {
    case RECORD_DECIMAL:
    case RECORD_NUMBER:
    case RECORD_FRAME:
    case RECORD_INDEX:
    case RECORD_TOTAL:
    case RECORD_COUNT:
    case RECORD_STATUS:
    case RECORD_HTTP_STATUS:
        return true;
    default:
        return false;
    }
}

const row_field *row_field_at(unsigned i)
{
    return i < G_N_ELEMENTS(fields) ? &fields[i] : NULL;
}

/* ---------------------------------------------------------------------------------- layout ---- */

/* The columns of a row if nobody chose any: which resource failed, where and why. */
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

static const row_field *find_field(const char *name)
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
    const row_field *found = find_field(name);

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
    {"header=", set_header, "y or n"},
    {"separator=", set_separator, "/t, /s or one character"},
    {"quote=", set_quote, "d, s, n, or a (where it is needed)"},
    {"aggregator=", set_aggregator, "/s or one character"},
    {"occurrence=", set_occurrence, "a, f or l"},
    {"bom=", set_bom, "y or n"},
};

const char *row_layout_word(unsigned i)
{
    return i < G_N_ELEMENTS(layout_settings) ? layout_settings[i].name : NULL;
}

/* The index of the setting that a text begins with ("header=..."), or the number of settings. */
static size_t find_setting(const char *text)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(layout_settings) && !g_str_has_prefix(text, layout_settings[i].name))
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
        const char *start = at + strlen(layout_settings[i].name);
        const char *end = value_end(start);
        g_autofree char *value = g_strndup(start, (gsize)(end - start));

        if (!layout_settings[i].set(layout, value))
            return g_strdup_printf("%s takes %s, not \"%s\".", layout_settings[i].name,
                                   layout_settings[i].values, value);
        at = *end ? end + 1 : end;
    }
    return NULL;
}

const row_field *row_layout_field(const row_layout *layout, guint i)
{
    if (layout->fields->len > 0)
        return i < layout->fields->len ? layout->fields->pdata[i] : NULL;
    return i < G_N_ELEMENTS(usual_fields) ? find_field(usual_fields[i]) : NULL;
}

bool row_layout_is_of_resources(const row_layout *layout)
{
    const row_field *of;

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

char *row_layout_cell(const row_layout *layout, const row_field *of, const exchange_record *record,
                      const record_response *response)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    if (of->of_resource && !response)
        return NULL;
    if (of->add)
        of->add(values, record, response);
    else
        add_value(values, of->kind,
                  (record_value){.at = (char *)(of->of_resource ? (const void *)response : record) +
                                       of->at});
    if (values->len == 0)
        return NULL;
    if (layout->occurrence == OCCURRENCE_FIRST)
        return g_strdup(values->pdata[0]);
    if (layout->occurrence == OCCURRENCE_LAST)
        return g_strdup(values->pdata[values->len - 1]);
    return join(layout, values);
}
