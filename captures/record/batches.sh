#!/bin/bash
# batches.sh - batches that are answered with 200, 201 or 202: dynalite (DynamoDB), kinesalite (Kinesis), s3rver (S3),
# Azurite, SAP's mock server (OData), Apollo (GraphQL) and jayson (JSON-RPC), then documented_batches.py.
#
# The credentials are constants of the lab; most of these servers look at none.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=npm.sh
. "$RECORD_DIR/npm.sh"

PACKAGES=()
JSON=application/json
CREDENTIAL='Credential=lab/20260101/us-east-1/lab/aws4_request, SignedHeaders=host, Signature=00'

# ---------------------------------------------------------------- client

QUEUE=

# ask METHOD PATH CONTENT-TYPE BODY|@FILE [HEADER...]: queued, so that one connection is used for all
ask() {
    local method=$1 path=$2 type=$3 body=$4 file header
    shift 4
    file=$(mktemp "$WORK_DIR/request.XXXXXX")
    case $body in
        @*) cp "${body#@}" "$file" ;;
        *) printf '%s' "$body" > "$file" ;;
    esac
    [ -z "$QUEUE" ] || QUEUE+=$'next\n'
    QUEUE+="request = \"$method\"
url = \"http://127.0.0.1:PORT$path\"
globoff
silent
max-time = 60
output = \"$WORK_DIR/body\"
write-out = \"   $method ${path%%&s*} %{http_code}\\n\"
header = \"Content-Type: $type\"
header = \"User-Agent: curl\"
data-binary = \"@$file\"
"
    for header in "$@"; do QUEUE+="header = \"$header\""$'\n'; done
}

# send_to PORT: what was asked
send_to() {
    printf '%s' "${QUEUE//PORT/$1}" > "$WORK_DIR/queue"
    QUEUE=
    curl --config "$WORK_DIR/queue"
}

# aws TARGET BODY [VERSION]: AWS JSON
aws() {
    ask POST / "application/x-amz-json-${3:-1.1}" "$2" "X-Amz-Target: $1" \
        "X-Amz-Date: 20260101T000000Z" "Authorization: AWS4-HMAC-SHA256 $CREDENTIAL"
}

# ---------------------------------------------------------------- AWS

DYNAMODB=DynamoDB_20120810
KINESIS=Kinesis_20131202

# start_dynalite PORT [OPTION...]
start_dynalite() {
    local port=$1
    shift
    npm_server "dynalite-$port" "$port" dynalite/cli.js --host 127.0.0.1 --port "$port" \
        --createTableMs 0 --path "$WORK_DIR/dynalite-$port" "$@"
}

# An item of 600 bytes: boat KEY
boat() { printf '{"PutRequest":{"Item":{"id":{"S":"%s"},"log":{"S":"%0580d"}}}}' "$1" 0; }

# A table for two servers. An answer of BatchGetItem holds 16 MB; dynalite counts 1 MB and the largest
# item. With its option the second one's is full after 2045 bytes, and the other keys are left over.
prepare_dynalite() {
    start_dynalite 4567
    aws $DYNAMODB.CreateTable '{"TableName":"boats","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}' 1.0
    send_to 4567
    sleep 1
    aws $DYNAMODB.BatchWriteItem "{\"RequestItems\":{\"boats\":[$(boat a),$(boat b),$(boat c),$(boat d)]}}" 1.0
    send_to 4567
    stop_servers
    cp -r "$WORK_DIR/dynalite-4567" "$WORK_DIR/dynalite-4566"
    start_dynalite 4567
    start_dynalite 4566 --maxItemSizeKb=-1022
}

prepare_aws() {
    prepare_dynalite
    npm_server kinesalite 4568 kinesalite/cli.js --port 4568 --createStreamMs 0
    aws $KINESIS.CreateStream '{"StreamName":"log","ShardCount":2}'
    send_to 4568
    mkdir "$WORK_DIR/s3"
    npm_server s3rver 4569 s3rver/bin/s3rver.js -d "$WORK_DIR/s3" -a 127.0.0.1 -p 4569 \
        --configure-bucket harbour
    ask PUT /harbour/a.txt text/plain 'note a'
    ask PUT /harbour/b.txt text/plain 'note b'
    send_to 4569
}

