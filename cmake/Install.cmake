# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts on a machine: the programs, and the library as a CMake package. A program that says
# find_package(mtkflash) links mtkflash::mtkflash and gets every library that needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mtkflash)

add_library(mtkflash_library INTERFACE)
set_target_properties(mtkflash_library PROPERTIES EXPORT_NAME mtkflash)
target_link_libraries(mtkflash_library INTERFACE mtk_session)
target_include_directories(mtkflash_library INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(mtkflash_library INTERFACE cxx_std_20)

get_property(layers GLOBAL PROPERTY MTK_LIBRARY_LAYERS)
install(TARGETS mtkflash_library mtk_options ${layers} EXPORT mtkflash
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/mtkflash)
install(EXPORT mtkflash NAMESPACE mtkflash:: FILE mtkflashTargets.cmake DESTINATION ${package_dir})
install(DIRECTORY include/mtk DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

configure_package_config_file(cmake/mtkflashConfig.cmake.in mtkflashConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(mtkflashConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/mtkflashConfig.cmake ${CMAKE_BINARY_DIR}/mtkflashConfigVersion.cmake
  DESTINATION ${package_dir})

install(TARGETS mtkflash)
# Where udev looks, /usr/local included.
install(FILES data/udev/60-mtkflash.rules DESTINATION lib/udev/rules.d)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
