/* capture.c
 * Reading one capture after the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture.h"

#include <string.h>

#include "libraries.h"

#include "capture_source.h"
#include "diagnostics.h"
#include "dissection.h"
#include "dissectors.h"
#include "interrupt.h"
#include "preferences.h"
#include "session_file.h"
#include "sieved.h"

struct capture_reader {
    dissection by;
    sieved_settings sieved;
    bool hurried;         /* every exchange is handed out at once, from whatever capture */
    bool expects_session; /* standard input is one that a program has saved */
    capture_source file;  /* that is being read */
    capture_receiver receiver;
    void (*retracts)(void *data);
    void *data;
    capture_chain chain; /* that is being read */
    const GPtrArray *before;
    unsigned leaving;
};

/* -------------------------------------------------------------------------------- settings ---- */

static bool hand_on(void *data, exchange_record *record)
{
    capture_reader *reader = data;

    capture_chain_localize(&reader->chain, record);
    return reader->receiver(reader->data, record);
}

static void retract(void *data)
{
    capture_reader *reader = data;

    reader->retracts(reader->data);
}

capture_reader *capture_reader_new(bool filtered, bool two_passes, capture_receiver receiver,
                                   void *data)
{
    capture_reader *reader = g_new0(capture_reader, 1);

    reader->by.two_passes = two_passes;
    reader->receiver = receiver;
    reader->data = data;
    delivery_init(&reader->by.delivery, hand_on, reader, filtered);
    real_numbers_init(&reader->by.numbers);
    return reader;
}

void capture_reader_use_sieve(capture_reader *reader, sieve_use use, bool verbose)
{
    reader->sieved = (sieved_settings){use, verbose};
}

void capture_reader_has_keys(capture_reader *reader, bool has)
{
    reader->by.coverage.has_keys = has;
}

void capture_reader_free(capture_reader *reader)
{
    delivery_clear(&reader->by.delivery);
    real_numbers_clear(&reader->by.numbers);
    g_free(reader);
}

void capture_reader_watch(capture_reader *reader, capture_position *position)
{
    reader->by.teller.position = position;
}

void capture_reader_hurry(capture_reader *reader, void (*retracts)(void *data))
{
    reader->by.delivery.retracts = retract;
    reader->retracts = retracts;
    reader->hurried = true;
}

void capture_reader_expect_session(capture_reader *reader, bool expected)
{
    reader->expects_session = expected;
}

void capture_reader_renew_at(capture_reader *reader, size_t bytes)
{
    reader->by.renew_at = bytes;
}

void capture_reader_goes_on(capture_reader *reader, const GPtrArray *before, unsigned leaving)
{
    reader->before = before;
    reader->leaving = leaving;
}

/* --------------------------------------------------------------------------------- endings ---- */

static capture_result fail_to_open(capture_record *summary, int err, char *err_info)
{
    summary->complete = false;
    summary->error = open_error_text(err, err_info);
    return err == WTAP_ERR_FILE_UNKNOWN_FORMAT ? CAPTURE_FOREIGN : CAPTURE_FAILED;
}

/* A live capture ends when the user ends it: that is no error. */
static capture_result interrupted(const capture_reader *reader, capture_record *summary)
{
    if (reader->file.live && !reader->by.delivery.ended)
        return CAPTURE_INTERRUPTED;
    summary->complete = false;
    summary->error = g_strdup("was not read to its end: interrupted");
    return CAPTURE_INTERRUPTED;
}

/* What is wrong, and where: the last frame that could be read. */
static char *text_at_its_place(const capture_record *summary, int err, char *err_info)
{
    g_autofree char *text = read_error_text(err, err_info);

    return summary->frames > 0 ? g_strdup_printf("%s after frame %" G_GUINT64_FORMAT, text,
                                                 (guint64)summary->frames)
                               : g_strdup_printf("%s, before its first frame", text);
}

static capture_result finish(capture_reader *reader, int err, char *err_info)
{
    capture_record *summary = reader->by.summary;

    if (dissection_must_end(&reader->by)) {
        g_free(err_info);
        return interrupted(reader, summary);
    }
    if (err != 0 && summary->frames <= 1 && capture_source_is_text(reader->file.path)) {
        g_free(err_info);
        summary->frames = 0;
        return fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    }
    if (err != 0) {
        summary->complete = false;
        summary->error = text_at_its_place(summary, err, err_info);
        return CAPTURE_CUT;
    }
    if (summary->frames == 0 && capture_source_is_empty(&reader->file, reader->by.provider.wth)) {
        summary->complete = false;
        summary->error = g_strdup("is empty: it has not even the header of a capture");
        return CAPTURE_CUT;
    }
    return CAPTURE_COMPLETE;
}

/* --------------------------------------------------------------------------------- reading ---- */

static bool open_file(capture_reader *reader, bool twice, int *err, char **err_info)
{
    return capture_source_open(&reader->file, &reader->by.provider.wth, twice, err, err_info);
}

static void close_file(capture_reader *reader)
{
    if (reader->by.chain)
        capture_chain_close(reader->by.chain);
    else if (reader->by.provider.wth)
        wtap_close(reader->by.provider.wth);
    reader->by.provider.wth = NULL;
}

static int read_frames(capture_reader *reader, bool sieved, char **err_info)
{
    int err = 0;

    if (sieved && sieved_read(&reader->by, &reader->file, &reader->sieved, &err, err_info))
        return err;
    reader->by.lacks = !dissectors_there();
    if (reader->by.lacks)
        return err;
    if (sieved && !open_file(reader, false, &err, err_info))
        return err;
    if (reader->sieved.verbose && reader->sieved.use != SIEVE_OFF)
        complain("\"%s\": all of it is dissected%s.", reader->file.path,
                 sieved ? "" : ", because it can only be read once");
    return dissectors_there()->read_all(&reader->by, err_info);
}

