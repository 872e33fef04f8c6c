// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "location.hpp"

#include "charm/domain/address.hpp"
#include "charm/domain/text.hpp"

#include <algorithm>
#include <charconv>

namespace charm::download {
namespace {

constexpr std::string_view plain_scheme = "http://";
constexpr std::string_view secure_scheme = "https://";

bool is_printable(char c) {
  return c > ' ' && c < '\x7F';
}

std::string target_of(std::string_view text) {
  const std::string target(text.substr(0, text.find('#')));
  return target.starts_with('/') ? target : "/" + target;
}

std::string_view value_of(const Databag& proxies, const char* name) {
  const auto found = proxies.find(name);
  return found == proxies.end() ? std::string_view() : std::string_view(found->second);
}

bool in_network(std::string_view host, std::string_view network) {
  const auto slash = network.find('/');
  const auto wanted = normalized_network(network);
  return slash != std::string_view::npos && wanted &&
         normalized_network(std::string(host).append(network.substr(slash))) == wanted;
}

bool matches_name(std::string_view host, std::string_view name) {
  const bool subdomains_only = name.starts_with('.');
  const std::string suffix = subdomains_only ? std::string(name) : "." + std::string(name);
  return (!subdomains_only && host == name) || host.ends_with(suffix);
}

/// Removes `:port` from an entry and returns whether the port matches. An IPv6 address without
/// brackets has no port.
bool takes_port(std::string_view& entry, std::uint16_t port) {
  const auto colon = entry.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (entry.find(':') == colon || entry[colon - 1] == ']');
  if (!has_port) {
    return true;
  }
  const bool ours = entry.substr(colon + 1) == std::to_string(port);
  entry = entry.substr(0, colon);
  return ours;
}

std::string_view without_brackets(std::string_view text) {
  return text.starts_with('[') && text.ends_with(']') ? text.substr(1, text.size() - 2) : text;
}

bool excepts(std::string_view entry, const Location& location) {
  if (!takes_port(entry, location.port)) {
    return false;
  }
  entry = without_brackets(entry);
  return entry == "*" || matches_name(location.host, entry) || in_network(location.host, entry);
}

bool is_excepted(std::string_view list, const Location& location) {
  return std::ranges::any_of(
      words(list, ","), [&location](std::string_view entry) { return excepts(entry, location); });
}

/// Decodes `%40` and the like (RFC 3986, section 2.1). Other percent signs stay.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    const char* const digits = text.data() + at + 1;
    const bool is_escape = text[at] == '%' && at + 2 < text.size() &&
                           std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    result += is_escape ? static_cast<char>(byte) : text[at];
    at += is_escape ? 2U : 0U;
  }
  return result;
}

/// Reads `http://user:password@host:port`. Only host and port are required.
std::optional<Proxy> parse_proxy(std::string_view text) {
  const auto scheme = text.find("://");
  std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
  const auto at = rest.rfind('@');
  const std::string_view login = at == std::string_view::npos ? "" : rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? 0 : at + 1);
  const std::string start(scheme == std::string_view::npos ? "http" : text.substr(0, scheme));
  const auto location = parse_location(start + "://" + std::string(rest));
  if (!location || location->secure) {
    return std::nullopt;
  }
  const auto colon = std::min(login.find(':'), login.size());
  return Proxy{.host = location->host,
               .port = location->port,
               .user = percent_decoded(login.substr(0, colon)),
               .password = percent_decoded(login.substr(std::min(colon + 1, login.size())))};
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
  const auto place = parse_host_port(url.substr(0, path));
  if (!place) {
    return std::nullopt;
  }
  location.host = lower_case(place->host);
  location.port = place->port.value_or(location.secure ? 443 : 80);
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

std::optional<Proxy> proxy_for(const Location& location, const Databag& proxies) {
  const auto text = trimmed(
      value_of(proxies, location.secure ? "JUJU_CHARM_HTTPS_PROXY" : "JUJU_CHARM_HTTP_PROXY"));
  if (text.empty() || is_excepted(value_of(proxies, "JUJU_CHARM_NO_PROXY"), location)) {
    return std::nullopt;
  }
  return parse_proxy(text);
}

}  // namespace charm::download
