/* redact.c
 * Records that can be given away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "redact.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "record_build.h"
#include "rules.h"
#include "status.h"

#define KEY_BYTES 32

struct redactor {
    guint8 *key;
    size_t length;
};

static bool random_key(guint8 *key)
{
    FILE *source = fopen("/dev/urandom", "rb");
    bool fine = source && fread(key, 1, KEY_BYTES, source) == KEY_BYTES;

    if (source)
        fclose(source);
    return fine;
}

redactor *redactor_new(const void *key, size_t length)
{
    redactor *r = g_new0(redactor, 1);

    r->length = key ? length : KEY_BYTES;
    r->key = g_malloc0(r->length + 1);
    if (key)
        memcpy(r->key, key, length);
    if (key || random_key(r->key))
        return r;
    redactor_free(r);
    return NULL;
}

void redactor_free(redactor *r)
{
    if (!r)
        return;
    g_free(r->key);
    g_free(r);
}

/* ------------------------------------------------------------------------------- pseudonyms ----
 */

/* 48 bits: of a million texts two share a pseudonym with a probability of 1 in 500. */
#define PSEUDONYM_DIGITS 12

/* Appends "kind-0123456789ab". */
static void append_pseudonym(GString *to, const redactor *r, const char *kind, const char *text,
                             gssize length)
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, r->key, r->length);

    g_hmac_update(hmac, (const guchar *)kind, (gssize)strlen(kind) + 1);
    g_hmac_update(hmac, (const guchar *)text, length < 0 ? (gssize)strlen(text) : length);
    g_string_append_printf(to, "%s-%.*s", kind, PSEUDONYM_DIGITS, g_hmac_get_string(hmac));
    g_hmac_unref(hmac);
}

static char *pseudonym(const redactor *r, const char *kind, const char *text)
{
    GString *to = g_string_new(NULL);

    append_pseudonym(to, r, kind, text, -1);
    return g_string_free(to, FALSE);
}

/* ------------------------------------------------------------------------------------ kinds ----
 */

/* Each makes the replacement of a text; the caller frees it with g_free(). */
typedef char *(*replacement)(const redactor *r, const char *text);

static char *kept(const redactor *r, const char *text)
{
    (void)r;
    return g_strdup(text);
}

static char *as_text(const redactor *r, const char *text)
{
    return pseudonym(r, "text", text);
}

static char *as_token(const redactor *r, const char *text)
{
    return pseudonym(r, "token", text);
}

/* A port at the end of an authority, with its colon; the end if there is none. */
static const char *find_port(const char *authority)
{
    const char *colon = strrchr(authority, ':');
    bool digits = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);
    bool whole_address = colon && authority[0] != '[' && strchr(authority, ':') != colon;

    return digits && !whole_address && (authority[0] != '[' || colon[-1] == ']')
               ? colon
               : authority + strlen(authority);
}

/* "dav.example:8080", "[::1]:80", "10.0.0.1": host and address are one kind, since Host often is
 * the address. */
static char *as_host(const redactor *r, const char *text)
{
    const char *at = strrchr(text, '@');
    const char *authority = at ? at + 1 : text;
    const char *port = find_port(authority);
    g_autofree char *host = g_ascii_strdown(authority, port - authority);
    gsize length = strlen(host);
    bool bracketed = host[0] == '[' && length > 1 && host[length - 1] == ']';
    GString *to = g_string_new(NULL);

    append_pseudonym(to, r, "host", bracketed ? host + 1 : host,
                     bracketed ? (gssize)length - 2 : (gssize)length);
    g_string_append(to, port);
    return g_string_free(to, FALSE);
}

/* Extensions that say what kind of thing it is and nothing else. */
static const char *usual_extension(const char *segment)
{
    static const char *const usual[] = {".ics",  ".vcf",    ".txt",  ".html", ".xml", ".json",
                                        ".pdf",  ".png",    ".jpg",  ".jpeg", ".gif", ".zip",
                                        ".odt",  ".ods",    ".docx", ".xlsx", ".php", ".md",
                                        ".pcap", ".pcapng", ".gz"};

    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        if (g_str_has_suffix(segment, usual[i]) && strlen(segment) > strlen(usual[i]))
            return usual[i];
    }
    return "";
}

