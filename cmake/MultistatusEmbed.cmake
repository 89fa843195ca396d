# Writes files as C strings: cmake -DOUTPUT=FILE.c -DINCLUDE=HEADER -DFILES=name=path,... -P this.
# SPDX-License-Identifier: GPL-2.0-or-later
string(REPLACE "," ";" FILES "${FILES}")
set(text "/* Made by cmake/MultistatusEmbed.cmake. */\n#include \"${INCLUDE}\"\n")
foreach(entry IN LISTS FILES)
    string(REGEX MATCH "^([^=]*)=(.*)$" matched "${entry}")
    set(name ${CMAKE_MATCH_1})
    file(READ ${CMAKE_MATCH_2} bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    # Sixteen bytes a line.
    string(REPEAT "." 80 line)
    string(REGEX REPLACE "(${line})" "    \\1\n" bytes "${bytes}")
    string(APPEND text "\nconst char ${name}[] = {\n${bytes} 0x00};\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
