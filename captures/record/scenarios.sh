# scenarios.sh - the requests that are sent to more than one server.
#
# Sourced after lib.sh.  BASE is a URL with a slash at its end.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# Options for every request of dav(), for instance credentials.
DAV_OPTIONS=()

# dav METHOD URL [CURL-OPTION...]: one request on a connection of its own.  A response that breaks
# off is part of some scenarios, so curl may fail.
dav() {
    local method=$1 url=$2
    shift 2
    curl --silent --insecure --globoff --max-time 60 --request "$method" \
        --output "$WORK_DIR/body" --dump-header "$WORK_DIR/head" \
        --write-out "   $method $url %{http_code}\n" "${DAV_OPTIONS[@]}" "$@" "$url" || true
}

# xml METHOD URL BODY [CURL-OPTION...]
xml() {
    local method=$1 url=$2 body=$3
    shift 3
    dav "$method" "$url" -H 'Content-Type: text/xml' "$@" --data-binary "$body"
}

put() { dav PUT "$1" -H 'Content-Type: text/plain' --data-binary "$2"; }

# tree COLLECTION: three levels, five files
tree() {
    dav MKCOL "$1"
    put "$1a.txt" alpha
    put "$1b.txt" beta
    dav MKCOL "$1sub/"
    put "$1sub/x.txt" xray
    put "$1sub/y.txt" yankee
    dav MKCOL "$1sub/deep/"
    put "$1sub/deep/z.txt" zulu
}

LOCKINFO='<?xml version="1.0" encoding="utf-8"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype><D:owner><D:href>http://example.org/~lab/</D:href></D:owner></D:lockinfo>'

# lock URL [DEPTH]: LOCK_TOKEN is the token, with its angle brackets, or empty
lock() {
    dav LOCK "$1" -H "Depth: ${2:-0}" -H 'Timeout: Second-600' \
        -H 'Content-Type: application/xml' --data-binary "$LOCKINFO"
    LOCK_TOKEN=$(sed -n 's/^lock-token: *\([^ \r]*\).*/\1/ip' "$WORK_DIR/head" | head -n 1)
}

unlock() { dav UNLOCK "$1" -H "Lock-Token: $2"; }

# DELETE of a collection with locked members: nothing is deleted, then (with one token) still not.
delete_locked() {
    local base=$1 token_b token_z
    tree "${base}del/"
    lock "${base}del/b.txt"
    token_b=$LOCK_TOKEN
    lock "${base}del/sub/deep/z.txt"
    token_z=$LOCK_TOKEN
    dav DELETE "${base}del/"
    dav DELETE "${base}del/sub/"
    dav DELETE "${base}del/" -H "If: <${base}del/b.txt> ($token_b)"
    unlock "${base}del/b.txt" "$token_b"
    unlock "${base}del/sub/deep/z.txt" "$token_z"
    dav DELETE "${base}del/"
}

# COPY and MOVE over a collection with a locked member.
copy_move_locked() {
    local base=$1 token_b token_x
    tree "${base}src/"
    tree "${base}dst/"
    lock "${base}dst/b.txt"
    token_b=$LOCK_TOKEN
    lock "${base}src/sub/x.txt"
    token_x=$LOCK_TOKEN
    dav COPY "${base}src/" -H "Destination: ${base}dst/" -H 'Overwrite: T'
    dav MOVE "${base}src/" -H "Destination: ${base}dst/" -H 'Overwrite: T'
    unlock "${base}dst/b.txt" "$token_b"
    unlock "${base}src/sub/x.txt" "$token_x"
}

# LOCK of a collection with a locked member, then PUT into a locked collection.
lock_conflict() {
    local base=$1 token
    tree "${base}lk/"
    lock "${base}lk/sub/y.txt"
    token=$LOCK_TOKEN
    lock "${base}lk/" infinity
    unlock "${base}lk/sub/y.txt" "$token"
    lock "${base}lk/" infinity
    token=$LOCK_TOKEN
    xml PROPFIND "${base}lk/" '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><lockdiscovery/><supportedlock/></prop></propfind>' -H 'Depth: infinity'
    put "${base}lk/new.txt" nope
    unlock "${base}lk/" "$token"
}

# PROPPATCH with a protected property among good ones, then only good ones.
proppatch_protected() {
    local base=$1 type='Content-Type: text/xml; charset="utf-8"'
    put "${base}pp.txt" pp
    dav PROPPATCH "${base}pp.txt" -H "$type" --data-binary '<?xml version="1.0" encoding="utf-8"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="http://ns.example.org/z/"><D:set><D:prop><Z:author>J. Doe</Z:author><Z:reviewed>yes</Z:reviewed></D:prop></D:set><D:set><D:prop><D:getetag>"forged"</D:getetag></D:prop></D:set><D:remove><D:prop><Z:obsolete/></D:prop></D:remove></D:propertyupdate>'
    dav PROPPATCH "${base}pp.txt" -H "$type" --data-binary '<?xml version="1.0" encoding="utf-8"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="http://ns.example.org/z/"><D:set><D:prop><Z:author>J. Doe</Z:author><Z:title xml:lang="de">Größe &amp; Maß</Z:title></D:prop></D:set></D:propertyupdate>'
}

