// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "host_port.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace charm::databag {

namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

bool is_host_name(std::string_view text) {
  constexpr std::size_t longest_name = 253;  // RFC 1035
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), is_host_character);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

struct Parts {
  std::string_view host;
  std::string_view rest;  ///< Empty, or `:port`.
};

std::optional<Parts> split(std::string_view text) {
  if (!text.starts_with('[')) {
    const auto colon = std::min(text.find(':'), text.size());
    const Parts parts{text.substr(0, colon), text.substr(colon)};
    return is_host_name(parts.host) ? std::optional(parts) : std::nullopt;
  }
  const auto bracket = text.find(']');
  if (bracket == std::string_view::npos) {
    return std::nullopt;
  }
  const Parts parts{text.substr(1, bracket - 1), text.substr(bracket + 1)};
  return is_ipv6(parts.host) ? std::optional(parts) : std::nullopt;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto parts = split(text);
  if (!parts) {
    return std::nullopt;
  }
  if (parts->rest.empty()) {
    return HostPort{.host = std::string(parts->host), .port = std::nullopt};
  }
  const auto port = parts->rest.starts_with(':') ? parse_port(parts->rest.substr(1)) : std::nullopt;
  if (!port) {
    return std::nullopt;
  }
  return HostPort{.host = std::string(parts->host), .port = port};
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return text.find('\0') == std::string_view::npos &&
         inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

}  // namespace charm::databag
