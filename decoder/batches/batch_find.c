/* batch_find.c
 * Which kind of batch is it? Two of three have to say the same: the request, the header of the
 * response, the shape of the body.
 *
 * Asked for every answer that HTTP carries, so what costs little comes first, and what says no most
 * often.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batches.h"

#include <string.h>

#include "limit_table.h"

/* As much of a body tells its shape. */
#define SHAPE_BYTES (256u * 1024)

/* ---- the request ---- */

static bool is_in(const char *const *words, const char *text, size_t length)
{
    for (; *words; words++) {
        if (strlen(*words) == length && memcmp(*words, text, length) == 0)
            return true;
    }
    return false;
}

/* Without query and without a slash at its end. */
static size_t path_length(const char *uri, size_t length)
{
    size_t end = 0;

    while (end < length && uri[end] != '?' && uri[end] != '#')
        end++;
    while (end > 1 && uri[end - 1] == '/')
        end--;
    return end;
}

/* The last segment of a path is the one from there on. */
static size_t last_segment(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length;
}

static bool is_any(const char *segment, size_t length)
{
    return length == 1 && *segment == '*';
}

static bool is_segment(const char *text, size_t length, const char *wanted, size_t size)
{
    return is_any(wanted, size) ? length > 0 : length == size && memcmp(text, wanted, size) == 0;
}

/* Of `end`, "*" stands for any segment. Something comes before it. */
static bool ends_with_segments(const char *path, size_t length, const char *end)
{
    for (size_t left = strlen(end);;) {
        size_t wanted = last_segment(end, left), found = last_segment(path, length);

        if (found == 0 || !is_segment(path + found, length - found, end + wanted, left - wanted))
            return false;
        if (wanted == 0)
            return true;
        left = wanted - 1;
        length = found - 1;
    }
}

/* Is that one of the parameters after the "?"? One without "=" may have a value there. */
static bool has_parameter(const char *uri, size_t length, const char *wanted)
{
    const char *at = memchr(uri, '?', length), *end = uri + length;
    size_t size = strlen(wanted);

    while (at && (size_t)(end - ++at) >= size) {
        if (memcmp(at, wanted, size) == 0 && (at + size == end || at[size] == '&' ||
                                              (at[size] == '=' && !memchr(wanted, '=', size))))
            return true;
        at = memchr(at, '&', (size_t)(end - at));
    }
    return false;
}

/* ---- one filter over all kinds ---- */

/* Nearly every message has nothing of a batch. Words of all kinds, as a set of bits by their hash:
 * a word whose bit is not set is none of them. */
#define LOOKS 2048u

typedef struct {
    uint64_t bits[LOOKS / 64];
} looks;

/* Segments of a path, from its end, that are looked at; and what else words are. */
enum { SEGMENTS = 3, PARAMETER, MEDIA_TYPE };

/* @param where  a word means something there only */
static uint32_t hash_of(const char *word, size_t length, unsigned where)
{
    uint32_t hash = 2166136261u + where;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((unsigned)word[i] | 0x20)) * 16777619u;
    return (hash ^ hash >> 16) % LOOKS;
}

static void know(looks *of, const char *word, size_t length, unsigned where)
{
    uint32_t hash = hash_of(word, length, where);

    of->bits[hash / 64] |= (uint64_t)1 << hash % 64;
}

static bool is_known(const looks *of, const char *word, size_t length, unsigned where)
{
    uint32_t hash = hash_of(word, length, where);

    return of->bits[hash / 64] >> hash % 64 & 1;
}

/* Of a path one segment is enough, the last that is not just any. */
static void know_path(looks *of, const char *path)
{
    size_t length = strlen(path), from = last_segment(path, length);
    unsigned where = 0;

    for (; is_any(path + from, length - from); where++) {
        length = from - 1;
        from = last_segment(path, length);
    }
    know(of, path + from, length - from, where);
}

static void know_all(looks *of)
{
    for (size_t i = 0; i < ms_batch_count; i++) {
        const ms_batch *batch = &ms_batches[i];

        for (const char *const *path = batch->request.paths; *path; path++)
            know_path(of, *path);
        for (const char *const *query = batch->request.queries; *query; query++)
            know(of, *query, strcspn(*query, "="), PARAMETER);
        for (const char *const *type = batch->header.types; *type; type++)
            know(of, *type, strlen(*type), MEDIA_TYPE);
    }
}

