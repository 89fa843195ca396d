/* foreign.c
 * What a body is if it is not a Multi-Status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "foreign.h"

#include <string.h>

#include "store.h"
#include "visible.h"
#include "words.h"

enum {
    SHOWN = 80,          /* bytes of what the body says that are shown */
    SEARCHED = 4096,     /* bytes in which words are looked for */
    SHOWN_BYTES = 4,     /* of what is not text */
    LONGEST_NAME = 1024, /* of an element */
};

/* A part of the text. */
typedef struct {
    const char *at, *end;
} part;

static part without_space(part of)
{
    while (of.at < of.end && g_ascii_isspace(*of.at))
        of.at++;
    return of;
}

static bool starts_with(part of, const char *what)
{
    size_t length = strlen(what);

    return (size_t)(of.end - of.at) >= length && g_ascii_strncasecmp(of.at, what, length) == 0;
}

/* The place after the next `what`; the end if there is none. */
static part behind(part of, const char *what)
{
    while (of.at < of.end && !starts_with(of, what))
        of.at++;
    return (part){of.end - of.at > (ptrdiff_t)strlen(what) ? of.at + strlen(what) : of.end, of.end};
}

/* The place after declaration, comments, processing instructions and document type. */
static part without_prolog(part of)
{
    for (;;) {
        of = without_space(of);
        if (starts_with(of, "<!--"))
            of = behind(of, "-->");
        else if (starts_with(of, "<?"))
            of = behind(of, "?>");
        else if (starts_with(of, "<!"))
            of = behind(of, ">");
        else
            return of;
    }
}

static bool is_name_character(char c)
{
    return g_ascii_isalnum(c) || c == ':' || c == '-' || c == '_' || c == '.' || (c & 0x80);
}

/* The name of the start tag at this place, if it is there to its end. The caller frees it with
 * g_free(). */
static char *tag_name(part of)
{
    if (of.end - of.at < 2 || *of.at != '<' || !is_name_character(of.at[1]) ||
        g_ascii_isdigit(of.at[1]))
        return NULL;
    const char *start = ++of.at;

    while (of.at < of.end && is_name_character(*of.at))
        of.at++;
    bool whole = of.at < of.end && (g_ascii_isspace(*of.at) || *of.at == '>' || *of.at == '/');

    return whole && of.at - start <= LONGEST_NAME ? g_strndup(start, (gsize)(of.at - start)) : NULL;
}

/* Elements with which a page starts, or what a script prints instead of one. */
static const char html_names[] = " html head body b br h1 h2 p pre div font center table title "
                                 "script style meta link span strong ";

static bool is_html_name(const char *name)
{
    const char *local = strchr(name, '}');
    char *lower = g_ascii_strdown(local ? local + 1 : name, -1);
    bool is = ms_is_one_of(html_names, lower);

    g_free(lower);
    return is;
}

/* A tag that does not end a word, like that of <b>. */
static bool is_within_words(part tag)
{
    part name = {tag.at + (starts_with(tag, "</") ? 2 : 1), tag.end};
    const char *end = name.at;

    while (end < name.end && g_ascii_isalnum(*end))
        end++;
    char *lower = g_ascii_strdown(name.at, MAX(end - name.at, 0));
    bool is = ms_is_one_of(" a b i u em code font span strong tt ", lower);

    g_free(lower);
    return is;
}

/* The text without tags, what is in scripts and styles, and runs of white space. */
static void append_words(GString *words, part of)
{
    bool space = false;

    while (of.at < of.end && words->len < SHOWN * 2) {
        if (starts_with(of, "<script"))
            of = behind(behind(of, "</script"), ">");
        else if (starts_with(of, "<style"))
            of = behind(behind(of, "</style"), ">");
        if (of.at < of.end && *of.at == '<') {
            space = space || !is_within_words(of);
            of = behind(of, ">");
        } else if (of.at < of.end && g_ascii_isspace(*of.at)) {
            space = true;
            of.at++;
        } else if (of.at < of.end) {
            if (space && words->len > 0)
                g_string_append_c(words, ' ');
            space = false;
            g_string_append_c(words, *of.at++);
        }
    }
}

/* What a page says: its title, else its first words. */
static void append_page(GString *reason, part page)
{
    GString *words = g_string_new(NULL);
    part title = behind(behind(page, "<title"), ">");

    title.end = title.at;
    while (title.end < page.end && *title.end != '<')
        title.end++;
    append_words(words, title);
    if (words->len == 0)
        append_words(words, page);
    if (words->len > 0) {
        g_string_append(reason, ": \"");
        ms_append_visible(reason, words->str, SHOWN);
        g_string_append_c(reason, '"');
    }
    g_string_free(words, TRUE);
}

