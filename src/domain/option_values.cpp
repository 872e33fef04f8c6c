// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "option_values.hpp"

#include "address.hpp"
#include "charm/domain/words.hpp"
#include "excerpt.hpp"
#include "fingerprint.hpp"
#include "option_error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace charm {
namespace {

[[noreturn]] void refuse(std::string_view value, const std::string& reason) {
  throw OptionError(": " + excerpt(value) + ": " + reason);
}

/// Normalises each item and drops repeated ones.
std::vector<std::string> parse_items(const std::vector<std::string_view>& items,
                                     std::optional<std::string> (*normalized)(std::string_view),
                                     const char* requirement) {
  std::vector<std::string> values;
  std::size_t number = 0;
  for (const std::string_view item : items) {
    ++number;
    const auto value = normalized(item);
    if (!value) {
      throw OptionError(", item " + std::to_string(number) + ": " + excerpt(item) + ": " +
                        requirement);
    }
    if (std::ranges::find(values, *value) == values.end()) {
      values.push_back(*value);
    }
  }
  return values;
}

/// Returns the host inside a URL or before a port, if there is one.
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

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool is_name_character(char character) {
  return is_letter(character) || (character >= '0' && character <= '9') || character == '_' ||
         character == '-';
}

}  // namespace

std::vector<std::string> parse_fingerprints(std::string_view text) {
  const std::vector<std::string> candidates = listed_fingerprints(text);
  return parse_items({candidates.begin(), candidates.end()}, normalized_fingerprint,
                     "must be a full fingerprint, 40 or 64 hexadecimal digits");
}

std::string parse_fingerprint(std::string_view text) {
  const auto fingerprints = parse_fingerprints(text);
  if (fingerprints.size() != 1) {
    refuse(text, "must be one full fingerprint");
  }
  return fingerprints.front();
}

std::vector<std::string> parse_networks(std::string_view text) {
  constexpr std::string_view separators = ", \t\r\n\v\f";
  return parse_items(words(text, separators), normalized_network,
                     "must be a network like 192.0.2.0/24 or an IP address");
}

std::string parse_hostname(std::string_view text) {
  const auto host = normalized_host(text);
  if (host) {
    return *host;
  }
  const auto inner = host_within(text);
  refuse(text, inner ? "must be only the host name or IP address, try " + excerpt(*inner)
                     : std::string("must be a host name or an IP address"));
}

std::string parse_database_name(std::string_view text) {
  constexpr std::size_t longest = 49;
  constexpr std::array reserved = {"all",      "databases", "postgres",  "replication", "samegroup",
                                   "samerole", "sameuser",  "template0", "template1"};
  const bool begins_well = is_letter(text.front()) || text.front() == '_';
  if (!begins_well || !std::ranges::all_of(text, is_name_character)) {
    refuse(text, "must be letters, digits, - and _, beginning with a letter or _");
  }
  if (text.size() > longest) {
    refuse(text, "must be at most 49 characters long");
  }
  if (std::ranges::find(reserved, lower_case(text)) != reserved.end()) {
    refuse(text, "is reserved by PostgreSQL");
  }
  return std::string(text);
}

std::optional<LogForwarder> parse_log_forwarder(std::string_view text) {
  const std::string forwarder = lower_case(text);
  if (forwarder == "pebble") {
    return LogForwarder::pebble;
  }
  if (forwarder == "promtail") {
    return LogForwarder::promtail;
  }
  refuse(text, "must be pebble or promtail");
}

std::string parse_log_level(std::string_view text) {
  constexpr std::array levels = {"debug", "info", "warning", "error"};
  std::string level = lower_case(text);
  if (std::ranges::find(levels, level) == levels.end()) {
    refuse(text, "must be debug, info, warning or error");
  }
  return level;
}

}  // namespace charm
