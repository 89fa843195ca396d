/* test_record.c
 * Reading records: the same bytes again, and clear messages for everything that is not a record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>
#include <wsutil/json_dumper.h>

#include "ndjson.h"
#include "record_build.h"
#include "records.h"

#define EXCHANGE_START                                                                             \
    "{\"type\":\"exchange\",\"schema\":1,\"capture\":\"a.pcap\",\"frame\":7,\"request_frame\":5,"  \
    "\"time\":\"2026-11-22T07:30:38.793758Z\",\"client\":\"127.0.0.1:42586\","                     \
    "\"server\":\"127.0.0.1:80\",\"community_id\":\"1:gg==\",\"protocol\":\"HTTP/1.1\","           \
    "\"stream\":0,\"h2_stream\":null,\"h3_stream\":null,"                                          \
    "\"host\":\"dav\",\"method\":\"DELETE\",\"uri\":\"/a/\",\"report\":null,"                      \
    "\"request_conditions\":\"If, Overwrite\",\"request_unknown\":null,\"http_status\":207,"       \
    "\"complete\":true,\"body_bytes\":296,\"missing\":null,\"format\":\"xml\",\"kind\":\"dav\","
#define EXCHANGE_MIDDLE                                                                            \
    "\"response_time\":0.003100,\"user_agent\":null,\"server_software\":\"x\","                    \
    "\"server_dav\":\"1, 2\",\"server_allow\":null,\"verdict\":\"partial\","
#define EXCHANGE_END                                                                               \
    "\"resources\":2,\"ok\":0,\"failed\":1,\"collateral\":1,\"responses\":["                       \
    "{\"hrefs\":[\"/a/\\u0001\\\"\"],\"status\":null,\"outcome\":\"failed\","                      \
    "\"reason\":\"Forbidden\",\"propstats\":[{\"status\":200,\"outcome\":\"ok\","                  \
    "\"properties\":[\"{DAV:}x\"],\"conditions\":[],\"description\":null},{\"status\":403,"        \
    "\"outcome\":\"failed\",\"properties\":[],\"conditions\":[\"{DAV:}y\"],"                       \
    "\"description\":\"no\"}],\"conditions\":[],\"description\":null,\"location\":null},"          \
    "{\"hrefs\":[],\"status\":424,\"outcome\":\"collateral\",\"reason\":\"Failed Dependency\","    \
    "\"propstats\":[],\"conditions\":[],\"description\":null,\"location\":null}],"                 \
    "\"sync_token\":null,\"body_description\":\"not all of "                                       \
    "it\",\"condition_details\":[{\"response\":0,\"condition\":\"{DAV:}y\",\"name\":"              \
    "\"{DAV:}z\",\"value\":null,\"href\":\"/b\"},{\"response\":0,\"condition\":\"{DAV:}y\","       \
    "\"name\":null,\"value\":\"v\",\"href\":null}],\"locks\":[{\"response\":1,\"frame\":3,"        \
    "\"root\":\"/a/\",\"owner\":null,"                                                             \
    "\"client\":\"127.0.0.1:1\",\"user_agent\":null}],\"findings\":[{\"rule\":\"failures\","       \
    "\"severity\":\"warn\","                                                                       \
    "\"message\":\"m\",\"href\":null}]}"
#define EXCHANGE EXCHANGE_START EXCHANGE_MIDDLE EXCHANGE_END
#define CAPTURE                                                                                    \
    "{\"type\":\"capture\",\"schema\":1,\"capture\":\"a.pcap\",\"frames\":112,\"exchanges\":1,"    \
    "\"complete\":false,\"error\":\"is cut\",\"unseen\":[{\"reason\":\"tls\",\"count\":12,"        \
    "\"bytes\":3100000}]}"

static bool read_line(const char *line, any_record *record, char **message)
{
    bool fine = record_read(line, strlen(line), record, message);

    g_assert_true(fine == (*message == NULL));
    g_assert_true(fine == (record->exchange || record->capture));
    return fine;
}

static void assert_written(const char *line, any_record *record, void *data)
{
    (void)data;
    g_autoptr(GString) text = record_line(record);

    g_assert_cmpstr(text->str, ==, line);
}

static void assert_same(const char *line)
{
    any_record record;
    g_autofree char *message = NULL;

    if (!read_line(line, &record, &message))
        g_error("%s: %s", line, message);
    assert_written(line, &record, NULL);
    any_record_clear(&record);
}

static void test_same_bytes(void)
{
    assert_same(EXCHANGE);
    assert_same(CAPTURE);
    assert_same(EXCHANGE_START "\"response_time\":null,\"user_agent\":\"\xc3\xa4\","
                               "\"server_software\":null,\"server_dav\":null,"
                               "\"server_allow\":\"GET\",\"verdict\":\"undecoded\","
                               "\"resources\":0,\"ok\":0,\"failed\":0,\"collateral\":0,"
                               "\"responses\":[],\"sync_token\":\"t\",\"body_description\":null,"
                               "\"condition_details\":[],\"locks\":[],"
                               "\"findings\":[]}");
}

/* Every golden record, byte for byte. */
static void test_golden(void)
{
    for_each_golden(assert_written, NULL);
}

