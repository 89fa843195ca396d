/* damage.c
 * What becomes of a body that is not well-formed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "damage.h"

#include <string.h>

#include "limit_table.h"

/* ---- names ---- */

void ms_damage_declare(parser *p, int count, const xmlChar **namespaces)
{
    for (int i = 0; i < count; i++) {
        declared_namespace declared = {namespaces[2 * i] ? (const char *)namespaces[2 * i] : "",
                                       (const char *)namespaces[2 * i + 1], p->depth};

        g_array_append_val(p->namespaces, declared);
    }
}

void ms_damage_forget(parser *p, guint depth)
{
    guint n = p->namespaces->len;

    while (n > 0 && g_array_index(p->namespaces, declared_namespace, n - 1).depth >= depth)
        n--;
    g_array_set_size(p->namespaces, n);
}

/* The namespace that a prefix stands for here. */
static const char *namespace_of(const parser *p, const char *prefix, size_t length)
{
    for (guint i = p->namespaces->len; i > 0; i--) {
        const declared_namespace *declared =
            &g_array_index(p->namespaces, declared_namespace, i - 1);

        if (strlen(declared->prefix) == length && memcmp(declared->prefix, prefix, length) == 0)
            return declared->uri;
    }
    return NULL;
}

void ms_damage_split_name(const parser *p, const xmlChar **local, const xmlChar *prefix,
                          const xmlChar **uri)
{
    const char *name = (const char *)*local;
    const char *colon = prefix ? NULL : strchr(name, ':');
    const char *declared = colon ? namespace_of(p, name, (size_t)(colon - name)) : NULL;

    if (declared) {
        *uri = (const xmlChar *)declared;
        *local = (const xmlChar *)colon + 1;
    }
}

/* ---- tags ---- */

/* The end of the tag that starts at `at`: its ">" outside of quotes, or the text's end. */
static const char *skip_tag(const char *at, const char *end)
{
    for (; at < end && *at != '>'; at++) {
        if (*at == '"' || *at == '\'') {
            at = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (!at)
                return end;
        }
    }
    return at;
}

/* ---- errors ---- */

