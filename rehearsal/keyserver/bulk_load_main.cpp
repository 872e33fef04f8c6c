// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// rehearsal-hockeypuck-load: the stand-in for hockeypuck-load 2.3.3, for use with
// rehearsal-hockeypuck.
#include "rehearsal/keyserver/program.hpp"
#include "rehearsal/keyserver/tools.hpp"

#include <stdexcept>

using namespace rehearsal::keyserver;

int main(int argc, char** argv) {
  return run_program(argc, argv, [](const Invocation& invocation) {
    if (invocation.arguments.empty()) {
      Log().error("usage: " + invocation.program + " [flags] <file1> [file2 .. fileN]");
      throw std::runtime_error("missing PGP key file arguments");
    }
    run_tool(load_configuration(invocation), [&invocation](const ToolContext& context) {
      load_keys(context, invocation.arguments);
    });
  });
}
