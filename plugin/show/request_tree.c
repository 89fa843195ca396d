/* request_tree.c
 * The tree of one WebDAV request.
 *
 * Requests have a protocol of their own, multistatus_request: the filter "multistatus" means a
 * Multi-Status body or a 207 and nothing else, and colours, statistics and the command's records
 * rest on that. A request is drawn whatever the answer is, because the first pass cannot know it.
 *
 * RFC 4918 sections 9 and 10, RFC 3253 section 3.6, RFC 3744 section 8.1, RFC 4791 sections 5.3 and
 * 7, RFC 5323 section 5, RFC 6352 section 8, RFC 6578 section 3, RFC 7240.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "request_tree.h"

#include <epan/expert.h>

#include "history.h"
#include "href.h"
#include "label.h"
#include "names.h"
#include "request.h"
#include "rules.h"
#include "tree.h"

/* Names and hrefs drawn of one request. */
#define ITEMS 20000

/* Bytes for what is appended to the number of the frame of a lock. */
#define LOCK_MOST 180u

static int proto_request = -1;

static int hf_method = -1;
static int hf_uri = -1;
static int hf_response_in = -1;
static int hf_lock_in = -1;
static int hf_depth = -1;
static int hf_prefer = -1;
static int hf_brief = -1;
static int hf_overwrite = -1;
static int hf_destination = -1;
static int hf_if = -1;
static int hf_timeout = -1;
static int hf_lock_token = -1;
static int hf_dav = -1;
static int hf_body = -1;
static int hf_allprop = -1;
static int hf_propname = -1;
static int hf_property = -1;
static int hf_set = -1;
static int hf_remove = -1;
static int hf_href = -1;
static int hf_sync_token = -1;
static int hf_sync_level = -1;
static int hf_limit = -1;
static int hf_lock_scope = -1;
static int hf_lock_type = -1;
static int hf_lock_owner = -1;
static int hf_principal = -1;
static int hf_granted = -1;
static int hf_denied = -1;

static gint ett_request = -1;

static expert_field ei_not_announced = EI_INIT;
static expert_field ei_report_not_207 = EI_INIT;
static expert_field ei_malformed = EI_INIT;
static expert_field ei_not_all = EI_INIT;

bool request_tree_enabled(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_request));
}

/* ---- header ---- */

static proto_item *add_generated(proto_tree *tree, tvbuff_t *tvb, int field, const char *text)
{
    proto_item *item = label_add_string(tree, field, tvb, 0, 0, text, LABEL_MOST);

    proto_item_set_generated(item);
    return item;
}

/* What became of it, as far as that is already known. */
static void add_answer(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const exchange *of)
{
    if (of->frame != 0) {
        proto_item *item = proto_tree_add_uint(tree, hf_response_in, tvb, 0, 0, of->frame);

        proto_item_set_generated(item);
        proto_item_append_text(item, " (%d)", of->http_status);
    }
    if (of->blocking) {
        proto_item *item =
            proto_tree_add_uint(tree, hf_lock_in, tvb, 0, 0, of->blocking->known.frame);

        proto_item_set_generated(item);
        label_append(item, ". ", tree_lock_words(pinfo->pool, of->blocking), LOCK_MOST);
    }
}

/* HTTP's own tree shows where the bytes of these are. */
static void add_header(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const exchange *of)
{
    const struct {
        int field;
        const char *text;
    } lines[] = {
        {hf_method, of->method},
        {hf_uri, of->uri},
        {hf_depth, of->request_fields[HTTP_DEPTH]},
        {hf_destination, of->request_fields[HTTP_DESTINATION]},
        {hf_overwrite, of->request_fields[HTTP_OVERWRITE]},
        {hf_if, of->request_fields[HTTP_IF]},
        {hf_lock_token, of->request_fields[HTTP_LOCK_TOKEN]},
        {hf_timeout, of->request_fields[HTTP_TIMEOUT]},
        {hf_prefer, of->request_fields[HTTP_PREFER]},
        {hf_brief, of->request_fields[HTTP_BRIEF]},
        {hf_dav, of->request_fields[HTTP_DAV]},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i].text)
            add_generated(tree, tvb, lines[i].field, lines[i].text);
    }
    add_answer(tree, tvb, pinfo, of);
}

