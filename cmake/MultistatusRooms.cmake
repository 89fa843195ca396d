# The house: floors (decoder, exchange, plugin, cli) and their rooms, one folder and one library each.
# A room sees the headers of the rooms that it USES, and of those below them: who includes upward does
# not compile. tests/structure says the same of all includes, and which headers are a room's own.
# SPDX-License-Identifier: GPL-2.0-or-later

# multistatus_room(FLOOR ROOM USES library... SOURCES file...): the library FLOOR-ROOM, from the folder
# ROOM ("." for the floor itself, whose library is then multistatus-FLOOR). What is behind PRIVATE is
# linked, but not seen by the rooms above.
function(multistatus_room floor room)
    cmake_parse_arguments(PARSE_ARGV 2 room "" "" "USES;PRIVATE;SOURCES")
    if(room STREQUAL ".")
        set(name multistatus-${floor})
        set(folder ${CMAKE_CURRENT_SOURCE_DIR})
    else()
        string(REPLACE "/" "-" name "${floor}-${room}")
        set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${room})
        list(TRANSFORM room_SOURCES PREPEND ${room}/ REGEX "^[^/]")
    endif()
    add_library(${name} STATIC ${room_SOURCES})
    target_include_directories(${name} PUBLIC ${folder})
    target_link_libraries(${name} PUBLIC ${room_USES} PRIVATE ${room_PRIVATE} multistatus-warnings)
endfunction()
