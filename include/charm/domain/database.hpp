// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace charm {

/// How the connection to PostgreSQL is secured, in libpq's words.
enum class SslMode { disable, require, verify_full };

/// Returns libpq's word. Go's lib/pq uses the same words.
[[nodiscard]] constexpr std::string_view to_string(SslMode mode) {
  constexpr std::array words = {std::string_view("disable"), std::string_view("require"),
                                std::string_view("verify-full")};
  return words.at(static_cast<std::size_t>(mode));
}

/// One PostgreSQL server and the credentials for it.
struct Database {
  std::string host;
  std::uint16_t port = 5432;
  std::string name;
  std::string user;
  std::string password;
  SslMode ssl_mode = SslMode::disable;
  std::string ca;  ///< PEM of the trusted authorities; set exactly with `verify_full`.

  bool operator==(const Database&) const = default;
};

}  // namespace charm
