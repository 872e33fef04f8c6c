// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/partner/partner.hpp"

#include <string>

namespace rehearsal::nginx {

/// nginx in the only container of a partner charm, which Pebble runs. Functions throw
/// charm::pebble::ConnectionError while Pebble is not there.
class Server {
 public:
  Server(const partner::Dispatch& dispatch, std::string container)
      : pebble_(&dispatch.pebble), container_(std::move(container)) {}

  /// Makes nginx run with this nginx.conf. A changed one is loaded without cutting a connection;
  /// a changed `generation` restarts nginx and cuts them all.
  void run(const std::string& configuration, const std::string& generation = {}) const;

 private:
  void reload() const;

  const charm::pebble::Client* pebble_;
  std::string container_;
};

}  // namespace rehearsal::nginx
