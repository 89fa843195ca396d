/* redact.c
 * Records that can be shared.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "redact.h"

#include <stdio.h>
#include <string.h>

#include "names.h"
#include "record_build.h"
#include "record_shape.h"
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

/* Names in namespaces that specifications and products define say nothing about anybody. Users
 * choose the names of Subversion's custom properties. */
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

/* The products of User-Agent and Server without comments (RFC 9110 section 10.1.5), which describe
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

/* The program's own plain words, and numbers; nothing that could be the name of something. */
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

/* Where it is a registered phrase, it stays. */
static char *as_reason(const redactor *r, const char *text, const record_response *of)
{
    const char *registered = ms_status_reason(of->code);

    return registered && strcmp(registered, text) == 0 ? kept(r, text) : as_text(r, text);
}

static char *as_rule(const redactor *r, const char *text)
{
    return ms_rule_named(text) ? kept(r, text) : as_token(r, text);
}

/* What the rule says without the particulars. */
static char *as_finding(const redactor *r, const char *text, const record_finding *of)
{
    const ms_rule *rule = ms_rule_named(of->rule);

    return rule ? kept(r, rule->summary) : as_text(r, text);
}

/* ------------------------------------------------------------------------------- exchanges ---- */

static const replacement replacements[] = {
    [RECORD_KEPT] = kept,           [RECORD_AS_CAPTURE] = as_capture,
    [RECORD_AS_TIME] = as_time,     [RECORD_AS_HOST] = as_host,
    [RECORD_AS_METHOD] = as_method, [RECORD_AS_URI] = as_uri,
    [RECORD_AS_NAME] = as_name,     [RECORD_AS_PRODUCTS] = as_products,
    [RECORD_AS_TOKENS] = as_tokens, [RECORD_AS_TOKEN] = as_token,
    [RECORD_AS_TEXT] = as_text,     [RECORD_AS_MESSAGE] = as_message,
    [RECORD_AS_RULE] = as_rule,
};

/* @param object  the one that the text is of, not yet replaced */
static const char *replace(exchange_record *record, const redactor *r, const record_field *field,
                           const char *text, const void *object)
{
    g_autofree char *replaced = NULL;

    if (!text)
        return NULL;
    if (field->redaction == RECORD_AS_REASON)
        replaced = as_reason(r, text, object);
    else if (field->redaction == RECORD_AS_FINDING)
        replaced = as_finding(r, text, object);
    else
        replaced = replacements[field->redaction](r, text);
    return record_keep_text(record, replaced);
}

static record_strings replace_all(exchange_record *record, const redactor *r,
                                  const record_field *field, const record_strings *from,
                                  const void *object)
{
    record_strings to = {record_allocate(record, from->count * sizeof(char *)), from->count};

    for (uint32_t i = 0; i < from->count; i++)
        to.items[i] = replace(record, r, field, from->items[i], object);
    return to;
}

static void redact_object(exchange_record *record, const redactor *r, const record_shape *shape,
                          const void *from, void *to);

static void redact_list(exchange_record *record, const redactor *r, const record_field *field,
                        const void *from, void *to)
{
    uint32_t count;
    const char *old = record_list_of(field, from, &count);
    char *new = record_allocate(record, count * field->of->size);

    for (uint32_t i = 0; i < count; i++)
        redact_object(record, r, field->of, old + i * field->of->size, new + i * field->of->size);
    record_set_list(field, to, new, count);
}

static void redact_object(exchange_record *record, const redactor *r, const record_shape *shape,
                          const void *from, void *to)
{
    memcpy(to, from, shape->size);
    for (const record_field *field = shape->fields; field < shape->end; field++) {
        const record_value value = record_value_of(field, to);

        switch (field->kind) {
        case RECORD_TEXT:
        case RECORD_TIME:
        case RECORD_NAME:
        case RECORD_DECIMAL:
            *value.text = replace(record, r, field, *value.text, from);
            break;
        case RECORD_TEXTS:
        case RECORD_NAMES:
            *value.texts = replace_all(record, r, field, value.texts, from);
            break;
        case RECORD_LIST:
            redact_list(record, r, field, from, to);
            break;
        default: /* numbers and words of ours */
            break;
        }
    }
}

exchange_record *redact_exchange(const redactor *r, const exchange_record *from)
{
    exchange_record *record = exchange_record_empty();

    redact_object(record, r, &record_exchange_shape, from, record);
    return record;
}

capture_record *redact_capture(const redactor *r, const capture_record *from)
{
    exchange_record *memory = exchange_record_empty();
    capture_record record;

    redact_object(memory, r, &record_capture_shape, from, &record);
    capture_record *redacted = capture_record_copy(&record);

    exchange_record_unref(memory);
    return redacted;
}
