/* libraries.h
 * Everything in the command that depends on the version of Wireshark: 4.0, 4.2, 4.4 and 4.6.
 *
 * Ownership: a compat_reader is initialised and cleared by its user and owns the bytes of the
 * record read last.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CLI_COMPAT_H
#define MULTISTATUS_CLI_COMPAT_H

#include <stdbool.h>
#include <stdint.h>

#include <ws_version.h>

#include <epan/dfilter/dfilter.h>
#include <epan/disabled_protos.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/frame_data.h>
#include <epan/packet.h>
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/tvbuff.h>
#include <wiretap/wtap.h>
#include <wsutil/buffer.h>
#include <wsutil/filesystem.h>
#include <wsutil/wslog.h>

#define COMPAT_SINCE(major, minor)                                                                 \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* ------------------------------------------------------------------------------ start-up ---- */

static inline char *compat_configuration_init(const char *program)
{
#if COMPAT_SINCE(4, 6)
    return configuration_init(program);
#else
    return configuration_init(program, NULL);
#endif
}

static inline void compat_log_init(const char *name, void (*print)(const char *, va_list))
{
#if COMPAT_SINCE(4, 6)
    g_set_prgname(name);
    ws_log_init(print);
#else
    ws_log_init(name, print);
#endif
}

/** Is it an obsolete preference, which only exists so that old preference files can still be read?
 */
static inline bool compat_is_obsolete(pref_t *preference)
{
#if COMPAT_SINCE(4, 6)
    return prefs_is_preference_obsolete(preference);
#else
    return prefs_get_type(preference) == PREF_OBSOLETE;
#endif
}

/** @return false if there is no such heuristic dissector */
static inline bool compat_switch_heuristic(const char *name, bool enable)
{
#if COMPAT_SINCE(4, 4)
    return enable ? proto_enable_heuristic_by_name(name) : proto_disable_heuristic_by_name(name);
#else
    return proto_enable_heuristic_by_name(name, enable);
#endif
}

/* ------------------------------------------------------------------------ reading records ---- */

/** One record of a capture; up to 4.4 its bytes are kept separately. */
typedef struct {
    wtap_rec rec;
#if !COMPAT_SINCE(4, 6)
    Buffer bytes;
#endif
} compat_reader;

/* An Ethernet frame with its header: most records fit without growing the buffer. */
#define COMPAT_RECORD_SIZE 1514

static inline void compat_reader_init(compat_reader *reader)
{
#if COMPAT_SINCE(4, 6)
    wtap_rec_init(&reader->rec, COMPAT_RECORD_SIZE);
#else
    wtap_rec_init(&reader->rec);
    ws_buffer_init(&reader->bytes, COMPAT_RECORD_SIZE);
#endif
}

static inline void compat_reader_clear(compat_reader *reader)
{
#if !COMPAT_SINCE(4, 6)
    ws_buffer_free(&reader->bytes);
#endif
    wtap_rec_cleanup(&reader->rec);
}

/** The bytes of the record read last. */
static inline const uint8_t *compat_bytes(compat_reader *reader)
{
#if COMPAT_SINCE(4, 6)
    return ws_buffer_start_ptr(&reader->rec.data);
#else
    return ws_buffer_start_ptr(&reader->bytes);
#endif
}

static inline bool compat_read(wtap *wth, compat_reader *reader, int *err, char **err_info,
                               int64_t *offset)
{
#if COMPAT_SINCE(4, 6)
    return wtap_read(wth, &reader->rec, err, err_info, offset);
#else
    return wtap_read(wth, &reader->rec, &reader->bytes, err, err_info, offset);
#endif
}

static inline bool compat_seek_read(wtap *wth, int64_t offset, compat_reader *reader, int *err,
                                    char **err_info)
{
#if COMPAT_SINCE(4, 6)
    return wtap_seek_read(wth, offset, &reader->rec, err, err_info);
#else
    return wtap_seek_read(wth, offset, &reader->rec, &reader->bytes, err, err_info);
#endif
}

/** Dissects the record; the taps run only if `taps` is set. */
static inline void compat_dissect(epan_dissect_t *edt, int file_type, compat_reader *reader,
                                  frame_data *frame, bool taps)
{
#if COMPAT_SINCE(4, 6)
    if (taps)
        epan_dissect_run_with_taps(edt, file_type, &reader->rec, frame, NULL);
    else
        epan_dissect_run(edt, file_type, &reader->rec, frame, NULL);
#else
    /* What frame_tvbuff_new_buffer() would do; it is not exported. */
    int reported = frame->pkt_len > INT32_MAX ? INT32_MAX : (int)frame->pkt_len;
    tvbuff_t *tvb =
        tvb_new_real_data(ws_buffer_start_ptr(&reader->bytes), frame->cap_len, reported);

    if (taps)
        epan_dissect_run_with_taps(edt, file_type, &reader->rec, tvb, frame, NULL);
    else
        epan_dissect_run(edt, file_type, &reader->rec, tvb, frame, NULL);
#endif
}

/** What Wireshark writes beside an item that has no text of its own: up to ITEM_LABEL_LENGTH bytes.
 */
static inline void compat_fill_label(const field_info *item, char *label)
{
#if COMPAT_SINCE(4, 6)
    proto_item_fill_label(item, label, NULL);
#else
    proto_item_fill_label((field_info *)item, label);
#endif
}

/* -------------------------------------------------------------------------- display filters ----
 */

/** Compiles a display filter. On failure *message says why, and *column and *length where in the
 *  text (*column is -1 if that is not known). The caller frees *message with g_free(). */
static inline bool compat_compile(const char *text, dfilter_t **filter, char **message, int *column,
                                  int *length)
{
#if COMPAT_SINCE(4, 2)
    df_error_t *error = NULL;

    if (dfilter_compile(text, filter, &error))
        return true;
    *message = g_strdup(error->msg);
    *column = (int)error->loc.col_start;
    *length = (int)error->loc.col_len;
    df_error_free(&error);
    return false;
#else
    dfilter_loc_t place = {-1, 0};

    if (dfilter_compile2(text, filter, message, &place))
        return true;
    *column = (int)place.col_start;
    *length = (int)place.col_len;
    return false;
#endif
}

/* ------------------------------------------------------------------------------- interfaces ----
 */

/* The callbacks for the names of interfaces got the number of the section in 4.2 or so. */
#if COMPAT_SINCE(4, 2)
#define COMPAT_SECTION_PARAMETER , unsigned section
#define COMPAT_INTERFACE(wth, id) wtap_file_get_shb_global_interface_id(wth, section, id)
#else
#define COMPAT_SECTION_PARAMETER
#define COMPAT_INTERFACE(wth, id) (id)
#endif

/* Fields that Lua's postdissectors ask for; 4.6 does not export this any more. */
static inline void compat_prime_postdissectors(epan_dissect_t *edt)
{
#if COMPAT_SINCE(4, 6)
    (void)edt;
#else
    prime_epan_dissect_with_postdissector_wanted_hfids(edt);
#endif
}

/* An entry of the table of messages that was added later than the others. */
#if COMPAT_SINCE(4, 6)
#define COMPAT_RENAME_FAILURE(function) .report_rename_failure = function,
#else
#define COMPAT_RENAME_FAILURE(function)
#endif

#endif /* MULTISTATUS_CLI_COMPAT_H */
