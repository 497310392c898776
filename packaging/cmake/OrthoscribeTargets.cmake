# SPDX-License-Identifier: GPL-2.0-or-later
# The two functions every target of ours is made with, so that all share warnings, standard and folders.

add_library(orthoscribe_warnings INTERFACE)
target_compile_options(
  orthoscribe_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wcast-qual
            -Werror)

# orthoscribe_library(NAME SOURCES ... [LINKS ...] [PRIVATE_LINKS ...])
# Makes the static library orthoscribe_NAME, known to others as orthoscribe::NAME. Headers are included from the repository's root
# as "core/geo/window.h", so the room is readable at the place of use.
function(orthoscribe_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS")
  add_library(orthoscribe_${name} STATIC ${ARG_SOURCES})
  add_library(orthoscribe::${name} ALIAS orthoscribe_${name})
  target_include_directories(orthoscribe_${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(
    orthoscribe_${name}
    PUBLIC ${ARG_LINKS}
    PRIVATE ${ARG_PRIVATE_LINKS} orthoscribe_warnings)
endfunction()

# orthoscribe_test(NAME SOURCES ... [LINKS ...] [LABELS fast|slow|display...] [TIMEOUT seconds])
# Makes one GoogleTest program, registered with ctest as NAME.
function(orthoscribe_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "SOURCES;LINKS;LABELS")
  if(NOT ORTHOSCRIBE_TESTS)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} orthoscribe_warnings GTest::gmock_main)
  target_compile_definitions(
    ${name} PRIVATE ORTHOSCRIBE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ORTHOSCRIBE_SHARED_DIR="${ORTHOSCRIBE_SHARED_DIR}"
                    ORTHOSCRIBE_PROGRAM="${PROJECT_BINARY_DIR}/bin/orthoscribe")
  add_test(NAME ${ORTHOSCRIBE_TEST_PREFIX}${name} COMMAND ${name})
  set_tests_properties(${ORTHOSCRIBE_TEST_PREFIX}${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
