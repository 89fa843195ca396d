/* objects.c
 * Exporting bodies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "objects.h"

#include <string.h>

#include <epan/export_object.h>
#include <epan/tap.h>

#include "label.h"

/* Registration. */
static int objects_tap = -1;

typedef struct {
    const multistatus_record *record;
    tvbuff_t *body;
} object;

/* Bytes of foreign names in the list of objects and in file names. */
#define NAME_MOST 120u

/* A copy that may be freed with g_free(). */
static char *shown(packet_info *pinfo, const char *text)
{
    return g_strdup(label_text(pinfo->pool, text, NAME_MOST));
}

/* "frame-96-LOCK-lk.xml": where the body was, the method, and its resource. Wireshark replaces what
 * file systems do not accept. */
static char *file_name(packet_info *pinfo, const multistatus_record *record)
{
    const exchange *of = record->exchange;
    const char *format = ms_format_name(record->document->format);
    char *path = g_strndup(of->uri ? of->uri : "", of->uri ? strcspn(of->uri, "?#") : 0);
    size_t length = strlen(path);

    while (length > 0 && path[length - 1] == '/')
        path[--length] = '\0';
    const char *slash = strrchr(path, '/');
    const char *last = slash ? slash + 1 : path;
    char *name = g_strdup_printf("frame-%u%s%s%s%s.%s", pinfo->num, of->method ? "-" : "",
                                 of->method ? label_text(pinfo->pool, of->method, NAME_MOST) : "",
                                 *last ? "-" : "", label_text(pinfo->pool, last, NAME_MOST),
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
    entry->hostname = shown(pinfo, request[HTTP_HOST]);
    entry->content_type = shown(pinfo, response[HTTP_CONTENT_TYPE]);
    entry->filename = file_name(pinfo, of->record);
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
