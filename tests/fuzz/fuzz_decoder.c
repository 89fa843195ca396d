/* fuzz_decoder.c
 * A response body with its context, from its bytes to the findings.
 *
 * The input: eight bytes that choose the context (method, report, Request-URI, status,
 * Content-Type, headers, switches), two with the length of the request body, the request body, the
 * response body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "document.h"
#include "names.h"
#include "request.h"

#define CHOOSE(list, byte) ((list)[(byte) % G_N_ELEMENTS(list)])

static const char *const methods[] = {
    "PROPFIND", "PROPPATCH", "REPORT", "MKCOL",     "MKCALENDAR", "LOCK",
    "SEARCH",   "DELETE",    "COPY",   "MOVE",      "POST",       "GET",
    "UPDATE",   "ACL",       NULL,     "BPROPFIND", "PUT",
};
static const char *const reports[] = {
    NULL,
    MS_DAV("sync-collection"),
    "{" MS_NS_CALDAV "}calendar-multiget",
    "{" MS_NS_CALDAV "}calendar-query",
    "{" MS_NS_CARDDAV "}addressbook-multiget",
    MS_DAV("expand-property"),
};
static const char *const uris[] = {"/c/", "/", NULL, "http://h/c", "*", "/c/%C3%A4/", ""};
static const int statuses[] = {207, 200, 424, 0, 201, 404, 500, 999};
static const char *const types[] = {
    "application/xml; charset=utf-8",
    NULL,
    "text/xml",
    "text/xml; charset=\"iso-8859-1\"",
    "application/xml; charset=utf-16",
    "text/html",
    "application/json",
    "application/xml; charset=shift_jis",
    "application/xml; charset=utf-7",
};
static const char *const depths[] = {NULL, "0", "1", "infinity", "1,noroot", "x"};

enum {
    INCOMPLETE = 1,
    REQUEST_KNOWN = 2,
    TLS = 4,
    PREFER = 8,
    DESTINATION = 16,
    HEADER = 32,
    HOST = 64,
};

static ms_context read_context(fuzz_input *input)
{
    ms_context context = {.method = CHOOSE(methods, fuzz_byte(input))};

    context.report = CHOOSE(reports, fuzz_byte(input));
    context.uri = CHOOSE(uris, fuzz_byte(input));
    context.http_status = CHOOSE(statuses, fuzz_byte(input));
    context.content_type = CHOOSE(types, fuzz_byte(input));
    context.depth = CHOOSE(depths, fuzz_byte(input));
    unsigned set = fuzz_byte(input);

    (void)fuzz_byte(input); /* for what comes later, without another form of the corpus */
    context.incomplete = set & INCOMPLETE;
    context.request_known = set & REQUEST_KNOWN;
    context.tls = set & TLS;
    context.prefer = set & PREFER ? "return=minimal, depth-noroot" : NULL;
    context.destination = set & DESTINATION ? "http://h/d/" : NULL;
    context.host = set & HOST ? "h:8080" : NULL;
    if (set & HEADER) {
        context.reason_phrase = "Multi-Status";
        context.cache_control = "public, max-age=1";
        context.location = "/l";
        context.msdavext_error = "589830; %41%FF%00";
    }
    return context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    ms_context context = read_context(&input);
    size_t request_length = fuzz_byte(&input);

    request_length |= (size_t)fuzz_byte(&input) << 8;
    char *request_body = fuzz_copy(&input, &request_length);
    size_t length = input.left;
    char *body = fuzz_copy(&input, &length);
    ms_request *request = NULL;

    if (context.request_known) {
        request = ms_request_parse(request_body, request_length, NULL);
        free(request_body);
        request_body = NULL;
        context.request = request;
    }
    (void)ms_sniff(body, length);
    (void)ms_has_multistatus_root(body, length, &context);
    document_check(body, length, context);
    ms_request_free(request);
    free(request_body);
    free(body);
    return 0;
}
