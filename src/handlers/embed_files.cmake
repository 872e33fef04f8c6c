# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# Writes the files below ROOT/src/cos into the C++ source OUTPUT, for cos_files.hpp:
#   cmake -DROOT=… -DOUTPUT=… -P embed_files.cmake
cmake_minimum_required(VERSION 3.25)

set(source "#include \"cos_files.hpp\"\n\n#include <array>\n\nnamespace charm::cos {\n")
foreach(folder grafana_dashboards prometheus_alert_rules loki_alert_rules)
  file(GLOB paths RELATIVE "${ROOT}" "${ROOT}/src/cos/${folder}/*")
  list(SORT paths)
  list(LENGTH paths count)
  string(APPEND source "\nstd::span<const EmbeddedFile> ${folder}() noexcept {\n"
    "  static constexpr std::array<EmbeddedFile, ${count}> files = {{\n")
  foreach(path ${paths})
    file(READ "${ROOT}/${path}" content)
    get_filename_component(stem "${path}" NAME_WLE)
    string(FIND "${content}" ")embedded\"" clash)
    if(NOT clash EQUAL -1)
      message(FATAL_ERROR "${path} holds the end mark of its own literal")
    endif()
    string(APPEND source "    {\"${path}\", \"${stem}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  string(APPEND source "  }};\n  return files;\n}\n")
endforeach()
string(APPEND source "\n}  // namespace charm::cos\n")
file(WRITE "${OUTPUT}" "${source}")