/* Line and column of a place in the text, both from 1, columns in characters. */
static void line_and_column(const ms_encoded *encoded, size_t at, uint32_t *line, uint32_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < encoded->length; i++) {
        if (encoded->text[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if (((unsigned char)encoded->text[i] & 0xC0) != 0x80) {
            (*column)++;
        }
    }
}

static void set_error(parser *p, size_t at, const char *message)
{
    ms_syntax_error *error = &p->document->error;
    char *line = g_strstrip(g_strdup(message));

    error->present = true;
    error->offset = (uint32_t)ms_encoded_offset(p->encoded, at);
    line_and_column(p->encoded, at, &error->line, &error->column);
    error->message = ms_store_text(p->document->store, line, strlen(line));
    g_free(line);
}

/* What is broken, and in which element. */
static void note_error(parser *p, int code, size_t at)
{
    ms_notes *notes = p->notes;

    bool root_ended = p->document->root != MS_ROOT_NONE && p->depth == 0;

    notes->broken_at = at;
    if (p->depth > 0)
        notes->broken_in = ms_parser_written_name(p, &p->open[p->depth - 1]);
    /* A second document may begin with a declaration, which libxml2 calls misplaced.
     */
    if (code == XML_ERR_DOCUMENT_END || root_ended)
        notes->broken = MS_BROKEN_GARBAGE;
    else if (code == XML_ERR_INVALID_CHAR || code == XML_ERR_INVALID_CHARREF)
        notes->broken = MS_BROKEN_CHARACTER;
}

/* ---- entities ---- */

/* Beyond that number they are treated like undeclared ones. */
#define MOST_ENTITIES 1000

void ms_damage_entity(parser *p, const char *name)
{
    ms_notes *notes = p->notes;

    if (!notes->entities)
        notes->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (g_hash_table_size(notes->entities) < MOST_ENTITIES)
        g_hash_table_add(notes->entities, g_strdup(name));
}

/* libxml2 knows no entity, since none is ever declared to it: what it calls "not defined" may be
 * defined. The caller frees it with g_free(). */
static char *entity_words(const parser *p, const char *message)
{
    const char *start = message ? strchr(message, '\'') : NULL;
    const char *end = start ? strchr(start + 1, '\'') : NULL;
    char *name = end ? g_strndup(start + 1, (gsize)(end - start - 1)) : NULL;
    bool declared = name && p->notes->entities && g_hash_table_contains(p->notes->entities, name);
    char *words =
        declared ? g_strdup_printf("the entity %s, which the body declares, is not expanded", name)
                 : g_strdup(message ? message : "an entity that is not declared");

    g_free(name);
    return words;
}

/* ---- cut bodies ---- */

/* Constructs that may hold a "<" that starts no tag. */
static const struct {
    const char *open, *close;
} pieces[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

/* The start of the last piece of markup or text that may be incomplete: after the last ">", or at a
 * comment, a section or an instruction that never ends. */
static size_t tail_of(const ms_encoded *encoded, size_t start)
{
    const char *text = encoded->text + start;
    size_t length = encoded->length - start;
    const char *last = g_strrstr_len(text, (gssize)length, ">");
    const char *tail = last ? last + 1 : text;

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        const char *open = g_strrstr_len(text, (gssize)length, pieces[i].open);

        if (open && !g_strstr_len(open, text + length - open, pieces[i].close) && open < tail)
            tail = open;
    }
    return (size_t)(tail - encoded->text);
}

/* Does what stands there begin a comment or an instruction, which may follow the root element? */
static bool may_be_comment(const ms_encoded *encoded, size_t at)
{
    static const char *const open[] = {"<!--", "<?"};

    while (at < encoded->length && g_ascii_isspace(encoded->text[at]))
        at++;
    for (size_t i = 0; i < G_N_ELEMENTS(open); i++) {
        size_t length = MIN(strlen(open[i]), encoded->length - at);

        if (length > 0 && memcmp(encoded->text + at, open[i], length) == 0)
            return true;
    }
    return false;
}

/* Is the only thing wrong at a place that the text ends there, before its root element does, or in
 * a comment behind it? */
static bool is_cut_at(const parser *p, size_t at, unsigned depth, bool mismatch)
{
    const ms_encoded *encoded = p->encoded;
    bool root_ended = p->document->root != MS_ROOT_NONE && depth == 0;
    size_t tail = tail_of(encoded, p->sax.skipped);

    if (at < tail || (root_ended && !may_be_comment(encoded, tail)))
        return false;
    return !(mismatch && encoded->text[encoded->length - 1] == '>');
}

static bool is_cut(const parser *p, size_t at)
{
    return is_cut_at(p, at, p->depth, p->mismatch);
}

void ms_damage_in_rest(parser *p)
{
    const later_error *last = &p->later;

    p->notes->rest_cut = last->present && is_cut_at(p, last->at, last->depth, last->mismatch);
}

/* The body just ends: the place is its end, whichever piece libxml2 had reached. */
static void set_cut(parser *p)
{
    set_error(p, p->encoded->length, "the body ends here");
    p->document->error.cut = true;
    p->document->error.offset = p->document->span.length;
    p->document->error.column += p->encoded->partial;
}

static size_t error_place(const parser *p, ms_xml_error error)
{
    size_t at = ms_sax_here(&p->sax);
    const char *rest = p->encoded->text + at;

    /* For a text, libxml2 reports its start. */
    if (error->code == XML_ERR_MISPLACED_CDATA_END) {
        const char *found = g_strstr_len(rest, (gssize)(p->encoded->length - at), "]]>");

        return found ? at + (size_t)(found - rest) : at;
    }
    return at;
}

/* libxml2 drops a "&" that starts no reference, and a reference that it does not know: the text has
 * to be what was sent, "/a&b", not the name of another resource. */
static void keep_reference(parser *p, int code)
{
    enum { LONGEST_NAME = 256 };
    const char *text = p->encoded->text;
    size_t end = ms_sax_here(&p->sax), at = end;

    if (code != XML_ERR_NAME_REQUIRED && code != XML_ERR_ENTITYREF_SEMICOL_MISSING &&
        code != XML_ERR_UNDECLARED_ENTITY)
        return;
    while (at > p->sax.skipped && end - at < LONGEST_NAME && !strchr("&<>", text[at - 1]))
        at--;
    if (at > p->sax.skipped && text[at - 1] == '&' &&
        (code != XML_ERR_NAME_REQUIRED || at == end)) {
        ms_parser_text(p, (const xmlChar *)text + at - 1, (int)(end - at + 1));
        p->kept_reference = end;
    }
}

/* What is wrong with a name. For one with two colons, versions of libxml2 report different parts.
 */
static char *namespace_example(const parser *p, ms_xml_error error)
{
    enum { LONGEST_NAME = 128 };
    const char *text = p->encoded->text;
    size_t start = MIN(ms_sax_tag_start(&p->sax) + 1, p->encoded->length), end = start;

    if (error->code != XML_NS_ERR_QNAME)
        return g_strstrip(g_strdup(error->message ? error->message : ""));
    while (end < p->encoded->length && end - start < LONGEST_NAME &&
           !strchr(" \t\r\n/>=", text[end]))
        end++;
    return g_strdup_printf("%.*s is not a name in a namespace", (int)(end - start), text + start);
}

/* What is wrong with the names of a tag in which the body ends is that it does. */
static bool is_in_last_tag(const parser *p)
{
    const char *end = p->encoded->text + p->encoded->length;

    return skip_tag(p->encoded->text + ms_sax_tag_start(&p->sax), end) == end;
}

void ms_damage_error(parser *p, ms_xml_error error)
{
    if (error->level < XML_ERR_ERROR || error->code == XML_WAR_NS_URI)
        return; /* a namespace name that is no URI, or a relative one, is still a name */
    if (error->domain == XML_FROM_NAMESPACE) {
        if (is_in_last_tag(p))
            return;
        if (p->notes->namespace_errors++ == 0) {
            p->notes->namespace_example = namespace_example(p, error);
            p->notes->namespace_span =
                ms_sax_span(&p->sax, ms_sax_tag_start(&p->sax), ms_sax_here(&p->sax));
        }
        return;
    }
    if (error->code == XML_ERR_TAG_NAME_MISMATCH)
        p->mismatch = true;
    keep_reference(p, error->code);
    if (error->level != XML_ERR_FATAL)
        return;
    p->recovering = true;
    if (p->document->error.present) {
        p->later = (later_error){ms_sax_here(&p->sax), p->depth, p->mismatch, true};
        return;
    }
    note_error(p, error->code, error_place(p, error));
    if (is_cut(p, ms_sax_here(&p->sax)))
        set_cut(p);
    else if (error->code == XML_ERR_UNDECLARED_ENTITY) {
        char *words = entity_words(p, error->message);

        set_error(p, error_place(p, error), words);
        g_free(words);
    } else
        set_error(p, error_place(p, error), error->message ? error->message : "not well-formed");
}

/* ---- bytes ---- */

void ms_damage_in_bytes(parser *p)
{
    const ms_encoded *encoded = p->encoded;

    if (encoded->invalid) {
        p->notes->invalid_bytes = true;
        p->notes->broken_at = encoded->invalid_at;
        char *message = g_strdup_printf("a byte sequence that is not valid %s", encoded->name);

        set_error(p, encoded->invalid_at, message);
        g_free(message);
    }
    if (encoded->length >= 3 && memcmp(encoded->text, "\xEF\xBB\xBF", 3) == 0)
        set_error(p, 0, "a second byte order mark");
    if (encoded->length == 0 && encoded->partial)
        set_cut(p);
}

/* ---- long tags ---- */

/* The end of a comment, a section or an instruction that starts at `at`; NULL for a tag. */
static const char *skip_piece(const char *at, const char *end)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        size_t length = strlen(pieces[i].open);

        if ((size_t)(end - at) >= length && memcmp(at, pieces[i].open, length) == 0) {
            const char *close = g_strstr_len(at, end - at, pieces[i].close);

            return close ? close : end;
        }
    }
    return NULL;
}

