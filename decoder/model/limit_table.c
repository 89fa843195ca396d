/* limit_table.c
 * The limits of the decoder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "limit_table.h"

/* Entries of the model and offsets have 32 bits, and so has everything that adds to them. */
#define MOST_ENTRIES 500000000u

const ms_limit ms_limit_table[MS_LIMIT_KINDS] = {
    [MS_MAX_BODY] = {"max_body", "the size of a body", "Bytes read of one body",
                     "How many bytes of a body are read at most, after its content coding is "
                     "undone. What comes after them is left out, and the verdict is malformed.",
                     MS_LIMIT_BODY, 1024u * 1024 * 1024},
    [MS_MAX_RESPONSES] = {"max_responses", "the number of responses", "Resources read of one body",
                          "How many resources of one body are read at most; the rest is left out, "
                          "and the verdict is malformed.",
                          MS_LIMIT_RESPONSES, MOST_ENTRIES},
    [MS_MAX_DEPTH] =
        {"max_depth", "the depth of elements", "Nesting of elements",
         "How deep elements, or values in JSON, may be nested. What is deeper ends the "
         "reading. libxml2 itself ends at 256.",
         MS_LIMIT_DEPTH, MS_DEPTH_MOST},
    [MS_MAX_ELEMENTS] =
        {"max_elements", "the number of properties, conditions and values",
         "Properties and conditions read of one body",
         "How many properties and conditions of one body, and elements in them, are "
         "read at most; the rest is left out.",
         MS_LIMIT_ELEMENTS, MOST_ENTRIES},
    [MS_MAX_TEXT] = {"max_text", "the length of a text", "Bytes kept of one text",
                     "How many bytes of one property value, description or href are kept; the "
                     "reading goes on after it.",
                     MS_LIMIT_TEXT, 64u * 1024 * 1024},
    [MS_MAX_TAG] =
        {"max_tag", "the length of a tag", "Bytes of one start tag",
         "How long a start tag may be: its attributes cost the square of their number. A "
         "longer one ends the reading.",
         MS_LIMIT_TAG, 1024u * 1024},
    [MS_MAX_PARTS] = {"max_parts", "the number of parts", "Parts read of one multipart body",
                      "How many parts of one body are read at most, those within parts among them; "
                      "the rest is left out, and the verdict is malformed.",
                      MS_LIMIT_PARTS, 100000},
    [MS_MAX_NESTING] = {"max_nesting", "the depth of parts", "Nesting of parts",
                        "How deep the parts of a multipart body may be nested. What is deeper ends "
                        "the reading.",
                        MS_LIMIT_NESTING, 100},
};

uint32_t ms_limit_of(const ms_limits *limits, ms_limit_kind kind)
{
    const ms_limit *limit = &ms_limit_table[kind];

    return limits ? CLAMP(limits->of[kind], 1, limit->most) : limit->standard;
}

ms_limits ms_limits_in_force(const ms_limits *limits)
{
    ms_limits in_force;

    for (int kind = 0; kind < MS_LIMIT_KINDS; kind++)
        in_force.of[kind] = ms_limit_of(limits, (ms_limit_kind)kind);
    return in_force;
}
