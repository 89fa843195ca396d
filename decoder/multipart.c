/* multipart.c
 * Multi-Status bodies in several parts.
 *
 * Nested parts are put on a stack, so nothing here recurses. What a part holds is decoded like a
 * body of its own, and its rows move into the document of the whole, with their places shifted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multipart.h"

#include <string.h>

#include "batches.h"
#include "judge.h"
#include "limit_table.h"
#include "part_error.h"
#include "rules.h"
#include "status.h"

/* RFC 2046 section 5.1.1: at most 70 characters. */
#define LONGEST_BOUNDARY 70

/* A piece of the body. */
typedef struct {
    size_t from, to;
} piece;

typedef struct {
    char *content_type;
    char *id;     /* Content-ID */
    char *coding; /* Content-Transfer-Encoding */
    piece id_at;  /* where it stands */
    piece content;
    unsigned depth;
    bool cut; /* no delimiter is behind it */
} part;

typedef struct {
    ms_document *document;
    ms_notes *notes;
    const ms_context *context;
    ms_multipart_decoder decode;
    const char *body;
    size_t length;
    GArray *waiting; /* part: those that have not been looked at yet, the next one last */
    unsigned parts;
} reader;

bool ms_multipart_suits(const char *content_type)
{
    return content_type && g_ascii_strncasecmp(content_type, "multipart/", 10) == 0;
}

static void clear_part(void *data)
{
    part *of = data;

    g_free(of->content_type);
    g_free(of->id);
    g_free(of->coding);
}

/* "--" and the boundary parameter. NULL if there is none. The caller frees it with g_free(). */
static char *delimiter_of(const char *content_type)
{
    for (const char *at = strchr(content_type, ';'); at; at = strchr(at, ';')) {
        at++;
        while (g_ascii_isspace(*at))
            at++;
        if (g_ascii_strncasecmp(at, "boundary=", 9) != 0)
            continue;
        at += 9;
        size_t length = *at == '"' ? strcspn(++at, "\"") : strcspn(at, "; \t");

        return length > 0 && length <= LONGEST_BOUNDARY ? g_strdup_printf("--%.*s", (int)length, at)
                                                        : NULL;
    }
    return NULL;
}

/* ---- lines ---- */

/* The next line of a piece, without its end; moves past it. False at the end. */
static bool next_line(const reader *r, piece *rest, piece *line)
{
    if (rest->from >= rest->to)
        return false;
    const char *start = r->body + rest->from;
    const char *end = memchr(start, '\n', rest->to - rest->from);

    *line = (piece){rest->from, end ? (size_t)(end - r->body) : rest->to};
    rest->from = end ? line->to + 1 : rest->to;
    if (line->to > line->from && r->body[line->to - 1] == '\r')
        line->to--;
    return true;
}

static bool starts(const reader *r, piece at, const char *text)
{
    size_t length = strlen(text);

    return at.to - at.from >= length && g_ascii_strncasecmp(r->body + at.from, text, length) == 0;
}

static char *copy(const reader *r, piece at)
{
    char *text = g_strndup(r->body + at.from, at.to - at.from);
    char *valid = g_utf8_make_valid(text, -1);

    g_free(text);
    return g_strstrip(valid);
}

/* ---- parts ---- */

/* Reads the fields that matter from the header of a part; the rest is its content. */
static part read_header(const reader *r, piece of, unsigned depth)
{
    static const char *const names[] = {
        "content-type:", "content-id:", "content-transfer-encoding:"};
    part made = {.depth = depth};
    char **fields[] = {&made.content_type, &made.id, &made.coding};
    piece line;

    while (next_line(r, &of, &line) && line.from < line.to) {
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            if (starts(r, line, names[i]) && !*fields[i]) {
                line.from += strlen(names[i]);
                while (line.from < line.to && g_ascii_isspace(r->body[line.from]))
                    line.from++;
                *fields[i] = copy(r, line);
                if (fields[i] == &made.id)
                    made.id_at = line;
            }
        }
    }
    made.content = of;
    return made;
}

