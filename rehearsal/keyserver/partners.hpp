// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/ip_address.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// When something last succeeded, and what was wrong since. Seconds since 1970; 0 is never.
struct Outcome {
  std::int64_t succeeded = 0;
  std::string error = {};
  bool operator==(const Outcome&) const = default;
};

/// What is known of a partner.
struct PartnerState {
  /// From these it may connect to us. Kept when its names do not resolve any more.
  std::vector<IpAddress> addresses = {};
  /// Since when we try.
  std::int64_t started = 0;
  Outcome incoming = {};
  Outcome outgoing = {};
  Outcome recovery = {};
  bool operator==(const PartnerState&) const = default;
};

/// One side of a connection: a partner, or a caller who is allowed for its address alone.
struct Peer {
  /// Empty for a caller who is no partner.
  std::string name = {};
  IpAddress address = {};
  /// Of the partner's reconAddr; 0 without one.
  std::uint16_t port = 0;
  /// The host from which its keys are fetched.
  std::string host = {};
  /// As Hockeypuck's log describes it: "recon=…, http=…, weight=…, addr=…, ips=[…]".
  std::string text = {};
  bool operator==(const Peer&) const = default;
};

/// With whom this server reconciles. Safe to use from several threads.
class Partners {
 public:
  explicit Partners(const Configuration& configuration);

  /// Whom a caller from this address is taken for; nothing: it is refused. As in Hockeypuck a
  /// loopback address and the allowed networks come before the partners.
  std::optional<Peer> match(const IpAddress& address) const;

  /// Resolves the partners' names again and draws one by weight. Nothing when there is none to
  /// connect to.
  std::optional<Peer> draw(std::mt19937& random);

  /// `error` is empty after a success. A caller who is no partner leaves no trace.
  void note_incoming(const std::string& name, const std::string& error);
  void note_outgoing(const std::string& name, const std::string& error);
  void note_recovery(const std::string& name, const std::string& error);

  std::map<std::string, PartnerState> states() const;

 private:
  void note(const std::string& name, Outcome PartnerState::*outcome, const std::string& error);
  Peer partner_peer(const std::string& name, const IpAddress& address) const;

  const Configuration& configuration_;
  mutable std::mutex mutex_;
  std::map<std::string, PartnerState> states_;
};

}  // namespace rehearsal::keyserver
