/* resources.c
 * A table of all resources over the tap: one row for each combination of href, method, status and
 * outcome, with how often and where it occurred.
 *
 * Ownership: the texts of a row belong to its items; Wireshark asks us to free them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "resources.h"

#include <string.h>

#include <glib.h>

#include <epan/stat_tap_ui.h>

#include "compat.h"
#include "href.h"
#include "label.h"
#include "multistatus-tap.h"
#include "status.h"

#define TITLE "Multi-Status Resources"

/* Failures have their own share of the rows, and so has everything else. What does not fit is
 * counted in one row. With the bound on the length of a text, the table needs some megabytes at
 * most. */
#define MOST_ROWS 10000u

enum { HREF, METHOD, STATUS, OUTCOME, COUNT, FIRST, LAST, COLUMNS };

/* Registration. Wireshark keeps the tables of a statistic with it; the index of rows is kept
 * alongside. */
static struct {
    GHashTable *rows; /* "href\nmethod\nstatus\noutcome" to the number of its row */
    unsigned failures, others;
} known;

static void forget_rows(void)
{
    if (known.rows)
        g_hash_table_destroy(known.rows);
    known.rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    known.failures = known.others = 0;
}

static stat_tap_table_item_type text_item(const char *text)
{
    char *kept = g_strdup(text);
    stat_tap_table_item_type item = {.type = TABLE_ITEM_STRING};

    item.value.string_value = kept;
    item.user_data.ptr_value = kept;
    return item;
}

static stat_tap_table_item_type number_item(unsigned number)
{
    stat_tap_table_item_type item = {.type = TABLE_ITEM_UINT};

    item.value.uint_value = number;
    return item;
}

static void free_item(stat_tap_table *table, unsigned row, unsigned column,
                      stat_tap_table_item_type *item)
{
    (void)table;
    (void)row;
    (void)column;
    g_free(item->user_data.ptr_value);
    item->user_data.ptr_value = NULL;
}

/* Empties the table; its rows will be counted again. */
static void reset(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned column = 0; column < table->num_fields; column++)
            free_item(table, row, column, stat_tap_get_field_data(table, row, column));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
    forget_rows();
}

static void start(stat_tap_table_ui *ui)
{
    stat_tap_table *table = stat_tap_find_table(ui, TITLE);

    if (table)
        reset(table);
    else
        stat_tap_add_table(ui, stat_tap_init_table(TITLE, COLUMNS, 0, NULL));
    forget_rows();
}

static void add_row(stat_tap_table *table, char *const texts[COUNT], uint32_t frame)
{
    stat_tap_table_item_type items[COLUMNS];

    for (unsigned column = HREF; column < COUNT; column++)
        items[column] = text_item(texts[column]);
    items[COUNT] = number_item(1);
    items[FIRST] = items[LAST] = number_item(frame);
    stat_tap_init_table_row(table, table->num_elements, COLUMNS, items);
}

static void count_again(stat_tap_table *table, unsigned row, uint32_t frame)
{
    stat_tap_get_field_data(table, row, COUNT)->value.uint_value++;
    stat_tap_get_field_data(table, row, LAST)->value.uint_value = frame;
}

/* Is there a row left for another resource with this outcome? */
static bool takes_row(ms_outcome outcome)
{
    unsigned *rows = ms_outcome_is_failure(outcome) ? &known.failures : &known.others;

    return *rows < MOST_ROWS && ++*rows > 0;
}

/* Counts what the texts say in the row that has them.
 * @return false if there is none, and none is to be made */
static bool count_texts(stat_tap_table *table, char *const texts[COUNT], uint32_t frame,
                        bool any_row, ms_outcome outcome)
{
    char *key = g_strjoin("\n", texts[HREF], texts[METHOD], texts[STATUS], texts[OUTCOME], NULL);
    gpointer row;

    if (g_hash_table_lookup_extended(known.rows, key, NULL, &row)) {
        count_again(table, GPOINTER_TO_UINT(row), frame);
    } else if (any_row || takes_row(outcome)) {
        add_row(table, texts, frame);
        g_hash_table_insert(known.rows, key, GUINT_TO_POINTER(table->num_elements - 1));
        return true;
    } else {
        g_free(key);
        return false;
    }
    g_free(key);
    return true;
}

static char *fit(packet_info *pinfo, const char *text)
{
    return g_strdup(label_text(pinfo->pool, text, STATISTICS_MOST));
}

static char *href_text(packet_info *pinfo, const ms_document *document, const ms_response *response)
{
    if (response->hrefs.count == 0)
        return g_strdup("(no href)");
    char *readable = ms_href_readable(document->hrefs[response->hrefs.first].text);
    char *made = fit(pinfo, readable);

    g_free(readable);
    return made;
}

static char *status_text(packet_info *pinfo, const ms_response *response)
{
    const char *reason = response->code > 0 ? ms_status_reason(response->code) : response->reason;

    if (response->code <= 0)
        return fit(pinfo, reason ? reason : "none");
    return reason ? g_strdup_printf("%d %s", response->code, reason)
                  : g_strdup_printf("%d", response->code);
}

static void count_response(stat_tap_table *table, packet_info *pinfo,
                           const multistatus_record *record, const ms_response *response)
{
    const char *method = record->exchange->method ? record->exchange->method : "(no request)";
    const char *outcome = ms_outcome_name(response->outcome);
    char *texts[COUNT] = {[HREF] = href_text(pinfo, record->document, response),
                          [METHOD] = fit(pinfo, method),
                          [STATUS] = status_text(pinfo, response),
                          [OUTCOME] = g_strdup(outcome)};
    char *rest[COUNT] = {"(more resources)", "", "", texts[OUTCOME]};
    uint32_t frame = record->exchange->frame;

    if (!count_texts(table, texts, frame, false, response->outcome))
        count_texts(table, rest, frame, true, response->outcome);
    for (unsigned column = HREF; column < COUNT; column++)
        g_free(texts[column]);
}

static tap_packet_status count_record(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                      const void *tapped, tap_flags_t flags)
{
    const stat_data_t *statistic = (const stat_data_t *)data;
    const multistatus_record *record = (const multistatus_record *)tapped;
    stat_tap_table *table = stat_tap_find_table(statistic->stat_tap_data, TITLE);

    (void)edt;
    (void)flags;
    for (uint32_t i = 0; table && i < record->document->n_responses; i++)
        count_response(table, pinfo, record, &record->document->responses[i]);
    return TAP_PACKET_REDRAW;
}

void resources_register(void)
{
    static stat_tap_table_item columns[] = {
        [HREF] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Resource", "%-50s"},
        [METHOD] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Method", "%-10s"},
        [STATUS] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Status", "%-22s"},
        [OUTCOME] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Outcome", "%-13s"},
        [COUNT] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Count", "%6u"},
        [FIRST] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "First frame", "%8u"},
        [LAST] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Last frame", "%8u"},
    };
    static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = TITLE,
        .tap_name = MULTISTATUS_TAP,
        .cli_string = "multistatus,resources",
        .stat_tap_init_cb = start,
        .packet_func = count_record,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMNS,
        .fields = columns,
        .nparams = G_N_ELEMENTS(parameters),
        .params = parameters,
    };

    register_stat_tap_table_ui(&ui);
}