static bool is_text(part of)
{
    for (; of.at < of.end; of.at++) {
        if (*of.at == '\0' || (g_ascii_iscntrl(*of.at) && !g_ascii_isspace(*of.at)))
            return false;
    }
    return true;
}

/* A body that starts with neither a tag nor a bracket. `not` is what it is not. */
static void append_text(GString *reason, part of, const char * not )
{
    GString *words = g_string_new(NULL);

    for (; of.at < of.end && words->len < SHOWN * 2; of.at++) {
        bool space = g_ascii_isspace(*of.at);

        if (!space || (words->len > 0 && words->str[words->len - 1] != ' '))
            g_string_append_c(words, space ? ' ' : *of.at);
    }
    g_strchomp(words->str);
    g_string_append_printf(reason, "the body is text, %s: \"", not );
    ms_append_visible(reason, words->str, SHOWN);
    g_string_append_c(reason, '"');
    g_string_free(words, TRUE);
}

static void append_bytes(GString *reason, part body)
{
    g_string_append(reason, "the body is not text: it starts with the bytes");
    for (int i = 0; i < SHOWN_BYTES && body.at + i < body.end; i++)
        g_string_append_printf(reason, " %02x", (unsigned char)body.at[i]);
}

static void append_document(GString *reason, const ms_document *document, part of)
{
    const char *words = document->description.text;

    if (is_html_name(document->root_name)) {
        g_string_append(reason, "the body is HTML, not a multistatus");
        append_page(reason, of);
        return;
    }
    g_string_append_printf(reason, "the root element is %s, not multistatus%s%s",
                           document->root_name, words ? ": " : "", words ? words : "");
    if (!words)
        append_page(reason, of);
}

/* What is not even the start of a JSON value is something else called JSON. */
static bool may_be_json(part of)
{
    return strchr("{[\"-0123456789", *of.at) || starts_with(of, "true") ||
           starts_with(of, "false") || starts_with(of, "null");
}

/* The root, where the parser did not get to it: an unquoted attribute is enough for that. */
static void take_root(ms_document *document, part of)
{
    char *name = tag_name(without_prolog(of));

    if (name && is_html_name(name)) {
        document->root = MS_ROOT_OTHER;
        document->root_name = ms_store_text(document->store, name, strlen(name));
    }
    g_free(name);
}

/* Of an XML document, only the start of a tag, a declaration or a comment can be there. */
static bool may_be_xml(part of)
{
    return *of.at == '<' &&
           (of.at + 1 == of.end || is_name_character(of.at[1]) || strchr("?!/", of.at[1]));
}

/* A body in which neither reader found a root or a value. */
static void append_other(GString *reason, const ms_document *document, const ms_notes *notes,
                         part of, part body)
{
    const ms_encoded *encoded = notes->encoded;
    bool json = document->root == MS_ROOT_JSON;

    if (of.at == of.end) {
        if (!(encoded->length == 0 && encoded->partial))
            g_string_append(reason, "the body is empty");
    } else if (json ? document->error.present && !may_be_json(of)
                    : notes->broken != MS_BROKEN_GARBAGE && !may_be_xml(of)) {
        if (encoded->invalid || !is_text(of))
            append_bytes(reason, body);
        else
            append_text(reason, of, json ? "not JSON" : "neither XML nor JSON");
    }
}

void ms_find_foreign(ms_document *document, const ms_notes *notes, const void *body, size_t length)
{
    const ms_encoded *encoded = notes->encoded;
    part bytes = {body, (const char *)body + length};
    part text = without_space((part){encoded->text, encoded->text + encoded->length});
    GString *reason = g_string_new(NULL);

    text.end = MIN(text.end, text.at + SEARCHED);
    if (document->root == MS_ROOT_NONE && text.at < text.end && *text.at == '<')
        take_root(document, text);
    if (document->root == MS_ROOT_OTHER)
        append_document(reason, document, text);
    else if (document->root == MS_ROOT_NONE || document->root == MS_ROOT_JSON)
        append_other(reason, document, notes, text, bytes);
    if (reason->len > 0) {
        document->undecoded = ms_store_text(document->store, reason->str, reason->len);
        document->error = (ms_syntax_error){0};
        if (document->root != MS_ROOT_OTHER) {
            document->root = MS_ROOT_NONE;
            document->format = MS_FORMAT_NONE;
        }
    }
    g_string_free(reason, TRUE);
}
