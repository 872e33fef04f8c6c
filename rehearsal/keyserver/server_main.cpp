// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// rehearsal-hockeypuck: a small OpenPGP keyserver, the stand-in for Hockeypuck 2.3.3 in the
// rehearsal.
//
// It reads the same hockeypuck.conf and answers the same HKP requests. It keeps keys in the same
// PostgreSQL tables, and their digests in a prefix tree of a different form. It reconciles with its
// partners with the same protocol, but compares whole sets of digests, which is sufficient for a
// few thousand. It does not execute templates, push keys (PKS) or speak HKPS.
#include "rehearsal/keyserver/program.hpp"
#include "rehearsal/keyserver/server.hpp"

using namespace rehearsal::keyserver;

int main(int argc, char** argv) {
  const sigset_t signals = block_server_signals();
  return run_program(argc, argv, [&signals](const Invocation& invocation) {
    if (!invocation.arguments.empty()) {
      throw UsageError(1, "unexpected command line arguments");
    }
    serve(load_configuration(invocation), signals);
  });
}
