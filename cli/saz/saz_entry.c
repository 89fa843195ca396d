/* saz_entry.c
 * An exchange of a SAZ file: messages as on the wire in, a saved entry out.
 *
 * Fiddler writes the whole URL into the request line. Other programs that write the format leave
 * codings in the header which they have undone: what the bytes are decides.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saz_entry.h"

#include <string.h>

#include "body.h"
#include "http1.h"

/* A message as it stands in a member; `head` is 0 if there is none. */
typedef struct {
    const uint8_t *bytes;
    size_t length;
    size_t head; /* bytes of its header */
} raw_message;

/* A header that is not there to its end is read as far as it goes. */
static raw_message message_in(const uint8_t *bytes, size_t length)
{
    size_t head = http1_header_length(bytes, length, 0);

    return (raw_message){bytes, length, head > 0 ? head : length};
}

/* False if it is none. */
static bool read_header(saved_entry *to, const raw_message *of, http_header *header)
{
    if (!http1_parse(&to->scope, (const char *)of->bytes, of->head, header))
        return false;
    const char *protocol = saved_protocol(header->protocol);

    header->protocol = protocol ? protocol : header->protocol;
    return true;
}

/* ------------------------------------------------------------------------------------ bodies ----
 */

/* Takes chunks off; false if there are none. */
static bool unchunk(const raw_message *of, const http_header *header, saved_body *to, bool *whole)
{
    const uint8_t *bytes = of->bytes + of->head;
    size_t length = of->length - of->head;
    body_reader reader = body_reader_of(header, false, length);

    body_reader_feed(&reader, bytes, length);
    bool chunks = !reader.broken || reader.body->len > 0;

    if (chunks) {
        *whole = reader.ended;
        *to = (saved_body){g_memdup2(reader.body->data, reader.body->len), reader.body->len, true};
        if (!to->bytes)
            to->bytes = g_malloc0(1);
    }
    body_reader_clear(&reader);
    return chunks;
}

/* Everything behind the header, or what its chunks hold.
 * @param missing  why that is not all; unchanged if it is */
static saved_body body_of(saved_entry *to, const raw_message *of, const http_header *header,
                          const char **missing)
{
    size_t length = of->length - of->head;
    saved_body body = {NULL, 0, true};
    bool whole = true;

    if (length > 0 && header->chunked && unchunk(of, header, &body, &whole)) {
        if (!whole)
            *missing = "its last chunk is not in the SAZ file";
        return body;
    }
    if (length > 0)
        body = (saved_body){g_memdup2(of->bytes + of->head, length), length, true};
    if (header->content_length > (int64_t)length)
        *missing = arena_print(&to->scope,
                               "%zu of %" G_GINT64_FORMAT " bytes (Content-Length) are in the SAZ "
                               "file",
                               length, header->content_length);
    return body;
}

/* -------------------------------------------------------------------------------- messages ---- */

static bool is_empty(const zip_member *of)
{
    return !of || of->bytes->len == 0;
}

static bool read_request(saved_entry *to, const zip_member *from)
{
    if (is_empty(from)) {
        to->unasked = "the SAZ file does not hold the request";
        return true;
    }
    raw_message of = message_in(from->bytes->data, from->bytes->len);
    const char *missing = NULL;

    if (!read_header(to, &of, &to->request) || !to->request.request)
        return false;
    saved_entry_set_url(to, to->request.uri);
    saved_body body = body_of(to, &of, &to->request, &missing);

    if (missing || from->partial)
        g_free(body.bytes);
    else
        to->asked = body;
    return true;
}

/* Behind the interim responses (RFC 9110 section 15.2), if there are any. */
static bool read_final_header(saved_entry *to, raw_message *of)
{
    bool read = read_header(to, of, &to->response) && !to->response.request;

    while (read && http_is_interim(to->response.status) && to->response.status != 101 &&
           of->head < of->length) {
        *of = message_in(of->bytes + of->head, of->length - of->head);
        read = read_header(to, of, &to->response) && !to->response.request;
    }
    return read;
}

/* RFC 9112 section 6.3. */
static bool has_no_body(const saved_entry *of)
{
    int status = of->response.status;

    return g_strcmp0(of->request.method, "HEAD") == 0 || status == 204 || status == 304 ||
           (g_strcmp0(of->request.method, "CONNECT") == 0 && status / 100 == 2);
}

static bool read_response(saved_entry *to, const zip_member *from)
{
    if (is_empty(from))
        return true;
    raw_message of = message_in(from->bytes->data, from->bytes->len);

    if (!read_final_header(to, &of))
        return false;
    to->answered = true;
    if (has_no_body(to))
        return true;
    to->body = body_of(to, &of, &to->response, &to->missing);
    if (from->partial)
        to->missing = "the member of the SAZ file is damaged, or not there to its end";
    return true;
}

/* ------------------------------------------------------------------------------------ entry ----
 */

bool saz_entry_read(void *source, uint32_t index, bool whole, saved_entry *to)
{
    const saz_session *from = &g_array_index((GArray *)source, saz_session, index);
    const zip_member *const *parts = from->parts;
    const zip_member *broken = NULL;

    if (!read_request(to, parts[SAZ_REQUEST]))
        broken = parts[SAZ_REQUEST];
    else if (whole && !read_response(to, parts[SAZ_RESPONSE]))
        broken = parts[SAZ_RESPONSE];
    if (broken) {
        to->wrong = g_strdup_printf("has a member that is no HTTP message: %s", broken->name);
        return false;
    }
    if (from->about.client && from->about.client_port)
        to->client = saved_entry_socket(to, from->about.client, from->about.client_port);
    to->server = saved_entry_socket(to, from->about.server, NULL);
    return !to->unasked || whole;
}
