/* status.c
 * Status codes and status lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "status.h"

#include <string.h>

/* IANA's HTTP status code registry, with the reason phrases of the defining documents, and 418,
 * which sabre/dav uses. */
static const struct {
    int code;
    const char *reason;
} statuses[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {208, "Already Reported"},
    {226, "IM Used"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {418, "I'm a teapot"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {506, "Variant Also Negotiates"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {510, "Not Extended"},
    {511, "Network Authentication Required"},
};

const char *ms_status_reason(int code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (statuses[i].code == code)
            return statuses[i].reason;
    }
    return NULL;
}

static size_t skip_spaces(const char **at)
{
    const char *start = *at;

    while (g_ascii_isspace(**at))
        (*at)++;
    return (size_t)(*at - start);
}

/* Steps over "HTTP/1.1" or "HTTP/2". False if there is no such thing. */
static bool skip_version(const char **at, bool *odd)
{
    const char *p = *at;

    if (g_ascii_strncasecmp(p, "HTTP/", 5) != 0 || !g_ascii_isdigit(p[5]))
        return false;
    p += 5;
    const char *digits = p;

    while (g_ascii_isdigit(*p) || *p == '.')
        p++;
    /* RFC 9112 section 2.3: the name is case-sensitive. */
    *odd = strncmp(*at, "HTTP/", 5) != 0 ||
           !(p - digits == 3 && (strncmp(digits, "1.1", 3) == 0 || strncmp(digits, "1.0", 3) == 0));
    *at = p;
    return true;
}

ms_status_line ms_status_parse(const char *line)
{
    ms_status_line parsed = {.code = MS_STATUS_UNREADABLE, .reason = ""};
    const char *at = line;

    if (skip_version(&at, &parsed.version_odd)) {
        size_t spaces = skip_spaces(&at);

        if (spaces == 0)
            return parsed;
        parsed.loose_spaces = spaces > 1;
    } else {
        parsed.no_version = true;
    }

    int code = 0, digits = 0;

    for (; g_ascii_isdigit(*at) && digits < 5; at++, digits++)
        code = code * 10 + (*at - '0');
    if (digits == 0 || digits > 4 || (*at != '\0' && !g_ascii_isspace(*at)))
        return parsed;
    parsed.code = code;

    if (skip_spaces(&at) > 1)
        parsed.loose_spaces = true;
    parsed.reason = at;
    parsed.no_reason = *at == '\0';
    return parsed;
}

void ms_status_say(ms_status *status, ms_said said, const char *words, ms_span span)
{
    status->said = MAX(status->said, said);
    if (status->code == MS_STATUS_NONE) {
        status->code = MS_STATUS_WORD;
        status->line = words;
        status->span = span;
    }
}

guint ms_failure_hash(gconstpointer count)
{
    const ms_failure_count *of = count;

    return of->reason ? g_str_hash(of->reason) : (guint)of->code;
}

gboolean ms_failure_equal(gconstpointer a, gconstpointer b)
{
    const ms_failure_count *left = a, *right = b;

    return left->code == right->code && g_strcmp0(left->reason, right->reason) == 0;
}
