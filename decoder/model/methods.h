/* methods.h
 * The table of HTTP methods: the only place that knows anything about a method by its name.
 *
 * RFC 9110, RFC 4918, RFC 3253, RFC 3648, RFC 3744, RFC 4437, RFC 4791, RFC 5323, RFC 5842, and
 * Exchange.
 *
 * Ownership: the table is constant; what is returned of it lives as long as the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_METHODS_H
#define MS_METHODS_H

#include <stdbool.h>
#include <stddef.h>

/** How failures in the answer are weighed. */
typedef enum {
    MS_LISTING, /**< rows are answers of equal weight */
    MS_TREE,    /**< the body lists failures only */
    MS_SINGLE   /**< all or nothing */
} ms_weight;

typedef enum {
    /** Only WebDAV and its extensions know such a request. */
    MS_METHOD_WEBDAV = 1 << 0,
    /** The request's body says how the answer has to be judged. */
    MS_METHOD_READ = 1 << 1,
    /** A propstat 404 only says that a property does not exist. */
    MS_METHOD_RETRIEVES = 1 << 2,
    /** A 507 on the Request-URI only says that there is more. */
    MS_METHOD_TRUNCATES = 1 << 3,
    /** A 425 said so in the drafts of SEARCH. */
    MS_METHOD_OLD_TRUNCATION = 1 << 4,
    /** Success makes, replaces or removes a resource: it may allow other methods than before. */
    MS_METHOD_CHANGES = 1 << 5,
    /** Success releases the locks of the resource and of what is below it. */
    MS_METHOD_RELEASES = 1 << 6,
    /** Not one of WebDAV's, but the answer helps to judge other exchanges. */
    MS_METHOD_TELLS = 1 << 7,
    /** The request's body is what makes it an extension: only then it needs `token`. */
    MS_METHOD_TOKEN_FOR_BODY = 1 << 8,
    /** Wireshark 4.0's HTTP/1 dissector does not recognise it as a request. */
    MS_METHOD_NOT_IN_WIRESHARK = 1 << 9,
    /** After a success, the connection speaks another protocol. */
    MS_METHOD_TUNNELS = 1 << 10,
    /* What it does; a method without any of these may change anything. */
    /** It changes no content and no property. */
    MS_METHOD_SAFE = 1 << 11,
    /** It changes its resource, and nothing else. */
    MS_METHOD_ITSELF = 1 << 12,
    /** Its resource is gone, and what is below it. */
    MS_METHOD_REMOVES = 1 << 13,
    /** It changes the Destination, and what is below it. */
    MS_METHOD_COPIES = 1 << 14,
} ms_method_trait;

typedef struct {
    const char *name;
    ms_weight weight;
    unsigned traits;   /**< of ms_method_trait */
    const char *token; /**< what DAV has to announce for it (RFC 4918 section 10.1), or NULL */
    const char *token_source; /**< where that is said */
} ms_method;

/** The entry of a method; for one that is not in the table, or NULL, an entry without a name that
 *  holds what is true of any method. */
const ms_method *ms_method_find(const char *name);

/** The same for a name that is not NUL-terminated. */
const ms_method *ms_method_find_bytes(const char *name, size_t length);

/** Could these bytes begin a request line with a method of the table (RFC 9112 section 3)? */
bool ms_method_may_begin(const char *bytes, size_t length);

/** Does it have one of these traits? */
static inline bool ms_method_has(const ms_method *method, unsigned traits)
{
    return (method->traits & traits) != 0;
}

#endif /* MS_METHODS_H */