/* However it is percent-encoded, a segment has one pseudonym. */
static void append_segment(GString *to, const redactor *r, const char *segment)
{
    g_autofree char *decoded = g_uri_unescape_string(segment, NULL);
    const char *plain = decoded ? decoded : segment;

    if (strcmp(plain, "") == 0 || strcmp(plain, ".") == 0 || strcmp(plain, "..") == 0) {
        g_string_append(to, plain);
        return;
    }
    append_pseudonym(to, r, "p", plain, -1);
    g_string_append(to, usual_extension(plain));
}

static void append_path(GString *to, const redactor *r, const char *path)
{
    g_auto(GStrv) segments = g_strsplit(path, "/", -1);

    for (char **segment = segments; *segment; segment++) {
        if (segment != segments)
            g_string_append_c(to, '/');
        append_segment(to, r, *segment);
    }
}

/* Scheme and authority of an absolute URI or of a network-path reference; returns what follows. */
static const char *append_origin(GString *to, const redactor *r, const char *uri)
{
    size_t scheme =
        strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    const char *authority = uri + scheme;

    if (scheme > 0 && g_str_has_prefix(authority, "://"))
        authority += 3;
    else if (scheme == 0 && g_str_has_prefix(uri, "//"))
        authority += 2;
    else
        return uri;
    size_t length = strcspn(authority, "/?#");
    g_autofree char *text = g_strndup(authority, length);
    g_autofree char *host = as_host(r, text);
    bool usual = scheme == 0 || g_ascii_strncasecmp(uri, "http", 4) == 0;

    g_string_append_len(to, usual ? uri : "uri://", usual ? authority - uri : 6);
    g_string_append(to, host);
    return authority + length;
}

/* An href or Request-URI. What is neither a path nor an absolute URI ("urn:x", "mailto:x") is one
 * pseudonym. */
static char *as_uri(const redactor *r, const char *text)
{
    GString *to = g_string_new(NULL);
    const char *path = append_origin(to, r, text);
    size_t length = strcspn(path, "?#");
    g_autofree char *plain = g_strndup(path, length);

    if (strcmp(text, "*") == 0)
        g_string_append_c(to, '*');
    else if (path == text && plain[0] != '/' && strchr(plain, ':'))
        append_pseudonym(to, r, "uri", text, -1);
    else
        append_path(to, r, plain);
    if (path[length]) {
        g_string_append_c(to, path[length]);
        append_pseudonym(to, r, "q", path + length + 1, -1);
    }
    return g_string_free(to, FALSE);
}

static char *as_capture(const redactor *r, const char *text)
{
    GString *to = g_string_new(NULL);

    if (strcmp(text, "-") == 0)
        g_string_append(to, text);
    else
        append_path(to, r, text);
    return g_string_free(to, FALSE);
}

/* Names in namespaces that specifications and products define say nothing of anybody. Users choose
 * those of Subversion's custom properties. */
static char *as_name(const redactor *r, const char *text)
{
    const char *close = text[0] == '{' ? strchr(text, '}') : NULL;
    g_autofree char *uri = close ? g_strndup(text + 1, (gsize)(close - text - 1)) : NULL;
    bool known = uri && ms_namespace_prefix(uri);
    GString *to = g_string_new(NULL);

    if (known && !strstr(uri, "/custom/")) {
        g_string_append(to, text);
        return g_string_free(to, FALSE);
    }
    if (known)
        g_string_append_printf(to, "{%s}", uri);
    else if (uri) {
        g_string_append_c(to, '{');
        append_pseudonym(to, r, "ns", uri, -1);
        g_string_append_c(to, '}');
    }
    append_pseudonym(to, r, "name", close ? close + 1 : text, -1);
    return g_string_free(to, FALSE);
}

/* Is that a token of products: "Apache/2.4.71", "DAV/2"? */
static bool is_product(const char *word)
{
    size_t name = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    const char *version = word + name;

    return name > 0 &&
           (*version == '\0' || (*version == '/' && version[1] &&
                                 strspn(version + 1, "0123456789.abcdefghijklmnopqrstuvwxyz-+_") ==
                                     strlen(version + 1)));
}

