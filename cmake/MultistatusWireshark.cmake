# Where Wireshark looks for plugins and profiles, and its libraries as targets.
# SPDX-License-Identifier: GPL-2.0-or-later

# WiresharkConfig.cmake names the folder with all versions' plugins of one minor release.
if(MULTISTATUS_PERSONAL)
    set(MULTISTATUS_PLUGIN_DIR
        "$ENV{HOME}/.local/lib/wireshark/plugins/${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}/epan")
    set(MULTISTATUS_PROFILE_DIR "$ENV{HOME}/.config")
    if(DEFINED ENV{XDG_CONFIG_HOME})
        set(MULTISTATUS_PROFILE_DIR "$ENV{XDG_CONFIG_HOME}")
    endif()
    string(APPEND MULTISTATUS_PROFILE_DIR "/wireshark/profiles")
    # The command too, unless somebody wants it elsewhere.
    if(CMAKE_INSTALL_PREFIX STREQUAL "/usr/local")
        set(CMAKE_INSTALL_PREFIX "$ENV{HOME}/.local")
    endif()
else()
    set(MULTISTATUS_PLUGIN_DIR "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
    set(MULTISTATUS_PROFILE_DIR "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
endif()

set(MULTISTATUS_PROFILE_FILES colorfilters dfilter_buttons preferences recent)

# In the build folder the plugin lies the way Wireshark wants it, so that WIRESHARK_PLUGIN_DIR finds it.
set(MULTISTATUS_PLUGIN_BUILD_DIR
    "${CMAKE_BINARY_DIR}/plugins/${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}/epan")
