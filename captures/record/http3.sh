#!/bin/bash
# http3.sh - WebDAV over HTTP/3: nginx by itself, and Caddy before Apache, lighttpd, Radicale and SabreDAV;
# curl of Debian 13 asks. Then aioquic, for what is allowed and rare.
#
# The keys are inside the captures.  Beside each NAME.pcapng stands NAME.ndjson: what the client
# itself sent and received, one line for each request, with the body, codings undone.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=trixie.sh
. "$RECORD_DIR/trixie.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" "${LIGHTTPD_PACKAGES[@]}" "${RADICALE_PACKAGES[@]}"
    "${SABREDAV_PACKAGES[@]}" caddy)
FILTER='udp port 8443'
ORIGIN=https://dav.example:8443
RECEIVED=

# ---------------------------------------------------------------- servers

# nginx of Debian 13, which speaks HTTP/3 itself: nginx_http3_start RETRY (on, off)
nginx_http3_start() {
    local root=$WORK_DIR/nginx3
    mkdir -p "$root"/{data,temp}
    chmod -R 777 "$root" # its user has another number there
    cat > "$root/nginx.conf" <<CONFIGURATION
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
user www-data;
daemon off;
worker_processes 1;
pid $root/pid;
error_log $root/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $root/temp/body;
    proxy_temp_path $root/temp/proxy;
    fastcgi_temp_path $root/temp/fastcgi;
    uwsgi_temp_path $root/temp/uwsgi;
    scgi_temp_path $root/temp/scgi;
    dav_ext_lock_zone zone=locks:1m;
    ssl_certificate $WORK_DIR/certificate.pem;
    ssl_certificate_key $WORK_DIR/key.pem;
    ssl_protocols TLSv1.3;
    server {
        listen 127.0.0.1:8443 ssl;
        listen 127.0.0.1:8443 quic reuseport;
        http3 on;
        quic_retry $1;
        root $root/data;
        gzip_types text/xml application/xml;
        gzip_min_length 1;
        gzip_proxied any;
        location / {
            create_full_put_path on;
            dav_methods PUT DELETE MKCOL COPY MOVE;
            dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
            dav_ext_lock zone=locks;
            if (\$http_accept_encoding ~ gzip) { gzip on; }
        }
    }
}
CONFIGURATION
    start_server nginx3 8443 chroot "$TRIXIE_DIR" /usr/sbin/nginx -c "$root/nginx.conf" -p "$root"
}

# caddy_before PORT [OWN-PORT]: in front of one of the others
caddy_before() {
    local port=${2:-8443}
    cat > "$WORK_DIR/Caddyfile" <<CONFIGURATION
{
    admin off
    auto_https off
    default_bind 127.0.0.1
}
https://dav.example:$port {
    tls $WORK_DIR/certificate.pem $WORK_DIR/key.pem
    reverse_proxy 127.0.0.1:$1
}
CONFIGURATION
    start_server "caddy-$1" "$port" /usr/bin/caddy run --config "$WORK_DIR/Caddyfile" --adapter caddyfile
}

# ---------------------------------------------------------------- client

HTTP3=(--silent --insecure --max-time 60 --http3-only --compressed
    --resolve dav.example:8443:127.0.0.1)

# What scenarios.sh calls curl is that of Debian 13, over HTTP/3.
curl() {
    case $* in
        *http://127.0.0.1/*) /usr/bin/curl "$@" ;; # what is not recorded
        *) SSLKEYLOGFILE=$WORK_DIR/keys in_trixie /usr/bin/curl "${HTTP3[@]}" "$@" ;;
    esac
}

# In place of the one of scenarios.sh: the same, and what curl has received is written down.
dav() {
    local method=$1 url=$2 code
    shift 2
    rm -f "$WORK_DIR/body" "$WORK_DIR/head"
    code=$(curl --globoff --request "$method" \
        --output "$WORK_DIR/body" --dump-header "$WORK_DIR/head" \
        --write-out '%{http_code}' "${DAV_OPTIONS[@]}" "$@" "$url") || true
    note "   $method $url $code"
    [ -z "$RECEIVED" ] || received "$method" "${url#"$ORIGIN"}" "$code" "$WORK_DIR/body"
}

