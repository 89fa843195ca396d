/* fuzz_media.c
 * Bodies that are not XML documents: JSON, and several parts of XML, JSON and HTTP. The reader of
 * JSON is compared with jansson's: what one of them takes for JSON, the other has to accept, too.
 *
 * The input: a byte that chooses the media type, one the method, one the status, then the body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include <jansson.h>

#include "document.h"
#include "json_tokens.h"
#include "limit_table.h"

#define CHOOSE(list, byte) ((list)[(byte) % G_N_ELEMENTS(list)])

static const char *const types[] = {
    "application/json",
    "multipart/mixed; boundary=b",
    "application/problem+json; charset=utf-8",
    "multipart/related; boundary=\"b c\"; type=\"text/xml\"",
    NULL,
};
static const char *const methods[] = {"POST", "DELETE", "PUT", "GET", NULL};
static const int statuses[] = {207, 200, 424};

/* Tokens lie in the text and within what contains them, members in pairs. */
static void check_tokens(const ms_json *json, size_t length)
{
    for (uint32_t i = 0; i < json->count; i++) {
        const ms_json_token *token = &json->tokens[i];

        fuzz_check((uint64_t)token->offset + token->length <= length);
        fuzz_check(token->end > i && token->end <= json->count);
        fuzz_check(token->type <= MS_JSON_ARRAY || token->end == i + 1);
        for (uint32_t j = ms_json_first(i); j < token->end; j = json->tokens[j].end)
            fuzz_check(json->tokens[j].end <= token->end &&
                       json->tokens[j].offset >= token->offset);
    }
}

/* What jansson refuses for reasons of its own: numbers that it cannot hold, halves of surrogate
 * pairs, names with NULs, depth. */
static bool is_its_own_refusal(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_numeric_overflow:
    case json_error_stack_overflow:
    case json_error_null_byte_in_key:
    case json_error_null_character:
        return true;
    default:
        return strstr(error->text, "invalid Unicode") != NULL;
    }
}

/* Several texts, or a separator around one (RFC 7464), are not one text to jansson. */
static bool is_sequence(const ms_json *ours, const char *body, size_t length)
{
    return ours->lines || memchr(body, 0x1e, length);
}

static void compare_readers(const char *body, size_t length)
{
    ms_limits limits = ms_limits_in_force(NULL);
    ms_json ours;
    json_error_t error;

    if (!g_utf8_validate_len(body, length, NULL))
        return;
    ms_json_read(&ours, body, length, &limits);
    check_tokens(&ours, length);
    json_t *theirs = json_loadb(body, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

    if (theirs)
        fuzz_check(!ours.error || ours.limit);
    else
        fuzz_check(ours.error || ours.limit || is_sequence(&ours, body, length) ||
                   is_its_own_refusal(&error));
    json_decref(theirs);
    ms_json_clear(&ours);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    ms_context context = {.content_type = CHOOSE(types, fuzz_byte(&input)), .uri = "/c/"};

    context.method = CHOOSE(methods, fuzz_byte(&input));
    context.http_status = CHOOSE(statuses, fuzz_byte(&input));
    size_t length = input.left;
    char *body = fuzz_copy(&input, &length);

    compare_readers(body, length);
    document_check(body, length, context);
    free(body);
    return 0;
}
