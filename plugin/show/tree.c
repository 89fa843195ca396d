/* tree.c
 * Fields, expert infos, and the tree of one Multi-Status body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "tree.h"

#include <string.h>

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/tap.h>

#include "details.h"
#include "habits.h"
#include "hints.h"
#include "history.h"
#include "href.h"
#include "label.h"
#include "names.h"
#include "preferences.h"
#include "preferences_register.h"
#include "rules.h"
#include "status.h"
#include "times.h"

static int proto_multistatus = -1;

static int hf_http_status = -1;
static int hf_method = -1;
static int hf_uri = -1;
static int hf_report = -1;
static int hf_request_in = -1;
static int hf_request_unknown = -1;
static int hf_time = -1;
static int hf_verdict = -1;
static int hf_format = -1;
static int hf_kind = -1;
static int hf_resources = -1;
static int hf_failed = -1;
static int hf_collateral = -1;
static int hf_response = -1;
static int hf_href = -1;
static int hf_status = -1;
static int hf_status_line = -1;
static int hf_outcome = -1;
static int hf_cause = -1;
static int hf_caused = -1;
static int hf_propstat = -1;
static int hf_property = -1;
static int hf_property_value = -1;
static int hf_condition = -1;
static int hf_description = -1;
static int hf_location = -1;
static int hf_sync_token = -1;
static int hf_hint = -1;
static int hf_hint_source = -1;
static int hf_exchange = -1;
static int hf_ok = -1;
static int hf_lock_in = -1;
static int hf_server = -1;
static int hf_server_product = -1;
static int hf_server_http = -1;
static int hf_server_dav = -1;
static int hf_server_allow = -1;
static int hf_client = -1;
static int hf_client_product = -1;
static int hf_client_http = -1;

static gint ett_multistatus = -1;
static gint ett_response = -1;
static gint ett_propstat = -1;
static gint ett_property = -1;
static gint ett_condition = -1;
static gint ett_side = -1;
static gint ett_verdict = -1;
static gint ett_exchange = -1;
static gint ett_ok = -1;
static gint ett_hint = -1;
static gint ett_hint_line = -1;

static expert_field rule_experts[MS_RULE_COUNT];
static expert_field ei_resource_failed = EI_INIT;
static expert_field ei_resource_noted = EI_INIT;

/* One drawing. */
typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const ms_document *document;
    const ms_context *context;
    const exchange *exchange;
    unsigned *items; /* drawn of this frame */
    unsigned told;   /* failed resources that have an expert info */
} drawing;

/* What Wireshark draws for one expert info. */
#define EXPERT_ITEMS 4

/* Keys of the data that a frame keeps for this protocol; messages.c has the first ones. */
#define KEY_ITEMS 100

/* Findings reach the column and the listeners of expert infos without a tree, too. */
static bool is_seen(const packet_info *pinfo, const proto_tree *tree)
{
    return tree || pinfo->cinfo || have_tap_listener(find_tap_id("expert"));
}

/* A frame may hold many bodies, and Wireshark counts the items of all of them. */
static unsigned *items_of(packet_info *pinfo)
{
    unsigned *items =
        (unsigned *)p_get_proto_data(pinfo->pool, pinfo, proto_multistatus, KEY_ITEMS);

    if (!items) {
        items = wmem_new0(pinfo->pool, unsigned);
        p_add_proto_data(pinfo->pool, pinfo, proto_multistatus, KEY_ITEMS, items);
    }
    return items;
}

static bool is_full(const drawing *d)
{
    return *d->items >= preferences.max_tree_items;
}

void tree_place(tvbuff_t *tvb, ms_span span, int *offset, int *length)
{
    unsigned captured = tvb_captured_length(tvb);

    *offset = (int)MIN(span.offset, captured);
    *length = (int)MIN(span.length, captured - (unsigned)*offset);
}

/* At most this many bytes of a text to which something is appended. */
#define SHORT 150u

static proto_item *add_short_string(drawing *d, proto_tree *tree, int field, ms_span span,
                                    const char *text, size_t most)
{
    int offset, length;

    tree_place(d->tvb, span, &offset, &length);
    (*d->items)++;
    return label_add_string(tree, field, d->tvb, offset, length, text, most);
}

static proto_item *add_string(drawing *d, proto_tree *tree, int field, ms_span span,
                              const char *text)
{
    return add_short_string(d, tree, field, span, text, LABEL_MOST);
}

static proto_item *add_generated(drawing *d, proto_tree *tree, int field, const char *text)
{
    proto_item *item = label_add_string(tree, field, d->tvb, 0, 0, text, LABEL_MOST);

    (*d->items)++;
    proto_item_set_generated(item);
    return item;
}

static void add_count(drawing *d, proto_tree *tree, int field, uint32_t count)
{
    (*d->items)++;
    proto_item_set_generated(proto_tree_add_uint(tree, field, d->tvb, 0, 0, count));
}

/* `text` is safe to print. */
static proto_item *add_node(drawing *d, proto_tree *tree, int field, ms_span span, const char *text)
{
    int offset, length;

    tree_place(d->tvb, span, &offset, &length);
    (*d->items)++;
    return proto_tree_add_none_format(tree, field, d->tvb, offset, length, "%s", text);
}

