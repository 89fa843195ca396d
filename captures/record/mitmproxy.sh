#!/bin/bash
# mitmproxy.sh - Apache httpd behind mitmproxy: the flows that mitmdump saves, and what went between the two
# at the same time. Then what is odd about flows: streamed bodies, HTTP that is passed on unread, a server
# that is not there, answers and requests that mitmproxy replays.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" mitmproxy)
PROXY=8088

# proxy_start FILE [OPTION...]
proxy_start() {
    local file=$1
    shift
    start_server mitmdump $PROXY env HOME="$WORK_DIR" mitmdump --quiet --ssl-insecure \
        --listen-host 127.0.0.1 --listen-port $PROXY --save-stream-file "+$file" "$@"
}

# It writes the last flows when it is asked to end.
proxy_stop() {
    local pid=${SERVER_PIDS[-1]}
    unset 'SERVER_PIDS[-1]'
    sleep 1
    kill -INT "$pid"
    wait "$pid" || true
}

record_apache() {
    capture_start mitmproxy-apache 'tcp port 80'
    proxy_start "$OUT_DIR/mitmproxy-apache.flow"
    delete_locked http://127.0.0.1/dav/
    mixed_requests http://127.0.0.1/davz/ -H 'Accept-Encoding: gzip'
    proxy_stop
    capture_stop
}

record_http2() {
    proxy_start "$OUT_DIR/mitmproxy-http2.flow"
    mixed_requests https://127.0.0.1/dav/ --http2
    mixed_requests https://127.0.0.1/davz/ --http2 -H 'Accept-Encoding: gzip'
    proxy_stop
}

record_odd() {
    local file=$OUT_DIR/mitmproxy-odd.flow
    proxy_start "$file" --set stream_large_bodies=1
    dav PROPFIND http://127.0.0.1/dav/ -H 'Depth: 1'
    proxy_stop
    proxy_start "$file" --tcp-hosts 127.0.0.1
    dav PROPFIND http://127.0.0.1/dav/ -H 'Depth: 1' --proxytunnel
    proxy_stop
    proxy_start "$file"
    dav PROPFIND http://127.0.0.1:9/ -H 'Depth: 1'
    proxy_stop
    proxy_start "$file" --server-replay "$OUT_DIR/mitmproxy-apache.flow" --server-replay-nopop
    tree http://127.0.0.1/dav/del/
    dav DELETE http://127.0.0.1/dav/del/
    proxy_stop
}

record_begin "$@"
apache_start
mixed_setup http://127.0.0.1/dav/
DAV_OPTIONS=(--proxy "http://127.0.0.1:$PROXY" --noproxy '')
record_apache
record_http2
record_odd
record_end
