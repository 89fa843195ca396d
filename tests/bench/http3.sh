#!/bin/bash
# http3.sh - large captures of HTTP/3, to measure time and memory by hand: 50,000 requests on one connection
# (aioquic), and a gigabyte on another (nginx and curl).
#
# usage: http3.sh [--install] OUTDIR
#
# Then: /usr/bin/time -v multistatus -j 1 OUTDIR/http3-streams.pcapng
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source-path=SCRIPTDIR source=../../captures/record/lib.sh
. "$(dirname "$0")/../../captures/record/lib.sh"
RECORD_DIR=$(cd "$(dirname "$0")/../../captures/record" && pwd)
# shellcheck source-path=SCRIPTDIR source=../../captures/record/trixie.sh
. "$RECORD_DIR/trixie.sh"

# shellcheck disable=SC2034  # lib.sh reads it
PACKAGES=()
STREAMS=50000
GIGABYTE=1000000000

finish() {
    local file=${CAPTURE_FILE##*/}
    sleep 1
    kill -INT "$CAPTURE_PID"
    wait "$CAPTURE_PID" || true
    grep 'received/dropped' "$WORK_DIR/logs/dumpcap.log"
    CAPTURE_PID=
    editcap --inject-secrets "tls,$WORK_DIR/keys" "$CAPTURE_FILE" "$OUT_DIR/$file"
    rm -f "$CAPTURE_FILE" "$WORK_DIR/keys"
}

record_streams() {
    capture_start http3-streams 'udp port 8443'
    in_trixie /usr/bin/python3 "$WORK_DIR/http3_odd.py" "many:$STREAMS" "$WORK_DIR/certificate.pem" \
        "$WORK_DIR/key.pem" "$WORK_DIR/keys" "$WORK_DIR/received"
    finish
}

record_bulk() {
    local root=$WORK_DIR/nginx3
    mkdir -p "$root/data"
    head -c "$GIGABYTE" /dev/zero > "$root/data/bulk"
    chmod -R 755 "$root"
    cat > "$root/nginx.conf" <<CONFIGURATION
user www-data;
daemon off;
worker_processes 1;
pid $root/pid;
error_log $root/error.log;
events {}
http {
    access_log off;
    ssl_certificate $WORK_DIR/certificate.pem;
    ssl_certificate_key $WORK_DIR/key.pem;
    server {
        listen 127.0.0.1:8443 ssl;
        listen 127.0.0.1:8443 quic reuseport;
        http3 on;
        root $root/data;
    }
}
CONFIGURATION
    start_server nginx3 8443 chroot "$TRIXIE_DIR" /usr/sbin/nginx -c "$root/nginx.conf" -p "$root"
    capture_start http3-bulk 'udp port 8443'
    SSLKEYLOGFILE=$WORK_DIR/keys in_trixie /usr/bin/curl --silent --insecure --http3-only \
        --resolve dav.example:8443:127.0.0.1 --limit-rate 20M --output /dev/null https://dav.example:8443/bulk
    finish
}

trixie_prepare "$@"
record_begin "$@"
trixie_enter
cp "$RECORD_DIR/http3_odd.py" "$WORK_DIR"
certificate
record_streams
record_bulk
record_end