/* "423 Locked": the code with its registered name, or as it was sent. */
static const char *status_label(packet_info *pinfo, const ms_status *status)
{
    enum { LINE_MOST = 60 };
    const char *reason = status->code > 0 ? ms_status_reason(status->code) : NULL;

    if (status->code == MS_STATUS_NONE)
        return "no status";
    if (status->code == MS_STATUS_WORD)
        return label_text(pinfo->pool, status->line, LINE_MOST);
    if (!reason)
        return wmem_strdup_printf(pinfo->pool, "\"%s\"",
                                  label_text(pinfo->pool, status->line, LINE_MOST));
    return wmem_strdup_printf(pinfo->pool, "%d %s", status->code, reason);
}

/* The one that decided the outcome. */
static ms_status decisive_status(const ms_response *response)
{
    const char *word = response->code == MS_STATUS_WORD ? response->status.line : "";

    return (ms_status){.code = response->code, .line = word};
}

static void add_status(drawing *d, proto_tree *tree, const ms_status *status)
{
    int offset, length;

    if (status->code == MS_STATUS_NONE)
        return;
    tree_place(d->tvb, status->span, &offset, &length);
    if (status->code >= 0) {
        (*d->items)++;
        proto_tree_add_uint(tree, hf_status, d->tvb, offset, length, (uint32_t)status->code);
    }
    add_string(d, tree, hf_status_line, status->span, status->line);
}

static void add_text(drawing *d, proto_tree *tree, int field, const ms_text *text)
{
    if (text->text)
        add_string(d, tree, field, text->span, text->text);
}

/* ---- properties, conditions ---- */

static void append_short_name(wmem_strbuf_t *list, packet_info *pinfo, const char *name)
{
    enum { NAME_MOST = 50 };
    char *made = ms_short_name(name);
    const char *kept = label_text(pinfo->pool, made, NAME_MOST);

    wmem_strbuf_append(list, kept);
    g_free(made);
}

/* A property or a condition and all that is below it. Elements lie flat, each before its children;
 * `open` holds the subtrees of those that are still open. */
static void add_elements(drawing *d, proto_tree *tree, const ms_element *elements, ms_range range,
                         int field, int value_field, gint ett)
{
    struct {
        proto_tree *tree;
        uint32_t end;
    } open[MS_DEPTH_MOST + 1] = {{tree, range.first + range.count}};
    unsigned depth = 0;

    for (uint32_t i = range.first; i < range.first + range.count && !is_full(d); i++) {
        const ms_element *element = &elements[i];

        while (depth > 0 && i >= open[depth].end)
            depth--;
        proto_item *item =
            add_short_string(d, open[depth].tree, field, element->span, element->name, SHORT);

        if (element->value)
            label_append(item, ": ", element->value, label_left(field, element->name, SHORT));
        if (element->end == i + 1 && !(element->value && value_field > 0))
            continue;
        proto_tree *subtree = proto_item_add_subtree(item, ett);

        if (element->value && value_field > 0)
            add_string(d, subtree, value_field, element->span, element->value);
        if (element->end > i + 1 && depth < MS_DEPTH_MOST) {
            open[++depth].tree = subtree;
            open[depth].end = element->end;
        }
    }
}

/* The names at the top of a range: "getetag, C:calendar-data and 3 more". */
static char *list_names(packet_info *pinfo, const ms_element *elements, ms_range range)
{
    enum { SHOWN = 6, LENGTH = 120 };
    wmem_strbuf_t *list = wmem_strbuf_new(pinfo->pool, "");
    unsigned n = 0, shown = 0;

    for (uint32_t i = range.first; i < range.first + range.count; i = elements[i].end, n++) {
        if (shown < n || n >= SHOWN || wmem_strbuf_get_len(list) > LENGTH)
            continue;
        wmem_strbuf_append(list, n > 0 ? ", " : "");
        append_short_name(list, pinfo, elements[i].name);
        shown++;
    }
    if (n > shown)
        wmem_strbuf_append_printf(list, " and %u more", n - shown);
    return wmem_strbuf_finalize(list);
}

/* The names of conditions, and what they name: "need-privileges: unbind on /papers/". */
static const char *list_conditions(drawing *d, const ms_response *response)
{
    enum { DETAIL_MOST = 120 };
    char *names = list_names(d->pinfo, d->document->conditions, response->conditions);
    ms_detail details[MS_DETAILS_MOST];
    unsigned n = *names ? ms_details_add(d->document, response->conditions, details, 0) : 0;
    wmem_strbuf_t *list = wmem_strbuf_new(d->pinfo->pool, names);
    bool any = false;

    for (unsigned i = 0; i < n && wmem_strbuf_get_len(list) < 2 * DETAIL_MOST; i++) {
        /* It goes without saying that the resource itself is meant. */
        if (!details[i].name && response->hrefs.count > 0 &&
            ms_href_same(details[i].href, d->document->hrefs[response->hrefs.first].text))
            continue;
        char *made = ms_detail_words(&details[i]);
        const char *kept = label_text(d->pinfo->pool, made, DETAIL_MOST);

        wmem_strbuf_append_printf(list, "%s%s", any ? ", " : ": ", kept);
        g_free(made); /* what is kept may be the same */
        any = true;
    }
    return wmem_strbuf_finalize(list);
}

