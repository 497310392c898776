# SPDX-License-Identifier: GPL-2.0-or-later
# orthoscribe::torch: libtorch as the rooms that compute link it, with its headers as system headers and compiled once.
# Found in the usual places, or where Torch_DIR or CMAKE_PREFIX_PATH point, for example
# -DCMAKE_PREFIX_PATH=$(python3 -c 'import torch; print(torch.utils.cmake_prefix_path)') for a torch installed with pip.

# A function, because Torch's files change variables of whoever includes them; and they warn of libraries that nobody here needs.
function(orthoscribe_find_torch)
  set(CMAKE_WARN_DEPRECATED OFF)
  set(CMAKE_MESSAGE_LOG_LEVEL ERROR)
  find_package(Torch REQUIRED)
  set(TORCH_LIBRARIES ${TORCH_LIBRARIES} PARENT_SCOPE)
  set(TORCH_INCLUDE_DIRS ${TORCH_INCLUDE_DIRS} PARENT_SCOPE)
  set(TORCH_CXX_FLAGS ${TORCH_CXX_FLAGS} PARENT_SCOPE)
endfunction()
orthoscribe_find_torch()

add_library(orthoscribe_torch INTERFACE)
add_library(orthoscribe::torch ALIAS orthoscribe_torch)
target_link_libraries(orthoscribe_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(orthoscribe_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
# A torch from pip may have been built with the old std::string; its flags say so.
separate_arguments(ORTHOSCRIBE_TORCH_OPTIONS NATIVE_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(orthoscribe_torch INTERFACE ${ORTHOSCRIBE_TORCH_OPTIONS})

# orthoscribe_precompile_torch(TARGET): the headers of tensors take seconds in every file that includes them; targets that ask
# here share one reading of them. ccache caches such targets only with CCACHE_SLOPPINESS=pch_defines,time_macros.
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/torch_headers.cpp CONTENT "// Only there to compile the headers.\n")
add_library(orthoscribe_torch_headers OBJECT ${PROJECT_BINARY_DIR}/generated/torch_headers.cpp)
target_link_libraries(orthoscribe_torch_headers PRIVATE orthoscribe::torch orthoscribe_warnings)
target_precompile_headers(orthoscribe_torch_headers PRIVATE <torch/types.h> <ATen/ATen.h>)
target_compile_options(orthoscribe_torch_headers PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

function(orthoscribe_precompile_torch target)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    # Compiled headers serve only code of the same kind, and the libraries' is -fPIC.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  target_precompile_headers(${target} REUSE_FROM orthoscribe_torch_headers)
endfunction()
