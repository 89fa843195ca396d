#!/bin/bash
# background.sh - Traffic without any Multi-Status body: what must not be taken for one.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" "${NGINX_PACKAGES[@]}")
WEB=http://127.0.0.1/web

web_pages() {
    local web
    web=$(apache_web)
    printf '<html><body>207 Multi-Status</body></html>\n' > "$web/index.html"
    printf '<?xml version="1.0"?><rss version="2.0"><channel><title>multistatus</title><item><title>207</title></item></channel></rss>\n' > "$web/feed.xml"
    printf '<?xml version="1.0"?><multistatus xmlns="urn:not-dav"><response><status>HTTP/1.1 423 Locked</status></response></multistatus>\n' > "$web/notdav.xml"
    head -c 40000 /dev/urandom > "$web/blob.bin"
}

# One question to a name server on this host, and its answer "no such name".
ask_name_server() {
    python3 - <<'EOF'
import socket

NAME = b'\x0bmultistatus\x07example\x00\x00\x01\x00\x01'
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(('127.0.0.1', 53))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b'\x00\xcf\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00' + NAME, ('127.0.0.1', 53))
question, address = server.recvfrom(512)
server.sendto(question[:2] + b'\x81\x83' + question[4:], address)
client.recv(512)
EOF
}

record_begin "$@"
apache_start
nginx_start
web_pages
capture_start background-no-207 'tcp or udp'
for _ in 1 2 3; do
    dav GET $WEB/index.html
    dav GET $WEB/
    dav GET $WEB/feed.xml
    dav GET $WEB/notdav.xml
    dav GET http://127.0.0.1/nosuch
    dav GET $WEB/index.html --http2-prior-knowledge
done
dav GET $WEB/blob.bin
dav GET https://127.0.0.1/web/index.html
ask_name_server
dav OPTIONS http://127.0.0.1/dav/
dav PROPFIND $WEB/
dav GET http://127.0.0.1:8080/
dav LOCK http://127.0.0.1/dav/web/index.html # no such folder: 409, and no Multi-Status
capture_stop
record_end
