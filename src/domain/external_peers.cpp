// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"
#include "charm/domain/words.hpp"
#include "excerpt.hpp"
#include "option_error.hpp"
#include "option_values.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

namespace charm {
namespace {

std::uint16_t parse_port(std::string_view text, const char* name) {
  const auto port = port_number(text);
  if (!port) {
    throw OptionError(std::string("the ") + name + " port must be a number from 1 to 65535");
  }
  return *port;
}

void add_source_network(std::string_view text, ExternalPeer& peer) {
  if (text.empty()) {
    return;
  }
  const auto network = normalized_network(text);
  if (!network) {
    throw OptionError("the source network " + excerpt(text) + " must look like 192.0.2.0/24");
  }
  if (std::ranges::find(peer.source_cidrs, *network) == peer.source_cidrs.end()) {
    peer.source_cidrs.push_back(*network);
  }
}

ExternalPeer parse_peer(std::string_view line) {
  const auto parts = fields(line, ",");
  const auto host = normalized_host(parts[0]);
  if (!host) {
    throw OptionError("the address must be a host name or an IP address");
  }
  ExternalPeer peer{.host = *host};
  if (parts.size() == 1) {
    return peer;
  }
  if (parts.size() == 2) {
    throw OptionError("must be address,http-port,recon-port");
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
    throw OptionError("the same keyserver stands in line " + std::to_string(first->second));
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
    } catch (const OptionError& error) {
      throw OptionError(", line " + std::to_string(number) + ": " + excerpt(entry) + ": " +
                        error.what());
    }
  }
  return peers;
}

}  // namespace charm
