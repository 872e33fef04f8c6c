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

/// The last success, and the error since then. Seconds since 1970; 0 is never.
struct Outcome {
  std::int64_t succeeded = 0;
  std::string error = {};
  bool operator==(const Outcome&) const = default;
};

/// The state of a partner.
struct PartnerState {
  /// The addresses from which it may connect. They are kept if its names no longer resolve.
  std::vector<IpAddress> addresses = {};
  /// The time of the first attempt.
  std::int64_t started = 0;
  Outcome incoming = {};
  Outcome outgoing = {};
  Outcome recovery = {};
  bool operator==(const PartnerState&) const = default;
};

/// One side of a connection: a partner, or a caller whose address alone is allowed.
struct Peer {
  /// Empty if the caller is not a partner.
  std::string name = {};
  IpAddress address = {};
  /// Port of the partner's reconAddr; 0 if there is none.
  std::uint16_t port = 0;
  /// The host from which its keys are fetched.
  std::string host = {};
  /// The form of Hockeypuck's log: "recon=…, http=…, weight=…, addr=…, ips=[…]".
  std::string text = {};
  bool operator==(const Peer&) const = default;
};

/// The partners with which this server reconciles. Safe to use from several threads.
class Partners {
 public:
  explicit Partners(const Configuration& configuration);

  /// Returns the peer for a caller from this address, or nothing if it is refused. As in
  /// Hockeypuck, a loopback address and the allowed networks come before the partners.
  std::optional<Peer> match(const IpAddress& address) const;

  /// Resolves the partners' names again and draws one by weight. Returns nothing if no partner can
  /// be reached.
  std::optional<Peer> draw(std::mt19937& random);

  /// `error` is empty after a success. A caller that is not a partner leaves no trace.
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