static void add_conditions(drawing *d, proto_tree *tree, ms_range range)
{
    add_elements(d, tree, d->document->conditions, range, hf_condition, -1, ett_condition);
}

/* ---- root causes ---- */

/* How many failed because of this one. */
static void add_caused(drawing *d, proto_tree *tree, uint32_t count, const char *one,
                       const char *many)
{
    if (count == 0)
        return;
    proto_item *item = proto_tree_add_uint_format_value(tree, hf_caused, d->tvb, 0, 0, count,
                                                        "%u %s failed only because of this (424)",
                                                        count, count == 1 ? one : many);

    (*d->items)++;
    proto_item_set_generated(item);
}

/* Marks the cause's own bytes: a click leads there. */
static void add_cause(drawing *d, proto_tree *tree, ms_span span, const char *name,
                      const char *status)
{
    proto_item *item = add_short_string(d, tree, hf_cause, span, name, SHORT);

    proto_item_set_generated(item);
    label_append(item, ": ", status, label_left(hf_cause, name, SHORT));
}

static void add_response_cause(drawing *d, proto_tree *tree, const ms_response *response)
{
    const ms_document *document = d->document;

    if (response->cause != MS_NO_CAUSE) {
        const ms_response *cause = &document->responses[response->cause];
        const ms_status decisive = decisive_status(cause);
        bool named = cause->hrefs.count > 0;
        const ms_text *href = named ? &document->hrefs[cause->hrefs.first] : NULL;

        add_cause(d, tree, named ? href->span : cause->span, named ? href->text : "(no href)",
                  status_label(d->pinfo, &decisive));
    }
    add_caused(d, tree, response->caused, "resource", "resources");
}

static void add_propstat_cause(drawing *d, proto_tree *tree, const ms_propstat *propstat)
{
    const ms_document *document = d->document;

    if (propstat->cause != MS_NO_CAUSE) {
        const ms_propstat *cause = &document->propstats[propstat->cause];
        bool named = cause->properties.count > 0;
        const ms_element *first = named ? &document->properties[cause->properties.first] : NULL;

        add_cause(d, tree, named ? first->span : cause->span, named ? first->name : "(no property)",
                  status_label(d->pinfo, &cause->status));
    }
    add_caused(d, tree, propstat->caused, "property", "properties");
}

static void add_propstat(drawing *d, proto_tree *tree, const ms_propstat *propstat)
{
    const char *names = list_names(d->pinfo, d->document->properties, propstat->properties);
    const char *label = wmem_strdup_printf(
        d->pinfo->pool, "Properties, %s%s%s%s%s%s", status_label(d->pinfo, &propstat->status),
        propstat->outcome == MS_OK ? "" : " (",
        propstat->outcome == MS_OK ? "" : ms_outcome_name(propstat->outcome),
        propstat->outcome == MS_OK ? "" : ")", *names ? ": " : "", names);
    proto_item *item = add_node(d, tree, hf_propstat, propstat->span, label);
    proto_tree *subtree = proto_item_add_subtree(item, ett_propstat);

    add_status(d, subtree, &propstat->status);
    add_propstat_cause(d, subtree, propstat);
    add_elements(d, subtree, d->document->properties, propstat->properties, hf_property,
                 hf_property_value, ett_property);
    add_conditions(d, subtree, propstat->conditions);
    add_text(d, subtree, hf_description, &propstat->description);
}

/* ---- responses ---- */

static const char *readable_href(packet_info *pinfo, const char *href, size_t most)
{
    char *readable = ms_href_readable(href);
    const char *kept = wmem_strdup(pinfo->pool, label_text(pinfo->pool, readable, most));

    g_free(readable);
    return kept;
}

static const char *response_name(drawing *d, const ms_response *response, size_t most)
{
    if (response->hrefs.count == 0)
        return "(no href)";
    const char *name =
        readable_href(d->pinfo, d->document->hrefs[response->hrefs.first].text, most);

    return response->hrefs.count == 1 ? name
                                      : wmem_strdup_printf(d->pinfo->pool, "%s and %u more", name,
                                                           response->hrefs.count - 1);
}

/* "/coll/a: 423 Locked, failed (lock-token-submitted)" */
static const char *response_label(drawing *d, const ms_response *response)
{
    const char *conditions = list_conditions(d, response);
    const ms_status decisive = decisive_status(response);
    const char *status = response->code == MS_STATUS_UNREADABLE ? "unreadable status"
                                                                : status_label(d->pinfo, &decisive);
    const char *rest = wmem_strdup_printf(
        d->pinfo->pool, ": %s, %s%s%s%s", status, ms_outcome_name(response->outcome),
        *conditions ? " (" : "", conditions, *conditions ? ")" : "");
    const size_t others = strlen(rest) + strlen(" and 4294967295 more");
    const size_t left = others + SHORT / 2 < LABEL_MOST ? LABEL_MOST - others : SHORT / 2;

    return wmem_strdup_printf(d->pinfo->pool, "%s%s", response_name(d, response, left), rest);
}