/* ---- body ---- */

static void add_text(proto_tree *tree, tvbuff_t *tvb, int field, const ms_text *text)
{
    int offset, length;

    if (!text->text)
        return;
    tree_place(tvb, text->span, &offset, &length);
    label_add_string(tree, field, tvb, offset, length, text->text, LABEL_MOST);
}

static void add_list(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int field,
                     const ms_text *list, uint32_t count)
{
    for (uint32_t i = 0; i < MIN(count, ITEMS); i++)
        add_text(tree, tvb, field, &list[i]);
    if (count > ITEMS)
        proto_tree_add_expert_format(tree, pinfo, &ei_not_all, tvb, 0, 0, "%u more are not shown",
                                     count - ITEMS);
}

static void add_flag(proto_tree *tree, tvbuff_t *tvb, int field, bool is_set)
{
    if (is_set)
        proto_item_set_generated(proto_tree_add_boolean(tree, field, tvb, 0, 0, TRUE));
}

static void add_lists(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const ms_request *of)
{
    const struct {
        int field;
        const ms_text *list;
        uint32_t count;
    } lists[] = {
        {hf_property, of->properties, of->n_properties},
        {hf_set, of->set, of->n_set},
        {hf_remove, of->remove, of->n_remove},
        {hf_href, of->hrefs, of->n_hrefs},
        {hf_principal, of->principals, of->n_principals},
        {hf_granted, of->granted, of->n_granted},
        {hf_denied, of->denied, of->n_denied},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        add_list(tree, tvb, pinfo, lists[i].field, lists[i].list, lists[i].count);
}

static void add_body(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const ms_request *of)
{
    int offset, length;

    tree_place(tvb, of->span, &offset, &length);
    if (of->present)
        label_add_string(tree, hf_body, tvb, offset, length, of->root, LABEL_MOST);
    add_flag(tree, tvb, hf_allprop, of->allprop);
    add_flag(tree, tvb, hf_propname, of->propname);
    add_lists(tree, tvb, pinfo, of);
    add_text(tree, tvb, hf_sync_token, &of->sync_token);
    add_text(tree, tvb, hf_sync_level, &of->sync_level);
    if (of->has_limit)
        proto_item_set_generated(proto_tree_add_uint(tree, hf_limit, tvb, 0, 0, of->limit));
    add_text(tree, tvb, hf_lock_scope, &of->lock_scope);
    add_text(tree, tvb, hf_lock_type, &of->lock_type);
    add_text(tree, tvb, hf_lock_owner, &of->lock_owner);
    if (!of->well_formed)
        proto_tree_add_expert(tree, pinfo, &ei_malformed, tvb, 0, -1);
    if (of->truncated)
        proto_tree_add_expert_format(tree, pinfo, &ei_not_all, tvb, 0, 0,
                                     "A limit was reached: the request asks for more than this");
}

/* ---- all of it ---- */

/* "2 properties", "all properties", "14 hrefs": what a person wants to know first. */
static const char *summary(packet_info *pinfo, const ms_request *of)
{
    const struct {
        const char *verb, *one, *many;
        uint32_t count;
    } counts[] = {
        {"", "property", "properties", of->n_properties},
        {"", "href", "hrefs", of->n_hrefs},
        {"sets ", "property", "properties", of->n_set},
        {"removes ", "property", "properties", of->n_remove},
        {"grants ", "privilege", "privileges", of->n_granted},
        {"denies ", "privilege", "privileges", of->n_denied},
    };
    wmem_strbuf_t *text = wmem_strbuf_new(pinfo->pool, "");

    if (of->allprop)
        wmem_strbuf_append(text, ", all properties");
    if (of->propname)
        wmem_strbuf_append(text, ", names of all properties");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        if (counts[i].count > 0)
            wmem_strbuf_append_printf(text, ", %s%u %s", counts[i].verb, counts[i].count,
                                      counts[i].count == 1 ? counts[i].one : counts[i].many);
    }
    return wmem_strbuf_finalize(text);
}

