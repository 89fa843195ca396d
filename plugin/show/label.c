/* label.c
 * Text from the wire on its way into what a person reads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "label.h"

#include <string.h>

#include "visible.h"

const char *label_text(wmem_allocator_t *pool, const char *text, size_t most)
{
    if (!text || ms_is_visible(text, most))
        return text;
    GString *made = g_string_new(NULL);

    ms_append_visible(made, text, most);
    const char *kept = wmem_strdup(pool, made->str);

    g_string_free(made, TRUE);
    return kept;
}

const char *label_message(const packet_info *pinfo, const char *text)
{
    return label_text(pinfo->pool, text, MESSAGE_MOST);
}

/* Will anybody see labels? If not, they are not worth the work. */
static bool is_drawn(const proto_node *node)
{
    return node && PTREE_DATA(node)->visible;
}

/* Bytes for which the label of a field has room after "name: ". */
static size_t room_behind_name(int field)
{
    size_t name = strlen(proto_registrar_get_nth((unsigned)field)->name) + strlen(": ");

    return name < LABEL_MOST ? LABEL_MOST - name : 0;
}

proto_item *label_add_string(proto_tree *tree, int field, tvbuff_t *tvb, int offset, int length,
                             const char *text, size_t most)
{
    const size_t room = MIN(most, room_behind_name(field));

    /* What is not drawn is not formatted either. */
    const char *label = !is_drawn(tree) || ms_is_visible(text, room)
                            ? text
                            : label_text(PNODE_POOL(tree), text, room);

    return proto_tree_add_string_format_value(tree, field, tvb, offset, length, text, "%s", label);
}

size_t label_left(int field, const char *text, size_t most)
{
    const size_t room = room_behind_name(field);
    const size_t share = MIN(most, room);

    /* Escapes are longer than what they represent. */
    return room - (ms_is_visible(text, share) ? strlen(text) : share);
}

void label_append(proto_item *item, const char *before, const char *text, size_t left)
{
    if (is_drawn(item))
        proto_item_append_text(
            item, "%s%s", before,
            label_text(PNODE_POOL(item), text, left - MIN(left, strlen(before))));
}