char *tree_lock_words(wmem_allocator_t *scope, const lock *of)
{
    char *words = ms_lock_words(&of->known);
    char *kept = wmem_strdup(scope, words);

    g_free(words);
    return kept;
}

static const char *lock_words(packet_info *pinfo, const lock *held)
{
    return label_text(pinfo->pool, tree_lock_words(pinfo->pool, held), LABEL_MOST);
}

/* Characters of a hint in one line of the tree. */
#define HINT_WIDTH 100

/* The next line of a text, between words; `text` moves past it. */
static char *next_line(packet_info *pinfo, const char **text)
{
    const char *end = *text;

    if (g_utf8_strlen(*text, -1) <= HINT_WIDTH) {
        end += strlen(end);
    } else {
        const char *most = g_utf8_offset_to_pointer(*text, HINT_WIDTH);
        const char *space = g_strrstr_len(*text, most - *text, " ");

        end = space ? space : most;
    }
    char *line = wmem_strndup(pinfo->pool, *text, (size_t)(end - *text));

    *text = end + (*end == ' ');
    return line;
}

/* In lines that fit a window, with the source below. The field holds the whole text. */
static void add_hint_lines(drawing *d, proto_tree *tree, const char *text, const char *source)
{
    const char *whole = source ? wmem_strdup_printf(d->pinfo->pool, "%s (%s)", text, source) : text;
    proto_item *item = proto_tree_add_string_format(tree, hf_hint, d->tvb, 0, 0, whole, "Hint: %s",
                                                    next_line(d->pinfo, &text));
    proto_tree *subtree = proto_item_add_subtree(item, ett_hint);

    (*d->items)++;
    proto_item_set_generated(item);
    while (*text) {
        proto_tree_add_subtree(subtree, d->tvb, 0, 0, ett_hint_line, &item,
                               next_line(d->pinfo, &text));
        (*d->items)++;
        proto_item_set_generated(item);
    }
    if (source)
        add_generated(d, subtree, hf_hint_source, source);
}

/* The hint, and what this body and the capture know beyond it. */
static void add_hint(drawing *d, proto_tree *tree, const ms_response *response)
{
    const ms_hint *hint = ms_hint_for(d->document, response, d->context);
    const lock *held = history_lock(d->exchange, (uint32_t)(response - d->document->responses));
    const char *cause = "";

    if (held) {
        add_hint_lines(d, tree, lock_words(d->pinfo, held), MS_LOCK_SOURCE);
        add_count(d, tree, hf_lock_in, held->known.frame);
    }
    if (!hint)
        return;
    if (response->cause != MS_NO_CAUSE)
        cause =
            wmem_strdup_printf(d->pinfo->pool, " It is %s.",
                               response_name(d, &d->document->responses[response->cause], SHORT));
    add_hint_lines(d, tree, wmem_strdup_printf(d->pinfo->pool, "%s%s", hint->text, cause),
                   hint->source);
}

/* Wireshark colours what has an expert info, and what is above it. The expert information dialog
 * need not list every resource of a body. */
static void mark_failed(drawing *d, proto_item *item, const char *label)
{
    bool noted = d->document->noted;

    if (d->told < MS_FINDINGS_EACH) {
        expert_add_info_format(d->pinfo, item, noted ? &ei_resource_noted : &ei_resource_failed,
                               "%s", label_text(d->pinfo->pool, label, MESSAGE_MOST));
        d->told++;
        *d->items += EXPERT_ITEMS;
    } else if (item) {
        FI_SET_FLAG(PITEM_FINFO(item), PI_RESPONSE_CODE | (noted ? PI_NOTE : PI_WARN));
    }
}

static proto_item *add_response(drawing *d, proto_tree *tree, const ms_response *response)
{
    const char *label = response_label(d, response);
    proto_item *item = add_node(d, tree, hf_response, response->span, label);
    proto_tree *subtree = proto_item_add_subtree(item, ett_response);

    if (ms_outcome_is_failure(response->outcome))
        mark_failed(d, item, label);

    for (uint32_t i = 0; i < response->hrefs.count; i++)
        add_text(d, subtree, hf_href, &d->document->hrefs[response->hrefs.first + i]);
    add_status(d, subtree, &response->status);
    add_generated(d, subtree, hf_outcome, ms_outcome_name(response->outcome));
    add_response_cause(d, subtree, response);
    add_hint(d, subtree, response);
    add_conditions(d, subtree, response->conditions);
    add_text(d, subtree, hf_description, &response->description);
    add_text(d, subtree, hf_location, &response->location);
    for (uint32_t i = 0; i < response->propstats.count; i++)
        add_propstat(d, subtree, &d->document->propstats[response->propstats.first + i]);
    return item;
}

/* ---- the two sides ---- */

/* One line of what is known about a side. */
typedef struct {
    int field;
    const char *text;
} side_line;

static void add_side(drawing *d, proto_tree *tree, int field, const char *name,
                     const side_line *lines, size_t count)
{
    if (!name)
        return;
    proto_item *item = add_generated(d, tree, field, name);
    proto_tree *subtree = proto_item_add_subtree(item, ett_side);

    if (lines[0].text)
        label_append(item, ", ", lines[0].text, label_left(field, name, LABEL_MOST));
    for (size_t i = 0; i < count; i++) {
        if (lines[i].text)
            add_generated(d, subtree, lines[i].field, lines[i].text);
    }
}