# received METHOD PATH STATUS BODY-FILE
received() {
    python3 - "$@" >> "$RECEIVED" <<'PROGRAM'
import json, pathlib, sys
method, path, status, name = sys.argv[1:]
file = pathlib.Path(name)
body = file.read_bytes().decode() if file.exists() else ''
print(json.dumps({'method': method, 'path': path, 'status': int(status), 'body': body}))
PROGRAM
}

# ---------------------------------------------------------------- captures

begin() {
    rm -f "$WORK_DIR/keys"
    : > "$WORK_DIR/received"
    RECEIVED=$WORK_DIR/received
    capture_start "$1" "$FILTER"
}

# The capture with its keys, and what the client has received.
finish() {
    local name=${CAPTURE_FILE##*/}
    name=${name%.pcapng}
    RECEIVED=
    capture_stop
    editcap --inject-secrets "tls,$WORK_DIR/keys" "$OUT_DIR/$name.pcapng" "$WORK_DIR/with-keys.pcapng"
    "$RECORD_DIR/pcapng.py" strip-host "$WORK_DIR/with-keys.pcapng" "$OUT_DIR/$name.pcapng"
    cp "$WORK_DIR/received" "$OUT_DIR/$name.ndjson"
}

NAMES='<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getcontentlength/><D:resourcetype/><D:getlastmodified/></D:prop></D:propfind>'

# A listing of one frame in one packet, one over several packets, one with gzip; a lock, and what it
# prevents.
record_nginx() {
    local number token
    nginx_http3_start off
    tree "$ORIGIN/small/"
    dav MKCOL "$ORIGIN/large/"
    for number in $(seq -w 24); do put "$ORIGIN/large/note-$number.txt" "note $number"; done
    begin nginx-http3
    xml PROPFIND "$ORIGIN/small/a.txt" "$NAMES" -H 'Depth: 0'
    xml PROPFIND "$ORIGIN/large/" "$NAMES" -H 'Depth: 1' -H 'Accept-Encoding: identity'
    xml PROPFIND "$ORIGIN/large/" "$NAMES" -H 'Depth: 1'
    lock "$ORIGIN/small/b.txt"
    token=$LOCK_TOKEN
    dav DELETE "$ORIGIN/small/b.txt"
    dav DELETE "$ORIGIN/small/"
    unlock "$ORIGIN/small/b.txt" "$token"
    xml PROPPATCH "$ORIGIN/small/a.txt" "$NAMES"
    finish
    stop_servers
    rm -rf "$WORK_DIR/nginx3"
}

# The server wants to see the client's address confirmed first. A small hello, which fits into one
# packet: with two, there are two Retry packets, of which Wireshark before 4.6 follows the wrong one.
record_retry() {
    nginx_http3_start on
    tree "$ORIGIN/small/"
    begin nginx-http3-retry
    xml PROPFIND "$ORIGIN/small/" "$NAMES" -H 'Depth: 1' --curves X25519
    finish
    stop_servers
}

# Locks and protected properties, with Caddy's several DATA frames; the second half with gzip.
record_apache() {
    apache_start
    caddy_before 80
    mixed_setup "$ORIGIN/dav/"
    begin caddy-http3-apache
    mixed_requests "$ORIGIN/dav/" -H 'Accept-Encoding: identity'
    dav LOCK "$ORIGIN/dav/enc/" -H 'Depth: infinity' -H 'Content-Type: application/xml' \
        --data-binary "$LOCKINFO"
    mixed_requests "$ORIGIN/davz/"
    finish
}

# DELETE, COPY and MOVE with 207, because the server may not touch some members.
record_lighttpd() {
    local data
    stop_servers
    lighttpd_start
    caddy_before 8081
    data=$(lighttpd_data)
    tree "$ORIGIN/perm/"
    tree "$ORIGIN/perm2/"
    forbid_members "$data"
    begin caddy-http3-lighttpd
    refused_members "$ORIGIN/"
    finish
}

record_radicale() {
    stop_servers
    radicale_start
    caddy_before 5232
    DAV_OPTIONS=(--user user:lab)
    dav MKCOL "$ORIGIN/user/"
    fill_collections "$ORIGIN/user/" "$ORIGIN/user/"
    begin caddy-http3-radicale
    calendar_multiget "$ORIGIN/user/cal/" /user/cal/
    sync_collection "$ORIGIN/user/cal/" ''
    dav DELETE "$ORIGIN/user/cal/ev2.ics"
    sync_collection "$ORIGIN/user/cal/" "$(sync_token)"
    addressbook_multiget "$ORIGIN/user/book/" /user/book/
    finish
    DAV_OPTIONS=()
}

# Of the last answer but one that had one.
sync_token() { grep -o 'http://radicale[^<"]*' "$WORK_DIR/received" | head -n 1; }

record_sabredav() {
    stop_servers
    # shellcheck disable=SC2119  # it needs no options of PHP
    sabredav_start
    caddy_before 8093
    fill_collections "$ORIGIN/calendars/admin/" "$ORIGIN/addressbooks/admin/"
    begin caddy-http3-sabredav
    calendar_properties "$ORIGIN/calendars/admin/cal/"
    calendar_query "$ORIGIN/calendars/admin/cal/"
    calendar_proppatch "$ORIGIN/calendars/admin/cal/"
    finish
}

# Three folders, with forty members each, one of them locked.
prepare_folders() {
    local number
    rm -rf "$WORK_DIR/apache"
    apache_start
    for number in 1 2 3; do
        mkdir -p "$(apache_data)/at$number/more"
        echo "note $number" > "$(apache_data)/at$number/note.txt"
        touch "$(apache_data)/at$number/more/"{01..40}.txt
    done
    chown -R www-data:www-data "$(apache_data)"
}

# Four requests at once on one connection: the answers come in turns.
ask_at_once() {
    local method path code body
    curl --parallel --request PROPFIND -H 'Depth: infinity' -H 'Content-Type: text/xml' \
        -H 'Accept-Encoding: identity' --data-binary "$NAMES" \
        --output "$WORK_DIR/body#1" --write-out 'PROPFIND %{url.path} %{http_code} %{filename_effective}\n' \
        "$ORIGIN/dav/at[1-3]/" \
        --next "${HTTP3[@]}" --request DELETE \
        --output "$WORK_DIR/deleted" --write-out 'DELETE %{url.path} %{http_code} %{filename_effective}\n' \
        "$ORIGIN/dav/at2/" | sort -k 2 > "$WORK_DIR/answers"
    while read -r method path code body; do
        received "$method" "$path" "$code" "$body"
    done < "$WORK_DIR/answers"
}

record_parallel() {
    stop_servers
    prepare_folders
    caddy_before 80
    lock "$ORIGIN/dav/at2/note.txt"
    begin caddy-http3-parallel
    ask_at_once
    finish
}

# The same on a bad line: packets lost and sent again, out of order, twice.
record_bad_line() {
    stop_servers
    prepare_folders
    lock http://127.0.0.1/dav/at2/note.txt
    caddy_before 80 8444
    /usr/bin/python3 "$RECORD_DIR/relay.py" 8443 8444 2> "$WORK_DIR/logs/relay.log" &
    SERVER_PIDS+=($!)
    sleep 1
    begin caddy-http3-bad-line
    ask_at_once
    finish
}

# What both ends of aioquic do with intent: http3_odd.py SCENARIO
record_odd() {
    begin "aioquic-http3-$1"
    in_trixie /usr/bin/python3 "$WORK_DIR/http3_odd.py" "$1" "$WORK_DIR/certificate.pem" \
        "$WORK_DIR/key.pem" "$WORK_DIR/keys" "$WORK_DIR/received"
    finish
}

record_rare() {
    local scenario
    stop_servers
    cp "$RECORD_DIR/http3_odd.py" "$WORK_DIR"
    for scenario in frames qpack transport early batches; do record_odd "$scenario"; done
    record_odd doq
    mv "$OUT_DIR/aioquic-http3-doq.pcapng" "$OUT_DIR/aioquic-doq.pcapng"
    rm "$OUT_DIR/aioquic-http3-doq.ndjson" # no request
}

trixie_prepare "$@"
record_begin "$@"
trixie_enter
certificate
record_nginx
record_retry
record_apache
record_lighttpd
record_radicale
record_sabredav
record_parallel
record_bad_line
record_rare
record_end
