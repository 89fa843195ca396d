/* fuzz_request.c
 * A request body. The first byte chooses its Content-Type.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "request.h"

static const char *const types[] = {NULL, "text/xml; charset=iso-8859-1",
                                    "application/xml; charset=\"utf-16\"", "text/xml;charset=gbk"};

static void check_texts(const ms_text *texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        fuzz_check(texts[i].text && g_utf8_validate(texts[i].text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    const char *type = types[fuzz_byte(&input) % G_N_ELEMENTS(types)];
    size_t length = input.left;
    char *body = fuzz_copy(&input, &length);
    ms_request *request = ms_request_parse(body, length, type);
    char *root = ms_root_name(body, length, type);

    free(body); /* nothing in a request points into the body */
    check_texts(request->properties, request->n_properties);
    check_texts(request->set, request->n_set);
    check_texts(request->remove, request->n_remove);
    check_texts(request->hrefs, request->n_hrefs);
    fuzz_check(!request->root || g_utf8_validate(request->root, -1, NULL));
    fuzz_check(!request->lock_owner.text || g_utf8_validate(request->lock_owner.text, -1, NULL));
    fuzz_check(request->span.offset + (uint64_t)request->span.length <= length);
    g_free(root);
    ms_request_free(request);
    return 0;
}
