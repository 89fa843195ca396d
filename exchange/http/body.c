/* body.c
 * The body of an HTTP/1 message as its bytes come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "body.h"

/* Where in the chunked transfer coding (RFC 9112 section 7.1). */
enum { CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER };

/* Digits of a chunk's size; more cannot be true. */
#define CHUNK_DIGITS 15u

/* How the end of the body is known (RFC 9112 section 6.3). */
static void choose_framing(body_reader *reader, const http_header *header, bool without)
{
    reader->content_length = header->content_length;
    if (without || header->status == 204 || header->status == 304) {
        reader->framing = BODY_LENGTH;
    } else if (header->chunked) {
        reader->framing = BODY_CHUNKED;
        reader->content_length = -1;
    } else if (header->content_length >= 0) {
        reader->framing = BODY_LENGTH;
        reader->left = (uint64_t)header->content_length;
    } else {
        reader->framing = header->request ? BODY_LENGTH : BODY_TO_END;
    }
    reader->ended = reader->framing == BODY_LENGTH && reader->left == 0;
}

body_reader body_reader_of(const http_header *header, bool without, size_t limit)
{
    body_reader made = {.body = g_byte_array_new(), .limit = limit};

    choose_framing(&made, header, without);
    return made;
}

void body_reader_clear(body_reader *reader)
{
    g_clear_pointer(&reader->body, g_byte_array_unref);
}

static void keep(body_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t kept = MIN(length, reader->limit - MIN(reader->limit, reader->body->len));

    reader->length += length;
    g_byte_array_append(reader->body, bytes, (guint)kept);
}

/* Up to the end of what is measured. */
static size_t feed_measured(body_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t taken = (size_t)MIN((uint64_t)length, reader->left);

    keep(reader, bytes, taken);
    reader->left -= taken;
    return taken;
}

static void read_size(body_reader *reader, uint8_t byte)
{
    int digit = g_ascii_xdigit_value((char)byte);

    if (digit >= 0 && reader->digits < CHUNK_DIGITS) {
        reader->left = reader->left * 16 + (uint64_t)digit;
        reader->digits++;
    } else if (reader->digits == 0 || digit >= 0) {
        reader->broken = true;
    } else if (byte == '\n') {
        reader->chunk = reader->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
        reader->digits = 0;
    } else if (byte == ';' || byte == '\r' || byte == ' ' || byte == '\t') {
        reader->chunk = CHUNK_EXTENSION;
    } else {
        reader->broken = true;
    }
}

/* The lines behind the last chunk, up to an empty one. */
static void read_trailer(body_reader *reader, uint8_t byte)
{
    if (byte != '\n') {
        reader->digits += byte != '\r';
        return;
    }
    reader->ended = reader->digits == 0;
    reader->digits = 0;
}

/* What is around the data of chunks. */
static void read_frame(body_reader *reader, uint8_t byte)
{
    switch (reader->chunk) {
    case CHUNK_SIZE:
        read_size(reader, byte);
        break;
    case CHUNK_EXTENSION:
        if (byte == '\n') {
            reader->chunk = reader->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
            reader->digits = 0;
        }
        break;
    case CHUNK_DATA_END:
        if (byte == '\n')
            reader->chunk = CHUNK_SIZE;
        else if (byte != '\r')
            reader->broken = true;
        break;
    default:
        read_trailer(reader, byte);
        break;
    }
}

static size_t feed_chunked(body_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t at = 0;

    while (at < length && !reader->ended && !reader->broken) {
        if (reader->chunk != CHUNK_DATA) {
            read_frame(reader, bytes[at++]);
            continue;
        }
        at += feed_measured(reader, bytes + at, length - at);
        if (reader->left == 0)
            reader->chunk = CHUNK_DATA_END;
    }
    return at;
}

static size_t feed_body(body_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t taken;

    switch (reader->framing) {
    case BODY_CHUNKED:
        return feed_chunked(reader, bytes, length);
    case BODY_LENGTH:
        taken = feed_measured(reader, bytes, length);
        reader->ended = reader->left == 0;
        return taken;
    default:
        keep(reader, bytes, length);
        return length;
    }
}

size_t body_reader_feed(body_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t at = 0;

    while (at < length && !reader->ended && !reader->broken)
        at += feed_body(reader, bytes + at, length - at);
    return at;
}