static const char *title(packet_info *pinfo, const exchange *of, bool has_body)
{
    enum { WORD_MOST = 50, URI_MOST = 120 };
    const char *depth = label_text(pinfo->pool, of->request_fields[HTTP_DEPTH], WORD_MOST);
    char *uri = ms_href_readable(of->uri ? of->uri : "");
    char *report = of->report ? ms_short_name(of->report) : NULL;
    const char *made = wmem_strdup_printf(
        pinfo->pool, "WebDAV Request, %s %s%s%s%s%s%s",
        label_text(pinfo->pool, of->method, WORD_MOST), label_text(pinfo->pool, uri, URI_MOST),
        report ? ", " : "", report ? label_text(pinfo->pool, report, WORD_MOST) : "",
        depth ? ", Depth " : "", depth ? depth : "",
        has_body && of->request ? summary(pinfo, of->request) : "");

    g_free(report);
    g_free(uri);
    return made;
}

void request_tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const exchange *of,
                       bool has_body)
{
    proto_item *top = proto_tree_add_protocol_format(tree, proto_request, tvb, 0, -1, "%s",
                                                     title(pinfo, of, has_body));
    proto_tree *subtree = proto_item_add_subtree(top, ett_request);

    add_header(subtree, tvb, pinfo, of);
    if (has_body && of->request)
        add_body(subtree, tvb, pinfo, of->request);
    if (of->unannounced)
        expert_add_info_format(pinfo, top, &ei_not_announced, "%s",
                               label_message(pinfo, of->unannounced));
    if (ms_report_lacks_207(of->method, of->report, of->request_fields[HTTP_DEPTH],
                            of->http_status))
        expert_add_info_format(pinfo, top, &ei_report_not_207,
                               "The answer to a REPORT with Depth is not a 207, but a %d",
                               of->http_status);
}

/* ---- registration ---- */

