# SPDX-License-Identifier: Apache-2.0
# Every library comes from a Debian 12 package; tools/deps lists the packages.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# The libraries' headers are not held to our warnings.
foreach(library fmt::fmt tl::expected nlohmann_json::nlohmann_json tomlplusplus::tomlplusplus CLI11::CLI11)
  get_target_property(dirs ${library} INTERFACE_INCLUDE_DIRECTORIES)
  if(dirs)
    set_target_properties(${library} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${dirs}")
  endif()
endforeach()

if(MTK_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  find_path(RAPIDCHECK_INCLUDE rapidcheck.h REQUIRED)
  find_library(RAPIDCHECK_LIBRARY rapidcheck REQUIRED)
  add_library(rapidcheck INTERFACE)
  target_include_directories(rapidcheck SYSTEM INTERFACE ${RAPIDCHECK_INCLUDE})
  target_link_libraries(rapidcheck INTERFACE ${RAPIDCHECK_LIBRARY})
endif()
