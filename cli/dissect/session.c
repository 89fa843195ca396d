/* session.c
 * Starting Wireshark's libraries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session.h"

#include <signal.h>

#include "libraries.h"
#include <wsutil/privileges.h>

#include "default_settings.h"
#include "diagnostics.h"
#include "dissectors.h"
#include "heap.h"
#include "name_lists.h"
#include "preferences.h"

/* -------------------------------------------------------------------------------- settings ---- */

static bool choose_profile(const char *name)
{
    if (!profile_exists(name, FALSE)) {
        g_autofree char *folder = get_profiles_dir();

        complain("There is no configuration profile \"%s\" in %s.", name, folder);
        return false;
    }
    set_profile_name(name);
    return true;
}

/* ---------------------------------------------------------------------------------- start ---- */

static const dissect_settings *settings;
static bool is_verbose;

exit_status session_start_dissectors(void)
{
    if (is_verbose && !dissectors_there())
        complain("Starting Wireshark's dissectors.");
    return dissectors_start(settings);
}

exit_status session_start(const dissect_settings *o, bool verbose, const char *program)
{
    /* As the dissectors do when they start: what is written to nobody fails, and is cleaned up. */
    signal(SIGPIPE, SIG_IGN);
    settings = o;
    is_verbose = verbose;
    heap_keep_freed();
    diagnostics_init(verbose);
    init_process_policies();
    relinquish_special_privs_perm();
    g_autofree char *reason = compat_configuration_init(program);

    if (reason && verbose)
        complain("The folder of this program could not be found: %s.", reason);
    if (o->profile && !choose_profile(o->profile))
        return EXIT_USAGE;
    /* Records hold no such names, but a filter or a script may use them. */
    if (!o->display_filter && o->extensions->len == 0)
        name_lists_leave_out();
    wtap_init(SESSION_LOADS_PLUGINS);
    preferences_reset();
    return default_settings(o) ? EXIT_ANALYSED : session_start_dissectors();
}