/* Is there a "<" in every stretch of the limit's length? libxml2 ends a tag at the next "<", in
 * quotes or not, so in that case no tag is long. Only a few bytes of each stretch are looked at. */
static bool has_short_tags(const char *text, const char *end, uint32_t limit)
{
    while (end - text > (ptrdiff_t)limit) {
        const char *at = text + limit;

        while (at > text && *at != '<')
            at--;
        if (at == text)
            return false;
        text = at;
    }
    return true;
}

size_t ms_damage_length(parser *p, size_t start)
{
    const char *text = p->encoded->text + start, *end = p->encoded->text + p->encoded->length;

    uint32_t limit = p->notes->limits.of[MS_MAX_TAG];

    if (has_short_tags(text, end, limit))
        return (size_t)(end - text);

    for (const char *at = text; (at = memchr(at, '<', (size_t)(end - at)));) {
        const char *piece = skip_piece(at, end);
        const char *stop = piece ? piece : skip_tag(at, end);

        if (!piece && stop - at > (ptrdiff_t)limit) {
            size_t offset = (size_t)(at - p->encoded->text);

            p->notes->limit = &ms_limit_table[MS_MAX_TAG];
            p->notes->limit_span = ms_sax_span(&p->sax, offset, offset);
            p->notes->stopped = true;
            return (size_t)(at - text);
        }
        at = stop;
    }
    return (size_t)(end - text);
}

