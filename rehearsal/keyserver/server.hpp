// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <csignal>

namespace rehearsal::keyserver {

/// Call it before there are threads. From then on the server reads its signals one by one from the
/// kernel, and no handler runs.
sigset_t block_server_signals();

/// Serves until SIGTERM or SIGINT. Throws the exceptions of the parts that it needs: the database,
/// the prefix tree, the HKP port.
void serve(const Configuration& configuration, const sigset_t& signals);

}  // namespace rehearsal::keyserver
