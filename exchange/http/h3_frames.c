/* h3_frames.c
 * The frames of one direction of a stream of HTTP/3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "h3_frames.h"

#include "quic_number.h"

/* RFC 9114 section 7.2. */
enum { FRAME_DATA = 0, FRAME_HEADERS = 1, FRAME_SETTINGS = 4 };

/* Behind these there are no frames: HTTP/2 has PRIORITY, PING, WINDOW_UPDATE and CONTINUATION, and
 * HTTP/3 does not (RFC 9114 section 7.2.8); 0x41 begins a stream of WebTransport. */
static bool ends_frames(uint64_t type)
{
    return type == 2 || type == 6 || type == 8 || type == 9 || type == 0x41;
}

h3_reader h3_reader_of(h3_kind kind)
{
    return (h3_reader){.kind = kind};
}

static void forget_head(h3_reader *of)
{
    g_clear_pointer(&of->head, g_byte_array_unref);
}

void h3_reader_clear(h3_reader *of)
{
    forget_head(of);
}

static void give_up(h3_reader *of)
{
    forget_head(of);
    of->kind = H3_FOREIGN;
}

/* ---- numbers ---- */

/* A number that may come in pieces; false as long as it is not all there.
 * @param taken  bytes of these that belong to it */
static bool read_number(h3_reader *of, const uint8_t *bytes, size_t length, size_t *taken,
                        uint64_t *number)
{
    if (!of->head) {
        *taken = quic_number(bytes, length, number);
        if (*taken > 0)
            return true;
        of->head = g_byte_array_new();
    }
    uint8_t first = of->head->len > 0 ? of->head->data[0] : bytes[0];

    *taken = MIN(length, quic_number_length(first) - of->head->len);
    g_byte_array_append(of->head, bytes, (guint)*taken);
    if (quic_number(of->head->data, of->head->len, number) == 0)
        return false;
    forget_head(of);
    return true;
}

/* ---- what a stream is ---- */

/* RFC 9114 section 6.2, RFC 9204 section 4.2. */
static h3_kind kind_of(uint64_t type)
{
    static const h3_kind kinds[] = {H3_CONTROL, H3_PUSH, H3_ENCODER};

    return type < G_N_ELEMENTS(kinds) ? kinds[type] : H3_FOREIGN;
}

static size_t feed_type(h3_reader *of, const uint8_t *bytes, size_t length)
{
    uint64_t type;
    size_t taken;

    if (read_number(of, bytes, length, &taken, &type))
        of->kind = kind_of(type);
    return taken;
}

/* ---- frames ---- */

static bool is_collected(const h3_reader *of)
{
    return (of->kind == H3_MESSAGE && of->type == FRAME_HEADERS) ||
           (of->kind == H3_CONTROL && of->type == FRAME_SETTINGS);
}

static h3_found whole_of(const h3_reader *of)
{
    return of->type == FRAME_HEADERS ? H3_HEADERS : H3_SETTINGS;
}

/* The type, then the length. */
static size_t feed_frame_head(h3_reader *of, const uint8_t *bytes, size_t length, h3_piece *found)
{
    size_t taken;

    if (!of->typed) {
        if (read_number(of, bytes, length, &taken, &of->type)) {
            of->typed = true;
            if (ends_frames(of->type))
                give_up(of);
        }
        return taken;
    }
    if (!read_number(of, bytes, length, &taken, &of->left))
        return taken;
    of->typed = false;
    of->inside = of->left > 0;
    if (!is_collected(of))
        return taken;
    if (of->left > H3_LIMIT_SECTION)
        give_up(of);
    else if (of->left == 0)
        *found = (h3_piece){whole_of(of), (const uint8_t *)"", 0};
    return taken;
}

static void go_on(h3_reader *of, uint64_t taken)
{
    of->left -= taken;
    of->inside = of->left > 0;
}

/* One that is needed as a whole. It mostly comes so. */
static size_t feed_collected(h3_reader *of, const uint8_t *bytes, size_t length, h3_piece *found)
{
    size_t taken = (size_t)MIN((uint64_t)length, of->left);
    bool whole = taken == of->left;

    go_on(of, taken);
    if (whole && (!of->head || of->head->len == 0)) {
        found->bytes = bytes;
        found->length = taken;
    } else {
        if (!of->head)
            of->head = g_byte_array_new();
        g_byte_array_append(of->head, bytes, (guint)taken);
        found->bytes = of->head->data;
        found->length = of->head->len;
    }
    of->told = whole;
    if (whole)
        found->found = whole_of(of);
    return taken;
}

static size_t feed_frame(h3_reader *of, const uint8_t *bytes, size_t length, h3_piece *found)
{
    size_t taken = (size_t)MIN((uint64_t)length, of->left);

    if (of->kind == H3_MESSAGE && of->type == FRAME_DATA)
        *found = (h3_piece){H3_DATA, bytes, taken};
    go_on(of, taken);
    return taken;
}

size_t h3_reader_feed(h3_reader *of, const uint8_t *bytes, size_t length, h3_piece *found)
{
    *found = (h3_piece){0};
    if (of->told) {
        of->told = false;
        forget_head(of);
    }
    switch (of->kind) {
    case H3_UNTOLD:
        return feed_type(of, bytes, length);
    case H3_ENCODER:
        *found = (h3_piece){H3_TABLE, bytes, length};
        return length;
    case H3_MESSAGE:
    case H3_CONTROL:
        if (!of->inside)
            return feed_frame_head(of, bytes, length, found);
        return is_collected(of) ? feed_collected(of, bytes, length, found)
                                : feed_frame(of, bytes, length, found);
    default:
        return length;
    }
}

/* Only the inside of a frame that is not needed as a whole may have holes. */
bool h3_reader_may_leap(const h3_reader *of, uint64_t missing)
{
    return of->inside && !is_collected(of) && missing <= of->left;
}

bool h3_reader_leap(h3_reader *of, uint64_t missing)
{
    if (h3_reader_may_leap(of, missing)) {
        go_on(of, missing);
        return true;
    }
    give_up(of);
    return false;
}

bool h3_reader_is_between(const h3_reader *of)
{
    return !of->inside && !of->typed && (!of->head || of->told);
}

uint64_t h3_setting(const uint8_t *bytes, size_t length, uint64_t name)
{
    size_t at = 0, taken;
    uint64_t key, value;

    while ((taken = quic_number(bytes + at, length - at, &key)) > 0) {
        at += taken;
        if ((taken = quic_number(bytes + at, length - at, &value)) == 0)
            break;
        at += taken;
        if (key == name)
            return value;
    }
    return 0;
}