/* The products of User-Agent and Server without comments (RFC 9110 section 10.1.5), which tell of
 * the machine. */
static char *as_products(const redactor *r, const char *text)
{
    GString *to = g_string_new(NULL);
    g_autofree char *plain = g_strdup(text);
    unsigned depth = 0;

    for (char *at = plain; *at; at++) {
        bool closes = *at == ')' && depth > 0;

        depth += *at == '(';
        if (depth > 0)
            *at = ' ';
        depth -= closes;
    }
    g_auto(GStrv) words = g_strsplit_set(plain, " \t", -1);

    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        if (to->len > 0)
            g_string_append_c(to, ' ');
        if (is_product(*word))
            g_string_append(to, *word);
        else
            append_pseudonym(to, r, "product", *word, -1);
    }
    return g_string_free(to, FALSE);
}

/* Lists of tokens: compliance classes, methods. A coded URL or anything else that is no token is
 * replaced. */
static char *as_tokens(const redactor *r, const char *text)
{
    GString *to = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    for (char **word = words; *word; word++) {
        const char *token = g_strstrip(*word);

        if (to->len > 0)
            g_string_append(to, ", ");
        if (is_product(token) || g_str_has_prefix(token, "<http://apache.org/dav/") ||
            g_str_has_prefix(token, "<http://subversion.tigris.org/"))
            g_string_append(to, token);
        else
            append_pseudonym(to, r, "token", token, -1);
    }
    return g_string_free(to, FALSE);
}

/* Plain words of the program's own, and numbers; nothing that could be a name of something. */
static bool is_plain_word(const char *word)
{
    size_t letters =
        strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-'()");

    return word[letters + strspn(word + letters, ".,;:")] == '\0';
}

static char *as_message(const redactor *r, const char *text)
{
    GString *to = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word; word++) {
        if (word != words)
            g_string_append_c(to, ' ');
        if (is_plain_word(*word) || is_product(*word))
            g_string_append(to, *word);
        else
            append_pseudonym(to, r, "text", *word, -1);
    }
    return g_string_free(to, FALSE);
}

static char *as_time(const redactor *r, const char *text)
{
    return text[strspn(text, "0123456789-+:.TZ")] == '\0' ? g_strdup(text)
                                                          : pseudonym(r, "time", text);
}

static char *as_method(const redactor *r, const char *text)
{
    size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    return letters <= 20 && text[letters] == '\0' ? g_strdup(text) : pseudonym(r, "method", text);
}

/* ------------------------------------------------------------------------------- exchanges ---- */

static const char *replace(exchange_record *record, const redactor *r, replacement by,
                           const char *text)
{
    g_autofree char *replaced = text ? by(r, text) : NULL;

    return record_keep_text(record, replaced);
}

static record_strings replace_strings(exchange_record *record, const redactor *r, replacement by,
                                      const record_strings *strings)
{
    record_strings to = {record_allocate(record, strings->count * sizeof(char *)), strings->count};

    for (uint32_t i = 0; i < strings->count; i++)
        to.items[i] = replace(record, r, by, strings->items[i]);
    return to;
}

static void redact_propstat(exchange_record *record, const redactor *r, const record_propstat *from,
                            record_propstat *to)
{
    *to = *from;
    to->properties = replace_strings(record, r, as_name, &from->properties);
    to->conditions = replace_strings(record, r, as_name, &from->conditions);
    to->description = replace(record, r, as_text, from->description);
}

/* The registered phrase, or a word of the server's own. */
static const char *redact_reason(exchange_record *record, const redactor *r,
                                 const record_response *from)
{
    const char *registered = ms_status_reason(from->code);
    bool own = from->reason && (!registered || strcmp(registered, from->reason) != 0);

    return replace(record, r, own ? as_text : kept, from->reason);
}

static void redact_response(exchange_record *record, const redactor *r, const record_response *from,
                            record_response *to)
{
    *to = *from;
    to->hrefs = replace_strings(record, r, as_uri, &from->hrefs);
    to->reason = redact_reason(record, r, from);
    to->propstats = record_allocate(record, from->n_propstats * sizeof *to->propstats);
    for (uint32_t i = 0; i < from->n_propstats; i++)
        redact_propstat(record, r, &from->propstats[i], &to->propstats[i]);
    to->conditions = replace_strings(record, r, as_name, &from->conditions);
    to->description = replace(record, r, as_text, from->description);
    to->location = replace(record, r, as_uri, from->location);
}

