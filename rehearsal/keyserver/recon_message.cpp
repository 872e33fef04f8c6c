// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_message.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace rehearsal::keyserver {
namespace {

constexpr std::size_t number_octets = 4;
constexpr std::size_t digest_octets = 16;
constexpr std::size_t octet_bits = 8;

Digests take_digests(OctetReader& reader) {
  const std::uint64_t count = reader.number(number_octets);
  Digests digests;
  for (std::uint64_t i = 0; i < count; ++i) {
    digests.insert(hex_of(reader.take(digest_octets)));
    if (reader.octet() != 0) {
      throw MalformedData("an element of reconciliation that is not a digest");
    }
  }
  return digests;
}

/// The filters that every Hockeypuck 2.2 and 2.3 declares for its keys.
constexpr const char* own_filters =
    "drop:UAT,drop:hardRevokedCruft,drop:implausible,drop:invalidSelfSig,drop:structuralMartian,"
    "drop:unbound,drop:unparseable,schema:application/pgp-keys,versions:34,yminsky.dedup,"
    "yminsky.merge";

std::string serialize_number(std::string_view name, std::uint64_t number) {
  return serialize_text(name) + serialize_text(octets_of(number, number_octets));
}

std::string_view take_text(OctetReader& reader) {
  return reader.take(reader.number(number_octets));
}

std::uint32_t number_of(std::string_view octets) {
  if (octets.size() != number_octets) {
    throw MalformedData("a number of reconciliation must have four octets");
  }
  return static_cast<std::uint32_t>(OctetReader(octets).number(number_octets));
}

void set(ReconConfiguration& configuration, std::string_view name, std::string_view value) {
  if (name == "version") {
    configuration.version = value;
  } else if (name == "http port") {
    configuration.http_port = static_cast<std::uint16_t>(number_of(value));
  } else if (name == "bitquantum") {
    configuration.bit_quantum = number_of(value);
  } else if (name == "mbar") {
    configuration.mbar = number_of(value);
  } else if (name == "filters") {
    configuration.filters = value;
  }
}

std::string serialize_list(const std::vector<std::string>& list) {
  std::string result = octets_of(list.size(), number_octets);
  for (const std::string& entry : list) {
    result += octets_of(entry.size(), number_octets) + entry;
  }
  return result;
}

std::vector<std::string> parse_list(std::string_view body) {
  OctetReader reader(body);
  std::vector<std::string> list;
  for (std::uint64_t left = reader.number(number_octets); left > 0; --left) {
    list.emplace_back(reader.take(reader.number(number_octets)));
  }
  return list;
}

}  // namespace

std::string serialize(const ReconMessage& message) {
  return octets_of(message.body.size() + 1, number_octets) + static_cast<char>(message.type) +
         message.body;
}

ReconMessage parse_recon_message(std::string_view octets) {
  OctetReader reader(octets);
  const auto type = static_cast<ReconMessageType>(reader.octet());
  return {.type = type, .body = std::string(reader.rest())};
}

std::string serialize_text(std::string_view text) {
  return octets_of(text.size(), number_octets).append(text);
}

bool TreePath::leads_to(const std::string& digest) const {
  const std::string digest_bits = octets_of_hex(digest.substr(0, 2 * octets.size()));
  for (std::size_t i = 0; i < bits; ++i) {
    const std::size_t octet = i / octet_bits;
    const unsigned difference =
        static_cast<unsigned char>(octets.at(octet) ^ digest_bits.at(octet));
    if ((difference << i % octet_bits & 0x80U) != 0) {
      return false;
    }
  }
  return true;
}

std::string serialize(const FullRequest& request) {
  return octets_of(request.node.bits, number_octets) + serialize_text(request.node.octets) +
         serialize(request.digests);
}

FullRequest parse_full_request(std::string_view body) {
  OctetReader reader(body);
  FullRequest request;
  request.node.bits = reader.number(number_octets);
  request.node.octets = reader.take(reader.number(number_octets));
  if (request.node.bits > std::min(request.node.octets.size(), digest_octets) * octet_bits) {
    throw MalformedData("an impossible node of the prefix tree");
  }
  request.digests = take_digests(reader);
  return request;
}

std::string serialize(const Digests& digests) {
  std::string result = octets_of(digests.size(), number_octets);
  for (const std::string& digest : digests) {
    result += octets_of_hex(digest) + '\0';
  }
  return result;
}

Digests parse_digests(std::string_view body) {
  OctetReader reader(body);
  return take_digests(reader);
}

ReconConfiguration recon_configuration(const Configuration& configuration) {
  return {.version = "1.1.6",
          .http_port = parse_listen_address(configuration.recon_http_address).port,
          .bit_quantum = 2,
          .mbar = 5,
          .filters = own_filters};
}

std::string serialize(const ReconConfiguration& configuration) {
  constexpr std::uint64_t values = 5;
  return octets_of(values, number_octets) + serialize_text("version") +
         serialize_text(configuration.version) +
         serialize_number("http port", configuration.http_port) +
         serialize_number("bitquantum", configuration.bit_quantum) +
         serialize_number("mbar", configuration.mbar) + serialize_text("filters") +
         serialize_text(configuration.filters);
}

ReconConfiguration parse_recon_configuration(std::string_view body) {
  OctetReader reader(body);
  ReconConfiguration configuration;
  for (std::uint64_t left = reader.number(number_octets); left > 0; --left) {
    const std::string_view name = take_text(reader);
    set(configuration, name, take_text(reader));
  }
  return configuration;
}

std::optional<Mismatch> mismatch_of(const ReconConfiguration& local,
                                    const ReconConfiguration& remote) {
  const auto differs = [](const Mismatch& value) { return value.local != value.remote; };
  const std::array values{
      Mismatch{"mismatched protocol version", "mismatched protocol version", "Version",
               local.version, remote.version},
      Mismatch{"mismatched bitquantum", "mismatched BitQuantum values", "Bitquantum",
               std::to_string(local.bit_quantum), std::to_string(remote.bit_quantum)},
      Mismatch{"mismatched mbar", "mismatched MBar", "MBar", std::to_string(local.mbar),
               std::to_string(remote.mbar)},
      Mismatch{"mismatched filters", "mismatched filters", "Filters", local.filters,
               remote.filters}};
  const auto* const found = std::ranges::find_if(values, differs);
  return found == values.end() ? std::nullopt : std::optional(*found);
}

std::string serialize_hash_query(const std::vector<std::string>& digests) {
  std::vector<std::string> octets;
  std::ranges::transform(digests, std::back_inserter(octets), octets_of_hex);
  return serialize_list(octets);
}

std::vector<std::string> parse_hash_query(std::string_view body) {
  std::vector<std::string> digests;
  for (const std::string& octets : parse_list(body)) {
    std::string digest = hex_of(octets);
    if (std::ranges::find(digests, digest) == digests.end()) {
      digests.push_back(std::move(digest));
    }
  }
  return digests;
}

std::string serialize_found_keys(const std::vector<std::string>& keys) {
  // SKS required a newline after the last key.
  return serialize_list(keys) + "\r\n";
}

std::vector<std::string> parse_found_keys(std::string_view body) {
  return parse_list(body);
}

}  // namespace rehearsal::keyserver
