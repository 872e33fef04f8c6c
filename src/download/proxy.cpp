// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "proxy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <arpa/inet.h>

namespace charm::download {

namespace {

using Address = std::array<unsigned char, sizeof(in6_addr)>;

std::string_view value_of(const Databag& proxies, const char* name) {
  const auto found = proxies.find(name);
  return found == proxies.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view trimmed(std::string_view text) {
  const auto first = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// The address in IPv6's form, an IPv4 one mapped into it.
std::optional<Address> address_of(std::string_view text) {
  const std::string written(text);
  const std::string form = text.find(':') == std::string_view::npos ? "::ffff:" + written : written;
  Address address{};
  return inet_pton(AF_INET6, form.c_str(), address.data()) == 1 ? std::optional(address)
                                                                : std::nullopt;
}

bool same_bits(const Address& left, const Address& right, std::size_t count) {
  constexpr std::size_t width = 8;
  for (std::size_t bit = 0; bit < count; ++bit) {
    const auto mask = static_cast<unsigned char>(0x80U >> (bit % width));
    if (((left.at(bit / width) ^ right.at(bit / width)) & mask) != 0) {
      return false;
    }
  }
  return true;
}

bool in_network(std::string_view host, std::string_view network) {
  const auto slash = network.find('/');
  const auto address = address_of(host);
  const auto start = address_of(network.substr(0, slash));
  std::size_t length = 0;
  const auto digits = slash == std::string_view::npos ? "" : network.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!address || !start || error != std::errc{} || end != digits.data() + digits.size()) {
    return false;
  }
  constexpr std::size_t bits = 128;
  constexpr std::size_t mapped_bits = 96;
  length += network.find(':') == std::string_view::npos ? mapped_bits : 0;
  return length <= bits && same_bits(*address, *start, length);
}

bool matches_name(std::string_view host, std::string_view name) {
  const bool subdomains_only = name.starts_with('.');
  const std::string suffix = subdomains_only ? std::string(name) : "." + std::string(name);
  return (!subdomains_only && host == name) || host.ends_with(suffix);
}

/// Takes `:port` off an entry and tells whether it is ours; an IPv6 address alone has no port.
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
  if (entry.empty() || !takes_port(entry, location.port)) {
    return false;
  }
  entry = without_brackets(entry);
  return entry == "*" || matches_name(location.host, entry) || in_network(location.host, entry);
}

bool is_excepted(std::string_view list, const Location& location) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (excepts(trimmed(list.substr(0, comma)), location)) {
      return true;
    }
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// `http://user:password@host:port`, of which only host and port must be there.
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
               .user = std::string(login.substr(0, colon)),
               .password = std::string(login.substr(std::min(colon + 1, login.size())))};
}

}  // namespace

std::optional<Proxy> proxy_for(const Location& location, const Databag& proxies) {
  const auto text = trimmed(
      value_of(proxies, location.secure ? "JUJU_CHARM_HTTPS_PROXY" : "JUJU_CHARM_HTTP_PROXY"));
  if (text.empty() || is_excepted(value_of(proxies, "JUJU_CHARM_NO_PROXY"), location)) {
    return std::nullopt;
  }
  return parse_proxy(text);
}

}  // namespace charm::download