static void add_sides(drawing *d, proto_tree *tree, const exchange *of)
{
    const side_line server[] = {
        {hf_server_product,
         of->server_product ? of->server_product : of->response_fields[HTTP_SERVER]},
        {hf_server_http, of->server_versions},
        {hf_server_dav, of->server_dav},
        {hf_server_allow, of->server_allow},
    };
    const side_line client[] = {
        {hf_client_product, of->request_fields[HTTP_USER_AGENT]},
        {hf_client_http, of->client_versions},
    };

    add_side(d, tree, hf_client, of->client, client, G_N_ELEMENTS(client));
    add_side(d, tree, hf_server, of->server, server, G_N_ELEMENTS(server));
}

/* ---- body ---- */

/* Bytes of the Request-URI in a line that has room. */
#define URI_MOST 120

/* "DELETE /coll/"; "POST / PutRecords" where a field of the header says what is asked for; empty if
 * the request is not known. */
static const char *asked_of(packet_info *pinfo, const exchange *of, size_t most)
{
    enum { METHOD_MOST = 40 };
    const char *target = of->request_fields[HTTP_AMZ_TARGET];
    const char *dot = target ? strrchr(target, '.') : NULL;
    const char *method = of->method ? label_text(pinfo->pool, of->method, METHOD_MOST) : "";
    const char *uri = of->uri ? readable_href(pinfo, of->uri, most) : "";

    return wmem_strdup_printf(pinfo->pool, "%s%s%s%s%s", method, *method && *uri ? " " : "", uri,
                              dot ? " " : "",
                              dot ? label_text(pinfo->pool, dot + 1, METHOD_MOST) : "");
}

/* "Exchange: DELETE /coll/, HTTP 207" */
static proto_tree *add_exchange_node(drawing *d, proto_tree *tree, const exchange *of)
{
    const char *asked = asked_of(d->pinfo, of, URI_MOST);
    wmem_strbuf_t *label = wmem_strbuf_new(d->pinfo->pool, "Exchange");

    if (*asked)
        wmem_strbuf_append_printf(label, ": %s", asked);
    if (of->http_status != 0)
        wmem_strbuf_append_printf(label, "%s HTTP %d", *asked ? "," : ":", of->http_status);
    proto_item *item = add_node(d, tree, hf_exchange, (ms_span){0, 0}, wmem_strbuf_finalize(label));

    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett_exchange);
}

static void add_exchange(drawing *d, proto_tree *top, const exchange *of)
{
    proto_tree *tree = add_exchange_node(d, top, of);

    if (of->request_frame != 0) {
        nstime_t took = nstime_between(of->request_time, of->time);

        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_request_in, d->tvb, 0, 0, of->request_frame));
        proto_item_set_generated(proto_tree_add_time(tree, hf_time, d->tvb, 0, 0, &took));
    }
    if (of->method)
        add_generated(d, tree, hf_method, of->method);
    if (of->uri)
        add_generated(d, tree, hf_uri, of->uri);
    if (of->report)
        add_generated(d, tree, hf_report, of->report);
    if (!of->method && of->request_unknown)
        add_generated(d, tree, hf_request_unknown, of->request_unknown);
    if (of->http_status != 0)
        add_count(d, tree, hf_http_status, (uint32_t)of->http_status);
    add_sides(d, tree, of);
}

const char *tree_summary(packet_info *pinfo, const multistatus_record *record, size_t most)
{
    const char *asked = asked_of(pinfo, record->exchange, most);
    char *summary = ms_summary(record->document);
    const char *made = wmem_strdup_printf(pinfo->pool, "%s%s%s", asked, *asked ? ": " : "",
                                          label_text(pinfo->pool, summary, LABEL_MOST));

    g_free(summary);
    return made;
}

/* "Multi-Status, DELETE /coll/: 2 of 12 failed (423 Locked)" */
static const char *title(packet_info *pinfo, const multistatus_record *record)
{
    bool asked = record->exchange->method || record->exchange->uri;

    return wmem_strdup_printf(pinfo->pool, "Multi-Status%s %s", asked ? "," : ":",
                              tree_summary(pinfo, record, URI_MOST));
}

static void add_verdict(drawing *d, proto_tree *tree)
{
    const ms_document *document = d->document;
    proto_item *item = add_generated(d, tree, hf_verdict, ms_verdict_name(document->verdict));
    proto_tree *subtree = proto_item_add_subtree(item, ett_verdict);

    if (document->format != MS_FORMAT_NONE)
        add_generated(d, subtree, hf_format, ms_format_name(document->format));
    if (document->kind)
        add_generated(d, subtree, hf_kind, document->kind);
    add_count(d, subtree, hf_resources, document->n_responses);
    add_count(d, subtree, hf_failed, document->failed);
    add_count(d, subtree, hf_collateral, document->outcomes[MS_COLLATERAL]);
}

