// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/probe.hpp"

#include <string>

namespace charm::postgres {

/// libpq's connection string for a target, and the file with the certificate authority that it
/// names, which only this process can open and which is gone with this object.
class ConnectionParameters {
 public:
  /// Throws DatabaseError for a target that must not be connected to. libpq waits `timeout_seconds`
  /// (at least 2, its own minimum) for each address of the host.
  ConnectionParameters(const Target& target, int timeout_seconds);

  ConnectionParameters(const ConnectionParameters&) = delete;
  ConnectionParameters& operator=(const ConnectionParameters&) = delete;
  ~ConnectionParameters();

  const std::string& text() const { return text_; }

 private:
  int authority_ = -1;
  std::string text_;
};

}  // namespace charm::postgres