/* Is this line the delimiter, or the one that ends the last part? */
static bool is_delimiter(const reader *r, piece line, const char *delimiter, bool *last)
{
    size_t length = strlen(delimiter);

    if (line.to - line.from < length || memcmp(r->body + line.from, delimiter, length) != 0)
        return false;
    piece rest = {line.from + length, line.to};

    *last = starts(r, rest, "--");
    if (*last)
        rest.from += 2;
    while (rest.from < rest.to && (r->body[rest.from] == ' ' || r->body[rest.from] == '\t'))
        rest.from++;
    return rest.from == rest.to;
}

static void set_cut(reader *r)
{
    ms_syntax_error *error = &r->document->error;

    r->notes->last_part_open = true;
    if (!error->present)
        *error = (ms_syntax_error){
            true, true, 1, 1, (uint32_t)r->length, "the last part does not end with the boundary"};
}

static void push(reader *r, piece of, unsigned depth, bool cut)
{
    part made = read_header(r, of, depth);

    made.cut = cut;
    g_array_append_val(r->waiting, made);
    r->parts++;
}

/* The last one pushed is the next one taken. */
static void reverse(GArray *parts, guint first)
{
    for (guint i = first, j = parts->len; i + 1 < j; i++) {
        part *a = &g_array_index(parts, part, i), *b = &g_array_index(parts, part, --j);
        part swapped = *a;

        *a = *b;
        *b = swapped;
    }
}

/* Of the delimiter that would end the last part, only the beginning may be there. */
static bool begins_delimiter(const reader *r, piece line, const char *delimiter)
{
    size_t there = line.to - line.from, length = strlen(delimiter);

    if (there == 0 || memcmp(r->body + line.from, delimiter, MIN(there, length)) != 0)
        return false;
    return there <= length ||
           (there == length + 1 && r->body[line.to - 1] == '-'); /* "--" ends the last part */
}

/* Puts the parts of a multipart piece on the stack, the first one on top. @return their number */
static unsigned push_parts(reader *r, piece whole, const char *delimiter, unsigned depth)
{
    guint first = r->waiting->len;
    piece rest = whole, line;
    size_t start = 0, before = whole.from, end = whole.to;
    bool open = false, last = false;

    while (!last && r->parts < r->notes->limits.of[MS_MAX_PARTS] && next_line(r, &rest, &line)) {
        if (is_delimiter(r, line, delimiter, &last)) {
            if (open)
                push(r, (piece){start, MAX(start, before)}, depth, false);
            open = true;
            start = rest.from;
        } else if (rest.from >= rest.to && begins_delimiter(r, line, delimiter))
            end = before;
        before = line.to; /* the end of a line belongs to the delimiter that follows */
    }
    if (open && !last && r->parts < r->notes->limits.of[MS_MAX_PARTS]) {
        if (start < end)
            push(r, (piece){start, end}, depth, true);
        set_cut(r);
    }
    reverse(r->waiting, first);
    return r->waiting->len - first;
}

/* ---- rows ---- */

static ms_span span_of(piece at)
{
    return (ms_span){(uint32_t)at.from, (uint32_t)(at.to - at.from)};
}

/* A row of its own, for an HTTP response or for a part that is not understood. */
static void add_row(reader *r, const part *of, const char *status, piece status_at)
{
    struct ms_store *store = r->document->store;
    char *ordinal = g_strdup_printf("#%u", store->responses->len + 1);
    bool named = of->id && *of->id;
    const char *name = named ? of->id : ordinal;
    ms_text href = {ms_store_text(store, name, strlen(name)),
                    span_of(named ? of->id_at : of->content)};
    ms_response response = {
        .span = span_of(of->content),
        .hrefs = {store->hrefs->len, 1},
        .conditions = {store->conditions.len, 0},
        .propstats = {store->propstats->len, 0},
        .status = {.code = MS_STATUS_NONE},
        .complete = true,
    };

    g_free(ordinal);
    if (status) {
        response.status.line = ms_store_name(store, status);
        response.status.code = ms_status_parse(status).code;
        response.status.span = span_of(status_at);
    }
    g_array_append_val(store->hrefs, href);
    ms_judge_row(&response);
    g_array_append_val(store->responses, response);
}

