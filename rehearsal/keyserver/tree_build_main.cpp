// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// rehearsal-hockeypuck-pbuild: the stand-in for hockeypuck-pbuild 2.3.3, for use with
// rehearsal-hockeypuck. Fills its prefix tree from the database.
#include "rehearsal/keyserver/program.hpp"
#include "rehearsal/keyserver/tools.hpp"

using namespace rehearsal::keyserver;

int main(int argc, char** argv) {
  return run_program(argc, argv, [](const Invocation& invocation) {
    // Hockeypuck's program ignores further arguments.
    run_tool(load_configuration(invocation), build_tree);
  });
}
