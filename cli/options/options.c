/* options.c
 * The command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "options.h"

#include <string.h>

#include <wsutil/ws_getopt.h>

#include "diagnostics.h"
#include "predicate.h"
#include "suggest.h"

/* ------------------------------------------------------------------------------- parsing ---- */

/* Options without a letter are identified by numbers beyond all letters. */
#define FIRST_LONG 256

/* MiB of address space. libwireshark takes 300 of them before the first packet. */
#define DEFAULT_MEMORY_LIMIT 8192
#define DEFAULT_LIVE_MEMORY 256

typedef struct {
    GString *letters;
    struct ws_option *names;
} getopt_tables;

static getopt_tables make_tables(void)
{
    getopt_tables tables = {g_string_new(":"), g_new0(struct ws_option, n_options + 1)};
    struct ws_option *next = tables.names;

    for (unsigned i = 0; i < n_options; i++) {
        const option_spec *spec = &option_table[i];

        if (spec->letter) {
            g_string_append_c(tables.letters, spec->letter);
            if (spec->argument)
                g_string_append_c(tables.letters, ':');
        }
        if (spec->name) {
            next->name = spec->name;
            next->has_arg = spec->argument ? ws_required_argument : ws_no_argument;
            next->val = spec->letter ? spec->letter : FIRST_LONG + (int)i;
            next++;
        }
    }
    return tables;
}

static const option_spec *find_option(int value)
{
    if (value >= FIRST_LONG)
        return &option_table[value - FIRST_LONG];
    for (unsigned i = 0; i < n_options; i++) {
        if (option_table[i].letter == value)
            return &option_table[i];
    }
    return NULL;
}

/* Where the option is explained at length. */
static const char *const group_pages[OPTION_GROUPS] = {
    [GROUP_INPUT] = "docs/batch.md",       [GROUP_BATCH] = "docs/batch.md",
    [GROUP_SELECTION] = "docs/reports.md", [GROUP_REPORT] = "docs/reports.md",
    [GROUP_OUTPUT] = "docs/reports.md",    [GROUP_DISSECTION] = "docs/options.md",
    [GROUP_OTHER] = "docs/options.md",
};

/* @param about  what was wrong, or NULL */
static void usage_hint(const option_spec *about)
{
    complain("\"" PROGRAM_NAME " --help-all\" lists all options; see also %s.",
             about ? group_pages[about->group] : "docs/options.md");
}

static void complain_unknown(const char *argument)
{
    size_t length = strcspn(argument, "=");
    g_autofree char *name = g_strndup(argument, length);
    suggestion near = suggestion_for(name + strspn(name, "-"));

    for (unsigned i = 0; i < n_options; i++) {
        if (option_table[i].name)
            suggestion_offer(&near, option_table[i].name);
    }
    g_autofree char *meant = suggestion_text(&near, "--");

    complain("There is no option %s.%s", name, meant);
}

/* ':' (an argument is missing) or '?' (no such option) came back for argument `at`. */
static bool complain_option(int answer, const char *argument)
{
    const option_spec *spec = ws_optopt ? find_option(ws_optopt) : NULL;

    if (answer == ':' && spec && spec->letter)
        complain("The option -%c needs an argument: %s.", spec->letter, spec->argument);
    else if (answer == ':' && spec)
        complain("The option --%s needs an argument: %s.", spec->name, spec->argument);
    else if (ws_optopt && !spec)
        complain("There is no option -%c.", ws_optopt);
    else if (spec)
        complain("The option --%s takes no argument.", spec->name);
    else
        complain_unknown(argument);
    usage_hint(spec);
    return false;
}

static bool parse_options(options *o, int argc, char **argv, const getopt_tables *tables)
{
    int answer;

    ws_opterr = 0;
    while ((answer = ws_getopt_long(argc, argv, tables->letters->str, tables->names, NULL)) != -1) {
        if (answer == ':' || answer == '?')
            return complain_option(answer, argv[ws_optind - 1]);
        if (!find_option(answer)->apply(o, ws_optarg)) {
            usage_hint(find_option(answer));
            return false;
        }
    }
    for (int i = ws_optind; i < argc; i++)
        g_ptr_array_add(o->run.inputs.arguments, argv[i]);
    return true;
}

