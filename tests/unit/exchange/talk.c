/* talk.c
 * What the unit tests of exchange/ share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "talk.h"

#include <string.h>

#include "http1.h"
#include "limit_table.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

talk talk_begin(void)
{
    return (talk){.capture = history_begin(),
                  .now = {.time = {1000, 0}, .stream = 0},
                  .client = "10.0.0.2:50000",
                  .server = "10.0.0.1:80"};
}

void talk_end(talk *of)
{
    history_end(of->capture);
    arena_clear(&of->memory);
}

http_header talk_header(talk *in, const char *lines)
{
    char **each = g_strsplit(lines, "\n", -1);
    char *joined = g_strjoinv("\r\n", each);
    char *text = g_strconcat(joined, "\r\n\r\n", NULL);
    http_header header;

    g_assert_true(http1_is_header(text, strlen(text), false));
    g_assert_true(http1_parse(&in->memory, text, strlen(text), &header));
    g_strfreev(each);
    g_free(joined);
    g_free(text);
    return header;
}

const sighting *talk_see(talk *in, bool request)
{
    in->now.frame++;
    in->now.time.seconds++;
    in->now.sender = request ? in->client : in->server;
    in->now.receiver = request ? in->server : in->client;
    return &in->now;
}

exchange *talk_ask(talk *in, const char *lines, const char *body)
{
    http_header header = talk_header(in, lines);
    const sighting *seen = talk_see(in, true);
    exchange *made = exchange_new(in->capture, seen);

    if (!header.fields[HTTP_HOST])
        header.fields[HTTP_HOST] = "dav.example";
    exchange_set_request(made, seen, &header);
    made->unannounced = sides_unannounced(made, body != NULL);
    if (body)
        exchange_read_request(made, body, strlen(body));
    return made;
}

void talk_answer(talk *in, exchange *of, const char *lines, const char *body)
{
    http_header header = talk_header(in, lines);

    exchange_set_response(of, talk_see(in, false), &header);
    of->complete = of->delivered = true;
    history_answered(of, (const uint8_t *)body, body ? strlen(body) : 0);
}

ms_document *talk_multistatus(talk *in, exchange *of, const char *rows)
{
    talk_answer(in, of, "HTTP/1.1 207 Multi-Status\nContent-Type: application/xml", NULL);
    char *body = g_strconcat("<D:multistatus xmlns:D=\"DAV:\">", rows, "</D:multistatus>", NULL);
    ms_limits limits = ms_limits_in_force(NULL);
    ms_context context = exchange_context(of, &limits, false);
    ms_document *document = ms_decode(body, strlen(body), &context);

    history_judge(of, document);
    history_add_findings(of, document);
    g_free(body);
    return document;
}

const char *talk_finding(const ms_document *document, const char *rule)
{
    for (uint32_t i = 0; i < document->n_findings; i++) {
        if (strcmp(document->findings[i].rule->id, rule) == 0)
            return document->findings[i].message;
    }
    return NULL;
}