/* Filled once, as constant as the table from then on. */
static const looks *known_looks(void)
{
    static looks known;
    static gsize filled;

    if (g_once_init_enter(&filled)) {
        know_all(&known);
        g_once_init_leave(&filled, 1);
    }
    return &known;
}

static bool looks_like_path(const char *uri, size_t length)
{
    const looks *known = known_looks();
    const char *query = memchr(uri, '?', length), *end = uri + length;
    size_t left = path_length(uri, length);

    for (unsigned i = 0; i < SEGMENTS && left > 0; i++) {
        size_t from = last_segment(uri, left);

        if (is_known(known, uri + from, left - from, i))
            return true;
        left = from > 0 ? from - 1 : 0;
    }
    for (; query; query = memchr(query, '&', (size_t)(end - query))) {
        const char *name = ++query;

        while (query < end && *query != '=' && *query != '&')
            query++;
        if (is_known(known, name, (size_t)(query - name), PARAMETER))
            return true;
    }
    return false;
}

static bool looks_like_type(const char *type)
{
    return is_known(known_looks(), type, strcspn(type, "; \t"), MEDIA_TYPE);
}

/* Could anything but the body speak for a kind? Needs a few instructions for each letter. */
static bool looks_like_any(const ms_context *context)
{
    return context->asked || context->amz_target || context->elastic_product ||
           (context->content_type && looks_like_type(context->content_type)) ||
           (context->uri && looks_like_path(context->uri, strlen(context->uri)));
}

static bool is_path_of(const ms_batch *batch, const char *uri, size_t length)
{
    size_t end = path_length(uri, length);

    for (const char *const *query = batch->request.queries; *query; query++) {
        if (has_parameter(uri, length, *query))
            return true;
    }

    for (const char *const *path = batch->request.paths; *path; path++) {
        if (ends_with_segments(uri, end, *path))
            return true;
    }
    return false;
}

static bool says_request(const ms_batch *batch, const ms_context *context)
{
    if (context->asked && strcmp(context->asked->kind, batch->id) == 0)
        return true;
    if (context->amz_target &&
        is_in(batch->request.targets, context->amz_target, strlen(context->amz_target)))
        return true;
    if (batch->request.method && context->method &&
        strcmp(context->method, batch->request.method) != 0)
        return false;
    return context->uri && is_path_of(batch, context->uri, strlen(context->uri));
}

bool ms_batch_may_be_asked(const ms_context *context)
{
    return looks_like_any(context);
}

bool ms_batch_is_asked(const ms_batch *batch, const ms_context *context)
{
    return says_request(batch, context);
}

bool ms_batch_is_target(const char *target, size_t length)
{
    for (size_t i = 0; i < ms_batch_count; i++) {
        if (is_in(ms_batches[i].request.targets, target, length))
            return true;
    }
    return false;
}

bool ms_batch_is_path(const char *uri, size_t length)
{
    for (size_t i = 0; looks_like_path(uri, length) && i < ms_batch_count; i++) {
        if (is_path_of(&ms_batches[i], uri, length))
            return true;
    }
    return false;
}

/* ---- the header of the response ---- */

static bool is_type(const char *type, size_t length, const char *wanted)
{
    return strlen(wanted) == length && g_ascii_strncasecmp(type, wanted, length) == 0;
}

static bool says_header(const ms_batch *batch, const ms_context *context)
{
    const char *type = context->content_type;
    size_t length = type ? strcspn(type, "; \t") : 0;

    for (const char *const *wanted = batch->header.types; type && *wanted; wanted++) {
        if (is_type(type, length, *wanted))
            return true;
    }
    return batch->header.product && context->elastic_product &&
           g_ascii_strcasecmp(context->elastic_product, batch->header.product) == 0;
}

/* ---- the first bytes ---- */

typedef struct {
    const char *at, *end;
} window;

/* From the first character on that is no white space and no byte order mark. */
static window first_bytes(const void *body, size_t length)
{
    window in = {body, (const char *)body + MIN(length, MS_BATCH_WINDOW)};

    if (in.end - in.at >= 3 && memcmp(in.at, "\xEF\xBB\xBF", 3) == 0)
        in.at += 3;
    while (in.at < in.end && g_ascii_isspace(*in.at))
        in.at++;
    return in;
}

