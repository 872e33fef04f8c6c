// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_message.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <algorithm>

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
      throw MalformedData("an element of reconciliation that is no digest");
    }
  }
  return digests;
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
    throw MalformedData("a node of the prefix tree that cannot be");
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

}  // namespace rehearsal::keyserver