static void init_lists(options *o)
{
    GPtrArray **lists[] = {&o->run.inputs.arguments,         &o->run.inputs.include,
                           &o->run.dissect.preferences,      &o->run.dissect.decode_as,
                           &o->run.dissect.extensions,       &o->run.dissect.disable_protocols,
                           &o->run.dissect.enable_protocols, &o->run.dissect.disable_heuristics,
                           &o->run.dissect.enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = g_ptr_array_new();
}

static void free_predicate(gpointer data)
{
    predicate_free(data);
}

/* Two results in the same place would destroy each other. */
static bool check_outputs(const options *o)
{
    g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_add(paths, (gpointer)(o->run.results.output ? o->run.results.output : "-"));
    for (guint i = 0; i < o->run.results.extra->len; i++) {
        const char *path = g_array_index(o->run.results.extra, extra_output, i).path;

        if (!g_hash_table_add(paths, (gpointer)path)) {
            complain("Two results cannot both go to \"%s\".", path);
            return false;
        }
    }
    return true;
}

/* A folder that is followed is all that is read. */
static bool check_follow(options *o)
{
    const input_settings *inputs = &o->run.inputs;

    o->run.results.appends = inputs->follow != NULL;
    if (!inputs->follow || (inputs->arguments->len == 0 && !inputs->files_from &&
                            !inputs->recursive && inputs->shards == 0))
        return true;
    complain("--follow reads one folder, without those below it, and nothing else: it goes neither "
             "with other inputs nor with --files-from, --recursive, --shard or -i.");
    return false;
}

static bool has_rows(const format *as)
{
    return strcmp(as->name, "csv") == 0 || strcmp(as->name, "tsv") == 0;
}

/* Staying silent would look as if the columns had been used. */
static bool check_rows(const options *o)
{
    bool used = !o->rows_by || has_rows(o->run.results.format);

    for (guint i = 0; i < o->run.results.extra->len; i++)
        used = used || has_rows(g_array_index(o->run.results.extra, extra_output, i).as);
    if (!used)
        complain("%s is about the columns of csv and tsv, and neither is asked for: add -T csv, or "
                 "--csv FILE beside the rest.",
                 o->rows_by);
    return used;
}

bool options_parse(options *o, int argc, char **argv)
{
    memset(o, 0, sizeof *o);
    init_lists(o);
    o->run.workers.jobs = JOBS_AUTO;
    o->run.workers.memory_limit = DEFAULT_MEMORY_LIMIT;
    o->run.dissect.live_memory = DEFAULT_LIVE_MEMORY;
    o->run.results.format = format_find("text");
    o->run.results.report = settings_new();
    o->run.results.extra = g_array_new(FALSE, FALSE, sizeof(extra_output));
    o->run.results.fail_on = g_ptr_array_new_with_free_func(free_predicate);

    getopt_tables tables = make_tables();
    bool ok = parse_options(o, argc, argv, &tables);

    g_string_free(tables.letters, TRUE);
    g_free(tables.names);
    if (ok && !o->help && !o->help_all && !o->help_as && !o->completion && !o->help_fields &&
        !o->version && o->run.inputs.arguments->len == 0 && !o->run.inputs.files_from &&
        !o->run.inputs.follow) {
        complain("There is nothing to read: name a capture, a directory, or - for standard input.");
        usage_hint(NULL);
        ok = false;
    }
    ok = ok && check_follow(o);
    g_ptr_array_add(o->run.inputs.arguments, NULL);
    return ok && check_outputs(o) && check_rows(o);
}

void options_clear(options *o)
{
    GPtrArray *lists[] = {o->run.inputs.arguments,         o->run.inputs.include,
                          o->run.dissect.preferences,      o->run.dissect.decode_as,
                          o->run.dissect.extensions,       o->run.dissect.disable_protocols,
                          o->run.dissect.enable_protocols, o->run.dissect.disable_heuristics,
                          o->run.dissect.enable_heuristics};

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_ptr_array_unref(lists[i]);
    settings_free(o->run.results.report);
    g_array_unref(o->run.results.extra);
    g_ptr_array_unref(o->run.results.fail_on);
    redactor_free(o->run.results.redaction);
}