static bool has_mark(const ms_batch *batch, window in)
{
    return g_strstr_len(in.at, in.end - in.at, batch->shape.mark) != NULL;
}

static bool begins_like(const ms_batch *batch, window in)
{
    if (in.at == in.end)
        return false;
    switch (batch->form) {
    case MS_BATCH_JSON:
        return *in.at == (batch->shape.array ? '[' : '{');
    case MS_BATCH_XML:
        return *in.at == '<' && has_mark(batch, in);
    case MS_BATCH_PARTS:
        break;
    }
    return has_mark(batch, in);
}

static void skip_space(window *in)
{
    while (in->at < in->end && g_ascii_isspace(*in->at))
        in->at++;
}

/* Is there a member of that name whose value is a text? */
static bool has_text(window in, const char *name)
{
    const char *found;

    while ((found = g_strstr_len(in.at, in.end - in.at, name)) != NULL) {
        in.at = found + strlen(name);
        skip_space(&in);
        if (in.at == in.end || *in.at++ != ':')
            continue;
        skip_space(&in);
        if (in.at < in.end && *in.at == '"')
            return true;
    }
    return false;
}

/* {"query": "{ boat { name } }"}, {"operationName": ..., "variables": {...}, "query": ...}, and
 * lists of those: what others send as "query" is seldom a text. Calls of JSON-RPC are a batch in a
 * list only. */
const char *ms_batch_of_request(const void *body, size_t length)
{
    window in = first_bytes(body, length);

    if (in.at == in.end || (*in.at != '{' && *in.at != '['))
        return NULL;
    if (*in.at == '[' && has_text(in, "\"jsonrpc\"") && has_text(in, "\"method\""))
        return "json-rpc-batch";
    return has_text(in, "\"query\"") ? "graphql-errors" : NULL;
}

/* ---- the shape ---- */

/* Is that the text, or that of the first element of a list? */
static bool is_text(const ms_json *json, uint32_t value, const char *text)
{
    if (ms_json_has_type(json, value, MS_JSON_ARRAY) && !ms_json_is_empty(json, value))
        value = ms_json_first(value);
    return ms_json_has_type(json, value, MS_JSON_STRING) &&
           ms_json_is(json, value, text, strlen(text));
}

static bool is_member(const ms_json *json, uint32_t name, const ms_batch_member *member)
{
    return ms_json_is(json, name, member->name, strlen(member->name));
}

static bool has_member(const ms_json *json, uint32_t object, const char *wanted)
{
    uint32_t end = json->tokens[object].end;

    for (uint32_t name = ms_json_first(object); name < end; name = json->tokens[name + 1].end) {
        if (ms_json_is(json, name, wanted, strlen(wanted)))
            return true;
    }
    return false;
}

static bool has_any(const ms_json *json, uint32_t object, const char *const *names)
{
    for (const char *const *wanted = names; *wanted; wanted++) {
        if (has_member(json, object, *wanted))
            return true;
    }
    return !names[0];
}

static bool has_all(const ms_json *json, uint32_t object, const char *const *names)
{
    for (const char *const *wanted = names; *wanted; wanted++) {
        if (!has_member(json, object, *wanted))
            return false;
    }
    return true;
}

/* Is the first element of a list a row? One that is cut off may be. */
static bool may_hold_rows(const ms_json *json, uint32_t list, const ms_batch_rows *rows)
{
    uint32_t first = ms_json_first(list);

    if (!(rows->tells[0] || rows->needs[0]) || !ms_json_has_type(json, list, MS_JSON_ARRAY) ||
        ms_json_is_empty(json, list))
        return true;
    return ms_json_has_type(json, first, MS_JSON_OBJECT) &&
           ((has_any(json, first, rows->tells) && has_all(json, first, rows->needs)) ||
            !json->tokens[first].complete);
}

static bool are_rows(const ms_batch *batch, const ms_json *json, uint32_t name)
{
    for (const ms_batch_rows *rows = batch->rows; rows < batch->rows + MS_BATCH_LISTS && rows->list;
         rows++) {
        if (ms_json_is(json, name, rows->list, strlen(rows->list)) &&
            !may_hold_rows(json, name + 1, rows))
            return false;
    }
    return true;
}

