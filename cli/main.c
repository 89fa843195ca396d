/* main.c
 * The command multistatus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <epan/epan.h>

#include "options.h"
#include "report.h"
#include "scan.h"

typedef struct {
    const char *name;
    int (*run)(const options *o, const char *program);
} verb;

/* The first one is meant when none is named. */
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

static void print_version(void)
{
    printf("multistatus %s (Multi-Status for Wireshark)\nlibwireshark %s\n", MULTISTATUS_VERSION,
           epan_get_version());
}

/* Help and version: has their reader got them? */
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
    const verb *chosen = find_verb(argc > 1 ? argv[1] : NULL);

    if (chosen) {
        argc--;
        argv++;
    } else {
        chosen = &verbs[0];
    }
    if (!options_parse(&o, argc, argv)) {
        status = EXIT_USAGE;
    } else if (o.help) {
        options_print_help(stdout);
        status = printed();
    } else if (o.version) {
        print_version();
        status = printed();
    } else {
        status = chosen->run(&o, program);
    }
    options_clear(&o);
    return status;
}
