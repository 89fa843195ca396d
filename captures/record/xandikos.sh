#!/bin/bash
# xandikos.sh - Xandikos: CalDAV and CardDAV on top of Git, port 8080.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=servers.sh
. "$RECORD_DIR/servers.sh"
# shellcheck source=scenarios.sh
. "$RECORD_DIR/scenarios.sh"

PACKAGES=("${XANDIKOS_PACKAGES[@]}")
SERVER=http://127.0.0.1:8080
CALENDARS=/user/calendars/
BOOKS=/user/contacts/

record_begin "$@"
xandikos_start

# A PROPPATCH of which one part is done and another refused, and hrefs that are percent-encoded as a
# whole.
capture_start xandikos-proppatch 'tcp port 8080'
fill_collections $SERVER$CALENDARS $SERVER$BOOKS
calendar_properties $SERVER${CALENDARS}cal/
calendar_proppatch $SERVER${CALENDARS}cal/
calxml PROPPATCH $SERVER${CALENDARS}cal/ '<D:propertyupdate xmlns:D="DAV:" xmlns:Z="http://ns.example.org/z/"><D:set><D:prop><D:displayname>Renamed</D:displayname><Z:author>J. Doe</Z:author></D:prop></D:set></D:propertyupdate>'
proppatch_protected $SERVER$CALENDARS
expand_property $SERVER/user/
calendar_query $SERVER${CALENDARS}cal/
calendar_multiget $SERVER${CALENDARS}cal/ ${CALENDARS}cal/
addressbook_multiget $SERVER${BOOKS}book/ ${BOOKS}book/
sync_collection $SERVER${CALENDARS}cal/ ''
capture_stop
record_end