static void not_understood(reader *r, const part *of)
{
    ms_note *note = &r->notes->of[MS_NOTE_PART];

    if (!of->cut && note->count++ == 0) {
        note->response = r->document->store->responses->len;
        note->span = span_of(of->content);
        note->example = g_strdup(of->content_type ? of->content_type : "no Content-Type");
    }
    add_row(r, of, NULL, of->content);
}

static ms_span shifted(ms_span span, size_t by)
{
    return (ms_span){span.offset + (uint32_t)by, span.length};
}

static void shift_elements(ms_element_list *to, const ms_element *from, uint32_t count, size_t by)
{
    uint32_t base = to->len;

    for (uint32_t i = 0; i < count; i++) {
        ms_element element = from[i];

        element.span = shifted(element.span, by);
        element.end += base;
        *ms_element_list_add(to) = element;
    }
}

static void adopt_response(struct ms_store *store, ms_response response, const ms_document *from,
                           size_t by)
{
    response.span = shifted(response.span, by);
    response.status.span = shifted(response.status.span, by);
    response.description.span = shifted(response.description.span, by);
    response.location.span = shifted(response.location.span, by);
    response.hrefs.first += store->hrefs->len - from->n_hrefs;
    response.conditions.first += store->conditions.len - from->n_conditions;
    response.propstats.first += store->propstats->len - from->n_propstats;
    g_array_append_val(store->responses, response);
}

static void adopt_propstat(struct ms_store *store, ms_propstat propstat, const ms_document *from,
                           size_t by)
{
    propstat.span = shifted(propstat.span, by);
    propstat.status.span = shifted(propstat.status.span, by);
    propstat.description.span = shifted(propstat.description.span, by);
    propstat.properties.first += store->properties.len - from->n_properties;
    propstat.conditions.first += store->conditions.len - from->n_conditions;
    g_array_append_val(store->propstats, propstat);
}

static void adopt_findings(struct ms_store *store, const ms_document *from, uint32_t base,
                           size_t by)
{
    for (uint32_t i = 0; i < from->n_findings; i++) {
        ms_finding finding = from->findings[i];

        finding.span = shifted(finding.span, by);
        if (finding.response != MS_NO_RESPONSE)
            finding.response += base;
        /* How many failed is said once, for the whole. */
        if (finding.rule != &ms_rules[MS_RULE_FAILURES])
            g_array_append_val(store->findings, finding);
    }
}

/* Takes over what a part holds; the part's document lives on, because it owns the strings. */
static void adopt(reader *r, ms_document *from, size_t by)
{
    struct ms_store *store = r->document->store;
    uint32_t base = store->responses->len;

    ms_store_adopt(store, from);
    for (uint32_t i = 0; i < from->n_hrefs; i++) {
        ms_text href = {from->hrefs[i].text, shifted(from->hrefs[i].span, by)};

        g_array_append_val(store->hrefs, href);
    }
    shift_elements(&store->properties, from->properties, from->n_properties, by);
    shift_elements(&store->conditions, from->conditions, from->n_conditions, by);
    for (uint32_t i = 0; i < from->n_propstats; i++)
        adopt_propstat(store, from->propstats[i], from, by);
    for (uint32_t i = 0; i < from->n_responses; i++)
        adopt_response(store, from->responses[i], from, by);
    adopt_findings(store, from, base, by);
    if (from->error.present && !r->document->error.present) {
        r->document->error = from->error;
        r->document->error.offset += (uint32_t)by;
    }
}

/* The rows of a piece that may be Multi-Status. False if it is not. */
static bool add_rows(reader *r, piece at, const char *content_type)
{
    ms_context context = {.method = r->context->method,
                          .uri = r->context->uri,
                          .report = r->context->report,
                          .http_status = 207,
                          .content_type = content_type,
                          .incomplete = r->context->incomplete && at.to == r->length,
                          .limits = r->context->limits,
                          .values = r->context->values};
    ms_document *found = r->decode(r->body + at.from, at.to - at.from, &context);

    if (found->undecoded || (found->root == MS_ROOT_NONE && found->n_responses == 0)) {
        ms_document_free(found);
        return false;
    }
    adopt(r, found, at.from);
    return true;
}

