// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// What peers tell each other before they reconcile (message `configuration`).
struct ReconConfiguration {
  std::string version = {};
  /// Where the other one fetches keys: on the host it reconciles with.
  std::uint16_t http_port = 0;
  std::uint32_t bit_quantum = 0;
  std::uint32_t mbar = 0;
  /// Sorted, separated by commas.
  std::string filters = {};
  bool operator==(const ReconConfiguration&) const = default;
};

/// Of this server: Hockeypuck 2.3's own filters and those of hockeypuck.conf.
ReconConfiguration recon_configuration(const Configuration& configuration);

std::string serialize(const ReconConfiguration& configuration);
/// Values nobody knows are passed over. Throws MalformedData.
ReconConfiguration parse_recon_configuration(std::string_view body);

/// Why two servers cannot reconcile.
struct Mismatch {
  /// What the other one is told.
  std::string reason = {};
  /// What the log says: its message, and the values as fields.
  std::string message = {};
  std::string field = {};
  std::string local = {};
  std::string remote = {};
  bool operator==(const Mismatch&) const = default;
};

/// The first difference that matters.
std::optional<Mismatch> mismatch_of(const ReconConfiguration& local,
                                    const ReconConfiguration& remote);

}  // namespace rehearsal::keyserver