static void add_finding(drawing *d, proto_tree *tree, proto_item *top, proto_item **responses,
                        const ms_finding *finding)
{
    expert_field *field = &rule_experts[finding->rule - ms_rules];
    proto_item *of = finding->response == MS_NO_RESPONSE ? NULL : responses[finding->response];
    const char *message = label_message(d->pinfo, finding->message);

    if (of) {
        expert_add_info_format(d->pinfo, of, field, "%s", message);
    } else if (finding->span.length > 0 && finding->span.length < d->document->span.length) {
        int offset, length;

        tree_place(d->tvb, finding->span, &offset, &length);
        proto_tree_add_expert_format(tree, d->pinfo, field, d->tvb, offset, length, "%s", message);
    } else {
        expert_add_info_format(d->pinfo, top, field, "%s", message);
    }
}

/* What is known about the findings of this server, each habit once. */
static void add_habits(drawing *d, proto_tree *tree)
{
    const exchange *of = d->exchange;
    const char *product =
        of->server_product ? of->server_product : of->response_fields[HTTP_SERVER];
    const char *last = NULL;

    for (uint32_t i = 0; i < d->document->n_findings; i++) {
        const ms_rule *rule = d->document->findings[i].rule;
        const char *habit = ms_habit(rule, product, of->method);

        if (habit && habit != last)
            add_hint_lines(d, tree, wmem_strdup_printf(d->pinfo->pool, "%s: %s", rule->id, habit),
                           NULL);
        last = habit ? habit : last;
    }
}

/* The gravest first. */
static void add_findings(drawing *d, proto_tree *tree, proto_item *top, proto_item **responses)
{
    for (int severity = MS_ERROR; severity >= MS_CHAT; severity--) {
        for (uint32_t i = 0; i < d->document->n_findings; i++) {
            const ms_finding *finding = &d->document->findings[i];

            if ((int)finding->rule->severity == severity)
                add_finding(d, tree, top, responses, finding);
        }
    }
}

/* The order in which resources are drawn: what people look for comes first. */
typedef enum { SHOW_FAILED, SHOW_UNSURE, SHOW_HARMLESS, SHOW_OK, SHOWN_KINDS } shown_kind;

static shown_kind kind_of(const ms_response *response)
{
    if (ms_outcome_is_failure(response->outcome))
        return SHOW_FAILED;
    if (response->outcome >= MS_UNKNOWN)
        return SHOW_UNSURE; /* also those that failed only because of another */
    return response->outcome == MS_OK ? SHOW_OK : SHOW_HARMLESS;
}

/* If there are more resources than this that are ok, they are folded. */
#define OK_MOST 10

static proto_tree *ok_tree(drawing *d, proto_tree *tree)
{
    uint32_t n = d->document->outcomes[MS_OK];

    if (n <= OK_MOST)
        return tree;
    const char *label =
        wmem_strdup_printf(d->pinfo->pool, "%u %s ok", n,
                           d->document->format == MS_FORMAT_XML ? "resources" : "items");

    return proto_item_add_subtree(add_node(d, tree, hf_ok, d->document->span, label), ett_ok);
}

static void add_limit(drawing *d, proto_tree *tree, uint32_t left)
{
    if (is_full(d))
        proto_tree_add_expert_format(tree, d->pinfo, &rule_experts[MS_RULE_LIMIT], d->tvb, 0, 0,
                                     "The limit for the items of a frame was reached, which is %u: "
                                     "%u more resources, and parts of others, are not shown. "
                                     "Preference multistatus.max_tree_items raises it",
                                     preferences.max_tree_items, left);
    else if (left > 0)
        proto_tree_add_expert_format(tree, d->pinfo, &rule_experts[MS_RULE_LIMIT], d->tvb, 0, 0,
                                     "%u more resources are not shown. Preference "
                                     "multistatus.max_resources raises the limit, which is %u",
                                     left, preferences.max_resources);
}

static void add_responses(drawing *d, proto_tree *tree, proto_item **responses)
{
    const ms_document *document = d->document;
    shown_kind kinds = preferences.show_harmless ? SHOWN_KINDS : SHOW_HARMLESS;
    uint32_t drawn = 0, of_kind[SHOWN_KINDS] = {0};

    for (uint32_t i = 0; i < document->n_responses; i++)
        of_kind[kind_of(&document->responses[i])]++;
    for (shown_kind kind = SHOW_FAILED; kind < kinds; kind++) {
        if (of_kind[kind] == 0)
            continue;
        proto_tree *in = kind == SHOW_OK ? ok_tree(d, tree) : tree;

        for (uint32_t i = 0; i < document->n_responses; i++) {
            if (drawn >= preferences.max_resources || is_full(d))
                break;
            if (kind_of(&document->responses[i]) == kind) {
                responses[i] = add_response(d, in, &document->responses[i]);
                drawn++;
            }
        }
    }
    uint32_t hidden = preferences.show_harmless ? 0 : of_kind[SHOW_HARMLESS] + of_kind[SHOW_OK];

    if (hidden > 0)
        proto_item_append_text(proto_tree_get_parent(tree), " (%u that did not fail are not shown)",
                               hidden);
    add_limit(d, tree, document->n_responses - drawn - hidden);
}

void tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
               const multistatus_record *record, const ms_context *context)
{
    if (!is_seen(pinfo, tree))
        return;
    const ms_document *document = record->document;
    drawing d = {tvb, pinfo, document, context, record->exchange, items_of(pinfo), 0};
    proto_item *top = proto_tree_add_protocol_format(tree, proto_multistatus, tvb, 0, -1, "%s",
                                                     title(pinfo, record));
    proto_tree *subtree = proto_item_add_subtree(top, ett_multistatus);
    proto_item **responses =
        wmem_alloc0_array(pinfo->pool, proto_item *, document->n_responses + 1);

    add_verdict(&d, subtree);
    add_responses(&d, subtree, responses);
    add_text(&d, subtree, hf_description, &document->description);
    add_text(&d, subtree, hf_sync_token, &document->sync_token);
    add_findings(&d, subtree, top, responses);
    add_habits(&d, subtree);
    add_exchange(&d, subtree, record->exchange);
}

/* ---- registration ---- */

static const int wireshark_severity[] = {
    [MS_CHAT] = PI_CHAT, [MS_NOTE] = PI_NOTE, [MS_WARN] = PI_WARN, [MS_ERROR] = PI_ERROR};

static const int wireshark_group[] = {
    [MS_GROUP_MALFORMED] = PI_MALFORMED,    [MS_GROUP_PROTOCOL] = PI_PROTOCOL,
    [MS_GROUP_RESPONSE] = PI_RESPONSE_CODE, [MS_GROUP_SEQUENCE] = PI_SEQUENCE,
    [MS_GROUP_SECURITY] = PI_SECURITY,
};

static void register_rules(int proto)
{
    static ei_register_info failed[] = {{&ei_resource_failed,
                                         {"multistatus.resource_failed", PI_RESPONSE_CODE, PI_WARN,
                                          "This resource failed", EXPFILL}},
                                        {&ei_resource_noted,
                                         {"multistatus.resource_noted", PI_RESPONSE_CODE, PI_NOTE,
                                          "This part of the answer is an error", EXPFILL}}};
    ei_register_info *infos = wmem_alloc0_array(wmem_epan_scope(), ei_register_info, MS_RULE_COUNT);
    expert_module_t *module = expert_register_protocol(proto);

    for (unsigned i = 0; i < MS_RULE_COUNT; i++) {
        const ms_rule *rule = &ms_rules[i];
        expert_field unset = EI_INIT;

        rule_experts[i] = unset;
        infos[i].ids = &rule_experts[i];
        /* Fields come first where Wireshark completes "multistatus.". */
        infos[i].eiinfo.name =
            wmem_strdup_printf(wmem_epan_scope(), "multistatus.rule.%s", rule->id);
        infos[i].eiinfo.group = wireshark_group[rule->group];
        infos[i].eiinfo.severity = wireshark_severity[rule->severity];
        infos[i].eiinfo.summary = rule->summary;
    }
    expert_register_field_array(module, infos, MS_RULE_COUNT);
    expert_register_field_array(module, failed, array_length(failed));
}

