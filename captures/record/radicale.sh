#!/bin/bash
# radicale.sh - Radicale: CalDAV and CardDAV over HTTP/1.0 responses, port 5232.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${RADICALE_PACKAGES[@]}")
SERVER=http://127.0.0.1:5232
DAV_OPTIONS=(--user user:lab)

record_begin "$@"
radicale_start
dav MKCOL $SERVER/user/

capture_start radicale-caldav-setup-props 'tcp port 5232'
fill_collections $SERVER/user/ $SERVER/user/
calendar_properties $SERVER/user/
calendar_properties $SERVER/user/cal/
calendar_proppatch $SERVER/user/cal/
expand_property $SERVER/user/
dav PROPFIND $SERVER/ -H 'Depth: 0'
capture_stop

capture_start radicale-calendar-query-multiget 'tcp port 5232'
calendar_query $SERVER/user/cal/
calendar_multiget $SERVER/user/cal/ /user/cal/
capture_stop

capture_start radicale-carddav-multiget 'tcp port 5232'
addressbook_multiget $SERVER/user/book/ /user/book/
addressbook_query $SERVER/user/book/
capture_stop

# The second REPORT repeats the initial synchronisation; Radicale lists the removed member even so,
# although an initial answer must not (RFC 6578 section 3.4).
capture_start radicale-sync-collection-deleted 'tcp port 5232'
sync_collection $SERVER/user/cal/ ''
dav DELETE $SERVER/user/cal/ev2.ics
put_event $SERVER/user/cal/ev9.ics ev9 Nine 20240609 text/calendar
put_event $SERVER/user/cal/ev3.ics ev3 Changed 20240603 text/calendar
sync_collection $SERVER/user/cal/ ''
sync_collection $SERVER/user/cal/ http://bogus.example/sync/none
sync_collection $SERVER/user/cal/ '' 2
capture_stop
record_end