static void test_values(void)
{
    any_record record;
    g_autofree char *message = NULL;

    g_assert_true(read_line(EXCHANGE, &record, &message));
    const exchange_record *e = record.exchange;

    g_assert_cmpstr(e->capture, ==, "a.pcap");
    g_assert_cmpuint(e->frame, ==, 7);
    g_assert_cmpint(e->h2_stream, ==, RECORD_UNKNOWN);
    g_assert_cmpint(e->h3_stream, ==, RECORD_UNKNOWN);
    g_assert_cmpstr(e->response_time, ==, "0.003100");
    g_assert_cmpint(e->verdict, ==, MS_PARTIAL);
    g_assert_cmpuint(e->failed, ==, 1);
    g_assert_cmpint(e->responses[0].status, ==, RECORD_UNKNOWN);
    g_assert_cmpint(e->responses[0].code, ==, 403);
    g_assert_cmpstr(e->responses[0].hrefs.items[0], ==, "/a/\001\"");
    g_assert_cmpint(e->responses[1].code, ==, 424);
    any_record_clear(&record);
}

static void test_unknown_keys(void)
{
    any_record record;
    g_autofree char *message = NULL;

    g_assert_true(read_line("{\"later\":[1,{}],\"type\":\"capture\",\"schema\":1,\"capture\":\"a\","
                            "\"frames\":1,\"exchanges\":0,\"complete\":true,\"error\":null}",
                            &record, &message));
    any_record_clear(&record);
}

static void assert_refused(const char *line, const char *words)
{
    any_record record;
    g_autofree char *message = NULL;

    if (read_line(line, &record, &message))
        g_error("not refused: %s", line);
    if (!strstr(message, words))
        g_error("\"%s\" does not say \"%s\"", message, words);
}

/* EXCHANGE with one piece of it replaced. */
static void assert_change_refused(const char *piece, const char *by, const char *words)
{
    const char *at = strstr(EXCHANGE, piece);

    g_assert_nonnull(at);
    g_autofree char *line =
        g_strdup_printf("%.*s%s%s", (int)(at - EXCHANGE), EXCHANGE, by, at + strlen(piece));

    assert_refused(line, words);
}

static void test_refused(void)
{
    g_autofree char *deep = g_strnfill(100000, '[');

    assert_refused("", "is not JSON");
    assert_refused("{\"type\":\"exch", "is not JSON");
    assert_refused(deep, "is not JSON");
    assert_refused("[]", "not a JSON object");
    assert_refused("{\"a\":1}", "\"type\"");
    assert_refused("{\"type\":\"capture\",\"schema\":2}", "newer version");
    assert_refused("{\"type\":\"other\",\"schema\":1}", "\"type\"");
    assert_refused("{\"type\":\"capture\",\"schema\":1}", "\"capture\"");
    assert_refused("{\"type\":\"capture\",\"schema\":1,\"schema\":1}", "is not JSON");
    assert_change_refused("\"a.pcap\"", "null", "\"capture\"");
    assert_change_refused("\"frame\":7", "\"frame\":0", "\"frame\"");
    assert_change_refused("\"frame\":7", "\"frame\":4294967296", "\"frame\"");
    assert_change_refused("\"frame\":7", "\"frame\":-1", "\"frame\"");
    assert_change_refused("\"frame\":7", "\"frame\":\"7\"", "\"frame\"");
    assert_change_refused("0.003100", "1e300", "\"response_time\"");
    assert_change_refused("0.003100", "\"1\"", "\"response_time\"");
    assert_change_refused("\"partial\"", "\"good\"", "\"verdict\"");
    assert_change_refused("\"failed\":1", "\"failed\":2", "\"failed\"");
    assert_change_refused("\"resources\":2", "\"resources\":3", "\"resources\"");
    assert_change_refused("\"complete\":true", "\"complete\":1", "\"complete\"");
    assert_change_refused("\"outcome\":\"ok\"", "\"outcome\":\"fine\"", "propstats[0]");
    assert_change_refused("\"status\":424", "\"status\":{}", "responses[1]");
    assert_change_refused("\"hrefs\":[]", "\"hrefs\":[1]", "\"hrefs\"");
    assert_change_refused("\"response\":1", "\"response\":2", "locks[0]");
    assert_change_refused("\"response\":1", "\"response\":null", "locks[0]");
    assert_change_refused("[{\"response\":0", "[{\"response\":2", "condition_details[0]");
    assert_change_refused("[{\"response\":0", "[{\"response\":1", "condition_details[1]");
    assert_change_refused("\"condition\":\"{DAV:}y\"", "\"condition\":null",
                          "condition_details[0]");
    assert_change_refused("\"message\":\"m\"", "\"message\":null", "findings[0]");
    assert_change_refused("\"host\":\"dav\"", "\"host\":\"\xff\"", "is not JSON");
    assert_change_refused("\"host\":\"dav\"", "\"host\":\"a\\u0000b\"", "is not JSON");
}