/* What the members of an object say about its shape. */
typedef struct {
    unsigned needed; /* of those that are, as bits */
    unsigned strange, known;
    bool contradicts;
} members;

static void take_member(const ms_batch *batch, const ms_json *json, uint32_t name, members *found)
{
    for (unsigned i = 0; i < MS_BATCH_MEMBERS && batch->shape.members[i].name; i++) {
        const ms_batch_member *member = &batch->shape.members[i];

        if (!is_member(json, name, member))
            continue;
        found->known++;
        if (!(member->types & MS_BATCH_TYPE(json->tokens[name + 1].type)) ||
            (member->filled && ms_json_is_empty(json, name + 1)) ||
            (member->text && !is_text(json, name + 1, member->text)) ||
            !are_rows(batch, json, name))
            found->contradicts = true;
        else if (member->needed)
            found->needed |= 1u << i;
        return;
    }
    found->strange++;
}

static members members_of(const ms_batch *batch, const ms_json *json, uint32_t object)
{
    members found = {0};
    uint32_t end = json->tokens[object].end;

    for (uint32_t name = ms_json_first(object); name < end; name = json->tokens[name + 1].end)
        take_member(batch, json, name, &found);
    return found;
}

static unsigned needed_by(const ms_batch *batch)
{
    unsigned needed = 0;

    for (unsigned i = 0; i < MS_BATCH_MEMBERS && batch->shape.members[i].name; i++)
        needed |= batch->shape.members[i].needed ? 1u << i : 0;
    return needed;
}

/* Of a text that ends too early, the last element may be anything. */
static bool has_any_element(const ms_batch *batch, const ms_json *json, unsigned needed)
{
    bool found = false;

    for (uint32_t at = ms_json_first(0), end = json->tokens[0].end; at < end;
         at = json->tokens[at].end) {
        if (!ms_json_has_type(json, at, MS_JSON_OBJECT))
            return false;
        const members in = members_of(batch, json, at);

        if (json->tokens[at].complete && (in.contradicts || in.strange > 0 || in.known == 0))
            return false;
        found = found || (in.needed == needed && !in.contradicts);
    }
    return found;
}

/* "[]" where only failures are answered. */
static bool is_nothing_quiet(const ms_batch *batch, const ms_json *json, const ms_context *context)
{
    return batch->shape.array && batch->quiet && context->asked && context->asked->quiet &&
           json->count == 1 && ms_json_has_type(json, 0, MS_JSON_ARRAY) && !json->error;
}

/* Of a text that ends too early: is there enough of it to tell? One of the members that the kind
 * needs, and each of those that have to be a certain text. */
static bool tells_enough(const ms_batch *batch, unsigned found)
{
    unsigned texts = 0;

    for (unsigned i = 0; i < MS_BATCH_MEMBERS && batch->shape.members[i].name; i++)
        texts |= batch->shape.members[i].needed && batch->shape.members[i].text ? 1u << i : 0;
    return !batch->shape.always && found != 0 && (found & texts) == texts;
}

/* Of a text that ends too early, what there is must not speak against it. Where a kind needs no
 * member, none but its own may be there. */
static bool has_shape(const ms_batch *batch, const ms_json *json, const ms_context *context)
{
    unsigned needed = needed_by(batch);
    uint32_t object = batch->shape.array ? ms_json_first(0) : 0;

    if (is_nothing_quiet(batch, json, context))
        return true;
    if (json->count <= object ||
        !ms_json_has_type(json, 0, batch->shape.array ? MS_JSON_ARRAY : MS_JSON_OBJECT) ||
        !ms_json_has_type(json, object, MS_JSON_OBJECT) || json->lines)
        return false;
    if (batch->shape.any)
        return has_any_element(batch, json, needed);
    members found = members_of(batch, json, object);

    if (found.contradicts || (batch->shape.array && !may_hold_rows(json, 0, &batch->rows[0])))
        return false;
    if (batch->shape.empty && ms_json_is_empty(json, object) && !json->error)
        return true;
    if (needed != 0 && found.needed == needed)
        return true;
    return found.known > 0 && found.strange == 0 &&
           ((json->error && tells_enough(batch, found.needed)) || needed == 0);
}

/* ---- all of it ---- */

