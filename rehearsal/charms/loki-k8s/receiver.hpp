// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <string>
#include <vector>

namespace loki {

inline constexpr int port = 3100;
/// What the receiver serves below /files/.
inline constexpr const char* files_folder = "/loki/files";
inline constexpr const char* rules_folder = "/loki/rules";

/// The program in the container of this unit.
class Receiver {
 public:
  explicit Receiver(const charm::pebble::Client& pebble) : pebble_(&pebble) {}

  /// Starts it unless it runs; true when it answers.
  [[nodiscard]] bool run() const;

  /// Whether the unit may say that it is ready. Kept in the container.
  [[nodiscard]] bool is_held_back() const;
  void hold_back(bool held) const;

  /// The body of the answer. Throws charm::Error unless the status is 2xx.
  [[nodiscard]] static std::string get(const std::string& target);
  static void put(const std::string& target, const std::string& body);

 private:
  const charm::pebble::Client* pebble_;
};

}  // namespace loki