# PROPFIND of properties that do not exist, of names, of everything, of nothing.
propfind_unknown() {
    local base=$1
    put "${base}sp%20ace%20%26%20amp%20%C3%BC.txt" hello
    dav PROPFIND "$base" -H 'Depth: 1' -H 'Content-Type: text/xml; charset="utf-8"' --data-binary '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:Z="http://ns.example.org/z/" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getcontentlength/><D:resourcetype/><Z:author/><Z:nosuch/><C:calendar-data/><bare xmlns=""/><D:quota-used-bytes/></D:prop></D:propfind>'
    xml PROPFIND "${base}pp.txt" '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><x:only xmlns:x="urn:nothing"/></D:prop></D:propfind>' -H 'Depth: 0'
    xml PROPFIND "$base" '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:propname/></D:propfind>' -H 'Depth: infinity'
    dav PROPFIND "$base" -H 'Depth: infinity' -H 'Content-Length: 0'
    dav PROPFIND "${base}nosuchthing" -H 'Depth: 0'
}

# permission_denied BASE DATA: members that the user of the server may not remove or read
permission_denied() {
    local base=$1 data=$2
    tree "${base}perm/"
    tree "${base}perm2/"
    forbid_members "$data"
    refused_members "$base"
}

# forbid_members DATA
forbid_members() {
    local data=$1
    chown -R root:root "$data/perm/sub"
    chmod 555 "$data/perm/sub" "$data/perm/sub/deep"
    chown root:root "$data/perm2/a.txt" "$data/perm2/sub/x.txt" "$data/perm2/sub/deep"
    chmod 000 "$data/perm2/a.txt" "$data/perm2/sub/x.txt" "$data/perm2/sub/deep"
}

# refused_members BASE
refused_members() {
    local base=$1
    dav DELETE "${base}perm/"
    dav COPY "${base}perm2/" -H "Destination: ${base}perm3/" -H 'Depth: infinity'
    dav MOVE "${base}perm/sub/" -H "Destination: ${base}moved/"
    dav PROPFIND "${base}perm2/" -H 'Depth: infinity'
    dav DELETE "${base}perm2/"
}

# What the captures of codings and of HTTP versions have in common.
MIXED_PROPFIND='<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:Z="http://ns.example.org/z/"><D:prop><D:getcontentlength/><D:getlastmodified/><D:resourcetype/><Z:nosuch/></D:prop></D:propfind>'

# mixed_propfind URL DEPTH [CURL-OPTION...]
mixed_propfind() {
    local url=$1 depth=$2
    shift 2
    xml PROPFIND "$url" "$MIXED_PROPFIND" -H "Depth: $depth" "$@"
}

# mixed_setup BASE: the tree that mixed_requests asks for, with one locked member
mixed_setup() {
    tree "${1}enc/"
    lock "${1}enc/b.txt"
}

# mixed_requests BASE [CURL-OPTION...]: two PROPFIND, a failing PROPPATCH, a failing DELETE
mixed_requests() {
    local base=$1
    shift
    mixed_propfind "${base}enc/" infinity "$@"
    xml PROPPATCH "${base}enc/a.txt" '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:z"><D:set><D:prop><Z:a>1</Z:a><D:getetag>"x"</D:getetag></D:prop></D:set></D:propertyupdate>' "$@"
    dav DELETE "${base}enc/" "$@"
    mixed_propfind "${base}enc/sub/" 1 "$@"
}

# ---------------------------------------------------------------- CalDAV and CardDAV

# calxml METHOD URL BODY [CURL-OPTION...]
calxml() {
    local method=$1 url=$2 body=$3
    shift 3
    dav "$method" "$url" -H 'Content-Type: application/xml; charset=utf-8' "$@" \
        --data-binary "<?xml version=\"1.0\" encoding=\"utf-8\"?>$body"
}

# put_event URL UID SUMMARY DATE CONTENT-TYPE
put_event() {
    printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//lab//EN BEGIN:VEVENT "UID:$2" \
        DTSTAMP:20240101T000000Z "DTSTART:$4T100000Z" "DTEND:$4T110000Z" "SUMMARY:$3" \
        END:VEVENT END:VCALENDAR |
        dav PUT "$1" -H "Content-Type: $5" --data-binary @-
}