dynamodb_requests() {
    aws $DYNAMODB.BatchWriteItem '{"RequestItems":{"boats":[{"PutRequest":{"Item":{"id":{"S":"e"},
        "name":{"S":"Ada"}}}},{"DeleteRequest":{"Key":{"id":{"S":"f"}}}}]}}' 1.0
    aws $DYNAMODB.BatchWriteItem '{"RequestItems":{"ships":[{"DeleteRequest":{"Key":{"id":{"S":"a"}}}}]}}' 1.0
    aws $DYNAMODB.BatchGetItem '{"RequestItems":{"boats":{"Keys":[{"id":{"S":"e"}},{"id":{"S":"none"}}]}}}' 1.0
    aws $DYNAMODB.GetItem '{"TableName":"boats","Key":{"id":{"S":"e"}}}' 1.0
    send_to 4567
    aws $DYNAMODB.BatchGetItem '{"RequestItems":{"boats":{"Keys":[{"id":{"S":"a"}},{"id":{"S":"b"}},
        {"id":{"S":"c"}},{"id":{"S":"d"}}]}}}' 1.0
    send_to 4566
}

kinesis_requests() {
    aws $KINESIS.PutRecords '{"StreamName":"log","Records":[{"Data":"b25l","PartitionKey":"a"},
        {"Data":"dHdv","PartitionKey":"b"},{"Data":"dGhyZWU=","PartitionKey":"c"}]}'
    aws $KINESIS.DescribeStream '{"StreamName":"log"}'
    send_to 4568
}

s3_requests() {
    ask POST '/harbour?delete' application/xml '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a.txt</Key></Object><Object><Key>no such.txt</Key></Object></Delete>'
    ask GET '/harbour?list-type=2' application/xml ''
    send_to 4569
}

record_aws() {
    prepare_aws
    capture_start aws-batches 'tcp portrange 4566-4569'
    dynamodb_requests
    kinesis_requests
    s3_requests
    capture_stop
    stop_servers
}

# ---------------------------------------------------------------- several parts

# http_part BOUNDARY ID METHOD URL BODY
http_part() {
    printf -- '--%s\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n' "$1"
    printf 'Content-ID: %s\r\n\r\n%s %s HTTP/1.1\r\n' "$2" "$3" "$4"
    [ -z "$5" ] || printf 'Content-Type: application/json\r\n'
    printf 'Content-Length: %d\r\n\r\n%s\r\n' ${#5} "$5"
}

# change_set BOUNDARY CHANGES ...: http_part within a part of its own
change_set() {
    printf -- '--%s\r\nContent-Type: multipart/mixed; boundary=%s\r\n\r\n' "$1" "$2"
    http_part "$2" "$3" "$4" "$5" "$6"
    printf -- '--%s--\r\n\r\n' "$2"
}

odata_requests() {
    {
        http_part batch_1 1 GET Boats\(1\) ''
        change_set batch_1 changes_1 2 PATCH Boats\(1\) '{"berth": 9}'
        change_set batch_1 changes_2 3 PATCH Boats\(2\) '{"berth": 999}'
        http_part batch_1 4 GET Boats\(77\) ''
        printf -- '--batch_1--\r\n'
    } > "$WORK_DIR/odata"
    # shellcheck disable=SC2016  # a path of OData
    ask POST '/harbour/$batch' 'multipart/mixed; boundary=batch_1' "@$WORK_DIR/odata"
    # The server calls an id contentId.
    # shellcheck disable=SC2016
    ask POST '/harbour/$batch' $JSON '{"requests":[
        {"id":"1","contentId":"1","method":"GET","url":"/Boats(1)"},
        {"id":"2","contentId":"2","method":"PATCH","url":"/Boats(2)","headers":{"content-type":"application/json"},"body":{"berth":999}},
        {"id":"3","contentId":"3","method":"GET","url":"/Boats(77)"}]}'
    # shellcheck disable=SC2016
    ask POST '/harbour/$batch' $JSON '{"requests":[
        {"id":"1","contentId":"1","method":"GET","url":"/Boats(1)"},
        {"id":"2","contentId":"2","method":"DELETE","url":"/Boats(2)"}]}'
    ask GET '/harbour/Boats' $JSON ''
    send_to 4570
}

ACCOUNT_KEY=harbour # of Azurite's account of the same name, base64 in AZURITE_ACCOUNTS

