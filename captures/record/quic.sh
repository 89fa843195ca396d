#!/bin/bash
# quic.sh - A browser that speaks WebDAV over HTTP/3: Chromium, Caddy before Apache, a key log.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${APACHE_PACKAGES[@]}" caddy chromium)
ORIGIN=dav.example:8443

# Its certificate has a small key, so that the handshake is small.
caddy_start() {
    local root=$WORK_DIR/caddy
    mkdir "$root"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=dav.example -addext subjectAltName=DNS:dav.example \
        -keyout "$root/key.pem" -out "$root/certificate.pem" 2> "$WORK_DIR/logs/openssl.log"
    cat > "$root/Caddyfile" <<EOF
{
    admin off
    auto_https off
    default_bind 127.0.0.1
}
https://$ORIGIN {
    tls $root/certificate.pem $root/key.pem
    reverse_proxy 127.0.0.1:80
}
EOF
    start_server caddy 8443 /usr/bin/caddy run --config "$root/Caddyfile" --adapter caddyfile
}

# A page of the same origin, so that it may ask: a listing, then a lock that one member prevents.
write_page() {
    cat > "$(apache_web)/ask.html" <<EOF
<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Lab</title>
<pre></pre>
<script>
const requests = [
    ['PROPFIND', '1', '$MIXED_PROPFIND'],
    ['LOCK', 'infinity', '$LOCKINFO'],
];
(async () => {
    for (const [method, depth, body] of requests) {
        const headers = {'Depth': depth, 'Content-Type': 'application/xml'};
        const answer = await fetch('/dav/enc/', {method, headers, body});
        const text = await answer.text();
        document.querySelector('pre').append(method + ' ' + answer.status + ' ' + text);
    }
    document.title = 'Done';
})();
</script>
EOF
}

# fingerprint CERTIFICATE: of its public key, as Chromium wants it
fingerprint() {
    openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | base64
}

# browse URL: prints the page as its script leaves it
browse() {
    chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --disable-background-networking --disable-component-update --disable-default-apps \
        --disable-extensions --disable-sync --disable-domain-reliability --no-pings \
        --user-data-dir="$WORK_DIR/chromium" --ssl-key-log-file="$SSLKEYLOGFILE" \
        --host-resolver-rules="MAP dav.example 127.0.0.1, MAP * ~NOTFOUND" \
        --origin-to-force-quic-on="$ORIGIN" \
        --ignore-certificate-errors-spki-list="$(fingerprint "$WORK_DIR/caddy/certificate.pem")" \
        --virtual-time-budget=20000 --dump-dom "$1" 2> "$WORK_DIR/logs/chromium.log"
}

record_begin "$@"
apache_start
mixed_setup http://127.0.0.1/dav/
write_page
caddy_start
export SSLKEYLOGFILE=$OUT_DIR/caddy-http3.keylog
rm -f "$SSLKEYLOGFILE"
capture_start caddy-http3 'udp port 8443'
browse "https://$ORIGIN/web/ask.html" > "$WORK_DIR/page"
capture_stop
chmod 644 "$SSLKEYLOGFILE"
grep -q 'PROPFIND 207' "$WORK_DIR/page" || die "the browser has seen no 207"
grep -q 'LOCK 207' "$WORK_DIR/page" || die "the browser has seen no failed lock"
record_end
