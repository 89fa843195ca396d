/* generate.c
 * Makes captures for the benchmarks: the same bytes for the same arguments, hundreds of megabytes a
 * second.
 *
 * Usage: generate KIND MEGABYTES SEED FILE [TEMPLATE.pcapng]
 *
 * - mixed: office traffic (TLS, web pages, half of them gzip, mail and file servers, SSH, QUIC,
 * DNS); 2 % of the TCP flows are WebDAV
 * - keys: the same, and every fiftieth flow is TEMPLATE's, whose keys are known
 * - dense: WebDAV only
 * - http2: WebDAV over clear-text HTTP/2
 * - lossy: mixed, with 1 % of the TCP segments lost, swapped or doubled
 * - large: one answer with 100,000 resources; MEGABYTES is ignored
 * - small: a few WebDAV flows; MEGABYTES is ignored
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <zlib.h>

#define SEGMENT 1448
#define CONCURRENT 48

/* --------------------------------------------------------------------------------- numbers ---- */

static uint64_t state;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)((uint64_t)draw() * limit >> 32);
}

static bool chance(uint32_t of_a_thousand)
{
    return below(1000) < of_a_thousand;
}

/* ---------------------------------------------------------------------------------- output ---- */

static FILE *out;
static uint64_t written, target;
static uint64_t now = 1767250800000000u; /* microseconds */

static void put(const void *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, out) != length) {
        perror("generate");
        exit(1);
    }
    written += length;
}

static void put32(uint32_t value)
{
    put(&value, sizeof value);
}

static GByteArray *template_keys; /* Decryption Secrets Blocks of the template */

static void put_start(void)
{
    static const uint32_t section[] = {0x0a0d0d0a, 28,         0x1a2b3c4d, 0x00000001,
                                       UINT32_MAX, UINT32_MAX, 28};
    static const uint32_t interface[] = {1, 20, 1, 262144, 20};

    put(section, sizeof section);
    put(interface, sizeof interface);
    if (template_keys)
        put(template_keys->data, template_keys->len);
}

static void put_packet(const uint8_t *bytes, uint32_t length)
{
    static const uint8_t zeros[4];
    uint32_t padding = (4 - length % 4) % 4;
    uint32_t block = 32 + length + padding;

    now += 20 + below(200);
    put32(6);
    put32(block);
    put32(0);
    put32((uint32_t)(now >> 32));
    put32((uint32_t)now);
    put32(length);
    put32(length);
    put(bytes, length);
    put(zeros, padding);
    put32(block);
}

static void set16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void set32(uint8_t *at, uint32_t value)
{
    set16(at, value >> 16);
    set16(at + 2, value & 0xffff);
}

/* ----------------------------------------------------------------------------------- bodies ----
 */

static void add(GByteArray *to, const char *text)
{
    g_byte_array_append(to, (const guint8 *)text, (guint)strlen(text));
}

