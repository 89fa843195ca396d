#!/bin/bash
# sabredav.sh - SabreDAV: CalDAV, CardDAV and ACL, port 8093.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${SABREDAV_PACKAGES[@]}")
SERVER=http://127.0.0.1:8093
CALENDARS=/calendars/admin/
BOOKS=/addressbooks/admin/

record_begin "$@"
sabredav_start

capture_start sabredav-caldav-props-acl 'tcp port 8093'
fill_collections $SERVER$CALENDARS $SERVER$BOOKS
calendar_properties $SERVER$CALENDARS
calendar_properties $SERVER${CALENDARS}cal/
calendar_proppatch $SERVER${CALENDARS}cal/
expand_property $SERVER$CALENDARS
expand_property $SERVER/principals/admin/
dav REPORT $SERVER/principals/ -H 'Content-Type: application/xml; charset=utf-8' -H 'Depth: 0' \
    --data-binary '<?xml version="1.0"?><D:principal-property-search xmlns:D="DAV:" test="anyof"><D:property-search><D:prop><D:displayname/></D:prop><D:match>adm</D:match></D:property-search><D:prop><D:displayname/><D:nosuch/></D:prop></D:principal-property-search>'
capture_stop

capture_start sabredav-calendar-multiget 'tcp port 8093'
calendar_query $SERVER${CALENDARS}cal/
calendar_multiget $SERVER${CALENDARS}cal/ ${CALENDARS}cal/
addressbook_multiget $SERVER${BOOKS}book/ ${BOOKS}book/
addressbook_query $SERVER${BOOKS}book/
sync_collection $SERVER${CALENDARS}cal/ ''
capture_stop

# Web servers prefer gzip; PHP's own compression is what still answers with "deflate" (zlib format).
stop_servers
rm -rf "$WORK_DIR/sabredav"
sabredav_start -d zlib.output_compression=1
fill_collections $SERVER$CALENDARS $SERVER$BOOKS
capture_start sabredav-deflate 'tcp port 8093'
DAV_OPTIONS=(-H 'Accept-Encoding: deflate')
calendar_properties $SERVER${CALENDARS}cal/
calendar_proppatch $SERVER${CALENDARS}cal/
calendar_query $SERVER${CALENDARS}cal/
capture_stop
record_end
