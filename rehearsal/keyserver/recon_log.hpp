// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/log.hpp"

#include <map>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// Lines about reconciliation with one peer, labelled as Hockeypuck's: "serve" where the peer came
/// to us, "gossip" where we went to it, "recon" for the keys that follow.
class ReconLog {
 public:
  /// `own_address` is reconAddr; `peer` the other end of the connection, empty without one.
  ReconLog(Log& log, std::string role, std::string own_address, std::string peer = "")
      : log_(log),
        role_(std::move(role)),
        own_address_(std::move(own_address)),
        peer_(std::move(peer)) {}

  const std::string& peer() const { return peer_; }

  ReconLog as(const std::string& role) const { return {log_, role, own_address_, peer_}; }

  void write(LogLevel level, std::string_view message,
             std::map<std::string, std::string> fields = {}) const {
    fields["label"] = role_ + " " + own_address_;
    if (!peer_.empty()) {
      fields["remoteAddr"] = peer_;
    }
    log_.write(level, message, {fields.begin(), fields.end()});
  }

  void info(std::string_view message, const std::map<std::string, std::string>& fields = {}) const {
    write(LogLevel::info, message, fields);
  }

  void error(std::string_view message,
             const std::map<std::string, std::string>& fields = {}) const {
    write(LogLevel::error, message, fields);
  }

 private:
  Log& log_;
  std::string role_;
  std::string own_address_;
  std::string peer_;
};

}  // namespace rehearsal::keyserver
