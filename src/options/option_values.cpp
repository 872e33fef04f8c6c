// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "option_values.hpp"

#include "charm/domain/address.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/domain/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

namespace charm {
namespace {

[[noreturn]] void refuse(std::string_view value, const std::string& reason) {
  throw InputError(": " + reason + ": " + excerpt(value));
}

/// Normalizes each item and drops repeated ones.
std::vector<std::string> parse_items(const std::vector<std::string_view>& items,
                                     std::optional<std::string> (*normalized)(std::string_view),
                                     const char* requirement) {
  std::vector<std::string> values;
  std::size_t number = 0;
  for (const std::string_view item : items) {
    ++number;
    const auto value = normalized(item);
    if (!value) {
      throw InputError(", item " + std::to_string(number) + ": " + requirement + ": " +
                       excerpt(item));
    }
    if (std::ranges::find(values, *value) == values.end()) {
      values.push_back(*value);
    }
  }
  return values;
}

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool is_name_character(char character) {
  return is_letter(character) || (character >= '0' && character <= '9') || character == '_' ||
         character == '-';
}

std::uint16_t parse_port(std::string_view text, const char* name) {
  const auto port = port_number(text);
  if (!port) {
    throw InputError(std::string("the ") + name + " port must be a number from 1 to 65535");
  }
  return *port;
}

void add_source_network(std::string_view text, ExternalPeer& peer) {
  if (text.empty()) {
    return;
  }
  const auto network = normalized_network(text);
  if (!network) {
    throw InputError("a source network must look like 192.0.2.0/24");
  }
  if (std::ranges::find(peer.source_cidrs, *network) == peer.source_cidrs.end()) {
    peer.source_cidrs.push_back(*network);
  }
}

ExternalPeer parse_peer(std::string_view line) {
  const auto parts = fields(line, ",");
  const auto host = normalized_host(parts[0]);
  if (!host) {
    throw InputError("the address must be a host name or an IP address");
  }
  ExternalPeer peer{.host = *host};
  if (parts.size() == 1) {
    return peer;
  }
  if (parts.size() == 2) {
    throw InputError("must be address,http-port,recon-port");
  }
  peer.http_port = parse_port(parts[1], "HTTP");
  peer.recon_port = parse_port(parts[2], "recon");
  for (const std::string_view network : std::span(parts).subspan(3)) {
    add_source_network(network, peer);
  }
  return peer;
}

using LineOfAddress = std::map<std::pair<std::string, std::uint16_t>, std::size_t>;

void refuse_duplicate(const ExternalPeer& peer, std::size_t line, LineOfAddress& seen) {
  const auto [first, added] = seen.try_emplace({peer.host, peer.recon_port}, line);
  if (!added) {
    throw InputError("duplicate of line " + std::to_string(first->second));
  }
}

}  // namespace

std::vector<ExternalPeer> parse_external_peers(std::string_view text) {
  std::vector<ExternalPeer> peers;
  LineOfAddress seen;
  std::size_t number = 0;
  for (const std::string_view line : fields(text, "\n")) {
    ++number;
    const std::string_view entry = trimmed(line.substr(0, line.find('#')));
    if (entry.empty()) {
      continue;
    }
    try {
      peers.push_back(parse_peer(entry));
      refuse_duplicate(peers.back(), number, seen);
    } catch (const InputError& error) {
      throw InputError(", line " + std::to_string(number) + ": " + error.what() + ": " +
                       excerpt(entry));
    }
  }
  return peers;
}

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
    refuse(text, "must have only letters, digits, - and _, and begin with a letter or _");
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

Uploads parse_uploads(std::string_view text) {
  const std::string value = lower_case(text);
  for (const Uploads uploads : {Uploads::all, Uploads::updates, Uploads::none}) {
    if (value == to_string(uploads)) {
      return uploads;
    }
  }
  refuse(text, "must be all, updates or none");
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
