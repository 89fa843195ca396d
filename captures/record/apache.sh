#!/bin/bash
# apache.sh - Apache httpd with mod_dav_fs over HTTP/1.1: locks, permissions, codings, odd framings.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" litmus tcpdump)
BASE=http://127.0.0.1/dav/

# Recordings see what earlier ones left behind, so every group starts with an empty folder.
fresh_server() {
    stop_servers
    rm -rf "$WORK_DIR/apache"
    apache_start
}

record_litmus() {
    fresh_server
    capture_start apache-litmus-http11 'tcp port 80'
    # litmus writes its logs into the working folder, and fails when a server fails a test.
    (cd "$WORK_DIR/logs" && litmus -k "$BASE" > litmus.log 2>&1) || true
    capture_stop
}

record_failures() {
    fresh_server
    capture_start apache-partial-delete-423 'tcp port 80'
    delete_locked "$BASE"
    capture_stop
    capture_start apache-copy-move-locked 'tcp port 80'
    copy_move_locked "$BASE"
    capture_stop
    capture_start apache-lock-collection-conflict 'tcp port 80'
    lock_conflict "$BASE"
    capture_stop
    capture_start apache-proppatch-403-424 'tcp port 80'
    proppatch_protected "$BASE"
    capture_stop
    capture_start apache-propfind-404-infinity 'tcp port 80'
    propfind_unknown "$BASE"
    capture_stop
    capture_start apache-permission-denied-children 'tcp port 80'
    permission_denied "$BASE" "$(apache_data)"
    capture_stop
}

record_cooked() {
    fresh_server
    capture_start_any sll2-apache-delete 'tcp port 80'
    delete_locked "$BASE"
    capture_stop
}

# Six requests in one segment; the last one asks for the end of the connection.
send_pipelined() {
    python3 - <<'EOF'
import socket

BODY = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><x xmlns="urn:x"/></prop></propfind>'


def request(method, path, headers=b'', body=b''):
    return (b'%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n%s'
            % (method, path, headers, len(body), body))


with socket.create_connection(('127.0.0.1', 80)) as connection:
    connection.sendall(
        request(b'PROPFIND', b'/dav/enc/', b'Depth: 1\r\nContent-Type: text/xml\r\n', BODY)
        + request(b'GET', b'/dav/enc/a.txt')
        + request(b'DELETE', b'/dav/enc/')
        + request(b'PROPFIND', b'/dav/enc/sub/', b'Depth: 1\r\n')
        + request(b'PROPFIND', b'/dav/nosuch', b'Depth: 0\r\n')
        + request(b'PROPFIND', b'/dav/enc/', b'Depth: 0\r\nConnection: close\r\n'))
    while connection.recv(65536):
        pass
EOF
}

# 60 new properties and one protected one.
large_propertyupdate() {
    local number
    printf '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:z">'
    for number in {0..59}; do
        printf '<D:set><D:prop><Z:p%d>value %d</Z:p%d></D:prop></D:set>' "$number" "$number" "$number"
    done
    printf '<D:set><D:prop><D:resourcetype/></D:prop></D:set></D:propertyupdate>\n'
}

record_framings() {
    local six='http://[::1]/dav/' quiet
    fresh_server
    mixed_setup "$BASE"

    capture_start apache-gzip-deflate 'tcp port 80'
    mixed_requests http://127.0.0.1/davz/ -H 'Accept-Encoding: gzip'
    mixed_requests http://127.0.0.1/davz/ -H 'Accept-Encoding: identity'
    capture_stop

    capture_start apache-brotli 'tcp port 80'
    mixed_requests http://127.0.0.1/davbr/ -H 'Accept-Encoding: br'
    capture_stop

    capture_start apache-ipv6-keepalive 'tcp port 80'
    quiet=(--silent --globoff --output /dev/null)
    curl "${quiet[@]}" -X PROPFIND -H 'Depth: 1' --data-binary "$MIXED_PROPFIND" "${six}enc/" \
        --next "${quiet[@]}" -X DELETE "${six}enc/" \
        --next "${quiet[@]}" "${six}enc/a.txt" \
        --next "${quiet[@]}" -X PROPFIND -H 'Depth: infinity' "${six}enc/"
    capture_stop

    capture_start apache-pipelined 'tcp port 80'
    send_pipelined
    capture_stop

    large_propertyupdate > "$WORK_DIR/large.xml"
    capture_start apache-expect-continue 'tcp port 80'
    xml PROPPATCH "${BASE}enc/a.txt" "@$WORK_DIR/large.xml" -H 'Expect: 100-continue'
    xml PROPPATCH "${BASE}enc/a.txt" "@$WORK_DIR/large.xml" -H 'Transfer-Encoding: chunked'
    dav PROPFIND "${BASE}enc/" -H 'Prefer: return=minimal' -H 'Depth: 1' \
        --data-binary "$MIXED_PROPFIND"
    dav PROPFIND "${BASE}enc/" -H 'Brief: t' -H 'Depth: 1' --data-binary "$MIXED_PROPFIND"
    capture_stop
}

record_large() {
    local data number
    fresh_server
    data=$(apache_data)
    mkdir "$data/big"
    for number in {0001..2500}; do
        printf '%s\n' "$number" > "$data/big/file-$number with space.txt"
    done
    chown -R www-data:www-data "$data/big"
    capture_start apache-large-propfind 'tcp port 80'
    mixed_propfind "${BASE}big/" 1
    capture_stop
    capture_start apache-large-propfind-gzip 'tcp port 80'
    mixed_propfind http://127.0.0.1/davz/big/ 1 -H 'Accept-Encoding: gzip'
    capture_stop
}

# The server meets a folder that it may not read while it is already sending.  Where in the listing
# that happens is up to the file system, so the number of resources before it differs.
record_aborted() {
    local data number folder
    fresh_server
    data=$(apache_data)
    mkdir -p "$data"/abort/{aa,bb,cc,noaccess}
    for folder in aa bb cc; do
        for number in {1..300}; do
            printf '%s\n' "$number" > "$data/abort/$folder/f$number.txt"
        done
    done
    chown -R www-data:www-data "$data/abort"
    chown root:root "$data/abort/noaccess"
    chmod 000 "$data/abort/noaccess"
    capture_start apache-propfind-aborted-midstream 'tcp port 80'
    mixed_propfind "${BASE}abort/" infinity
    mixed_propfind "${BASE}abort/" infinity --http2-prior-knowledge
    capture_stop
}

record_static() {
    local web
    fresh_server
    web=$(apache_web)
    printf '%s\n' '<?xml version="1.0"?><multistatus xmlns="DAV:"><response><href>/stored</href><status>HTTP/1.1 423 Locked</status></response></multistatus>' > "$web/static-multistatus.xml"
    capture_start static-multistatus-get-200 'tcp port 80'
    dav GET http://127.0.0.1/web/static-multistatus.xml
    dav GET http://127.0.0.1/web/static-multistatus.xml --http2-prior-knowledge
    capture_stop
}

record_begin "$@"
record_litmus
record_failures
record_cooked
record_framings
record_large
record_aborted
record_static
record_end