# put_card URL UID NAME
put_card() {
    printf '%s\r\n' BEGIN:VCARD VERSION:3.0 "UID:$2" "FN:$3" "N:$3;;;;" \
        "EMAIL:$2@example.org" END:VCARD |
        dav PUT "$1" -H 'Content-Type: text/vcard; charset=utf-8' --data-binary @-
}

# fill_collections CALENDARS ADDRESSBOOKS: collections, also impossible ones, events and cards
fill_collections() {
    local calendars=$1 books=$2 number
    calxml MKCALENDAR "${calendars}cal/" '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>Lab Calendar</D:displayname><C:calendar-description xml:lang="en">x &amp; y</C:calendar-description></D:prop></D:set></C:mkcalendar>'
    calxml MKCALENDAR "${calendars}calbad/" '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>Bad</D:displayname><D:getetag>"no"</D:getetag><C:supported-calendar-component-set><C:comp name="VBOGUS"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>'
    calxml MKCOL "${books}book/" '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype><D:collection/><C:addressbook/></D:resourcetype><D:displayname>Lab Cards</D:displayname></D:prop></D:set></D:mkcol>'
    calxml MKCOL "${books}bookbad/" '<D:mkcol xmlns:D="DAV:" xmlns:Z="urn:nothing"><D:set><D:prop><D:resourcetype><D:collection/><Z:hyper-collection/></D:resourcetype><D:displayname>Special</D:displayname></D:prop></D:set></D:mkcol>'
    for number in 1 2 3 4 5; do
        put_event "${calendars}cal/ev$number.ics" "ev$number" "Event $number <&> é" \
            "2024060$number" 'text/calendar; charset=utf-8'
    done
    for number in 1 2 3; do
        put_card "${books}book/card$number.vcf" "card$number" "Card $number"
    done
}

# calendar_properties URL
calendar_properties() {
    calxml PROPFIND "$1" '<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/" xmlns:CS="http://calendarserver.org/ns/"><D:prop><D:resourcetype/><D:displayname/><D:current-user-principal/><D:current-user-privilege-set/><D:acl/><D:owner/><D:principal-URL/><C:calendar-home-set/><C:supported-calendar-component-set/><D:supported-report-set/><A:calendar-color/><CS:getctag/><D:sync-token/><D:quota-available-bytes/></D:prop></D:propfind>' -H 'Depth: 1'
}

calendar_proppatch() {
    calxml PROPPATCH "$1" '<D:propertyupdate xmlns:D="DAV:" xmlns:A="http://apple.com/ns/ical/"><D:set><D:prop><A:calendar-color>#ff0000</A:calendar-color><D:displayname>Renamed</D:displayname><D:getetag>"x"</D:getetag><D:current-user-principal/></D:prop></D:set><D:remove><D:prop><A:calendar-order/></D:prop></D:remove></D:propertyupdate>'
}

expand_property() {
    calxml REPORT "$1" '<D:expand-property xmlns:D="DAV:"><D:property name="current-user-principal"><D:property name="displayname"/><D:property name="nosuch" namespace="urn:x"/></D:property><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>' -H 'Depth: 0'
}

calendar_query() {
    calxml REPORT "$1" '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/><C:nosuch/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20240602T000000Z" end="20240605T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>' -H 'Depth: 1'
}

# calendar_multiget URL PATH: two of four members do not exist
calendar_multiget() {
    calxml REPORT "$1" "<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>$2ev1.ics</D:href><D:href>$2missing1.ics</D:href><D:href>$2ev2.ics</D:href><D:href>$2gone%20%26%20lost.ics</D:href></C:calendar-multiget>" -H 'Depth: 1'
}

# addressbook_multiget URL PATH: one of two members does not exist
addressbook_multiget() {
    calxml REPORT "$1" "<C:addressbook-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop><D:getetag/><C:address-data/></D:prop><D:href>$2card1.vcf</D:href><D:href>$2nobody.vcf</D:href></C:addressbook-multiget>" -H 'Depth: 1'
}

addressbook_query() {
    calxml REPORT "$1" '<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/><C:address-data/></D:prop><C:filter><C:prop-filter name="FN"><C:text-match collation="i;unicode-casemap" match-type="contains">Card 2</C:text-match></C:prop-filter></C:filter></C:addressbook-query>' -H 'Depth: 1'
}

# sync_collection URL TOKEN [LIMIT]
sync_collection() {
    calxml REPORT "$1" "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>$2</D:sync-token><D:sync-level>1</D:sync-level>${3:+<D:limit><D:nresults>$3</D:nresults></D:limit>}<D:prop><D:getetag/></D:prop></D:sync-collection>" -H 'Depth: 0'
}
