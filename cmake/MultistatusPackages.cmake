# CPack: a tarball and an rpm of what is installed (packaging/README.md). Debian packages are built with
# debhelper, packaging/build-deb.
# SPDX-License-Identifier: GPL-2.0-or-later

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR "Multi-Status for Wireshark")
set(CPACK_PACKAGE_CONTACT "multistatus@multistatus.example")
set(CPACK_PACKAGE_DESCRIPTION
    "A plugin that makes Wireshark and TShark decode every HTTP Multi-Status body into one node per resource
and say what went wrong, and the command multistatus, which does the same for any number of captures.")
set(CPACK_RPM_PACKAGE_DESCRIPTION ${CPACK_PACKAGE_DESCRIPTION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/COPYING)
set(CPACK_PACKAGE_FILE_NAME
    "multistatus-${PROJECT_VERSION}-wireshark${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
# Wireshark says where plugins go with a full path: the tarball is to be unpacked in the root folder, and the
# command goes where Wireshark's own are.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY OFF)
set(CPACK_INSTALL_PREFIX ${Wireshark_INSTALL_PREFIX})
set(CPACK_PACKAGING_INSTALL_PREFIX ${Wireshark_INSTALL_PREFIX})
set(CPACK_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_PACKAGE_LICENSE GPL-2.0-or-later)
set(CPACK_RPM_PACKAGE_SUMMARY ${PROJECT_DESCRIPTION})
# Requires come from the libraries, with the libwireshark of exactly this ABI among them.
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
# CPack takes files with a full path for configuration unless told otherwise.
set(CPACK_RPM_USER_FILELIST "%attr(0644,root,root) ${MULTISTATUS_PLUGIN_DIR}/multistatus.so")
foreach(file IN LISTS MULTISTATUS_PROFILE_FILES)
    list(APPEND CPACK_RPM_USER_FILELIST "%attr(0644,root,root) ${MULTISTATUS_PROFILE_DIR}/Multi-Status/${file}")
endforeach()
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none")
# The folders above what is installed belong to other packages; those of the profile and the guides are ours.
foreach(folder IN ITEMS
        ${MULTISTATUS_PLUGIN_DIR} ${MULTISTATUS_PROFILE_DIR}
        ${Wireshark_INSTALL_PREFIX}/bin
        ${Wireshark_INSTALL_PREFIX}/share/doc
        ${Wireshark_INSTALL_PREFIX}/share/man/man1
        ${Wireshark_INSTALL_PREFIX}/share/bash-completion/completions
        ${Wireshark_INSTALL_PREFIX}/share/fish/vendor_completions.d
        ${Wireshark_INSTALL_PREFIX}/share/zsh/site-functions)
    while(NOT folder STREQUAL "/" AND NOT folder STREQUAL "")
        list(APPEND CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION ${folder})
        get_filename_component(folder ${folder} DIRECTORY)
    endwhile()
endforeach()
list(REMOVE_DUPLICATES CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION)
include(CPack)
