// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "location.hpp"

#include <algorithm>
#include <charconv>

namespace charm::download {

namespace {

constexpr std::string_view plain_scheme = "http://";
constexpr std::string_view secure_scheme = "https://";

bool is_printable(char c) {
  return c > ' ' && c < '\x7F';
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

bool set_port(Location& location, std::string_view text) {
  if (text.empty()) {
    location.port = location.secure ? 443 : 80;
    return true;
  }
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), location.port);
  return error == std::errc{} && end == text.data() + text.size() && location.port != 0;
}

/// Takes `host`, `host:port`, `[address]` or `[address]:port` apart.
bool set_authority(Location& location, std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos || text.find('@') != std::string_view::npos) {
    return false;
  }
  location.host = lower_case(bracketed ? text.substr(1, end - 1) : text.substr(0, end));
  const std::string_view rest = text.substr(bracketed ? end + 1 : end);
  return !location.host.empty() && (rest.empty() || rest.front() == ':') &&
         set_port(location, rest);
}

std::string target_of(std::string_view text) {
  const std::string target(text.substr(0, text.find('#')));
  return target.starts_with('/') ? target : "/" + target;
}

}  // namespace

std::optional<Location> parse_location(std::string_view url) {
  if (!std::ranges::all_of(url, is_printable)) {
    return std::nullopt;
  }
  const std::string start = lower_case(url.substr(0, secure_scheme.size()));
  Location location{.secure = start == secure_scheme};
  if (!location.secure && !start.starts_with(plain_scheme)) {
    return std::nullopt;
  }
  url.remove_prefix(location.secure ? secure_scheme.size() : plain_scheme.size());
  const auto path = std::min(url.find_first_of("/?#"), url.size());
  if (!set_authority(location, url.substr(0, path))) {
    return std::nullopt;
  }
  location.target = target_of(url.substr(path));
  return location;
}

std::optional<Location> redirected(const Location& from, std::string_view to) {
  const bool is_path = to.starts_with('/') && !to.starts_with("//");
  if (!is_path) {
    return parse_location(to);
  }
  if (!std::ranges::all_of(to, is_printable)) {
    return std::nullopt;
  }
  Location location = from;
  location.target = target_of(to);
  return location;
}

}  // namespace charm::download
