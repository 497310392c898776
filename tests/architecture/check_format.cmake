# SPDX-License-Identifier: GPL-2.0-or-later
# Fails when clang-format would change a file. Run as: cmake -DSOURCE=... -DCLANG_FORMAT=... -P check_format.cmake
file(GLOB_RECURSE files ${SOURCE}/core/*.h ${SOURCE}/core/*.cpp ${SOURCE}/ui/*.h ${SOURCE}/ui/*.cpp ${SOURCE}/plugin/*.h
     ${SOURCE}/plugin/*.cpp ${SOURCE}/tests/*.h ${SOURCE}/tests/*.cpp)
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror ${files} RESULT_VARIABLE result)
if(result)
  message(FATAL_ERROR "run clang-format -i on the files named above")
endif()