/* A 207 is read as one, and a status of failure says that nothing was done. */
static bool is_looked_for(const ms_context *context)
{
    return context->batches != MS_BATCHES_OFF && context->http_status >= 200 &&
           context->http_status < 300 && context->http_status != 207 &&
           (context->batches == MS_BATCHES_ALL || looks_like_any(context));
}

/* What speaks for a kind beside its body: 0 to 2. */
static unsigned voices(const ms_batch *batch, const ms_context *context)
{
    return (unsigned)says_request(batch, context) + (unsigned)says_header(batch, context);
}

/* What was asked for something else is not answered with this. */
static bool is_contradicted(const ms_batch *batch, const ms_context *context)
{
    return batch->request.targets[0] && context->amz_target && !says_request(batch, context);
}

static bool is_possible(const ms_batch *batch, const ms_context *context, window in)
{
    unsigned heard = voices(batch, context);

    if (is_contradicted(batch, context))
        return false;
    if ((heard == 2 && batch->form == MS_BATCH_JSON && !batch->shape.always) ||
        (heard >= 1 && begins_like(batch, in)))
        return true;
    return context->batches == MS_BATCHES_ALL && batch->shape.unique && begins_like(batch, in) &&
           has_mark(batch, in);
}

bool ms_batch_is_promising(const ms_context *context)
{
    if (!is_looked_for(context))
        return false;
    if (context->batches == MS_BATCHES_ALL &&
        (!context->content_type || ms_json_is_type(context->content_type)))
        return true;
    for (size_t i = 0; i < ms_batch_count; i++) {
        if (voices(&ms_batches[i], context) > 0 && !is_contradicted(&ms_batches[i], context))
            return true;
    }
    return false;
}

bool ms_batch_may_be(const ms_context *context, const void *body, size_t length)
{
    if (!is_looked_for(context))
        return false;
    window in = first_bytes(body, length);

    for (size_t i = 0; i < ms_batch_count && in.at < in.end; i++) {
        if (is_possible(&ms_batches[i], context, in))
            return true;
    }
    return false;
}

/* A root, or what the first part of several is. */
static bool is_of_form(const ms_batch *batch, const ms_context *context, window in,
                       const void *body, size_t length)
{
    if (!is_possible(batch, context, in))
        return false;
    return batch->form == MS_BATCH_PARTS
               ? says_header(batch, context)
               : ms_xml_batch_is(batch->xml, body, length, context->content_type);
}

static const ms_batch *find_by_form(const ms_context *context, const void *body, size_t length)
{
    window in = first_bytes(body, length);

    for (size_t i = 0; i < ms_batch_count; i++) {
        if (ms_batches[i].form != MS_BATCH_JSON &&
            is_of_form(&ms_batches[i], context, in, body, length))
            return &ms_batches[i];
    }
    return NULL;
}

/* The text is UTF-8: it is JSON. */
static const ms_batch *find_by_shape(const ms_context *context, window in, const char *text,
                                     size_t length)
{
    const ms_limits limits = ms_limits_in_force(context->limits);
    const ms_batch *found = NULL;
    ms_json json;

    ms_json_read(&json, text, MIN(length, SHAPE_BYTES), &limits);
    for (size_t i = 0; i < ms_batch_count && !found; i++) {
        if (ms_batches[i].form == MS_BATCH_JSON && is_possible(&ms_batches[i], context, in) &&
            has_shape(&ms_batches[i], &json, context))
            found = &ms_batches[i];
    }
    ms_json_clear(&json);
    return found;
}

const ms_batch *ms_batch_find(const ms_context *context, const void *body, size_t length)
{
    if (length == 0 || !ms_batch_may_be(context, body, length))
        return NULL;
    const ms_batch *formed = find_by_form(context, body, length);

    if (formed)
        return formed;
    for (size_t i = 0; i < ms_batch_count; i++) {
        if (ms_batches[i].form == MS_BATCH_JSON && !ms_batches[i].shape.always &&
            voices(&ms_batches[i], context) == 2)
            return &ms_batches[i];
    }
    ms_encoded encoded;

    ms_encoded_init(&encoded, body, MIN(length, SHAPE_BYTES), context->content_type);
    const ms_batch *found =
        find_by_shape(context, first_bytes(body, length), encoded.text, encoded.length);

    ms_encoded_clear(&encoded);
    return found;
}