# The query that permits everything: a shared access signature of the account.
access() {
    local until=2040-01-01T00:00:00Z version=2019-02-02
    printf 'sv=%s&ss=b&srt=sco&sp=rwdlac&se=%s&sig=%s' $version $until "$(
        printf 'harbour\nrwdlac\nb\nsco\n\n%s\n\n\n%s\n' $until $version |
            openssl dgst -sha256 -mac HMAC -macopt key:$ACCOUNT_KEY -binary | base64 |
            sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g')"
}

# blob_batch NAME...: deletes them
blob_batch() {
    local name number=0
    for name in "$@"; do
        http_part batch_2 $number DELETE "/harbour/logs/$name?$(access)" ''
        number=$((number + 1))
    done > "$WORK_DIR/blobs"
    printf -- '--batch_2--\r\n' >> "$WORK_DIR/blobs"
    ask POST "/harbour/?comp=batch&$(access)" 'multipart/mixed; boundary=batch_2' "@$WORK_DIR/blobs"
}

prepare_azurite() {
    AZURITE_ACCOUNTS=harbour:$(printf %s $ACCOUNT_KEY | base64) npm_server azurite 4571 \
        azurite/dist/src/blob/main.js --blobHost 127.0.0.1 --blobPort 4571 --inMemoryPersistence \
        --skipApiVersionCheck --disableTelemetry --silent
    ask PUT "/harbour/logs?restype=container&$(access)" text/plain ''
    local name
    for name in a.txt b.txt c.txt; do
        ask PUT "/harbour/logs/$name?$(access)" text/plain 'note' 'x-ms-blob-type: BlockBlob'
    done
    send_to 4571
}

record_parts() {
    library_server odata 4570
    prepare_azurite
    capture_start odata-azure-batches 'tcp port 4570 or tcp port 4571'
    odata_requests
    blob_batch a.txt gone.txt b.txt
    blob_batch c.txt
    blob_batch a.txt b.txt
    send_to 4571
    capture_stop
    stop_servers
}

# ---------------------------------------------------------------- GraphQL, JSON-RPC

graphql_requests() {
    ask POST /graphql $JSON '{"query":"{ boat(id: 1) { id name berth } }"}'
    ask POST /graphql $JSON '{"query":"{ boats(ids: [1, 2, 3]) { id name berth } }"}'
    ask POST /graphql $JSON '{"query":"mutation { a: rename(id: 1, name: \"Ida\") { id } b: rename(id: 9, name: \"Joan\") { id } }"}' \
        'Accept: application/graphql-response+json'
    ask POST /graphql $JSON '[{"query":"{ boat(id: 1) { name } }"},{"query":"{ boat(id: 9) { name } }"}]'
    ask POST /graphql $JSON '{"query":"{ boat(id: 1) { colour } }"}'
    send_to 4572
}

jsonrpc_requests() {
    ask POST / $JSON '[{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]},{"jsonrpc":"2.0","id":2,"method":"add","params":[3,4]}]'
    ask POST / $JSON '[{"jsonrpc":"2.0","id":"a","method":"add","params":[1,2]},{"jsonrpc":"2.0","id":"b","method":"divide","params":[1,0]},{"jsonrpc":"2.0","id":"c","method":"subtract","params":[1,0]},{"jsonrpc":"2.0","method":"add","params":[1,1]}]'
    ask POST / $JSON '[{"jsonrpc":"2.0","id":1,"method":"divide","params":[1,0]}]'
    ask POST / $JSON '{"jsonrpc":"2.0","id":1,"method":"divide","params":[1,0]}'
    send_to 4573
}

record_calls() {
    library_server graphql 4572
    library_server jsonrpc 4573
    capture_start graphql-jsonrpc-batches 'tcp port 4572 or tcp port 4573'
    graphql_requests
    jsonrpc_requests
    capture_stop
    stop_servers
}

# ---------------------------------------------------------------- documented bodies

# What is asked is in documented_batches.py too.
record_documented() {
    start_server documented 9200 python3 "$RECORD_DIR/documented_batches.py" serve 9200
    capture_start documented-batches 'tcp port 9200'
    python3 "$RECORD_DIR/documented_batches.py" ask 9200
    capture_stop
    stop_servers
}

npm_prepare "$@"
record_begin "$@"
record_aws
record_parts
record_calls
record_documented
record_end
