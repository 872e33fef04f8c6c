# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# The compiler settings of every target of the project: link `project_settings` privately.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache must check a precompiled header's content, not its time.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    ${CCACHE_PROGRAM})
endif()

add_library(project_settings INTERFACE)
# One code model for libraries and programs, so that all can share a precompiled header.
target_compile_options(project_settings INTERFACE -fPIE)
target_compile_options(project_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wextra-semi
  -Wimplicit-fallthrough -Wnull-dereference
  # The tests use designated initialisers that leave members at their defaults.
  -Wno-missing-field-initializers
  $<$<BOOL:${HOCKEYPUCK_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_settings INTERFACE -Wduplicated-cond -Wduplicated-branches -Wlogical-op)
endif()
target_compile_definitions(project_settings INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT HOCKEYPUCK_SANITIZERS)
  target_compile_options(project_settings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
    -ffunction-sections -fdata-sections
    # The result contains no folder of the build machine: the same source gives the same program
    # anywhere.
    -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
  # GCC uses the last of -static-pie and -pie. A target that sets LINKED_STATICALLY passes the
  # first.
  target_link_options(project_settings INTERFACE
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:LINKED_STATICALLY>>>:-pie> -Wl,-z,relro,-z,now)
endif()
if(HOCKEYPUCK_SANITIZERS)
  target_compile_options(project_settings INTERFACE
    -fsanitize=${HOCKEYPUCK_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(project_settings INTERFACE -fsanitize=${HOCKEYPUCK_SANITIZERS})
endif()

# One precompiled header for all libraries, and one for all tests. The release builds without them,
# so that every file still includes the headers that it uses.
set(PRECOMPILED <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <regex> <set>
  <sstream> <string> <thread> <variant> <vector> <nlohmann/json.hpp>)
if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "")
  add_library(precompiled_for_libraries OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(precompiled_for_libraries PRIVATE project_settings dep::json)
  target_precompile_headers(precompiled_for_libraries PRIVATE ${PRECOMPILED})
endif()

# A program of this project.
function(project_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE project_settings ${ARG_LINK})
  precompile(${name} libraries)
endfunction()

function(precompile name kind)
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
    target_compile_options(${name} PRIVATE -fpch-preprocess -Winvalid-pch)
    target_precompile_headers(${name} REUSE_FROM precompiled_for_${kind})
  endif()
endfunction()

# A static library of this project, from sources next to the calling CMakeLists.txt.
function(project_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE project_settings ${ARG_PRIVATE_LINK})
  precompile(${name} libraries)
endfunction()
