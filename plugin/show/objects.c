/* objects.c
 * Exporting bodies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "objects.h"

#include <string.h>

#include <epan/export_object.h>
#include <epan/tap.h>

/* Registration. */
static int objects_tap = -1;

typedef struct {
    const multistatus_record *record;
    tvbuff_t *body;
} object;

/* "frame-96-LOCK-lk.xml": where the body was, what was asked for, and of what. The names of files
 * are cleaned by Wireshark. */
static char *file_name(uint32_t frame, const multistatus_record *record)
{
    const exchange *of = record->exchange;
    const char *format = ms_format_name(record->document->format);
    char *path = g_strndup(of->uri ? of->uri : "", of->uri ? strcspn(of->uri, "?#") : 0);

    while (*path && g_str_has_suffix(path, "/"))
        path[strlen(path) - 1] = '\0';
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    char *name = g_strdup_printf("frame-%u%s%s%s%s.%s", frame, of->method ? "-" : "",
                                 of->method ? of->method : "", *last ? "-" : "", last,
                                 format ? format : "xml");

    g_free(path);
    return name;
}

static tap_packet_status export_object(void *data, packet_info *pinfo, epan_dissect_t *edt,
                                       const void *tapped, tap_flags_t flags)
{
    export_object_list_t *list = (export_object_list_t *)data;
    const object *of = (const object *)tapped;
    const char *const *request = of->record->exchange->request_fields;
    const char *const *response = of->record->exchange->response_fields;
    export_object_entry_t *entry = g_new0(export_object_entry_t, 1);

    (void)edt;
    (void)flags;
    entry->pkt_num = pinfo->num;
    entry->hostname = g_strdup(request[HTTP_HOST]);
    entry->content_type = g_strdup(response[HTTP_CONTENT_TYPE]);
    entry->filename = file_name(pinfo->num, of->record);
    entry->payload_len = tvb_captured_length(of->body);
    entry->payload_data = (uint8_t *)g_malloc(entry->payload_len);
    tvb_memcpy(of->body, entry->payload_data, 0, entry->payload_len);
    list->add_entry(list->gui_data, entry);
    return TAP_PACKET_REDRAW;
}

void objects_register(int proto)
{
    objects_tap = register_export_object(proto, export_object, NULL);
}

void objects_offer(tvbuff_t *body, packet_info *pinfo, const multistatus_record *record)
{
    if (!have_tap_listener(objects_tap) || tvb_captured_length(body) == 0)
        return;
    object *made = wmem_new(pinfo->pool, object);

    *made = (object){record, body};
    tap_queue_packet(objects_tap, pinfo, made);
}
