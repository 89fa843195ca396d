/* dissectors.c
 * Opening the module.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dissectors.h"

#include <dlfcn.h>
#include <string.h>

#include <glib.h>

#include "diagnostics.h"

#define MODULE "multistatus-dissectors.so"

static const dissectors *opened, *started;

static const char *seen_from_program = ".", *otherwise = ".";

void dissectors_are_at(const char *from_program, const char *folder)
{
    seen_from_program = from_program;
    otherwise = folder;
}

static char *module_path(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *home = program ? g_path_get_dirname(program) : NULL;
    char *path = home ? g_build_filename(home, seen_from_program, MODULE, NULL) : NULL;

    if (path && g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_free(path);
    return g_build_filename(otherwise, MODULE, NULL);
}

const dissectors *dissectors_open(void)
{
    if (opened)
        return opened;
    g_autofree char *path = module_path();
    /* Of libwireshark only what is called is looked up. */
    void *module = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    const dissectors *table = module ? dlsym(module, "multistatus_dissectors") : NULL;

    if (!table)
        complain("Wireshark's dissectors could not be opened: %s.", dlerror());
    else if (strcmp(table->build, DISSECTORS_BUILD) != 0)
        complain(
            "Wireshark's dissectors could not be opened: \"%s\" is of multistatus %s, and this "
            "is %s.",
            path, table->build, DISSECTORS_BUILD);
    else
        opened = table;
    return opened;
}

void dissectors_have(const dissectors *table)
{
    opened = table;
}

exit_status dissectors_start(const dissect_settings *o)
{
    if (started)
        return EXIT_ANALYSED;
    if (!dissectors_open())
        return EXIT_EVERY_FAILED;
    exit_status status = opened->start(o);

    if (status == EXIT_ANALYSED)
        started = opened;
    return status;
}

const dissectors *dissectors_there(void)
{
    return started;
}