static void add_format(GByteArray *to, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_format(GByteArray *to, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    add(to, text);
    g_free(text);
}

static void add_noise(GByteArray *to, guint length)
{
    guint from = to->len;

    g_byte_array_set_size(to, from + length);
    for (guint i = from; i + 4 <= to->len; i += 4)
        set32(to->data + i, draw());
}

static void add_html(GByteArray *to, guint length)
{
    static const char *const words[] = {
        "<p>",       "status",  "the",      "/table>", "class=\"row\"",
        "</div>",    "report",  "multiple", "207",     "quarterly",
        "statistic", "default", "HTTP",     "and",     "<a href=\"/x\">"};

    add(to, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Intranet</title></head><body>\n");
    while (to->len < length)
        add_format(to, "%s ", words[below(G_N_ELEMENTS(words))]);
    add(to, "</body></html>\n");
}

/* What lists the members of /dav/projects/COLLECTION/. */
static void add_multistatus(GByteArray *to, unsigned collection, unsigned resources)
{
    add(to, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\" "
            "xmlns:ns0=\"DAV:\">\n");
    for (unsigned i = 0; i < resources; i++) {
        bool failed = chance(20);

        add_format(
            to,
            "<D:response xmlns:lp1=\"DAV:\" xmlns:lp2=\"http://apache.org/dav/props/\">\n"
            "<D:href>/dav/projects/%u/file%%20%u.txt</D:href>\n<D:propstat>\n<D:prop>\n"
            "<lp1:resourcetype/>\n<lp1:creationdate>2026-01-01T07:30:%02uZ</lp1:creationdate>\n"
            "<lp1:getcontentlength>%u</lp1:getcontentlength>\n"
            "<lp1:getetag>\"%x-%x\"</lp1:getetag>\n"
            "<D:getcontenttype>text/plain</D:getcontenttype>\n</D:prop>\n"
            "<D:status>HTTP/1.1 %s</D:status>\n</D:propstat>\n</D:response>\n",
            collection, i, i % 60, below(100000), draw(), draw(),
            failed ? "403 Forbidden" : "200 OK");
    }
    add(to, "</D:multistatus>\n");
}

static GByteArray *zip(GByteArray *plain)
{
    GByteArray *made = g_byte_array_new();
    z_stream stream = {.next_in = plain->data, .avail_in = plain->len};

    deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    g_byte_array_set_size(made, (guint)deflateBound(&stream, plain->len) + 64);
    stream.next_out = made->data;
    stream.avail_out = made->len;
    deflate(&stream, Z_FINISH);
    g_byte_array_set_size(made, (guint)stream.total_out);
    deflateEnd(&stream);
    g_byte_array_unref(plain);
    return made;
}

/* ------------------------------------------------------------------------------------ flows ----
 */

/* What is said in one connection, in turns: the client speaks first. */
typedef struct {
    GPtrArray *turns; /* GByteArray */
    uint8_t hosts[2][4];
    uint16_t ports[2];
    uint32_t sequence[2];
    unsigned turn, at, step, unacknowledged;
    int template; /* the packet of the template that comes next, -1 without */
} flow;

/* Pages and answers are made once and reused. */
#define POOL 24
static GByteArray *pages[POOL], *zipped[POOL], *images[POOL], *answers[POOL];

static void make_pools(void)
{
    for (unsigned i = 0; i < POOL; i++) {
        GByteArray *copy = g_byte_array_new();

        pages[i] = g_byte_array_new();
        add_html(pages[i], 2000 + below(60000));
        g_byte_array_append(copy, pages[i]->data, pages[i]->len);
        zipped[i] = zip(copy);
        images[i] = g_byte_array_new();
        add_noise(images[i], 4000 + below(200000));
        answers[i] = g_byte_array_new();
        add_multistatus(answers[i], i, 1 + below(60));
    }
}

static GByteArray *turn(flow *of)
{
    GByteArray *made = g_byte_array_new();

    g_ptr_array_add(of->turns, made);
    return made;
}

static void add_body(GByteArray *to, const GByteArray *body)
{
    add_format(to, "Content-Length: %u\r\n\r\n", body->len);
    g_byte_array_append(to, body->data, body->len);
}

static void say_web(flow *of)
{
    of->ports[1] = chance(800) ? 80 : 8080;
    for (unsigned i = 1 + below(6); i > 0; i--) {
        add_format(turn(of),
                   "GET /intranet/page-%u.html HTTP/1.1\r\nHost: intranet.example\r\nUser-Agent: "
                   "Mozilla/5.0 (X11; Linux x86_64)\r\nAccept-Encoding: gzip, deflate\r\nCookie: "
                   "session=%08x%08x\r\n\r\n",
                   draw(), draw(), draw());
        GByteArray *answer = turn(of);
        unsigned kind = below(10), which = below(POOL);

        add(answer, kind == 9 ? "HTTP/1.1 304 Not Modified\r\n" : "HTTP/1.1 200 OK\r\n");
        add(answer, "Date: Thu, 01 Jan 2026 07:00:00 GMT\r\nServer: nginx\r\n");
        if (kind == 9) {
            add(answer, "ETag: \"1\"\r\n\r\n");
        } else if (kind < 4) {
            add(answer, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n");
            add_body(answer, zipped[which]);
        } else if (kind < 6) {
            add(answer,
                "Content-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");
            add_format(answer, "%x\r\n", pages[which]->len);
            g_byte_array_append(answer, pages[which]->data, pages[which]->len);
            add(answer, "\r\n0\r\n\r\n");
        } else {
            add(answer, "Content-Type: image/png\r\n");
            add_body(answer, images[which]);
        }
    }
}

static void say_tls(flow *of)
{
    static const uint8_t hello[] = {0x16, 3, 1, 0x02, 0, 1, 0, 1, 0xfc, 3, 3};
    static const uint8_t server_hello[] = {0x16, 3, 3, 0x00, 0x7a, 2, 0, 0, 0x76, 3, 3};
    static const uint16_t ports[] = {443, 443, 443, 443, 443, 993, 8443};

    of->ports[1] = ports[below(G_N_ELEMENTS(ports))];
    GByteArray *first = turn(of), *second = turn(of);

    g_byte_array_append(first, hello, sizeof hello);
    add_noise(first, 0x200 - 6);
    g_byte_array_append(second, server_hello, sizeof server_hello);
    add_noise(second, 0x7a - 6);
    for (unsigned i = 1 + below(8); i > 0; i--) {
        for (unsigned side = 0; side < 2; side++) {
            GByteArray *records = turn(of);

            for (unsigned left = side == 0 ? 1 : 1 + below(12); left > 0; left--) {
                uint8_t header[] = {0x17, 3, 3, 0, 0};
                unsigned length = side == 0 ? 400 + below(400) : 2000 + below(14000);

                set16(header + 3, length);
                g_byte_array_append(records, header, sizeof header);
                add_noise(records, length);
            }
        }
    }
}

static void say_binary(flow *of)
{
    static const uint16_t ports[] = {22, 445, 445, 3389, 5432, 9100, 49200};

    of->ports[1] = ports[below(G_N_ELEMENTS(ports))];
    if (of->ports[1] == 22) {
        add(turn(of), "SSH-2.0-OpenSSH_9.2\r\n");
        add(turn(of), "SSH-2.0-OpenSSH_9.2\r\n");
    }
    for (unsigned i = 2 + below(20); i > 0; i--) {
        add_noise(turn(of), 100 + below(400));
        add_noise(turn(of), 100 + below(40000));
    }
}

static void say_webdav(flow *of)
{
    static const char asked[] =
        "<?xml version=\"1.0\"?><propfind xmlns=\"DAV:\"><prop><resourcetype/><creationdate/>"
        "<getcontentlength/><getetag/><getcontenttype/></prop></propfind>";

    of->ports[1] = 80;
    for (unsigned i = 1 + below(4); i > 0; i--) {
        unsigned collection = below(POOL);

        add_format(turn(of),
                   "PROPFIND /dav/projects/%u/ HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n"
                   "User-Agent: Mirall/3.10\r\nContent-Type: application/xml\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   collection, strlen(asked), asked);
        GByteArray *answer = turn(of);

        add(answer, "HTTP/1.1 207 Multi-Status\r\nServer: Apache/2.4.57 (Debian)\r\nContent-Type: "
                    "text/xml; charset=\"utf-8\"\r\n");
        add_body(answer, answers[collection]);
    }
}

static void add_frame(GByteArray *to, uint32_t length, uint8_t type, uint8_t flags, uint32_t stream)
{
    uint8_t header[9];

    set32(header, length << 8 | type);
    header[4] = flags;
    set32(header + 5, stream);
    g_byte_array_append(to, header, sizeof header);
}

/* RFC 7541 section 6.2.2: a literal that is not indexed. */
static void add_field(GByteArray *to, const char *name, const char *value)
{
    uint8_t lengths[] = {0, (uint8_t)strlen(name), (uint8_t)strlen(value)};

    g_byte_array_append(to, lengths, 2);
    add(to, name);
    g_byte_array_append(to, lengths + 2, 1);
    add(to, value);
}

static void add_headers(GByteArray *to, GByteArray *fields, uint8_t flags, uint32_t stream)
{
    add_frame(to, fields->len, 1, flags, stream);
    g_byte_array_append(to, fields->data, fields->len);
    g_byte_array_unref(fields);
}

static void say_http2(flow *of)
{
    GByteArray *request = turn(of), *answer = turn(of);

    of->ports[1] = 80;
    add(request, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    add_frame(request, 0, 4, 0, 0);
    add_frame(answer, 0, 4, 0, 0);
    for (uint32_t stream = 1; stream < 12; stream += 2) {
        unsigned collection = below(POOL);
        g_autofree char *path = g_strdup_printf("/dav/projects/%u/", collection);
        GByteArray *fields = g_byte_array_new();

        add_field(fields, ":method", "PROPFIND");
        add_field(fields, ":scheme", "http");
        add_field(fields, ":authority", "dav.example");
        add_field(fields, ":path", path);
        add_field(fields, "depth", "1");
        add_headers(request, fields, 5, stream);
        fields = g_byte_array_new();
        add_field(fields, ":status", "207");
        add_field(fields, "content-type", "application/xml");
        add_headers(answer, fields, 4, stream);

        const GByteArray *body = answers[collection];

        for (guint at = 0; at < body->len; at += 8192) {
            guint length = MIN(8192, body->len - at);

            add_frame(answer, length, 0, at + length == body->len, stream);
            g_byte_array_append(answer, body->data + at, length);
        }
        request = turn(of);
        answer = turn(of);
    }
    add_frame(request, 8, 7, 0, 0);
    add_noise(request, 8);
    add_frame(answer, 0, 4, 1, 0);
}

/* -------------------------------------------------------------------------------- templates ----
 */

static GPtrArray *template_packets; /* GBytes: Ethernet frames */

static void read_template(const char *path)
{
    char *bytes;
    gsize length, at = 0;

    template_packets = g_ptr_array_new();
    template_keys = g_byte_array_new();
    if (!g_file_get_contents(path, &bytes, &length, NULL)) {
        fprintf(stderr, "generate: cannot read %s\n", path);
        exit(1);
    }
    while (at + 28 <= length) {
        uint32_t block[7];

        memcpy(block, bytes + at, sizeof block);
        if (block[0] == 6)
            g_ptr_array_add(template_packets, g_bytes_new(bytes + at + 28, block[5]));
        else if (block[0] == 10)
            g_byte_array_append(template_keys, (const guint8 *)bytes + at, block[1]);
        at += block[1];
    }
    g_free(bytes);
}

/* The recorded connections again, between other hosts. */
static void put_template_packet(flow *of)
{
    gsize length;
    const uint8_t *bytes = g_bytes_get_data(template_packets->pdata[of->template ++], &length);
    uint8_t copy[65536];

    if (length < 34 || length > sizeof copy || bytes[14] != 0x45)
        return;
    memcpy(copy, bytes, length);
    bool answers_back = bytes[34] == 0 || (bytes[34] << 8 | bytes[35]) < 1024 ||
                        (bytes[34] << 8 | bytes[35]) == 8443;

    memcpy(copy + 26, of->hosts[answers_back], 4);
    memcpy(copy + 30, of->hosts[!answers_back], 4);
    put_packet(copy, (uint32_t)length);
}

/* ---------------------------------------------------------------------------------- packets ----
 */

static void fill_ip(uint8_t *frame, const flow *of, unsigned side, unsigned protocol, size_t length)
{
    static const uint8_t macs[2][6] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};
    uint8_t *ip = frame + 14;

    memcpy(frame, macs[!side], 6);
    memcpy(frame + 6, macs[side], 6);
    set16(frame + 12, 0x0800);
    memset(ip, 0, 20);
    ip[0] = 0x45;
    set16(ip + 2, (unsigned)length);
    set16(ip + 6, 0x4000);
    ip[8] = 64;
    ip[9] = (uint8_t)protocol;
    memcpy(ip + 12, of->hosts[side], 4);
    memcpy(ip + 16, of->hosts[!side], 4);
}

static bool lossy;
static uint8_t late[1600];
static uint32_t late_length;

static void put_segment_bytes(const uint8_t *frame, uint32_t length)
{
    unsigned fate = lossy ? below(1000) : 1000;

    if (fate < 3)
        return; /* lost, and never seen again */
    if (fate < 6 && late_length == 0) {
        memcpy(late, frame, length);
        late_length = length;
        return;
    }
    put_packet(frame, length);
    if (fate < 10)
        put_packet(frame, length);
    if (late_length > 0) {
        put_packet(late, late_length);
        late_length = 0;
    }
}

static void put_segment(flow *of, unsigned side, unsigned flags, const uint8_t *payload,
                        unsigned length)
{
    uint8_t frame[1600];
    uint8_t *tcp = frame + 34;

    fill_ip(frame, of, side, 6, 20 + 32 + length);
    set16(tcp, of->ports[side]);
    set16(tcp + 2, of->ports[!side]);
    set32(tcp + 4, of->sequence[side]);
    set32(tcp + 8, flags == 2 ? 0 : of->sequence[!side]);
    tcp[12] = 0x80;
    tcp[13] = (uint8_t)flags;
    set16(tcp + 14, 502);
    set32(tcp + 16, 0);
    memcpy(tcp + 20, "\x01\x01\x08\x0a\0\0\0\1\0\0\0\1", 12);
    memcpy(tcp + 32, payload, length);
    of->sequence[side] += length + ((flags & 3) != 0);
    put_segment_bytes(frame, 66 + length);
}

static void put_datagram(unsigned port, unsigned length)
{
    uint8_t frame[1600];
    flow of = {.hosts = {{10, 1, (uint8_t)below(4), (uint8_t)below(250)}, {198, 51, 100, 7}}};
    unsigned side = below(2);
    unsigned ports[] = {50000 + below(9000), port};

    fill_ip(frame, &of, side, 17, 28 + length);
    set16(frame + 34, ports[side]);
    set16(frame + 36, ports[!side]);
    set16(frame + 38, 8 + length);
    set16(frame + 40, 0);
    for (unsigned i = 0; i < length; i += 4)
        set32(frame + 42 + i, draw());
    if (port == 443)
        frame[42] = (uint8_t)(0x40 | (frame[42] & 0x3f)); /* QUIC, short header */
    put_packet(frame, 42 + length);
}

static void put_other(void)
{
    static const uint8_t arp[60] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0,
                                    1,   8,   6,   0,   1,   8,   0, 6, 4, 0, 1};
    static const uint8_t bridge[60] = {1, 0x80, 0xc2, 0, 0,  0,    2,    0, 0,
                                       0, 0,    9,    0, 38, 0x42, 0x42, 3};

    switch (below(20)) {
    case 0:
        put_packet(arp, sizeof arp);
        break;
    case 1:
        put_packet(bridge, sizeof bridge);
        break;
    case 2:
        put_datagram(3478, 100);
        break;
    case 3:
    case 4:
    case 5:
        put_datagram(53, 60 + below(50) / 4 * 4);
        break;
    default:
        put_datagram(443, 1200);
    }
}

/* True when the flow is over. */
static bool advance(flow *of)
{
    if (of->template >= 0) {
        put_template_packet(of);
        return of->template >= (int)template_packets->len;
    }
    if (of->step < 3) {
        static const unsigned flags[] = {2, 0x12, 0x10};

        put_segment(of, of->step == 1, flags[of->step], NULL, 0);
        of->step++;
        return false;
    }
    if (of->turn == of->turns->len) {
        put_segment(of, 0, 0x11, NULL, 0);
        put_segment(of, 1, 0x11, NULL, 0);
        put_segment(of, 0, 0x10, NULL, 0);
        return true;
    }
    const GByteArray *bytes = of->turns->pdata[of->turn];
    unsigned side = of->turn % 2, length = MIN(SEGMENT, bytes->len - of->at);

    if (length > 0)
        put_segment(of, side, 0x18, bytes->data + of->at, length);
    of->at += length;
    if (++of->unacknowledged % 2 == 0)
        put_segment(of, !side, 0x10, NULL, 0);
    if (of->at == bytes->len) {
        of->turn++;
        of->at = 0;
    }
    return false;
}

static void free_turn(gpointer bytes)
{
    g_byte_array_unref(bytes);
}

/* ------------------------------------------------------------------------------------- kinds ----
 */

static unsigned flows_made;

static flow *new_flow(void)
{
    flow *made = g_new0(flow, 1);
    uint8_t hosts[2][4] = {{10, 1, (uint8_t)below(4), (uint8_t)(1 + below(250))},
                           {192, 0, 2, (uint8_t)(1 + below(120))}};

    memcpy(made->hosts, hosts, sizeof hosts);
    made->turns = g_ptr_array_new_with_free_func(free_turn);
    made->ports[0] = (uint16_t)(32768 + flows_made++ % 28000);
    made->sequence[0] = draw();
    made->sequence[1] = draw();
    made->template = -1;
    return made;
}

static void free_flow(flow *of)
{
    g_ptr_array_unref(of->turns);
    g_free(of);
}

static flow *mixed_flow(void)
{
    flow *made = new_flow();

    if (template_packets && chance(20))
        made->template = 0;
    else if (chance(20))
        say_webdav(made);
    else if (chance(550))
        say_tls(made);
    else if (chance(600))
        say_web(made);
    else
        say_binary(made);
    return made;
}

static flow *dense_flow(void)
{
    flow *made = new_flow();

    say_webdav(made);
    return made;
}

static flow *http2_flow(void)
{
    flow *made = new_flow();

    say_http2(made);
    return made;
}

static flow *large_flow(void)
{
    flow *made = new_flow();
    GByteArray *body = g_byte_array_new();

    made->ports[1] = 80;
    add(turn(made), "PROPFIND /dav/projects/0/ HTTP/1.1\r\nHost: dav.example\r\nDepth: 1\r\n\r\n");
    GByteArray *answer = turn(made);

    add_multistatus(body, 0, 100000);
    add(answer, "HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n");
    add_body(answer, body);
    g_byte_array_unref(body);
    target = 0;
    return made;
}

static void run(flow *(*make)(void), unsigned concurrent, bool others)
{
    flow *open[CONCURRENT] = {NULL};
    unsigned n = 0;

    do {
        while (n < concurrent && (written < target || flows_made < concurrent))
            open[n++] = make();
        unsigned which = below(n);

        /* A connection goes on for a while before it is another one's turn. */
        for (unsigned burst = 1 + below(12); burst > 0 && which < n; burst--) {
            if (advance(open[which])) {
                free_flow(open[which]);
                open[which] = open[--n];
                break;
            }
        }
        if (others && chance(500))
            put_other();
    } while (n > 0);
}

static const struct {
    const char *name;
    flow *(*make)(void);
    unsigned concurrent;
    bool others;
    bool lossy;
    bool small;
} kinds[] = {
    {"mixed", mixed_flow, CONCURRENT, true, false, false},
    {"keys", mixed_flow, CONCURRENT, true, false, false},
    {"dense", dense_flow, CONCURRENT, false, false, false},
    {"http2", http2_flow, CONCURRENT, false, false, false},
    {"lossy", mixed_flow, CONCURRENT, true, true, false},
    {"large", large_flow, 1, false, false, true},
    {"small", dense_flow, 4, true, false, true},
};

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: generate KIND MEGABYTES SEED FILE [TEMPLATE.pcapng]\n");
        return 1;
    }
    state = g_ascii_strtoull(argv[3], NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) + 1;
    target = g_ascii_strtoull(argv[2], NULL, 10) * 1000000;
    if (argc > 5)
        read_template(argv[5]);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].name, argv[1]) != 0)
            continue;
        out = fopen(argv[4], "wb");
        if (!out) {
            perror(argv[4]);
            return 1;
        }
        lossy = kinds[i].lossy;
        if (kinds[i].small)
            target = 1;
        put_start();
        make_pools();
        run(kinds[i].make, kinds[i].concurrent, kinds[i].others);
        return fclose(out) == 0 ? 0 : 1;
    }
    fprintf(stderr, "generate: there is no kind %s\n", argv[1]);
    return 1;
}
