/* decode_as.c
 * Decode as.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "decode_as.h"

#include <string.h>

#include "libraries.h"
#include <epan/ftypes/ftypes.h>
#include <epan/packet.h>

#include "diagnostics.h"

/* The parts of a rule, each without outer white space. */
typedef struct {
    char *layer;
    char *selector; /* NULL for a layer that has none: "ber.syntax,proto" */
    char *protocol;
} rule_parts;

typedef struct {
    uint32_t first, last;
} selector_range;

static bool split_rule(const char *rule, rule_parts *parts)
{
    const char *comma = strrchr(rule, ',');
    const char *equals = strchr(rule, '=');

    if (!comma || comma[1] == '\0' || (equals && equals > comma))
        return false;
    parts->protocol = g_strstrip(g_strdup(comma + 1));
    parts->layer = g_strstrip(g_strndup(rule, (gsize)((equals ? equals : comma) - rule)));
    if (equals) {
        const char *start = equals + (equals[1] == '=' ? 2 : 1);

        parts->selector = g_strstrip(g_strndup(start, (gsize)(comma - start)));
    }
    return *parts->layer && *parts->protocol;
}

static void clear_parts(rule_parts *parts)
{
    g_free(parts->layer);
    g_free(parts->selector);
    g_free(parts->protocol);
}

static bool read_number(const char *text, char **end, uint32_t *number)
{
    guint64 value;

    if (!g_ascii_isdigit(*text))
        return false;
    value = g_ascii_strtoull(text, end, 0);
    *number = (uint32_t)value;
    return value <= UINT32_MAX;
}

/* "8000", "8000-8010" or, a number of them, "8000:11". */
static bool read_range(const char *text, selector_range *range)
{
    char *end;
    uint32_t second;

    if (!text || !read_number(text, &end, &range->first))
        return false;
    range->last = range->first;
    if (*end == '\0')
        return true;
    char kind = *end;

    if ((kind != '-' && kind != ':') || !read_number(end + 1, &end, &second) || *end != '\0')
        return false;
    if (kind == ':') {
        if (second == 0 || second - 1 > UINT32_MAX - range->first)
            return false;
        second = range->first + (second - 1);
    }
    range->last = second;
    return range->last >= range->first;
}

typedef struct {
    const char *name;
    dissector_handle_t handle;
} handle_search;

static void match_handle(const char *table, gpointer value, gpointer data)
{
    dissector_handle_t handle = value;
    handle_search *search = data;
    int protocol = dissector_handle_get_protocol_index(handle);

    (void)table;
    if (!search->handle && protocol != -1 &&
        strcmp(proto_get_protocol_filter_name(protocol), search->name) == 0)
        search->handle = handle;
}

static dissector_handle_t find_handle(const rule_parts *parts)
{
    /* "ssl" is still understood for "tls". */
    const header_field_info *alias = proto_registrar_get_byalias(parts->protocol);
    handle_search search = {alias ? alias->abbrev : parts->protocol, NULL};

    dissector_table_foreach_handle(parts->layer, match_handle, &search);
    return search.handle;
}

static bool complain_protocol(const char *rule, const rule_parts *parts)
{
    if (proto_get_id_by_filter_name(parts->protocol) == -1)
        complain("-d %s: there is no protocol \"%s\". \"tshark -G protocols\" lists them.", rule,
                 parts->protocol);
    else
        complain("-d %s: the protocol \"%s\" does not fit the layer \"%s\".", rule, parts->protocol,
                 parts->layer);
    return false;
}

static bool apply_numbers(const char *rule, const rule_parts *parts, dissector_handle_t handle)
{
    selector_range range;

    if (!read_range(parts->selector, &range)) {
        complain("-d %s: \"%s\" is neither a number nor a range such as 8000-8010.", rule,
                 parts->selector ? parts->selector : "");
        return false;
    }
    for (uint64_t i = range.first; i <= range.last; i++)
        dissector_change_uint(parts->layer, (uint32_t)i, handle);
    return true;
}

static bool apply_rule(const char *rule, const rule_parts *parts)
{
    if (!find_dissector_table(parts->layer)) {
        complain("-d %s: there is no layer \"%s\". \"tshark -d .\" lists them.", rule,
                 parts->layer);
        return false;
    }
    dissector_handle_t handle = find_handle(parts);

    if (!handle)
        return complain_protocol(rule, parts);
    switch (get_dissector_table_selector_type(parts->layer)) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
        return apply_numbers(rule, parts, handle);
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
        dissector_change_string(parts->layer, parts->selector ? parts->selector : "", handle);
        return true;
    case FT_NONE:
        dissector_change_payload(parts->layer, handle);
        return true;
    default:
        complain("-d %s: the layer \"%s\" cannot be used here.", rule, parts->layer);
        return false;
    }
}

bool decode_as(const char *rule)
{
    rule_parts parts = {NULL, NULL, NULL};
    bool ok = split_rule(rule, &parts);

    if (ok)
        ok = apply_rule(rule, &parts);
    else
        complain("-d %s: not of the form LAYER==SELECTOR,PROTOCOL, for example "
                 "tcp.port==8000-8010,http.",
                 rule);
    clear_parts(&parts);
    return ok;
}