/* What the row that was added last says about its failure, in its body or in a field of its header
 * (Azure Storage). */
static void add_error(reader *r, piece body, const char *content_type, piece code)
{
    struct ms_store *store = r->document->store;
    ms_response *row = &g_array_index(store->responses, ms_response, store->responses->len - 1);
    const ms_context context = {.content_type = content_type, .limits = r->context->limits};
    ms_document *said = ms_part_error(r->body + body.from, body.to - body.from, &context);
    const ms_response *found = said ? &said->responses[0] : NULL;

    if (store->conditions.len >= r->notes->limits.of[MS_MAX_ELEMENTS]) {
        ms_document_free(said);
        return;
    }
    if (found && found->conditions.count > 0) {
        shift_elements(&store->conditions, said->conditions, 1, body.from);
        row->conditions.count = 1;
    } else if (code.to > code.from) {
        char *name = copy(r, code);
        const ms_element condition = {.name = ms_store_name(store, name),
                                      .span = span_of(code),
                                      .end = store->conditions.len + 1};

        *ms_element_list_add(&store->conditions) = condition;
        row->conditions.count = 1;
        g_free(name);
    }
    if (found) {
        row->description = found->description;
        row->description.span = shifted(row->description.span, body.from);
        ms_store_adopt(store, said);
    }
}

static piece value_of(const reader *r, piece line, const char *name)
{
    line.from += strlen(name);
    while (line.from < line.to && g_ascii_isspace(r->body[line.from]))
        line.from++;
    return line;
}

/* application/http: one response. Its own body has the rows if it is a 207. */
static void add_http(reader *r, const part *of)
{
    piece rest = of->content, line, code = {0, 0};
    char *type = NULL;

    if (!next_line(r, &rest, &line) || !starts(r, line, "HTTP/")) {
        not_understood(r, of);
        return;
    }
    piece status_at = line;
    char *status = copy(r, line);

    while (next_line(r, &rest, &line) && line.from < line.to) {
        if (starts(r, line, "content-type:") && !type)
            type = copy(r, (piece){line.from + strlen("content-type:"), line.to});
        else if (starts(r, line, "x-ms-error-code:"))
            code = value_of(r, line, "x-ms-error-code:");
    }
    int number = ms_status_parse(status).code;

    if (number != 207 || !add_rows(r, rest, type)) {
        add_row(r, of, status, status_at);
        if (number >= 400)
            add_error(r, rest, type, code);
    }
    g_free(status);
    g_free(type);
}

/* Codings that change the bytes are not undone: places in the body would be lost. */
static bool is_coded(const part *of)
{
    return of->coding && *of->coding && g_ascii_strcasecmp(of->coding, "binary") != 0 &&
           g_ascii_strcasecmp(of->coding, "8bit") != 0 &&
           g_ascii_strcasecmp(of->coding, "7bit") != 0;
}

static void add_multipart(reader *r, const part *of)
{
    char *delimiter = delimiter_of(of->content_type);

    if (of->depth >= r->notes->limits.of[MS_MAX_NESTING]) {
        r->notes->limit = &ms_limit_table[MS_MAX_NESTING];
        r->notes->limit_span = span_of(of->content);
        r->notes->stopped = true;
    } else if (!delimiter || push_parts(r, of->content, delimiter, of->depth + 1) == 0) {
        not_understood(r, of);
    }
    g_free(delimiter);
}

static void add_part(reader *r, const part *of)
{
    const char *type = of->content_type ? of->content_type : "";

    if (is_coded(of))
        not_understood(r, of);
    else if (ms_multipart_suits(type))
        add_multipart(r, of);
    else if (g_ascii_strncasecmp(type, "application/http", 16) == 0)
        add_http(r, of);
    else if (!add_rows(r, of->content, of->content_type))
        not_understood(r, of);
}

/* ---- the parts one by one ---- */

static reader new_reader(ms_document *document, ms_notes *notes, const void *body, size_t length,
                         const ms_context *context)
{
    return (reader){.document = document,
                    .notes = notes,
                    .context = context,
                    .body = body,
                    .length = length,
                    .waiting = g_array_new(FALSE, FALSE, sizeof(part))};
}

