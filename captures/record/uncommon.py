#!/usr/bin/env python3
"""uncommon.py - A server that answers PROPFIND as few servers do, one way for each path.

usage: uncommon.py PORT

/zstd      Content-Encoding: zstd (RFC 8878), which Wireshark 4.0 does not undo
/compress  Content-Encoding: compress (RFC 9110 section 8.4.1.1), which nobody undoes any more
/utf16     UTF-16 with a byte order mark
/latin1    ISO-8859-1, declared in the body only
/no-type   no Content-Type
/html      text/html
/aborted   chunked, closed in the middle of a UTF-8 character

SPDX-License-Identifier: GPL-2.0-or-later
"""
import http.server
import subprocess
import sys

NAMES = ["Gr\u00fc\u00dfe", "na\u00efve caf\u00e9", "plain"]


def listing(path, encoding, rows=12):
    responses = "".join(
        f"<D:response><D:href>{path}/{n}-{NAMES[n % 3]}</D:href>"
        f"<D:status>HTTP/1.1 {'423 Locked' if n % 4 == 1 else '200 OK'}</D:status></D:response>\n"
        for n in range(rows))
    return (f'<?xml version="1.0" encoding="{encoding}"?>\n'
            f'<D:multistatus xmlns:D="DAV:">\n{responses}</D:multistatus>\n').encode(encoding)


def filtered(body, *program):
    return subprocess.run(program, input=body, check=True, capture_output=True).stdout


class Uncommon(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "uncommon/1"
    sys_version = ""

    def log_message(self, *_):
        pass

    def answer(self, body, **fields):
        self.send_response(207, "Multi-Status")
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def abort(self):
        body = listing(self.path, "utf-8", rows=60)
        body = body[:body.rindex("\u00fc".encode()) + 1]
        self.send_response(207, "Multi-Status")
        self.send_header("Content-Type", "application/xml; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(body), 1000):
            piece = body[at:at + 1000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.close_connection = True

    def do_PROPFIND(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path
        if path == "/zstd":
            self.answer(filtered(listing(path, "utf-8", 40), "zstd", "-q", "-c"),
                        Content_Encoding="zstd", Content_Type="application/xml; charset=utf-8")
        elif path == "/compress":
            self.answer(filtered(listing(path, "utf-8", 40), "compress", "-c"),
                        Content_Encoding="compress",
                        Content_Type="application/xml; charset=utf-8")
        elif path == "/utf16":
            self.answer(listing(path, "utf-16"), Content_Type="application/xml")
        elif path == "/latin1":
            self.answer(listing(path, "iso-8859-1"), Content_Type="application/xml")
        elif path == "/no-type":
            self.answer(listing(path, "utf-8"))
        elif path == "/html":
            self.answer(listing(path, "utf-8"), Content_Type="text/html")
        else:
            self.abort()


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Uncommon).serve_forever()
