/* batches_page.c
 * Prints docs/batches.md from the table of batches, or checks that a file is what it would print.
 *
 * Usage: multistatus-batches-page [--check FILE]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batches.h"
#include "page.h"

static const char introduction[] =
    "# Batches that do not say 207\n"
    "\n"
    "Many interfaces answer a batch with 200 and put what failed into the body, where nobody "
    "looks. "
    "These\n"
    "bodies are decoded like those of a 207: each row is a resource with an outcome, and the "
    "verdict "
    "is\n"
    "`success`, `partial` or `failure`. `multistatus.kind` and the record's `kind` name what it "
    "is; "
    "for\n"
    "others they are `dav`, `json` and `multipart`. `http_status` tells a 207 from the rest. This "
    "page "
    "is\n"
    "generated from the table in `decoder/batches/batch_table.c` (`multistatus-batches-page > "
    "docs/batches.md`).\n"
    "\n"
    "- A kind is recognised by two of three: its **request** (the end of the path, the field\n"
    "  `X-Amz-Target`, or a body with a query of GraphQL or calls of JSON-RPC), the **header** of "
    "the response (its media type, or a field), and the "
    "**shape** "
    "of\n"
    "  the body. Where the request is known to ask for something else, it is not that kind. Of a "
    "body\n"
    "  that is cut off or damaged, what there is must not speak against the shape, and one member "
    "that\n"
    "  the kind needs has to be there: what only might be one is none.\n"
    "  XML needs its root, and several parts need to be HTTP responses, whatever else is there.\n"
    "- `--batches` and the preference `multistatus.batches` say which are looked for: `auto`, "
    "which "
    "is the\n"
    "  default, `all`, where a shape that nobody else has (\xE2\x97\x86) does alone, or `off`.\n"
    "- Only answers with a status of success are batches; a 207 is read as "
    "[Multi-Status](json.md).\n"
    "- Rows are named by what the interface calls them, and by their place (`Records[3]`, from 0 "
    "on) where "
    "that\n"
    "  is all there is. The server's word for what went wrong is the condition, its text the "
    "description.\n"
    "- `application/json` tells nothing: kinds without another header need both their request and "
    "their shape.\n"
    "- Where only failures are listed, and what is not listed was done, the verdict is `partial`, "
    "and\n"
    "  `success` with no row at all. Where the capture holds the request, what it asked for is "
    "known: "
    "each that\n"
    "  is not listed is a row, which is ok (`not listed`) where only failures are answered, else "
    "`unknown`. That\n"
    "  takes a request of at most 2 MiB, none of whose names occurs twice, and an answer all of "
    "whose "
    "rows\n"
    "  are about something that was asked for.\n"
    "- Requests within a batch are called by their method and URI, if the capture holds them: "
    "matched by\n"
    "  Content-ID or `id`, else by their place, where the answer has as many. What signs a URI "
    "(`sig`) is left out.\n"
    "- Items of DynamoDB are named by their key (`boats/id=7`). Which attributes of an item that "
    "is put "
    "are its key,\n"
    "  no request says: those called `id`, `pk` or `sk` are taken, else two of them, by name.\n"
    "- A body in CBOR, or of which the rows cannot be found, is `undecoded`, one that is cut off "
    "or no JSON "
    "`malformed`.\n";

static void append_words(GString *line, const char *const *words, const char *before)
{
    for (; *words; words++)
        g_string_append_printf(line, "%s%s`%s`", line->len > 0 ? ", " : "", before, *words);
}

/* The caller frees it. */
static GString *request_words(const ms_batch *batch)
{
    GString *line = g_string_new(NULL);

    append_words(line, batch->request.paths, "path ends with ");
    append_words(line, batch->request.queries, "parameter ");
    append_words(line, batch->request.targets, "");
    if (batch->request.method)
        g_string_append_printf(line, " (%s)", batch->request.method);
    return line;
}

static GString *header_words(const ms_batch *batch)
{
    GString *line = g_string_new(NULL);

    append_words(line, batch->header.types, "");
    if (batch->header.product)
        g_string_append_printf(line, "%s`X-Elastic-Product: %s`", line->len > 0 ? ", " : "",
                               batch->header.product);
    if (line->len == 0)
        g_string_append(line, "(none)");
    return line;
}

static void append_kind(GString *page, const ms_batch *batch)
{
    GString *request = request_words(batch), *header = header_words(batch);

    g_string_append_printf(page,
                           "\n## `%s`\n\n"
                           "%s\n\n"
                           "| | |\n|---|---|\n"
                           "| request | %s |\n"
                           "| header | %s |\n"
                           "| shape%s | %s |\n"
                           "| a row failed if | %s |\n"
                           "| source | %s |\n",
                           batch->id, batch->title, request->len > 0 ? request->str : "any",
                           header->str, batch->shape.unique ? " \xE2\x97\x86" : "",
                           batch->shape.in_words, batch->fails_if, batch->source);
    g_string_free(request, TRUE);
    g_string_free(header, TRUE);
}

static char *make_page(void)
{
    GString *page = g_string_new(introduction);

    for (size_t i = 0; i < ms_batch_count; i++)
        append_kind(page, &ms_batches[i]);
    return g_string_free(page, FALSE);
}

int main(int argc, char **argv)
{
    char *page = make_page();
    int status = page_run(argc, argv, page, "batches");

    g_free(page);
    return status;
}
