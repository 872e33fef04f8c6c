// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/secret_uri.hpp"

#include <algorithm>

namespace charm {
namespace {

constexpr std::string_view scheme = "secret:";
constexpr std::size_t id_length = 20;

bool is_lower_alphanumeric(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/// `//<model>/`, or nothing.
bool is_place(std::string_view text) {
  return text.empty() || (text.size() > 3 && text.starts_with("//") && text.ends_with('/') &&
                          std::all_of(text.begin() + 2, text.end() - 1, [](char byte) {
                            return byte == '-' || is_lower_alphanumeric(byte);
                          }));
}

}  // namespace

std::string_view secret_id(std::string_view uri) {
  if (!uri.starts_with(scheme) || uri.size() < scheme.size() + id_length) {
    return {};
  }
  const std::string_view id = uri.substr(uri.size() - id_length);
  uri.remove_suffix(id_length);
  const bool right = std::all_of(id.begin(), id.end(), is_lower_alphanumeric) &&
                     is_place(uri.substr(scheme.size()));
  return right ? id : std::string_view();
}

}  // namespace charm