/* ---- garbage ---- */

/* Is this the name of a start tag, "multistatus" with or without a prefix? */
static bool starts_root(const char *at, const char *end)
{
    enum { LONGEST_PREFIX = 64 };
    static const char name[] = "multistatus";
    const char *stop = at + MIN(end - at, LONGEST_PREFIX);
    const char *colon = at;

    while (colon < stop && (g_ascii_isalnum(*colon) || *colon == '-' || *colon == '_'))
        colon++;
    if (colon < stop && *colon == ':')
        at = colon + 1;
    size_t length = sizeof name - 1;

    return (size_t)(end - at) > length && memcmp(at, name, length) == 0 &&
           (g_ascii_isspace(at[length]) || at[length] == '>' || at[length] == '/');
}

/* Output of a script before the XML (a PHP notice, a second byte order mark), or another document:
 * where does the multistatus start? `from` is the earliest place where it may start. */
static size_t find_xml(const ms_encoded *encoded, size_t from)
{
    const char *text = encoded->text, *end = text + encoded->length;
    const char *found = g_strstr_len(text + from, end - text - (gssize)from, "<?xml");

    for (const char *at = text + from; !found && (at = memchr(at, '<', (size_t)(end - at))); at++) {
        if (starts_root(at + 1, end))
            found = at;
    }
    return found ? (size_t)(found - text) : 0;
}

/* Is the first document one of its own, which ends where the second one starts? */
static bool is_document_before(const parser *p)
{
    return p->document->root == MS_ROOT_OTHER && p->document->error.present &&
           p->notes->broken == MS_BROKEN_GARBAGE && p->notes->broken_at > 0;
}

size_t ms_damage_garbage(parser *p)
{
    ms_document *document = p->document;
    bool other = is_document_before(p);
    bool named = other && document->root_name[0] == '{'; /* not "<b>Fatal error</b>" */

    if (document->error.cut || (document->root != MS_ROOT_NONE &&
                                !(document->root == MS_ROOT_OTHER && document->error.present)))
        return 0;
    size_t start = find_xml(p->encoded, other ? p->notes->broken_at : 0);

    if (start == 0)
        return 0;
    const char *first_root = named ? document->root_name : NULL;
    const char *first_words = named ? document->description.text : NULL;

    document->root = MS_ROOT_NONE;
    document->root_name = NULL;
    document->root_conditions = (ms_range){0, 0};
    p->pending.len = 0;
    p->later = (later_error){0};
    document->description = (ms_text){0};
    document->error = (ms_syntax_error){0};
    set_error(p, 0, "something else stands before the XML document");
    ms_notes_clear(p->notes);
    p->notes->broken = MS_BROKEN_GARBAGE;
    p->notes->broken_at = 0;
    p->notes->first_root = first_root;
    p->notes->first_words = first_words;
    return start;
}
