/* help.c
 * Help, the manual page and docs/options.md, all made from the table of options.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "help.h"

#include <stdbool.h>
#include <string.h>

#include "diagnostics.h"
#include "fields.h"
#include "manual_page.h"
#include "option_table.h"

/* ---------------------------------------------------------------------------------- help ---- */

#define HELP_COLUMN 30

static void print_option(FILE *to, const option_spec *spec)
{
    g_autoptr(GString) left = g_string_new("  ");

    if (spec->letter)
        g_string_append_printf(left, "-%c", spec->letter);
    else
        g_string_append(left, "  ");
    if (spec->name)
        g_string_append_printf(left, "%s --%s", spec->letter ? "," : " ", spec->name);
    if (spec->argument)
        g_string_append_printf(left, " %s", spec->argument);
    fprintf(to, "%-*s  %s\n", HELP_COLUMN, left->str, spec->help);
}

static void print_usage(FILE *to)
{
    fputs("Usage: " PROGRAM_NAME " [scan] [OPTIONS] CAPTURE|DIR|-...\n"
          "       " PROGRAM_NAME " report [OPTIONS] RECORDS.ndjson|-...   (saved with -T ndjson)\n"
          "Reports which resources of HTTP 207 Multi-Status responses failed, and why.\n\n",
          to);
}

static void print_groups(FILE *to, bool brief)
{
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, "%s:\n", option_group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group && (!brief || option_table[i].brief))
                print_option(to, &option_table[i]);
        }
    }
}

static void print_exit_statuses(FILE *to)
{
    fputs("\nExit status: 0 analysed; 1 usage; 2 some input failed or was cut off; 3 every\n"
          "input failed; 4 bad filter or preference; 10 --fail-on; 130 interrupted.\n",
          to);
}

/* ----------------------------------------------------------------------------------- pages ---- */

static const char *words_title(const option_spec *spec)
{
    static const char *const titles[] = {[TAKES_ONE] = "One of: ",
                                         [TAKES_LIST] = "Any of these, between commas: ",
                                         [TAKES_PARTS] = "Names: "};

    return titles[spec->takes];
}

/* --------------------------------------------------------------------------------- man(7) ---- */

/* A line of text: in it `this` is bold, and nothing is a request or an escape. */
static void put_roff(FILE *to, const char *text)
{
    bool bold = false;

    if (*text == '.' || *text == '\'')
        fputs("\\&", to);
    for (; *text; text++) {
        if (*text == '`') {
            bold = !bold;
            fputs(bold ? "\\fB" : "\\fR", to);
        } else if (*text == '\\') {
            fputs("\\e", to);
        } else if (*text == '-') {
            fputs("\\-", to);
        } else if (*text == '\'') {
            fputs("\\(aq", to);
        } else if (*text == '~') {
            fputs("\\(ti", to);
        } else if (*text == '^') {
            fputs("\\(ha", to);
        } else {
            fputc(*text, to);
        }
    }
}

static void put_roff_see(FILE *to, const option_spec *spec)
{
    g_auto(GStrv) names = g_strsplit(spec->see ? spec->see : "", " ", -1);

    for (unsigned i = 0; names[i]; i++) {
        fputs(i > 0 ? ", \\fB" : " See also \\fB", to);
        put_roff(to, names[i]);
        fputs("\\fR", to);
    }
    if (spec->see)
        fputc('.', to);
}

static void print_roff_option(FILE *to, const option_spec *spec)
{
    fputs(".TP\n", to);
    if (spec->letter)
        fprintf(to, "\\fB\\-%c\\fR", spec->letter);
    if (spec->letter && spec->name)
        fputs(", ", to);
    if (spec->name) {
        fputs("\\fB\\-\\-", to);
        put_roff(to, spec->name);
        fputs("\\fR", to);
    }
    if (spec->argument) {
        fputs(" \\fI", to);
        put_roff(to, spec->argument);
        fputs("\\fR", to);
    }
    fputc('\n', to);
    put_roff(to, spec->text);
    fputc('\n', to);
    for (unsigned i = 0; spec->values && spec->values(i); i++) {
        fputs(i > 0 ? ", \\fB" : words_title(spec), to);
        fputs(i > 0 ? "" : "\\fB", to);
        put_roff(to, spec->values(i));
        fputs("\\fR", to);
    }
    if (spec->values)
        fputs(".\n", to);
    fputs(".br\nExample: \\fB", to);
    put_roff(to, spec->example);
    fprintf(to, "\\fR\n.br\nSince %s.", spec->since);
    put_roff_see(to, spec);
    fputc('\n', to);
}

