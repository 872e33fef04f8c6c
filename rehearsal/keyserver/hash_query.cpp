// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/hash_query.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <algorithm>

namespace rehearsal::keyserver {
namespace {

constexpr std::size_t number_octets = 4;

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
  // SKS wanted a line end after the last key.
  return serialize_list(keys) + "\r\n";
}

std::vector<std::string> parse_found_keys(std::string_view body) {
  return parse_list(body);
}

}  // namespace rehearsal::keyserver
