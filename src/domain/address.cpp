// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

#include <arpa/inet.h>

namespace charm {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035

/// An IP address in network order; IPv4 fills the first four bytes.
struct IpAddress {
  int family = AF_INET;
  std::array<unsigned char, 16> bytes{};

  [[nodiscard]] int bits() const { return family == AF_INET ? 32 : 128; }
};

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  for (const int family : {AF_INET, AF_INET6}) {
    IpAddress address{.family = family};
    if (inet_pton(family, terminated.c_str(), address.bytes.data()) == 1) {
      return address;
    }
  }
  return std::nullopt;
}

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.family, address.bytes.data(), text.data(), text.size());
  return text.data();
}

void clear_host_bits(IpAddress& address, int kept) {
  for (std::size_t index = 0; index < address.bytes.size(); ++index) {
    const int here = std::clamp(kept - static_cast<int>(index) * 8, 0, 8);
    const auto mask = static_cast<unsigned char>(0xFF00U >> static_cast<unsigned>(here));
    address.bytes[index] = static_cast<unsigned char>(address.bytes[index] & mask);
  }
}

/// Accepts digits only, no sign.
std::optional<int> decimal(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits_only =
      error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
  return digits_only ? std::optional(value) : std::nullopt;
}

/// Accepts no leading zero either.
std::optional<int> canonical_decimal(std::string_view text) {
  return text.starts_with('0') && text != "0" ? std::nullopt : decimal(text);
}

std::optional<std::uint16_t> as_port(std::optional<int> number) {
  return number && *number >= 1 && *number <= 65535
             ? std::optional(static_cast<std::uint16_t>(*number))
             : std::nullopt;
}

bool is_label_character(char character) {
  return is_lower_alphanumeric(character) || character == '-' || character == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, is_label_character);
}

bool is_host_name(std::string_view name) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  if (name.empty() || name.size() > longest_name) {
    return false;
  }
  // A last label of digits only would be a mistyped IPv4 address.
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (std::ranges::all_of(last, is_digit)) {
    return false;
  }
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    if (!is_label(name.substr(0, dot))) {
      return false;
    }
    name.remove_prefix(dot + 1);
  }
  return is_label(name);
}

/// Other programs are less strict: the characters of a name, in any order.
bool has_characters_of_a_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::ranges::all_of(lower_case(text), [](char character) {
           return character == '.' || is_label_character(character);
         });
}

struct Parts {
  std::string_view host;
  std::string_view rest;  ///< Empty, or `:port`.
};

std::optional<Parts> split(std::string_view text) {
  if (!text.starts_with('[')) {
    const auto colon = std::min(text.find(':'), text.size());
    const Parts parts{text.substr(0, colon), text.substr(colon)};
    return has_characters_of_a_name(parts.host) ? std::optional(parts) : std::nullopt;
  }
  const auto bracket = text.find(']');
  if (bracket == std::string_view::npos) {
    return std::nullopt;
  }
  const Parts parts{text.substr(1, bracket - 1), text.substr(bracket + 1)};
  return is_ipv6(parts.host) ? std::optional(parts) : std::nullopt;
}

/// RFC 3986 requires escapes for white space, control characters and bytes beyond ASCII, and for
/// these characters.
bool is_path_character(char character) {
  return character > ' ' && character < '\x7F' &&
         std::string_view("\"<>\\^`{|}").find(character) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> normalized_host(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const auto address = parse_ip_address(bracketed ? text.substr(1, text.size() - 2) : text);
  if (address) {
    return bracketed && address->family == AF_INET ? std::nullopt
                                                   : std::optional(to_text(*address));
  }
  const std::string name = lower_case(text);
  return is_host_name(name) ? std::optional(name) : std::nullopt;
}

std::optional<std::string> host_within(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  text.remove_prefix(text.find('@') == std::string_view::npos ? 0 : text.find('@') + 1);
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && port_number(text.substr(colon + 1))) {
    text = text.substr(0, colon);
  }
  return normalized_host(text);
}

std::optional<std::string> normalized_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto address = parse_ip_address(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  const auto bits =
      slash == std::string_view::npos ? address->bits() : canonical_decimal(text.substr(slash + 1));
  if (!bits || *bits > address->bits()) {
    return std::nullopt;
  }
  clear_host_bits(*address, *bits);
  return to_text(*address) + '/' + std::to_string(*bits);
}

bool is_ipv6(std::string_view text) {
  const auto address = parse_ip_address(text);
  return address && address->family == AF_INET6;
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  return as_port(canonical_decimal(text));
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string_view::npos;
  std::string joined = ipv6 ? '[' + std::string(host) + ']' : std::string(host);
  return joined += ':' + std::to_string(port);
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto parts = split(text);
  if (!parts) {
    return std::nullopt;
  }
  if (parts->rest.empty()) {
    return HostPort{.host = std::string(parts->host), .port = std::nullopt};
  }
  const auto port =
      parts->rest.starts_with(':') ? as_port(decimal(parts->rest.substr(1))) : std::nullopt;
  return port ? std::optional(HostPort{.host = std::string(parts->host), .port = port})
              : std::nullopt;
}

std::optional<Url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  Url url{.scheme = lower_case(text.substr(0, colon))};
  if (url.scheme != "http" && url.scheme != "https") {
    return std::nullopt;
  }
  text.remove_prefix(colon + 3);
  const auto authority_end = std::min(text.find_first_of("/?#"), text.size());
  const auto host_port = parse_host_port(text.substr(0, authority_end));
  auto path = text.substr(authority_end, text.find_first_of("?#") - authority_end);
  if (!host_port || !std::ranges::all_of(path, is_path_character)) {
    return std::nullopt;
  }
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  url.host = host_port->host;
  url.port = host_port->port.value_or(url.scheme == "https" ? 443 : 80);
  url.path = path;
  return url;
}

std::string pod_name(std::string_view unit, std::string_view model) {
  std::string pod(unit);
  std::ranges::replace(pod, '/', '-');
  const auto app = unit.substr(0, unit.find('/'));
  return pod.append(".")
      .append(app)
      .append("-endpoints.")
      .append(model)
      .append(".svc.cluster.local");
}

}  // namespace charm