static void print_roff_options(FILE *to)
{
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, ".SS %s\n", option_group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group)
                print_roff_option(to, &option_table[i]);
        }
    }
}

static void print_roff_fields(FILE *to)
{
    const row_field *of;

    for (unsigned i = 0; (of = row_field_at(i)); i++) {
        fprintf(to, ".TP\n\\fB%s\\fR%s\n", of->name, of->of_resource ? " (of a resource)" : "");
        put_roff(to, of->help);
        fputc('\n', to);
    }
}

/* The parts that docs/man/multistatus.1.in leaves to us. */
static void print_man(FILE *to)
{
    static const struct {
        const char *line;
        void (*print)(FILE *to);
    } parts[] = {{"@OPTIONS@", print_roff_options}, {"@FIELDS@", print_roff_fields}};
    g_auto(GStrv) lines = g_strsplit(manual_page, "\n", -1);

    fprintf(to, ".TH MULTISTATUS 1 \"\" \"multistatus %s\" \"Multi\\-Status for Wireshark\"\n",
            MULTISTATUS_VERSION);
    for (char **line = lines; *line && (line[1] || **line); line++) {
        size_t i = 0;

        while (i < G_N_ELEMENTS(parts) && strcmp(*line, parts[i].line) != 0)
            i++;
        if (i < G_N_ELEMENTS(parts))
            parts[i].print(to);
        else
            fprintf(to, "%s\n", *line);
    }
}

/* ------------------------------------------------------------------------------- Markdown ---- */

static void print_markdown_option(FILE *to, const option_spec *spec)
{
    g_auto(GStrv) names = g_strsplit(spec->see ? spec->see : "", " ", -1);

    fputs("\n#### ", to);
    if (spec->letter)
        fprintf(to, "`-%c%s%s`%s", spec->letter, spec->argument && !spec->name ? " " : "",
                spec->argument && !spec->name ? spec->argument : "", spec->name ? ", " : "");
    if (spec->name)
        fprintf(to, "`--%s%s%s`", spec->name, spec->argument ? " " : "",
                spec->argument ? spec->argument : "");
    fprintf(to, "\n\n%s\n", spec->text);
    for (unsigned i = 0; spec->values && spec->values(i); i++)
        fprintf(to, "%s`%s`", i > 0 ? ", " : words_title(spec), spec->values(i));
    if (spec->values)
        fputs(".\n", to);
    fprintf(to, "\n    %s\n\nSince %s.", spec->example, spec->since);
    for (unsigned i = 0; names[i]; i++)
        fprintf(to, "%s`%s`", i > 0 ? ", " : " See also ", names[i]);
    fputs(spec->see ? ".\n" : "\n", to);
}

static void print_markdown(FILE *to)
{
    for (int group = 0; group < OPTION_GROUPS; group++) {
        fprintf(to, "%s### %s\n", group > 0 ? "\n" : "", option_group_titles[group]);
        for (unsigned i = 0; i < n_options; i++) {
            if (option_table[i].group == (option_group)group)
                print_markdown_option(to, &option_table[i]);
        }
    }
}

/* ----------------------------------------------------------------------------------- forms ----
 */

void help_print_as(FILE *to, const char *form)
{
    if (strcmp(form, "man") == 0)
        print_man(to);
    else
        print_markdown(to);
}

/* --------------------------------------------------------------------------------- screens ----
 */

void help_print(FILE *to)
{
    print_usage(to);
    print_groups(to, true);
    fputs("\nSummary of a folder, who gets 423, failed resources as CSV, a gate for CI, a\n"
          "report to mail:\n"
          "  " PROGRAM_NAME " captures/\n"
          "  " PROGRAM_NAME " --status 423 --group-by client,resource captures/\n"
          "  " PROGRAM_NAME " --outcome failed -T csv -O failed.csv captures/\n"
          "  " PROGRAM_NAME " -q --fail-on 'failed>0' captures/\n"
          "  " PROGRAM_NAME " -T html -O report.html captures/\n",
          to);
    print_exit_statuses(to);
    fputs("All options: " PROGRAM_NAME " --help-all. The manual: man " PROGRAM_NAME ".\n", to);
}

void help_print_all(FILE *to)
{
    print_usage(to);
    print_groups(to, false);
    print_exit_statuses(to);
}

void help_print_fields(FILE *to)
{
    const row_field *of;

    fprintf(to, "Fields of an exchange and (*) of a resource, for -e:\n");
    for (unsigned i = 0; (of = row_field_at(i)); i++)
        fprintf(to, "  %-16s %c  %s\n", of->name, of->of_resource ? '*' : ' ', of->help);
}
