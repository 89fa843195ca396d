/* completion.c
 * Completions for bash, zsh and fish.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "completion.h"

#include <string.h>

#include "diagnostics.h"
#include "option_table.h"

/* --------------------------------------------------------------------------- arguments ---- */

/* Is the argument the name of a file or directory? */
static bool takes_file(const option_spec *spec)
{
    static const char *const names[] = {"FILE", "DIR"};

    for (size_t i = 0; spec->argument && i < G_N_ELEMENTS(names); i++) {
        if (strcmp(spec->argument, names[i]) == 0)
            return true;
    }
    return false;
}

/* The words that an option takes, between `separator`. */
static char *join_values(const option_spec *spec, const char *separator)
{
    GString *words = g_string_new(NULL);

    for (unsigned i = 0; spec->values(i); i++)
        g_string_append_printf(words, "%s%s", i > 0 ? separator : "", spec->values(i));
    return g_string_free(words, FALSE);
}

/* -------------------------------------------------------------------------------- bash ---- */

static void bash_pattern(FILE *to, const option_spec *spec)
{
    if (spec->letter)
        fprintf(to, "-%c", spec->letter);
    if (spec->letter && spec->name)
        fputc('|', to);
    if (spec->name)
        fprintf(to, "--%s", spec->name);
}

/* How words are combined: the last one after commas, or with no blank after it. An argument such as
 * "header=" is split by bash at the sign. */
static const char *const bash_ways[] = {
    [TAKES_ONE] = "one", [TAKES_LIST] = "list", [TAKES_PARTS] = "parts"};

static void bash_functions(FILE *to)
{
    fputs("_" PROGRAM_NAME "_one() {\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\")\n"
          "}\n"
          "_" PROGRAM_NAME "_list() {\n"
          "    local begun=\n"
          "    [[ $word != *,* ]] || begun=${word%,*},\n"
          "    mapfile -t COMPREPLY < <(compgen -P \"$begun\" -W \"$1\" -- \"${word##*,}\")\n"
          "    compopt -o nospace\n"
          "}\n"
          "_" PROGRAM_NAME "_parts() {\n"
          "    _" PROGRAM_NAME "_one \"$1\"\n"
          "    compopt -o nospace\n"
          "}\n",
          to);
}

static void bash_arguments(FILE *to)
{
    for (unsigned i = 0; i < n_options; i++) {
        const option_spec *spec = &option_table[i];

        if (!spec->argument)
            continue;
        fputs("    ", to);
        bash_pattern(to, spec);
        if (spec->values) {
            g_autofree char *words = join_values(spec, " ");

            fprintf(to, ") _" PROGRAM_NAME "_%s \"%s\"; return ;;\n", bash_ways[spec->takes],
                    words);
        } else if (takes_file(spec)) {
            fputs(") compopt -o default; COMPREPLY=(); return ;;\n", to);
        } else {
            fputs(") COMPREPLY=(); return ;;\n", to);
        }
    }
}

static void print_bash(FILE *to, const char *verbs)
{
    fputs("# bash completion for " PROGRAM_NAME "\n", to);
    bash_functions(to);
    fputs("_" PROGRAM_NAME "() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    case $before in\n",
          to);
    bash_arguments(to);
    fputs("    esac\n"
          "    if [[ $word == -* ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"",
          to);
    for (unsigned i = 0; i < n_options; i++) {
        if (option_table[i].name)
            fprintf(to, "%s--%s", i > 0 ? " " : "", option_table[i].name);
        else
            fprintf(to, "%s-%c", i > 0 ? " " : "", option_table[i].letter);
    }
    fprintf(to,
            "\" -- \"$word\")\n"
            "    else\n"
            "        compopt -o default\n"
            "        COMPREPLY=()\n"
            "        if [[ $COMP_CWORD -eq 1 ]]; then\n"
            "            mapfile -t COMPREPLY < <(compgen -W \"%s\" -- \"$word\")\n"
            "        fi\n"
            "    fi\n"
            "}\n"
            "complete -F _" PROGRAM_NAME " " PROGRAM_NAME "\n",
            verbs);
}

/* --------------------------------------------------------------------------------- zsh ---- */

/* Between single quotes in zsh and fish; colons and brackets mean something to _arguments. */
static void put_quoted(FILE *to, const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", to);
        else if (strchr(special, *text))
            fprintf(to, "\\%c", *text);
        else
            fputc(*text, to);
    }
}

static const struct {
    const char *before, *behind;
} zsh_ways[] = {[TAKES_ONE] = {"(", ")"},
                [TAKES_LIST] = {"_values -s , value ", ""},
                [TAKES_PARTS] = {"compadd -S \"\" -- ", ""}};

/* "+" and "=": the argument is the rest of the word or the next word. */
static void zsh_option(FILE *to, const char *dashes, const char *name, const option_spec *spec)
{
    fprintf(to, "    '*%s%s%s[", dashes, name, !spec->argument ? "" : dashes[1] ? "=" : "+");
    put_quoted(to, spec->help, "[]:");
    fputc(']', to);
    if (spec->argument) {
        fputc(':', to);
        put_quoted(to, spec->argument, ":[]");
        fputc(':', to);
        if (spec->values) {
            g_autofree char *words = join_values(spec, " ");

            fprintf(to, "%s%s%s", zsh_ways[spec->takes].before, words,
                    zsh_ways[spec->takes].behind);
        } else if (takes_file(spec)) {
            fputs("_files", to);
        } else {
            fputc(' ', to);
        }
    }
    fputs("' \\\n", to);
}

static void print_zsh(FILE *to, const char *verbs)
{
    fputs("#compdef " PROGRAM_NAME "\n_arguments -s \\\n", to);
    for (unsigned i = 0; i < n_options; i++) {
        const option_spec *spec = &option_table[i];
        const char letter[] = {spec->letter, '\0'};

        if (spec->letter)
            zsh_option(to, "-", letter, spec);
        if (spec->name)
            zsh_option(to, "--", spec->name, spec);
    }
    fprintf(to,
            "    '1: :{_alternative \"verbs:verb:(%s)\" \"files:capture:_files\"}' \\\n"
            "    '*:capture:_files'\n",
            verbs);
}

/* -------------------------------------------------------------------------------- fish ---- */

static void print_fish(FILE *to, const char *verbs)
{
    fprintf(to, "complete -c " PROGRAM_NAME " -n __fish_is_first_arg -a '%s'\n", verbs);
    for (unsigned i = 0; i < n_options; i++) {
        const option_spec *spec = &option_table[i];

        fputs("complete -c " PROGRAM_NAME, to);
        if (spec->letter)
            fprintf(to, " -s %c", spec->letter);
        if (spec->name)
            fprintf(to, " -l %s", spec->name);
        if (spec->argument)
            fputs(takes_file(spec) ? " -r -F" : " -x", to);
        if (spec->values) {
            g_autofree char *words = join_values(spec, " ");

            if (spec->takes == TAKES_LIST)
                fprintf(to, " -a '(__fish_append , %s)'", words);
            else
                fprintf(to, " -a '%s'", words);
        }
        fputs(" -d '", to);
        put_quoted(to, spec->help, "\\");
        fputs("'\n", to);
    }
}

/* ------------------------------------------------------------------------------ shells ---- */

static const struct {
    const char *name;
    void (*print)(FILE *to, const char *verbs);
} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

bool completion_print(FILE *to, const char *shell, const char *verbs)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shells); i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].print(to, verbs);
            return true;
        }
    }
    return false;
}
