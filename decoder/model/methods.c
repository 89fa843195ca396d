/* methods.c
 * The table of HTTP methods.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "methods.h"

#include <string.h>

#include <glib.h>

enum {
    DAV = MS_METHOD_WEBDAV,
    READ = MS_METHOD_READ,
    RETRIEVES = MS_METHOD_RETRIEVES,
    TRUNCATES = MS_METHOD_TRUNCATES,
    OLD_TRUNCATION = MS_METHOD_OLD_TRUNCATION,
    CHANGES = MS_METHOD_CHANGES,
    RELEASES = MS_METHOD_RELEASES,
    TELLS = MS_METHOD_TELLS,
    FOR_BODY = MS_METHOD_TOKEN_FOR_BODY,
    NOT_IN_WS = MS_METHOD_NOT_IN_WIRESHARK,
    TUNNELS = MS_METHOD_TUNNELS,
    SAFE = MS_METHOD_SAFE,
    ITSELF = MS_METHOD_ITSELF,
    REMOVES = MS_METHOD_REMOVES,
    COPIES = MS_METHOD_COPIES,
    ANY = RETRIEVES | TRUNCATES, /* nothing is known of what it does */
};

/* clang-format off */
static const ms_method methods[] = {
    {"PROPFIND",          MS_LISTING, DAV | READ | RETRIEVES | SAFE, NULL, NULL},
    {"REPORT",            MS_LISTING, DAV | READ | RETRIEVES | TRUNCATES | SAFE, NULL, NULL},
    {"SEARCH",            MS_LISTING, DAV | READ | RETRIEVES | TRUNCATES | OLD_TRUNCATION | SAFE, NULL, NULL},
    {"POST",              MS_LISTING, 0, NULL, NULL},
    {"UPDATE",            MS_LISTING, DAV, NULL, NULL},
    {"MERGE",             MS_LISTING, DAV, NULL, NULL},
    {"BPROPFIND",         MS_LISTING, DAV | RETRIEVES | SAFE, NULL, NULL},
    {"BPROPPATCH",        MS_LISTING, DAV, NULL, NULL},

    {"DELETE",            MS_TREE, TELLS | CHANGES | RELEASES | REMOVES, NULL, NULL},
    {"COPY",              MS_TREE, DAV | CHANGES | COPIES, NULL, NULL},
    {"MOVE",              MS_TREE, DAV | CHANGES | RELEASES | REMOVES | COPIES, NULL, NULL},
    {"BDELETE",           MS_TREE, DAV, NULL, NULL},
    {"BCOPY",             MS_TREE, DAV, NULL, NULL},
    {"BMOVE",             MS_TREE, DAV, NULL, NULL},
    {"LABEL",             MS_TREE, DAV, NULL, NULL}, /* RFC 3253 section 8.2 */

    {"PROPPATCH",         MS_SINGLE, DAV | READ | ITSELF, NULL, NULL},
    {"LOCK",              MS_SINGLE, DAV | READ | CHANGES | ITSELF, "2", "RFC 4918 section 18.2"},
    {"UNLOCK",            MS_SINGLE, DAV | SAFE, "2", "RFC 4918 section 18.2"},
    {"MKCOL",             MS_SINGLE, DAV | READ | CHANGES | FOR_BODY | ITSELF, "extended-mkcol", "RFC 5689 section 3.1"},
    {"MKCALENDAR",        MS_SINGLE, DAV | READ | CHANGES | NOT_IN_WS | ITSELF, "calendar-access", "RFC 4791 section 5.1"},
    {"PUT",               MS_SINGLE, TELLS | CHANGES | ITSELF, NULL, NULL},
    {"PATCH",             MS_SINGLE, ITSELF, NULL, NULL},
    {"ACL",               MS_SINGLE, DAV | READ | NOT_IN_WS | ITSELF, "access-control", "RFC 3744 section 7.2"},
    {"BIND",              MS_SINGLE, DAV | CHANGES | NOT_IN_WS, "bind", "RFC 5842 section 8.1"},
    {"UNBIND",            MS_SINGLE, DAV | NOT_IN_WS, NULL, NULL},
    {"REBIND",            MS_SINGLE, DAV | NOT_IN_WS, NULL, NULL},
    {"ORDERPATCH",        MS_SINGLE, DAV | NOT_IN_WS, NULL, NULL},
    {"MKREDIRECTREF",     MS_SINGLE, DAV | NOT_IN_WS, NULL, NULL},
    {"UPDATEREDIRECTREF", MS_SINGLE, DAV | NOT_IN_WS, NULL, NULL},
    {"CHECKIN",           MS_SINGLE, DAV, NULL, NULL},
    {"CHECKOUT",          MS_SINGLE, DAV, NULL, NULL},
    {"UNCHECKOUT",        MS_SINGLE, DAV, NULL, NULL},
    {"VERSION-CONTROL",   MS_SINGLE, DAV, NULL, NULL},
    {"MKACTIVITY",        MS_SINGLE, DAV, NULL, NULL},
    {"MKWORKSPACE",       MS_SINGLE, DAV, NULL, NULL},
    {"BASELINE-CONTROL",  MS_SINGLE, DAV, NULL, NULL},
    /* Of a stored document, the 404 of a property is the 404 of a listing. */
    {"GET",               MS_SINGLE, RETRIEVES | SAFE, NULL, NULL},
    {"HEAD",              MS_SINGLE, RETRIEVES | SAFE, NULL, NULL},

    {"OPTIONS",           MS_LISTING, ANY | TELLS | SAFE, NULL, NULL},
    {"TRACE",             MS_LISTING, ANY | SAFE, NULL, NULL},
    {"CONNECT",           MS_LISTING, ANY | TUNNELS | SAFE, NULL, NULL},
};
/* clang-format on */

/* The request is not in the capture, or its method is unknown. */
static const ms_method unknown = {NULL, MS_LISTING, ANY, NULL, NULL};

const ms_method *ms_method_find_bytes(const char *name, size_t length)
{
    /* Called for every request, and usually the first letter decides that it is not. */
    for (size_t i = 0; length > 0 && i < G_N_ELEMENTS(methods); i++) {
        if (*methods[i].name == *name && strlen(methods[i].name) == length &&
            memcmp(methods[i].name, name, length) == 0)
            return &methods[i];
    }
    return &unknown;
}

const ms_method *ms_method_find(const char *name)
{
    return name ? ms_method_find_bytes(name, strlen(name)) : &unknown;
}

bool ms_method_may_begin(const char *bytes, size_t length)
{
    for (size_t i = 0; length > 0 && i < G_N_ELEMENTS(methods); i++) {
        const size_t name = strlen(methods[i].name);

        if (memcmp(methods[i].name, bytes, MIN(name, length)) == 0 &&
            (length <= name || bytes[name] == ' '))
            return true;
    }
    return false;
}
