"""Sessions as mitmproxy and Fiddler save them, of conversations that nobody had to record.

    path.write_bytes(sessions.flows([sessions.flow(traffic.Exchange(...), sent=1700000000.0)]))
    path.write_bytes(sessions.saz([traffic.Exchange(...)]))

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import io
import zipfile

START = 1700000000


# ------------------------------------------------------------------------------- tnetstrings ----

def tnet(value):
    """A value as a typed netstring; text and bytes have types of their own."""
    if value is None:
        kind, text = "~", b""
    elif isinstance(value, bool):
        kind, text = "!", str(value).lower().encode()
    elif isinstance(value, int):
        kind, text = "#", str(value).encode()
    elif isinstance(value, float):
        kind, text = "^", repr(value).encode()
    elif isinstance(value, bytes):
        kind, text = ",", value
    elif isinstance(value, str):
        kind, text = ";", value.encode()
    elif isinstance(value, dict):
        kind, text = "}", b"".join(tnet(part) for item in value.items() for part in item)
    else:
        kind, text = "]", b"".join(tnet(part) for part in value)
    return b"%d:%s%s" % (len(text), text, kind.encode())


def split(message):
    """First line, header fields, body."""
    head, _, body = message.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first.split(b" ", 2), [list(map(bytes.strip, line.split(b":", 1))) for line in lines], body


def address_of(exchange):
    return f"192.0.2.{100 + exchange.client}"


def request_of(exchange, sent):
    (method, target, version), fields, body = split(exchange.request)
    host = next((value for name, value in fields if name.lower() == b"host"), b"dav.example")
    return {"http_version": version, "headers": fields, "content": body, "trailers": None,
            "timestamp_start": sent, "timestamp_end": sent, "host": host.decode(),
            "port": exchange.port, "method": method, "scheme": b"http", "authority": b"",
            "path": target}


def response_of(exchange, received):
    (version, status, *reason), fields, body = split(exchange.response)
    return {"http_version": version, "headers": fields, "content": body, "trailers": None,
            "timestamp_start": received, "timestamp_end": received, "status_code": int(status),
            "reason": b" ".join(reason)}


def flow(exchange, sent=float(START), took=0.005, **changes):
    """A flow of version 17, as mitmproxy 8 writes it. Changes are members of it, or of its parts:
    response__content=None."""
    made = {"id": "1", "error": None,
            "client_conn": {"address": [address_of(exchange), 50000], "tls_established": False},
            "server_conn": {"ip_address": ["192.0.2.1", exchange.port],
                            "address": ["dav.example", exchange.port]},
            "intercepted": False, "is_replay": None, "marked": "", "metadata": {}, "comment": "",
            "timestamp_created": sent, "request": request_of(exchange, sent),
            "response": response_of(exchange, sent + took) if exchange.response else None,
            "websocket": None, "version": 17, "type": "http"}
    for name, value in changes.items():
        part, _, member = name.partition("__")
        if member:
            made[part][member] = value
        else:
            made[part] = value
    return made


def flows(of):
    return b"".join(tnet(one) for one in of)


# --------------------------------------------------------------------------------------- SAZ ----

def timestamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()


def about(exchange, sent, received, flags=0):
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Session SID="1" BitFlags="{flags:x}">
  <SessionTimers ClientConnected="0001-01-01T00:00:00" ClientBeginRequest="{timestamp(sent)}"
    ClientDoneRequest="{timestamp(sent)}" ServerDoneResponse="{timestamp(received)}"
    ClientDoneResponse="{timestamp(received)}" />
  <PipeInfo />
  <SessionFlags>
    <SessionFlag N="x-clientip" V="{address_of(exchange)}" />
    <SessionFlag N="x-clientport" V="50000" />
    <SessionFlag N="x-hostip" V="192.0.2.1" />
  </SessionFlags>
</Session>
""".encode()


def absolute(request):
    """With the URL in its request line, as Fiddler has it."""
    (method, target, version), fields, _ = split(request)
    host = next((value for name, value in fields if name.lower() == b"host"), b"dav.example")
    return method + b" http://" + host + target + b" " + version + request[request.index(b"\r\n"):]


def members(exchanges, gap=0.01, took=0.005):
    """[(name, contents)] of a SAZ file."""
    made = [("_index.htm", b"<html>"), ("[Content_Types].xml", b"<Types/>")]
    for number, one in enumerate(exchanges, 1):
        sent = START + (number - 1) * gap
        made += [(f"raw/{number:02}_c.txt", absolute(one.request)),
                 (f"raw/{number:02}_s.txt", one.response),
                 (f"raw/{number:02}_m.xml", about(one, sent, sent + took))]
    return made


def archive(contents, compression=zipfile.ZIP_DEFLATED):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", compression) as file:
        for name, body in contents:
            file.writestr(name, body)
    return to.getvalue()


def saz(exchanges):
    return archive(members(exchanges))
