// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "url.hpp"

#include "charm/domain/text.hpp"
#include "host_port.hpp"

#include <algorithm>

namespace charm::databag {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

/// RFC 3986 leaves neither white space, controls nor bytes beyond ASCII unescaped, nor these.
bool is_path_character(char c) {
  return c > ' ' && c < '\x7F' && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

std::string_view without_trailing_slashes(std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path;
}

}  // namespace

std::optional<ExternalUrl> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  ExternalUrl url{.scheme = lower_case(text.substr(0, colon))};
  if (url.scheme != "http" && url.scheme != "https") {
    return std::nullopt;
  }
  text.remove_prefix(colon + 3);
  const auto authority_end = std::min(text.find_first_of("/?#"), text.size());
  const auto host_port = parse_host_port(text.substr(0, authority_end));
  const auto path = text.substr(authority_end, text.find_first_of("?#") - authority_end);
  if (!host_port || !std::all_of(path.begin(), path.end(), is_path_character)) {
    return std::nullopt;
  }
  url.host = host_port->host;
  url.port = host_port->port.value_or(url.scheme == "https" ? https_port : http_port);
  url.path = without_trailing_slashes(path);
  return url;
}

}  // namespace charm::databag
