# SPDX-License-Identifier: Apache-2.0
# Tables made from data/ at build time by the scripts of tools/.
include_guard(GLOBAL)

# mtk_generate(TARGET SCRIPT file.py OUTPUTS file... ARGS word... DEPENDS file...)
# Runs tools/SCRIPT; its outputs, given below build/generated, belong to TARGET and may be included by whoever uses it.
function(mtk_generate target)
  cmake_parse_arguments(arg "" "SCRIPT" "OUTPUTS;ARGS;DEPENDS" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/generated)
  list(TRANSFORM arg_OUTPUTS PREPEND ${root}/)
  foreach(output ${arg_OUTPUTS})
    cmake_path(GET output PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
  endforeach()
  add_custom_command(
    OUTPUT ${arg_OUTPUTS}
    COMMAND Python3::Interpreter -B ${CMAKE_SOURCE_DIR}/tools/${arg_SCRIPT} ${arg_ARGS}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/${arg_SCRIPT} ${CMAKE_SOURCE_DIR}/tools/gen_common.py ${arg_DEPENDS}
    COMMENT "tools/${arg_SCRIPT}"
    VERBATIM)
  target_sources(${target} PRIVATE ${arg_OUTPUTS})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${root}>)
endfunction()

# mtk_script_test(file.py): unit tests of a script, run with the others.
function(mtk_script_test script)
  if(MTK_TESTS)
    cmake_path(GET script STEM name)
    add_test(NAME ${name} COMMAND Python3::Interpreter -B ${CMAKE_SOURCE_DIR}/tools/${script})
  endif()
endfunction()
