/* start.c
 * Starting libwireshark, and what the module offers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libraries.h"
#include <epan/addr_resolv.h>
#include <epan/ex-opt.h>
#include <epan/prefs.h>
#include <epan/timestamp.h>
#include <wsutil/str_util.h>

#include "decode_as.h"
#include "diagnostics.h"
#include "dissectors.h"
#include "epan_settings.h"
#include "frames.h"
#include "layers.h"
#include "multistatus-tap.h"
#include "session.h"

/* ----------------------------------------------------------------------- our own dissector ---- */

static void do_nothing(void)
{
}

static void do_nothing_with(epan_dissect_t *edt)
{
    (void)edt;
}

static void register_protocols(register_cb progress, gpointer data)
{
    (void)progress;
    (void)data;
    proto_register_multistatus();
}

static void register_handoffs(register_cb progress, gpointer data)
{
    (void)progress;
    (void)data;
    proto_reg_handoff_multistatus();
}

/* 4.0 calls these without checking that they are there. */
static const epan_plugin dissector = {
    .init = do_nothing,
    .post_init = do_nothing,
    .dissect_init = do_nothing_with,
    .dissect_cleanup = do_nothing_with,
    .cleanup = do_nothing,
    .register_all_protocols = register_protocols,
    .register_all_handoffs = register_handoffs,
    .register_all_tap_listeners = do_nothing,
};

static bool start_epan(void)
{
    epan_register_plugin(&dissector);
    if (!epan_init(NULL, NULL, SESSION_LOADS_PLUGINS))
        return false;
    if (proto_get_id_by_filter_name("multistatus") == -1) {
        complain("This Wireshark library was built without support for plugins, which the "
                 "Multi-Status dissector needs.");
        return false;
    }
    return true;
}

/* -------------------------------------------------------------------------------- settings ---- */

static bool set_preference(const char *setting)
{
    g_autofree char *copy = g_strdup(setting);
    char *details = NULL;
    prefs_set_pref_e result = prefs_set_pref(copy, &details);

    switch (result) {
    case PREFS_SET_OK:
        break;
    case PREFS_SET_SYNTAX_ERR:
        complain("-o %s: this is not a valid value%s%s. The form is PREFERENCE:VALUE.", setting,
                 details ? ": " : "", details ? details : "");
        break;
    case PREFS_SET_NO_SUCH_PREF:
        complain("-o %s: there is no such preference. \"tshark -G currentprefs\" lists them.",
                 setting);
        break;
    case PREFS_SET_OBSOLETE:
        complain("-o %s: this preference does not exist any more.", setting);
        break;
    }
    g_free(details);
    return result == PREFS_SET_OK;
}

static bool use_keylog(const char *path)
{
    FILE *file = fopen(path, "r");

    if (!file) {
        complain("The key log \"%s\" could not be opened: %s.", path, g_strerror(errno));
        return false;
    }
    fclose(file);
    g_autofree char *setting = g_strconcat("tls.keylog_file:", path, NULL);

    return set_preference(setting);
}

/* By default, Wireshark gives up on a stream after a segment that came too late, and whole
 * exchanges are missing. */
static const char *const our_preferences[] = {
    "tcp.reassemble_out_of_order:TRUE",
#ifdef MULTISTATUS_BROTLI
    /* Its time is quadratic in the size of the decoded body, and it has no limit. The dissector
     * undoes all codings itself (exchange/http/codings.h). */
    "http.decompress_body:FALSE",
#endif
};

static bool set_preferences(const dissect_settings *o)
{
    for (size_t i = 0; i < G_N_ELEMENTS(our_preferences); i++) {
        if (!set_preference(our_preferences[i]))
            return false;
    }
    for (guint i = 0; i < o->preferences->len; i++) {
        if (!set_preference(o->preferences->pdata[i]))
            return false;
    }
    return !o->keylog || use_keylog(o->keylog);
}

/* proto_enable_proto_by_name() and its like; "ALL" is theirs, too. */
static bool switch_protocols(const GPtrArray *names, const char *option,
                             void (*switch_protocol)(const char *))
{
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];

        if (strcmp(name, "ALL") != 0 && proto_get_id_by_filter_name(name) == -1) {
            complain("%s %s: there is no such protocol. \"tshark -G protocols\" lists them.",
                     option, name);
            return false;
        }
        switch_protocol(name);
    }
    return true;
}

static bool switch_heuristics(const GPtrArray *names, const char *option, bool enable)
{
    for (guint i = 0; i < names->len; i++) {
        if (!compat_switch_heuristic(names->pdata[i], enable)) {
            complain("%s %s: there is no such heuristic dissector. \"tshark -G "
                     "heuristic-decodes\" lists them.",
                     option, (const char *)names->pdata[i]);
            return false;
        }
    }
    return true;
}

static void disable_protocol(const char *name)
{
    proto_disable_proto_by_name(name);
}

static void enable_protocol(const char *name)
{
    proto_enable_proto_by_name(name);
}

static bool apply_settings(const dissect_settings *o)
{
    epan_load_settings();
    if (!set_preferences(o))
        return false;
    prefs_apply_all();
    disable_name_resolution();
    if (!switch_protocols(o->disable_protocols, "--disable-protocol", disable_protocol) ||
        !switch_protocols(o->enable_protocols, "--enable-protocol", enable_protocol) ||
        !switch_heuristics(o->enable_heuristics, "--enable-heuristic", true) ||
        !switch_heuristics(o->disable_heuristics, "--disable-heuristic", false))
        return false;
    for (guint i = 0; i < o->decode_as->len; i++) {
        if (!decode_as(o->decode_as->pdata[i]))
            return false;
    }
    return true;
}

/* Says early and clearly what is wrong with it. */
static bool use_filter(const char *text)
{
    dfilter_t *filter = NULL;
    char *reason = NULL;
    int column = -1, length = 0;

    if (compat_compile(text, &filter, &reason, &column, &length)) {
        frames_filter(filter);
        return true;
    }
    complain("-Y: %s", reason);
    if (column >= 0) {
        g_autofree char *marks = g_strnfill((gsize)MAX(length, 1), '~');

        marks[0] = '^';
        complain("    %s", text);
        complain("    %*s%s", column, "", marks);
    }
    g_free(reason);
    return false;
}

/* ---------------------------------------------------------------------------------- start ---- */

static bool add_extensions(const GPtrArray *extensions)
{
    for (guint i = 0; i < extensions->len; i++) {
        if (!ex_opt_add(extensions->pdata[i])) {
            complain("-X %s: not of the form KEY:VALUE.", (const char *)extensions->pdata[i]);
            return false;
        }
    }
    return true;
}

static exit_status start(const dissect_settings *o)
{
    if (!add_extensions(o->extensions))
        return EXIT_USAGE;
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_AUTO);
    timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
    if (!start_epan())
        return EXIT_EVERY_FAILED;
    if (!apply_settings(o) || (o->display_filter && !use_filter(o->display_filter)))
        return EXIT_BAD_SETTING;
    return EXIT_ANALYSED;
}

/* --------------------------------------------------------------------------------- module ---- */

static const char *read_format(void)
{
    return ex_opt_count("read_format") > 0 ? ex_opt_get_nth("read_format", 0) : NULL;
}

const dissectors multistatus_dissectors = {
    .build = DISSECTORS_BUILD,
    .version = epan_get_version,
    .start = start,
    .settings_differ = epan_settings_differ,
    .keylog = epan_settings_keylog,
    .read_format = read_format,
    .terms = layers_terms,
    .read_all = frames_read_all,
    .read_kept = frames_read_kept,
    .end_session = frames_end,
};
