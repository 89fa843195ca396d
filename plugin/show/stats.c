/* stats.c
 * Statistics over the tap.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "stats.h"

#include <string.h>

#include <epan/stats_tree.h>

#include "compat.h"
#include "href.h"
#include "label.h"
#include "multistatus-tap.h"
#include "names.h"
#include "sides.h"
#include "status.h"
#include "unseen_branch.h"

#define VERDICTS "Bodies by verdict"
#define METHODS "Bodies by method"
#define OUTCOMES "Resources by outcome"
#define FAILING "Failing resources"
#define CONDITIONS "Conditions"
#define SERVERS "Servers"
#define CLIENTS "Clients"

static void start(stats_tree *tree)
{
    stats_tree_create_node(tree, VERDICTS, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, METHODS, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, OUTCOMES, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, FAILING, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, CONDITIONS, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, SERVERS, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, CLIENTS, 0, STAT_DT_INT, TRUE);
    unseen_branch_start(tree);
}

static const char *fit(packet_info *pinfo, const char *text)
{
    return label_text(pinfo->pool, text, STATISTICS_MOST);
}

/* Counts `child` below `name`, one of the nodes at the top, and `grandchild` below that. Child and
 * grandchild may be text from the wire. */
static void count(stats_tree *tree, packet_info *pinfo, const char *name, const char *child,
                  const char *grandchild)
{
    int top = tick_stat_node(tree, name, 0, TRUE);
    int node = tick_stat_node(tree, fit(pinfo, child), top, grandchild != NULL);

    if (grandchild)
        tick_stat_node(tree, fit(pinfo, grandchild), node, FALSE);
}

static const char *status_name(packet_info *pinfo, int code)
{
    const char *reason = ms_status_reason(code);

    if (code < 0)
        return "no readable status";
    return reason ? wmem_strdup_printf(pinfo->pool, "%d %s", code, reason)
                  : wmem_strdup_printf(pinfo->pool, "%d", code);
}

static void count_conditions(stats_tree *tree, packet_info *pinfo, const ms_document *document,
                             ms_range range)
{
    for (uint32_t i = range.first; i < range.first + range.count; i = document->conditions[i].end) {
        char *name = ms_short_name(document->conditions[i].name);

        count(tree, pinfo, CONDITIONS, name, NULL);
        g_free(name);
    }
}

static void count_response(stats_tree *tree, packet_info *pinfo, const ms_document *document,
                           const ms_response *response)
{
    const char *status = response->code == MS_STATUS_WORD ? response->status.line
                                                          : status_name(pinfo, response->code);

    count(tree, pinfo, OUTCOMES, ms_outcome_name(response->outcome), status);
    if (ms_outcome_is_failure(response->outcome) && response->hrefs.count > 0) {
        char *href = ms_href_readable(document->hrefs[response->hrefs.first].text);

        count(tree, pinfo, FAILING, href, status);
        g_free(href);
    }
    count_conditions(tree, pinfo, document, response->conditions);
    for (uint32_t i = 0; i < response->propstats.count; i++)
        count_conditions(tree, pinfo, document,
                         document->propstats[response->propstats.first + i].conditions);
}

/* "10.0.0.1:80 dav.example": with Host if it says more than the address. */
static char *server_name(const exchange *of)
{
    const char *host = of->request_fields[HTTP_HOST];
    size_t length = host ? strlen(host) : 0;

    if (of->server && host && g_str_has_prefix(of->server, host) &&
        (of->server[length] == ':' || of->server[length] == '\0'))
        return g_strdup(of->server);
    return sides_server_key(of);
}

/* "10.0.0.1:80 dav.example (Apache/2.4.62)". It takes the name of the side. */
static void count_side(stats_tree *tree, packet_info *pinfo, const char *top, char *key,
                       const char *product, const ms_document *document)
{
    const char *name = wmem_strdup_printf(pinfo->pool, "%s%s%s%s", key, product ? " (" : "",
                                          product ? product : "", product ? ")" : "");

    g_free(key);
    count(tree, pinfo, top, name, ms_verdict_name(document->verdict));
}

static void count_sides(stats_tree *tree, packet_info *pinfo, const exchange *of,
                        const ms_document *document)
{
    const char *server = of->response_fields[HTTP_SERVER];

    count_side(tree, pinfo, SERVERS, server_name(of),
               of->server_product ? of->server_product : server, document);
    count_side(tree, pinfo, CLIENTS, sides_client_key(of), of->request_fields[HTTP_USER_AGENT],
               document);
}

static tap_packet_status count_record(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt,
                                      const void *data, tap_flags_t flags)
{
    const multistatus_record *record = (const multistatus_record *)data;
    const ms_document *document = record->document;
    const char *method = record->exchange->method ? record->exchange->method : "(no request)";

    (void)edt;
    (void)flags;
    count(tree, pinfo, VERDICTS, ms_verdict_name(document->verdict), NULL);
    count(tree, pinfo, METHODS, method, ms_verdict_name(document->verdict));
    count_sides(tree, pinfo, record->exchange, document);
    unseen_branch_response(tree, record);
    for (uint32_t i = 0; i < document->n_responses; i++)
        count_response(tree, pinfo, document, &document->responses[i]);
    return TAP_PACKET_REDRAW;
}

void stats_register(void)
{
    stats_tree_register_plugin(MULTISTATUS_TAP, "multistatus", "HTTP" MENU_SEPARATOR "Multi-Status",
                               ST_SORT_COL_COUNT << ST_FLG_SRTCOL_SHIFT | ST_FLG_SORT_DESC,
                               count_record, start, unseen_branch_end);
}
