// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace rehearsal::partner {

/// What an application publishes over `ingress` version 2.
struct IngressData {
  std::string model;
  std::string name;
  int port = 0;
  std::string scheme = "http";
  bool strip_prefix = false;
  nlohmann::json health_check;     ///< Null without one.
  std::vector<std::string> hosts;  ///< Of the units.
};

/// Reads the databags as the interface's library does, which the providers share. Throws
/// InvalidData when any of them is not valid, one unit's included.
[[nodiscard]] IngressData read_ingress_data(const charm::Relation& relation);

}  // namespace rehearsal::partner