static void redact_lock(exchange_record *record, const redactor *r, const record_lock *from,
                        record_lock *to)
{
    *to = *from;
    to->lock.root = replace(record, r, as_uri, from->lock.root);
    to->lock.owner = replace(record, r, as_text, from->lock.owner);
    to->lock.client = replace(record, r, as_host, from->lock.client);
    to->lock.agent = replace(record, r, as_products, from->lock.agent);
}

static void redact_finding(exchange_record *record, const redactor *r, const record_finding *from,
                           record_finding *to)
{
    const ms_rule *rule = ms_rule_named(from->rule);
    /* What the rule says without the particulars. */
    const char *summary = rule ? rule->summary : NULL;

    to->rule =
        summary ? record_keep_text(record, from->rule) : replace(record, r, as_token, from->rule);
    to->severity = from->severity;
    to->message =
        summary ? record_keep_text(record, summary) : replace(record, r, as_text, from->message);
    to->href = replace(record, r, as_uri, from->href);
}

/* The texts of an exchange, and how each is replaced. */
static const struct {
    size_t offset;
    replacement by;
} texts[] = {
    {offsetof(exchange_record, capture), as_capture},
    {offsetof(exchange_record, time), as_time},
    {offsetof(exchange_record, client), as_host},
    {offsetof(exchange_record, server), as_host},
    {offsetof(exchange_record, protocol), as_products},
    {offsetof(exchange_record, host), as_host},
    {offsetof(exchange_record, method), as_method},
    {offsetof(exchange_record, uri), as_uri},
    {offsetof(exchange_record, report), as_name},
    {offsetof(exchange_record, missing), as_message},
    {offsetof(exchange_record, format), as_products},
    {offsetof(exchange_record, response_time), kept},
    {offsetof(exchange_record, user_agent), as_products},
    {offsetof(exchange_record, server_software), as_products},
    {offsetof(exchange_record, server_dav), as_tokens},
    {offsetof(exchange_record, server_allow), as_tokens},
    {offsetof(exchange_record, sync_token), as_token},
};

static void redact_texts(exchange_record *record, const redactor *r, const exchange_record *from)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *const *text = (const void *)((const char *)from + texts[i].offset);
        const char **to = (void *)((char *)record + texts[i].offset);

        *to = replace(record, r, texts[i].by, *text);
    }
}

exchange_record *redact_exchange(const redactor *r, const exchange_record *from)
{
    exchange_record *record = exchange_record_empty();

    redact_texts(record, r, from);
    record->frame = from->frame;
    record->request_frame = from->request_frame;
    record->stream = from->stream;
    record->h2_stream = from->h2_stream;
    record->http_status = from->http_status;
    record->complete = from->complete;
    record->body_bytes = from->body_bytes;
    record->verdict = from->verdict;
    record->ok = from->ok;
    record->failed = from->failed;
    record->collateral = from->collateral;
    record->marked = from->marked;
    record->n_responses = from->n_responses;
    record->responses = record_allocate(record, from->n_responses * sizeof *record->responses);
    for (uint32_t i = 0; i < from->n_responses; i++)
        redact_response(record, r, &from->responses[i], &record->responses[i]);
    record->n_locks = from->n_locks;
    record->locks = record_allocate(record, from->n_locks * sizeof *record->locks);
    for (uint32_t i = 0; i < from->n_locks; i++)
        redact_lock(record, r, &from->locks[i], &record->locks[i]);
    record->n_findings = from->n_findings;
    record->findings = record_allocate(record, from->n_findings * sizeof *record->findings);
    for (uint32_t i = 0; i < from->n_findings; i++)
        redact_finding(record, r, &from->findings[i], &record->findings[i]);
    return record;
}

capture_record *redact_capture(const redactor *r, const capture_record *from)
{
    capture_record *record = capture_record_copy(from);
    g_autofree char *name = record->capture;

    g_autofree char *error = record->error;

    record->capture = as_capture(r, name);
    record->error = error ? as_message(r, error) : NULL;
    return record;
}