static part take_part(reader *r)
{
    part taken = g_array_index(r->waiting, part, r->waiting->len - 1);

    g_array_set_size(r->waiting, r->waiting->len - 1);
    return taken;
}

static void clear_reader(reader *r)
{
    for (guint i = 0; i < r->waiting->len; i++)
        clear_part(&g_array_index(r->waiting, part, i));
    g_array_free(r->waiting, TRUE);
}

/* ---- requests ---- */

/* "GET /a/b HTTP/1.1". The caller frees it with g_free(); NULL if it is none. */
static char *request_of(const reader *r, const part *of)
{
    piece rest = of->content, line;

    if (!next_line(r, &rest, &line))
        return NULL;
    char *text = copy(r, line), *uri = strchr(text, ' ');
    char *end = uri ? strchr(uri + 1, ' ') : NULL;
    bool is_request = uri && uri > text && g_ascii_isupper(*text) && uri[1] != '\0' &&
                      (!end || g_str_has_prefix(end, " HTTP/"));

    if (is_request) {
        *uri++ = '\0';
        if (end)
            *end = '\0';
    }
    char *made = is_request ? ms_batch_line(text, uri) : NULL;

    g_free(text);
    return made;
}

/* False if it is no request. */
static bool add_request(reader *r, const part *of)
{
    struct ms_store *store = r->document->store;
    char *line = is_coded(of) || !of->content_type ||
                         g_ascii_strncasecmp(of->content_type, "application/http", 16) != 0
                     ? NULL
                     : request_of(r, of);

    if (!line)
        return false;
    add_row(r, of, NULL, of->content);
    const ms_text name = {ms_store_take(store, line), span_of(of->content)};

    g_array_append_val(store->hrefs, name);
    g_array_index(store->responses, ms_response, store->responses->len - 1).hrefs.count = 2;
    return true;
}

bool ms_multipart_parse_asked(ms_document *document, ms_notes *notes, const void *body,
                              size_t length, const char *content_type, bool *nested)
{
    const ms_context context = {.content_type = content_type};
    reader r = new_reader(document, notes, body, length, &context);
    char *delimiter = delimiter_of(content_type);
    bool understood = delimiter && push_parts(&r, (piece){0, length}, delimiter, 1) > 0;

    *nested = false;
    while (r.waiting->len > 0 && understood && !notes->stopped) {
        part of = take_part(&r);
        bool inner = of.content_type && ms_multipart_suits(of.content_type);

        if (inner)
            add_multipart(&r, &of);
        else
            understood = add_request(&r, &of);
        *nested = *nested || inner;
        clear_part(&of);
    }
    understood = understood && r.parts < notes->limits.of[MS_MAX_PARTS] &&
                 notes->of[MS_NOTE_PART].count == 0;
    clear_reader(&r);
    g_free(delimiter);
    ms_store_publish(document->store, document);
    return understood;
}

/* ---- answers ---- */

void ms_multipart_parse(ms_document *document, ms_notes *notes, const void *body, size_t length,
                        const ms_context *context, ms_multipart_decoder decode)
{
    reader r = new_reader(document, notes, body, length, context);
    char *delimiter = delimiter_of(context->content_type);

    r.decode = decode;
    document->format = MS_FORMAT_MULTIPART;
    document->root = MS_ROOT_MULTIPART;
    if (!delimiter || push_parts(&r, (piece){0, length}, delimiter, 1) == 0)
        document->undecoded = "the multipart body has no part: its boundary is not there";
    while (r.waiting->len > 0 && !notes->stopped) {
        part of = take_part(&r);

        add_part(&r, &of);
        clear_part(&of);
    }
    if (r.parts >= notes->limits.of[MS_MAX_PARTS]) {
        notes->limit = &ms_limit_table[MS_MAX_PARTS];
        notes->limit_span = (ms_span){0, (uint32_t)length};
        notes->stopped = true;
    }
    clear_reader(&r);
    g_free(delimiter);
    ms_store_publish(document->store, document);
}
