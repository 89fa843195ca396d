# CPack: a tarball and an rpm of what is installed (packaging/README.md). Debian packages are built with
# debhelper, packaging/build-deb.
# SPDX-License-Identifier: GPL-2.0-or-later

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR "Multi-Status for Wireshark")
set(CPACK_PACKAGE_CONTACT "multistatus@multistatus.example")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/COPYING)
set(CPACK_PACKAGE_FILE_NAME
    "multistatus-${PROJECT_VERSION}-wireshark${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
# Wireshark says where plugins go with a full path: the tarball is to be unpacked in the root folder.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_RPM_PACKAGE_LICENSE GPL-2.0-or-later)
set(CPACK_RPM_PACKAGE_SUMMARY ${PROJECT_DESCRIPTION})
# Requires come from the libraries, with the libwireshark of exactly this ABI among them.
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
set(CPACK_RPM_PACKAGE_RELOCATABLE OFF)
# CPack takes files with a full path for configuration unless told otherwise.
set(CPACK_RPM_USER_FILELIST "%attr(0644,root,root) ${MULTISTATUS_PLUGIN_DIR}/multistatus.so")
file(GLOB multistatus_profile RELATIVE ${PROJECT_SOURCE_DIR}/plugin/profile
    CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugin/profile/Multi-Status/*)
foreach(file IN LISTS multistatus_profile)
    list(APPEND CPACK_RPM_USER_FILELIST "%attr(0644,root,root) ${MULTISTATUS_PROFILE_DIR}/${file}")
endforeach()
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none")
get_filename_component(multistatus_plugins_dir ${Wireshark_PLUGIN_INSTALL_DIR} DIRECTORY)
get_filename_component(multistatus_wireshark_dir ${multistatus_plugins_dir} DIRECTORY)
get_filename_component(multistatus_share_dir ${MULTISTATUS_PROFILE_DIR} DIRECTORY)
# Folders that belong to other packages.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}
    ${multistatus_wireshark_dir} ${multistatus_plugins_dir} ${Wireshark_PLUGIN_INSTALL_DIR}
    ${Wireshark_PLUGIN_INSTALL_DIR}/epan ${multistatus_share_dir} ${MULTISTATUS_PROFILE_DIR})
include(CPack)
