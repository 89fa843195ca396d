# Options, and the compiler flags that every target of the project shares.
# SPDX-License-Identifier: GPL-2.0-or-later

option(MULTISTATUS_TESTS "Build the tests" ON)
option(MULTISTATUS_WERROR "Treat warnings as errors" OFF)
option(MULTISTATUS_SANITIZE "Build with address and undefined behaviour sanitizers" OFF)
option(MULTISTATUS_COVERAGE "Build with coverage counters" OFF)
option(MULTISTATUS_FUZZ "Build the fuzz targets (clang)" OFF)
option(MULTISTATUS_PERSONAL "Install the plugin into the user's own folder instead of the system's" OFF)
option(MULTISTATUS_DOCS "Install the guides, with their pictures" ON)

add_library(multistatus-warnings INTERFACE)
target_compile_options(multistatus-warnings INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wold-style-definition -Wmissing-prototypes -Wvla -Wformat=2
    $<$<BOOL:${MULTISTATUS_WERROR}>:-Werror>)

if(MULTISTATUS_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(MULTISTATUS_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(MULTISTATUS_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
