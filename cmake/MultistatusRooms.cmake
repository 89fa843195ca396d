# The house: floors (decoder, exchange, plugin, cli) and their rooms, one folder and one library each.
# A room sees the rooms that it USES and those below them, and of each only the headers that it SHOWS:
# an include upward, or of something private, does not compile.
# SPDX-License-Identifier: GPL-2.0-or-later

# multistatus_show(TARGET SCOPE FOLDER HEADER...): whoever links the target finds these headers.
function(multistatus_show target scope folder)
    set(door ${MULTISTATUS_BINARY_DIR}/doors/${target})
    # One that was shown before, and has moved since, must not be found any more.
    file(GLOB shown RELATIVE ${door} ${door}/*)
    list(REMOVE_ITEM shown ${ARGN})
    foreach(header IN LISTS shown)
        file(REMOVE ${door}/${header})
    endforeach()
    foreach(header IN LISTS ARGN)
        file(RELATIVE_PATH there ${door} ${folder}/${header})
        file(CONFIGURE OUTPUT ${door}/${header} CONTENT "#include \"${there}\"\n" @ONLY)
    endforeach()
    target_include_directories(${target} ${scope} ${door})
endfunction()

# multistatus_room(FLOOR ROOM USES library... SHOWS header... SOURCES file...): the library FLOOR-ROOM,
# from the folder ROOM ("." for the floor itself, whose library is then multistatus-FLOOR). What follows
# PRIVATE is linked, but not seen by the rooms above. A room that is LATE is no part of the command itself: it needs
# libwireshark, and is opened together with that. It finds the others in the command.
function(multistatus_room floor room)
    cmake_parse_arguments(PARSE_ARGV 2 room "LATE" "" "USES;PRIVATE;SHOWS;SOURCES")
    if(room STREQUAL ".")
        set(name multistatus-${floor})
        set(folder ${CMAKE_CURRENT_SOURCE_DIR})
    else()
        string(REPLACE "/" "-" name "${floor}-${room}")
        set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${room})
        list(TRANSFORM room_SOURCES PREPEND ${room}/ REGEX "^[^/]")
    endif()
    add_library(${name} STATIC ${room_SOURCES})
    multistatus_show(${name} INTERFACE ${folder} ${room_SHOWS})
    target_include_directories(${name} PRIVATE ${folder})
    target_link_libraries(${name} PUBLIC ${room_USES} PRIVATE ${room_PRIVATE} multistatus-warnings)
    set_property(GLOBAL APPEND PROPERTY MULTISTATUS_ROOMS ${folder})
    if(room_LATE)
        set_property(GLOBAL APPEND PROPERTY MULTISTATUS_LATE $<TARGET_OBJECTS:${name}>)
    elseif(NOT MULTISTATUS_IN_TREE)
        set_property(GLOBAL APPEND PROPERTY MULTISTATUS_EARLY $<TARGET_OBJECTS:${name}>)
        set_target_properties(${name} PROPERTIES C_VISIBILITY_PRESET default)
        target_compile_options(${name} PRIVATE -fno-semantic-interposition)
    endif()
endfunction()

# multistatus_look_inside(TARGET): a test that sees what rooms keep to themselves.
function(multistatus_look_inside target)
    get_property(folders GLOBAL PROPERTY MULTISTATUS_ROOMS)
    target_include_directories(${target} PRIVATE ${folders})
endfunction()