/* Reads the capture that is open. */
static capture_result read_opened(capture_reader *reader, bool sieved, capture_record *summary)
{
    dissection *by = &reader->by;
    char *err_info = NULL;

    capture_position_begin(&by->teller, sieved);
    dissection_begin(by, summary);
    /* Whoever wants the results of a pipe wants them as they come. */
    by->live = reader->file.live;
    by->at_once = !by->chain && (reader->hurried || by->live);
    int err = read_frames(reader, sieved, &err_info);

    if (by->lacks || (by->chain && by->chain->broken > 0)) {
        g_free(err_info);
        delivery_begin(&by->delivery); /* nothing was told */
        dissection_end(by);
        return CAPTURE_LACKS;
    }
    by->coverage.has_secrets =
        by->coverage.has_secrets || (by->chain ? capture_chain_any(by->chain, sift_has_secrets)
                                               : sift_has_secrets(by->provider.wth));
    if (by->chain)
        summary->frames -= MIN(summary->frames, capture_chain_before(by->chain));
    summary->unseen = capture_coverage_conclude(&by->coverage);
    delivery_hand_out(&by->delivery);
    capture_result result = finish(reader, err, err_info);

    dissection_end(by);
    return result;
}

/* The links of the chain, without those that it turned out to be broken by before. */
static void make_chain(capture_reader *reader, const char *path)
{
    capture_chain *chain = &reader->chain;
    const GPtrArray *before = reader->file.live ? NULL : reader->before;
    guint n = before ? before->len : 0, left_out = n > CHAIN_MOST ? n - CHAIN_MOST : 0;

    capture_chain_clear(chain);
    for (guint i = left_out; i < n; i++)
        chain->links[chain->n++].path = before->pdata[i];
    chain->links[chain->n++].path = path;
    chain->leaving = reader->leaving - MIN(reader->leaving, left_out);
    chain->format = reader->file.format;
    reader->file.chain = reader->by.chain = before ? chain : NULL;
}

static capture_result read_once(capture_reader *reader, capture_record *summary)
{
    int err = 0;
    char *err_info = NULL;
    bool sieved =
        !reader->by.delivery.filtered && !reader->by.two_passes && sift_can_read(reader->file.path);
    bool opened = open_file(reader, reader->by.two_passes || sieved, &err, &err_info);
    capture_result result;

    if (!opened && interrupt_signal() != 0) {
        g_free(err_info); /* nobody opened the other end of a pipe */
        return interrupted(reader, summary);
    }
    if (!opened)
        return fail_to_open(summary, err, err_info);
    if (capture_source_holds_packets(reader->by.provider.wth))
        result = read_opened(reader, sieved, summary);
    else
        result = fail_to_open(summary, WTAP_ERR_FILE_UNKNOWN_FORMAT, NULL);
    close_file(reader);
    return result;
}

/* What is not there to go on from is said, for something may be missing in between. */
static bool is_mended(capture_reader *reader, capture_record *summary)
{
    capture_chain *chain = &reader->chain;
    const char *what = chain->what, *why = chain->why;

    if (!reader->by.chain || !capture_chain_mend(chain))
        return false;
    complain("\"%s\" is not joined with what was captured earlier: \"%s\" %s.", reader->file.path,
             what, why);
    summary->frames = summary->exchanges = 0;
    summary->complete = true;
    g_free((char *)summary->error);
    summary->error = NULL;
    return true;
}

static void note_joined(const capture_reader *reader, capture_record *summary)
{
    const capture_chain *chain = &reader->chain;

    summary->joined = reader->by.chain && capture_chain_joins(chain);
    if (summary->joined && reader->sieved.verbose)
        complain("\"%s\" is read as what follows \"%s\"%s.", reader->file.path,
                 chain->links[chain->n - 2].path, chain->n == 2 ? "" : " and the files before it");
}

static capture_result read_packets(capture_reader *reader, const char *path,
                                   capture_record *summary)
{
    capture_result result;

    reader->file = capture_source_at(path);
    /* A pipe can be read once. */
    if (!dissectors_there() && (reader->file.live || strcmp(path, "-") == 0))
        return CAPTURE_LACKS;
    make_chain(reader, path);
    do
        result = read_once(reader, summary);
    while (is_mended(reader, summary));
    if (result != CAPTURE_LACKS)
        note_joined(reader, summary);
    capture_chain_clear(&reader->chain);
    reader->by.chain = NULL;
    return result;
}

static capture_result read_session(capture_reader *reader, const char *path,
                                   capture_record *summary)
{
    saved_target to = {&preferences.limits, (ms_batch_mode)preferences.batches,
                       reader->by.delivery.receiver, reader->by.delivery.data, summary};

    return session_file_read(path, reader->by.delivery.filtered, &to);
}

capture_result capture_read(capture_reader *reader, const char *path, capture_record *summary)
{
    bool session =
        !capture_source_is_told() && (reader->expects_session || session_file_suits(path));

    if (!session)
        return read_packets(reader, path, summary);
    /* First, because wiretap takes many HAR files for captures of a format without a signature.
     */
    capture_result result = read_session(reader, path, summary);

    if (result != CAPTURE_FOREIGN || strcmp(path, "-") == 0)
        return result;
    g_autofree char *why = g_steal_pointer((char **)&summary->error);

    summary->complete = true;
    result = read_packets(reader, path, summary);
    if (result == CAPTURE_FOREIGN) {
        g_free((char *)summary->error);
        summary->error = g_steal_pointer(&why);
    }
    return result;
}
