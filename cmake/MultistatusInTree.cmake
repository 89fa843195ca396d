# The folder as one of Wireshark's own plugins: it lies in a source tree of Wireshark, as plugins/epan/multistatus, and
# -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/multistatus names it (docs/build-windows-macos.md). Decoder, exchange and
# plugin only: the command is for Linux, and the tests are its own.
# SPDX-License-Identifier: GPL-2.0-or-later

include(WiresharkPlugin)
include(${CMAKE_CURRENT_LIST_DIR}/MultistatusRooms.cmake)

set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The version is written in one place.
file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt line REGEX "^project\\(multistatus VERSION")
string(REGEX MATCH "([0-9]+)\\.([0-9]+)\\.([0-9]+)" MULTISTATUS_VERSION "${line}")
set_module_info(multistatus ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} ${CMAKE_MATCH_3} 0)

# multistatus_library_of_tree(TARGET PACKAGE): what Wireshark has found, by the name that our rooms know.
function(multistatus_library_of_tree target package)
    if(NOT TARGET ${target} AND ${package}_FOUND)
        add_library(${target} INTERFACE IMPORTED)
        target_include_directories(${target} INTERFACE ${${package}_INCLUDE_DIRS})
        target_link_libraries(${target} INTERFACE ${${package}_LIBRARIES})
    endif()
endfunction()

foreach(library IN ITEMS
        PkgConfig::GLIB=GLIB2 PkgConfig::LIBXML=LIBXML2 ZLIB::ZLIB=ZLIB # needed
        PkgConfig::BROTLI=BROTLI PkgConfig::ZSTD=ZSTD PkgConfig::NGHTTP3=NGHTTP3)
    string(REPLACE "=" ";" library ${library})
    multistatus_library_of_tree(${library})
endforeach()
foreach(target IN ITEMS PkgConfig::GLIB PkgConfig::LIBXML ZLIB::ZLIB)
    if(NOT TARGET ${target})
        message(FATAL_ERROR "multistatus needs ${target}, and this Wireshark is built without it")
    endif()
endforeach()
# Some versions of Wireshark do not look for it.
find_package(PkgConfig QUIET)
if(NOT TARGET PkgConfig::NGHTTP3 AND PkgConfig_FOUND)
    pkg_check_modules(NGHTTP3 IMPORTED_TARGET libnghttp3)
endif()

# Warnings are Wireshark's business here.
add_library(multistatus-warnings INTERFACE)

add_subdirectory(decoder)
add_subdirectory(exchange)
add_subdirectory(plugin)