void request_tree_register(void)
{
    static hf_register_info hf[] = {
        {&hf_method,
         {"Method", "multistatus_request.method", FT_STRING, BASE_NONE, NULL, 0x0,
          "Method of the request", HFILL}},
        {&hf_uri,
         {"Request-URI", "multistatus_request.uri", FT_STRING, BASE_NONE, NULL, 0x0,
          "Request-URI as sent", HFILL}},
        {&hf_response_in,
         {"Response in frame", "multistatus_request.response_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0x0,
          "The frame of the answer; known once the whole capture has been read", HFILL}},
        {&hf_lock_in,
         {"Lock taken in frame", "multistatus_request.lock_in", FT_FRAMENUM, BASE_NONE, NULL, 0x0,
          "The frame of the LOCK that was in the way, if the answer is a 423; known once the "
          "whole capture has been read",
          HFILL}},
        {&hf_depth,
         {"Depth", "multistatus_request.depth", FT_STRING, BASE_NONE, NULL, 0x0,
          "Depth header field", HFILL}},
        {&hf_prefer,
         {"Prefer", "multistatus_request.prefer", FT_STRING, BASE_NONE, NULL, 0x0,
          "Prefer header field", HFILL}},
        {&hf_brief,
         {"Brief", "multistatus_request.brief", FT_STRING, BASE_NONE, NULL, 0x0,
          "Brief header field", HFILL}},
        {&hf_overwrite,
         {"Overwrite", "multistatus_request.overwrite", FT_STRING, BASE_NONE, NULL, 0x0,
          "Overwrite header field", HFILL}},
        {&hf_destination,
         {"Destination", "multistatus_request.destination", FT_STRING, BASE_NONE, NULL, 0x0,
          "Destination header field", HFILL}},
        {&hf_if,
         {"If", "multistatus_request.if", FT_STRING, BASE_NONE, NULL, 0x0, "If header field",
          HFILL}},
        {&hf_timeout,
         {"Timeout", "multistatus_request.timeout", FT_STRING, BASE_NONE, NULL, 0x0,
          "Timeout header field", HFILL}},
        {&hf_lock_token,
         {"Lock-Token", "multistatus_request.lock_token", FT_STRING, BASE_NONE, NULL, 0x0,
          "Lock-Token header field", HFILL}},
        {&hf_dav,
         {"DAV", "multistatus_request.dav", FT_STRING, BASE_NONE, NULL, 0x0,
          "DAV header field: what the client understands", HFILL}},
        {&hf_body,
         {"Body", "multistatus_request.body", FT_STRING, BASE_NONE, NULL, 0x0,
          "Root element of the body, as {namespace}name", HFILL}},
        {&hf_allprop,
         {"All properties", "multistatus_request.allprop", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "The body asks for all properties", HFILL}},
        {&hf_propname,
         {"Names of properties", "multistatus_request.propname", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "The body asks for the names of all properties", HFILL}},
        {&hf_property,
         {"Property", "multistatus_request.property", FT_STRING, BASE_NONE, NULL, 0x0,
          "A property that is asked for, as {namespace}name", HFILL}},
        {&hf_set,
         {"Set", "multistatus_request.set", FT_STRING, BASE_NONE, NULL, 0x0,
          "A property that is to be set", HFILL}},
        {&hf_remove,
         {"Remove", "multistatus_request.remove", FT_STRING, BASE_NONE, NULL, 0x0,
          "A property that is to be removed", HFILL}},
        {&hf_href,
         {"Href", "multistatus_request.href", FT_STRING, BASE_NONE, NULL, 0x0,
          "A resource that is asked for (multiget), or the scope of a search", HFILL}},
        {&hf_sync_token,
         {"Sync token", "multistatus_request.sync_token", FT_STRING, BASE_NONE, NULL, 0x0,
          "The state that the client has; empty for an initial synchronisation", HFILL}},
        {&hf_sync_level,
         {"Sync level", "multistatus_request.sync_level", FT_STRING, BASE_NONE, NULL, 0x0,
          "1 or infinite", HFILL}},
        {&hf_limit,
         {"Limit", "multistatus_request.limit", FT_UINT32, BASE_DEC, NULL, 0x0,
          "The most results that the client wants", HFILL}},
        {&hf_lock_scope,
         {"Lock scope", "multistatus_request.lock_scope", FT_STRING, BASE_NONE, NULL, 0x0,
          "exclusive or shared", HFILL}},
        {&hf_lock_type,
         {"Lock type", "multistatus_request.lock_type", FT_STRING, BASE_NONE, NULL, 0x0, "write",
          HFILL}},
        {&hf_lock_owner,
         {"Lock owner", "multistatus_request.lock_owner", FT_STRING, BASE_NONE, NULL, 0x0,
          "Who will hold the lock", HFILL}},
        {&hf_principal,
         {"Principal", "multistatus_request.principal", FT_STRING, BASE_NONE, NULL, 0x0,
          "Whom an access control entry is about: an href, or a name as {namespace}name", HFILL}},
        {&hf_granted,
         {"Granted privilege", "multistatus_request.granted", FT_STRING, BASE_NONE, NULL, 0x0,
          "A privilege that is granted", HFILL}},
        {&hf_denied,
         {"Denied privilege", "multistatus_request.denied", FT_STRING, BASE_NONE, NULL, 0x0,
          "A privilege that is denied", HFILL}},
    };
    static gint *ett[] = {&ett_request};
    static ei_register_info ei[] = {
        {&ei_not_announced,
         {"multistatus_request.not_announced", PI_PROTOCOL, PI_NOTE,
          "The request needs what the server did not announce", EXPFILL}},
        {&ei_report_not_207,
         {"multistatus_request.report_not_207", PI_PROTOCOL, PI_NOTE,
          "A REPORT with Depth is not answered with 207", EXPFILL}},
        {&ei_malformed,
         {"multistatus_request.malformed", PI_MALFORMED, PI_WARN,
          "The body of the request is not well-formed XML", EXPFILL}},
        {&ei_not_all,
         {"multistatus_request.not_all", PI_UNDECODED, PI_NOTE,
          "Not everything that the request asks for is shown", EXPFILL}},
    };

    proto_request =
        proto_register_protocol("WebDAV Request", "WebDAV-Request", "multistatus_request");
    proto_register_field_array(proto_request, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_request), ei, array_length(ei));
}
