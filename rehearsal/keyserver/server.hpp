// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <csignal>

namespace rehearsal::keyserver {

/// To be called before there are threads: the signals the server minds are from then on taken from
/// the kernel one by one, not by handlers.
sigset_t block_server_signals();

/// The keyserver: serves until SIGTERM or SIGINT. Throws what the parts throw that it cannot be
/// without: the database, the prefix tree, the HKP port.
void serve(const Configuration& configuration, const sigset_t& signals);

}  // namespace rehearsal::keyserver
