/* main.c
 * The command multistatus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cage.h"
#include "completion.h"
#include "diagnostics.h"
#include "dissectors.h"
#include "exit_status.h"
#include "formats.h"
#include "help.h"
#include "options.h"
#include "qpack.h"
#include "report.h"
#include "scan.h"
#include "suggest.h"
#include "unpack.h"

typedef struct {
    const char *name;
    int (*run)(const run_settings *s, const char *program);
} verb;

/* The first one is the default. */
static const verb verbs[] = {
    {"scan", scan},
    {"report", report},
};

static const verb *find_verb(const char *word)
{
    for (size_t i = 0; word && i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].name, word) == 0)
            return &verbs[i];
    }
    return NULL;
}

/* A word that is not a file but close to a verb. */
static bool is_misspelt_verb(const char *word)
{
    if (!word || *word == '-' || g_file_test(word, G_FILE_TEST_EXISTS))
        return false;
    suggestion near = suggestion_for(word);

    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        suggestion_offer(&near, verbs[i].name);
    g_autofree char *meant = suggestion_text(&near, "");

    if (near.nearest)
        complain("There is no verb and no file \"%s\".%s", word, meant);
    return near.nearest != NULL;
}

static void print_completion(const char *shell)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "", verbs[i].name);
    completion_print(stdout, shell, names->str);
}

/* What restricts workers on this kernel. */
static void print_sandbox(void)
{
    cage_state state = cage_probe();

    if (state.landlock > 0)
        printf("sandbox of workers: %sLandlock %d\n", state.seccomp ? "seccomp, " : "",
               state.landlock);
    else
        printf("sandbox of workers: %s\n", state.seccomp ? "seccomp" : "none");
}

static bool print_version(bool verbose)
{
    const dissectors *opened = dissectors_open();

    printf("multistatus %s (Multi-Status for Wireshark)\nlibwireshark %s\n", MULTISTATUS_VERSION,
           opened ? opened->version() : "(not there)");
    printf("HTTP/3: %s\n", qpack_is_there() ? "read" : "not read (built without libnghttp3)");
    printf("archives: %s\n", unpack_has_archives() ? "read (SAZ, xz, bzip2, lz4, lzip, compress)"
                                                   : "not read (built without libarchive)");
    printf("databases: %s\n", format_find("sqlite")->lacks
                                  ? "not written (built without libsqlite3)"
                                  : "written (SQLite)");
    if (verbose)
        print_sandbox();
    return opened != NULL;
}

/* Help and version: was the output written? */
static int printed(void)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_ANALYSED : EXIT_SOME_FAILED;
}

int main(int argc, char **argv)
{
    options o;
    int status = EXIT_USAGE;
    const char *program = argv[0];

    setlocale(LC_ALL, "");
    dissectors_are_at(MODULE_FROM_PROGRAM, MODULE_FOLDER);
    const verb *chosen = find_verb(argc > 1 ? argv[1] : NULL);

    if (chosen) {
        argc--;
        argv++;
    } else if (is_misspelt_verb(argc > 1 ? argv[1] : NULL)) {
        return EXIT_USAGE;
    } else {
        chosen = &verbs[0];
    }
    if (!options_parse(&o, argc, argv)) {
        status = EXIT_USAGE;
    } else if (o.help) {
        help_print(stdout);
        status = printed();
    } else if (o.help_as) {
        help_print_as(stdout, o.help_as);
        status = printed();
    } else if (o.help_all) {
        help_print_all(stdout);
        status = printed();
    } else if (o.completion) {
        print_completion(o.completion);
        status = printed();
    } else if (o.help_fields) {
        help_print_fields(stdout);
        status = printed();
    } else if (o.version) {
        status = print_version(o.run.messages.verbose) ? printed() : EXIT_EVERY_FAILED;
    } else {
        status = chosen->run(&o.run, program);
    }
    options_clear(&o);
    return status;
}