/* Every prefix of a record is refused, and none crashes. */
static void test_cut(void)
{
    for (size_t length = 0; length < strlen(EXCHANGE); length++) {
        g_autofree char *line = g_strndup(EXCHANGE, length);

        assert_refused(line, "is not");
    }
}

static void assert_kept(const char *text, const char *expected)
{
    exchange_record *record = exchange_record_empty();

    g_assert_cmpstr(record_keep_text(record, text), ==, expected);
    g_assert_cmpstr(record_keep_text(record, expected), ==, expected);
    exchange_record_unref(record);
}

/* RFC 3986 section 3.2.1: user information in a URI is a credential. */
static void test_credentials(void)
{
    assert_kept("http://user:pass@host/x", "http://***@host/x");
    assert_kept("see http://a@h/ and https://b:c@d@h:80", "see http://***@h/ and https://***@h:80");
    assert_kept("//u:p@h/x", "//***@h/x");
    assert_kept("/cal//bob@example.com/", "/cal//bob@example.com/");
    assert_kept("http://host/bob@example.com", "http://host/bob@example.com");
    assert_kept("mailto:bob@example.com", "mailto:bob@example.com");
    assert_kept("http://host/?u=http://x:y@z", "http://host/?u=http://***@z");
    assert_kept("", "");
    assert_kept("\xff@", "\xef\xbf\xbd@");
}

static int decide(int status, ms_outcome outcome, int propstat_status, ms_outcome propstat_outcome)
{
    record_propstat propstat = {.status = propstat_status, .outcome = propstat_outcome};
    record_response response = {
        .status = status, .outcome = outcome, .propstats = &propstat, .n_propstats = 1};

    return record_deciding_status(&response);
}

static void test_deciding_status(void)
{
    g_assert_cmpint(decide(RECORD_UNKNOWN, MS_FAILED, 403, MS_FAILED), ==, 403);
    g_assert_cmpint(decide(423, MS_FAILED, 200, MS_OK), ==, 423);
    g_assert_cmpint(decide(200, MS_FAILED, 403, MS_FAILED), ==, 403);
    g_assert_cmpint(decide(208, MS_OK, 200, MS_OK), ==, 200);
    g_assert_cmpint(decide(404, MS_REMOVED, 200, MS_OK), ==, 404);
    g_assert_cmpint(decide(RECORD_UNKNOWN, MS_MISSING, 404, MS_MISSING), ==, 404);
    g_assert_cmpint(decide(RECORD_UNKNOWN, MS_UNKNOWN, 1, MS_UNKNOWN), ==, 1);
    g_assert_cmpint(decide(RECORD_UNKNOWN, MS_OK, 404, MS_ABSENT), ==, RECORD_UNKNOWN);
}

/* As Wireshark writes it, and then made visible. */
static char *error_by_dumper(const char *text)
{
    GString *line = g_string_new(NULL);
    json_dumper json = {.output_string = line};

    json_dumper_begin_object(&json);
    json_dumper_set_member_name(&json, "error");
    json_dumper_value_string(&json, text);
    json_dumper_end_object(&json);
    ndjson_make_visible(line, 0);
    g_string_truncate(line, line->len - 1);
    g_string_erase(line, 0, 1);
    return g_string_free(line, FALSE);
}

static void assert_written_as_by_dumper(const char *text)
{
    capture_record *record = capture_record_new("a.pcap");
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *expected = error_by_dumper(text);

    record->error = g_strdup(text);
    ndjson_capture(line, record);
    if (!strstr(line->str, expected))
        g_error("%s is not in %s", expected, line->str);
    capture_record_free(record);
}

/* Every character of the first planes, by itself and in the middle of others. */
static void test_texts(void)
{
    static const char *const more[] = {"",    "</script>", "<",    "</", "<</a",
                                       "a/b", "<\\/",      "\"\"", "/<"};

    for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
        assert_written_as_by_dumper(more[i]);
    for (gunichar c = 1; c < 0xF0000; c += c < 0x20000 ? 1 : 0xFFF) {
        char text[32] = "", bytes[8] = "";

        if (c >= 0xD800 && c < 0xE000)
            continue;
        g_unichar_to_utf8(c, bytes);
        assert_written_as_by_dumper(bytes);
        g_snprintf(text, sizeof text, "a%s<%s/b", bytes, bytes);
        assert_written_as_by_dumper(text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/record/same-bytes", test_same_bytes);
    g_test_add_func("/record/texts", test_texts);
    g_test_add_func("/record/golden", test_golden);
    g_test_add_func("/record/values", test_values);
    g_test_add_func("/record/unknown-keys", test_unknown_keys);
    g_test_add_func("/record/refused", test_refused);
    g_test_add_func("/record/cut", test_cut);
    g_test_add_func("/record/credentials", test_credentials);
    g_test_add_func("/record/deciding-status", test_deciding_status);
    return g_test_run();
}