void tree_register(int proto)
{
    static hf_register_info hf[] = {
        {&hf_http_status,
         {"HTTP status", "multistatus.http_status", FT_UINT16, BASE_DEC, NULL, 0x0,
          "Status of the HTTP response itself", HFILL}},
        {&hf_method,
         {"Method", "multistatus.method", FT_STRING, BASE_NONE, NULL, 0x0,
          "Method of the request that this answers", HFILL}},
        {&hf_uri,
         {"Request-URI", "multistatus.uri", FT_STRING, BASE_NONE, NULL, 0x0,
          "Request-URI of the request that this answers", HFILL}},
        {&hf_report,
         {"Report", "multistatus.report", FT_STRING, BASE_NONE, NULL, 0x0,
          "Root element of the body of a REPORT request", HFILL}},
        {&hf_request_unknown,
         {"Request unknown", "multistatus.request_unknown", FT_STRING, BASE_NONE, NULL, 0x0,
          "Why it is not known which request this answers", HFILL}},
        {&hf_request_in,
         {"Request in frame", "multistatus.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0x0, "The frame of the request that this answers",
          HFILL}},
        {&hf_time,
         {"Time since request", "multistatus.time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "Time from the request to this response", HFILL}},
        {&hf_verdict,
         {"Verdict", "multistatus.verdict", FT_STRING, BASE_NONE, NULL, 0x0,
          "Did the request do what was asked: success, benign, partial, failure, empty, malformed "
          "or undecoded",
          HFILL}},
        {&hf_format,
         {"Format", "multistatus.format", FT_STRING, BASE_NONE, NULL, 0x0,
          "How the body is written: xml, json or multipart", HFILL}},
        {&hf_kind,
         {"Kind", "multistatus.kind", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the body is: dav, json, multipart, or a kind of batch that is no 207", HFILL}},
        {&hf_resources,
         {"Resources", "multistatus.resources", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Number of resources in the body", HFILL}},
        {&hf_failed,
         {"Failed", "multistatus.failed", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Number of resources that failed or are missing", HFILL}},
        {&hf_collateral,
         {"Collateral", "multistatus.collateral", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Number of resources that failed only because another one did (424)", HFILL}},
        {&hf_response,
         {"Resource", "multistatus.response", FT_NONE, BASE_NONE, NULL, 0x0,
          "A response element: one resource", HFILL}},
        {&hf_href,
         {"Href", "multistatus.href", FT_STRING, BASE_NONE, NULL, 0x0, "The resource, as sent",
          HFILL}},
        {&hf_status,
         {"Status", "multistatus.status", FT_UINT16, BASE_DEC, NULL, 0x0,
          "Status code of a resource or of a group of its properties", HFILL}},
        {&hf_status_line,
         {"Status line", "multistatus.status_line", FT_STRING, BASE_NONE, NULL, 0x0,
          "Status line of a resource or of a group of its properties, as sent", HFILL}},
        {&hf_outcome,
         {"Outcome", "multistatus.outcome", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the status means for the resource under this method", HFILL}},
        {&hf_cause,
         {"Cause", "multistatus.cause", FT_STRING, BASE_NONE, NULL, 0x0,
          "The failed resource or property that made this one fail, too (424)", HFILL}},
        {&hf_caused,
         {"Collateral to this", "multistatus.caused", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Number of resources or properties that failed only because of this one", HFILL}},
        {&hf_propstat,
         {"Properties", "multistatus.propstat", FT_NONE, BASE_NONE, NULL, 0x0,
          "A propstat element: properties that share a status", HFILL}},
        {&hf_property,
         {"Property", "multistatus.property", FT_STRING, BASE_NONE, NULL, 0x0,
          "Name of a property, or of an element inside one, as {namespace}name", HFILL}},
        {&hf_property_value,
         {"Value", "multistatus.property.value", FT_STRING, BASE_NONE, NULL, 0x0,
          "Text of a property", HFILL}},
        {&hf_condition,
         {"Condition", "multistatus.condition", FT_STRING, BASE_NONE, NULL, 0x0,
          "Precondition or postcondition that was violated, as {namespace}name", HFILL}},
        {&hf_description,
         {"Description", "multistatus.description", FT_STRING, BASE_NONE, NULL, 0x0,
          "The server's words (responsedescription)", HFILL}},
        {&hf_location,
         {"Location", "multistatus.location", FT_STRING, BASE_NONE, NULL, 0x0,
          "Where the resource is to be found instead", HFILL}},
        {&hf_sync_token,
         {"Sync token", "multistatus.sync_token", FT_STRING, BASE_NONE, NULL, 0x0,
          "The state that this answer brings a client to (RFC 6578)", HFILL}},
        {&hf_hint,
         {"Hint", "multistatus.hint", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the status means here and what to look at next, with its source", HFILL}},
        {&hf_hint_source,
         {"Source", "multistatus.hint.source", FT_STRING, BASE_NONE, NULL, 0x0,
          "The specification or document that says so", HFILL}},
        {&hf_exchange,
         {"Exchange", "multistatus.exchange", FT_NONE, BASE_NONE, NULL, 0x0,
          "The request and the response, and the two sides", HFILL}},
        {&hf_ok,
         {"Resources that are ok", "multistatus.ok", FT_NONE, BASE_NONE, NULL, 0x0,
          "Resources that are ok, where there are many", HFILL}},
        {&hf_lock_in,
         {"Lock taken in frame", "multistatus.lock_in", FT_FRAMENUM, BASE_NONE, NULL, 0x0,
          "The frame of the LOCK that took the lock in the way", HFILL}},
        {&hf_client,
         {"Client", "multistatus.client", FT_STRING, BASE_NONE, NULL, 0x0,
          "Address and port of the client", HFILL}},
        {&hf_client_product,
         {"Product", "multistatus.client.product", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the client calls itself (User-Agent)", HFILL}},
        {&hf_client_http,
         {"HTTP versions", "multistatus.client.http", FT_STRING, BASE_NONE, NULL, 0x0,
          "Versions of HTTP in which the client has been answered so far", HFILL}},
        {&hf_server,
         {"Server", "multistatus.server", FT_STRING, BASE_NONE, NULL, 0x0,
          "Address and port of the server", HFILL}},
        {&hf_server_product,
         {"Product", "multistatus.server.product", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the server calls itself (Server)", HFILL}},
        {&hf_server_http,
         {"HTTP versions", "multistatus.server.http", FT_STRING, BASE_NONE, NULL, 0x0,
          "Versions of HTTP in which the server has answered so far", HFILL}},
        {&hf_server_dav,
         {"Compliance classes", "multistatus.server.dav", FT_STRING, BASE_NONE, NULL, 0x0,
          "What the server announced in an answer to OPTIONS: for this resource, or the latest "
          "(DAV)",
          HFILL}},
        {&hf_server_allow,
         {"Allowed methods", "multistatus.server.allow", FT_STRING, BASE_NONE, NULL, 0x0,
          "Methods that the server announced: for this resource, or the latest (Allow)", HFILL}},
    };
    static gint *ett[] = {&ett_multistatus, &ett_response, &ett_propstat, &ett_property,
                          &ett_condition,   &ett_side,     &ett_verdict,  &ett_exchange,
                          &ett_ok,          &ett_hint,     &ett_hint_line};

    proto_multistatus = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    register_rules(proto);
    preferences_register(proto);
}
