/* json_member.h
 * Members of an object that is written by hand.
 *
 * Ownership: texts stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_JSON_MEMBER_H
#define MULTISTATUS_JSON_MEMBER_H

#include <stdint.h>

#include <glib.h>
#include <wsutil/json_dumper.h>

/** What is not known (NULL) is not there. */
static inline void json_member_text(json_dumper *json, const char *name, const char *value)
{
    if (!value)
        return;
    json_dumper_set_member_name(json, name);
    json_dumper_value_string(json, value);
}

static inline void json_member_number(json_dumper *json, const char *name, int64_t value)
{
    json_dumper_set_member_name(json, name);
    json_dumper_value_anyf(json, "%" G_GINT64_FORMAT, value);
}

/** json_dumper_end_object() ends it. */
static inline void json_member_object(json_dumper *json, const char *name)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_object(json);
}

#endif /* MULTISTATUS_JSON_MEMBER_H */
