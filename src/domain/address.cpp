// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include "charm/domain/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

#include <arpa/inet.h>

namespace charm {
namespace {

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

/// Takes digits only, no sign and no leading zero.
std::optional<int> decimal(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool canonical =
      text == "0" || (!text.empty() && text.front() >= '1' && text.front() <= '9');
  if (error != std::errc{} || end != text.data() + text.size() || !canonical) {
    return std::nullopt;
  }
  return value;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

bool is_label_character(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'z') || character == '-' ||
         character == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, is_label_character);
}

bool is_host_name(std::string_view name) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  if (name.empty() || name.size() > 253) {
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

std::optional<std::string> normalized_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto address = parse_ip_address(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  const auto bits =
      slash == std::string_view::npos ? address->bits() : decimal(text.substr(slash + 1));
  if (!bits || *bits > address->bits()) {
    return std::nullopt;
  }
  clear_host_bits(*address, *bits);
  return to_text(*address) + '/' + std::to_string(*bits);
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  const auto number = decimal(text);
  if (!number || *number < 1 || *number > 65535) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(*number);
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string_view::npos;
  std::string joined = ipv6 ? '[' + std::string(host) + ']' : std::string(host);
  return joined += ':' + std::to_string(port);
}

}  // namespace charm
