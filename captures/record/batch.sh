#!/bin/bash
# batch.sh - Multi-Status in JSON and in several parts: batches of several interfaces, over HTTP/1.1 and HTTP/2.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"

PACKAGES=("${APACHE_PACKAGES[@]}")

# Apache in front of the batch server, for HTTP/2 (port 8080).
front_start() {
    local folder=$WORK_DIR/front
    mkdir -p "$folder"
    {
        apache_load mpm_event authz_core http2 proxy proxy_http
        cat <<CONFIG
User www-data
Group www-data
ServerName batch.example
ServerRoot $folder
PidFile $folder/pid
ErrorLog $WORK_DIR/logs/front-error.log
DefaultRuntimeDir $folder
Listen 127.0.0.1:8080
Protocols h2c http/1.1
ProxyPass / http://127.0.0.1:8207/
CONFIG
    } > "$folder/httpd.conf"
    start_server front 8080 /usr/sbin/apache2 -D FOREGROUND -f "$folder/httpd.conf"
}

# batch METHOD PATH [PORT [CURL-OPTION...]]
batch() {
    local method=$1 path=$2 port=${3:-8207}
    shift $(($# < 3 ? $# : 3))
    curl --silent --max-time 60 --request "$method" --output "$WORK_DIR/body" \
        --write-out "   $method $path %{http_code}\n" -H 'Content-Type: application/json' \
        --data-binary '{"inputs": []}' "$@" "http://127.0.0.1:$port$path"
}

record_begin "$@"
start_server batch 8207 python3 "$RECORD_DIR/batch.py" 8207
front_start

capture_start json-batches 'tcp port 8207'
batch POST /zalando/parcels
batch POST /zalando/all-fine
batch POST /nakadi/event-types/order.created/events
batch POST /ngsi-ld/v1/entityOperations/create
batch POST /scorpio/entityOperations/upsert
batch POST /crm/v3/objects/contacts/batch/read
batch POST /indexes/hotels/docs/index
batch POST /v1.0/teams/1/members/add
batch POST /test-management/v3/test-cases
batch POST /arrangements/batch
batch PUT /glpi/apirest.php/Computer/16
batch DELETE /glpi-old/apirest.php/Computer/2
batch POST /glpi/apirest.php/Computer
batch PATCH /orders
capture_stop

capture_start json-odd 'tcp port 8207'
batch POST /odd/unknown-shape
batch POST /odd/cut
batch POST /odd/broken
batch POST /odd/no-status
batch POST /odd/untyped
batch POST /odd/not-207
capture_stop

capture_start multipart-207 'tcp port 8207'
batch POST /batch/http
batch POST /batch/bundle
capture_stop

capture_start json-http2 'tcp port 8080'
batch POST /zalando/parcels 8080 --http2-prior-knowledge
batch POST /nakadi/event-types/order.created/events 8080 --http2-prior-knowledge
batch POST /odd/unknown-shape 8080 --http2-prior-knowledge
capture_stop
record_end
