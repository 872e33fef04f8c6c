// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_message.hpp"

#include "rehearsal/keyserver/hash_query.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/recon_configuration.hpp"
#include "tests/contract/keyserver/raw_peer.hpp"
#include "tests/contract/keyserver/recorded_recon.hpp"

#include <gtest/gtest.h>

namespace contract {
namespace {

namespace ks = rehearsal::keyserver;
using ks::ReconMessageType;

/// Without the length in front.
ks::ReconMessage message_of(const std::string& recorded) {
  return ks::parse_recon_message(from_hex(recorded.substr(8)));
}

TEST(ReconMessage, IsWrittenAndReadAsHockeypuckSendsIt) {
  const ks::ReconMessage flush{.type = ReconMessageType::flush};
  EXPECT_EQ(ks::serialize(flush), from_hex(recorded_flush));
  EXPECT_EQ(message_of(recorded_flush), flush);
  EXPECT_EQ(message_of(recorded_done), ks::ReconMessage{.type = ReconMessageType::done});
}

TEST(ReconMessage, CarriesAConfiguration) {
  ks::Configuration settings;
  settings.recon_http_address = "127.0.0.1:21011";
  const ks::ReconConfiguration configuration = ks::recon_configuration(settings);
  const ks::ReconMessage message{.type = ReconMessageType::configuration,
                                 .body = ks::serialize(configuration)};
  EXPECT_EQ(ks::serialize(message), from_hex(recorded_configuration));
  EXPECT_EQ(ks::parse_recon_configuration(message_of(recorded_configuration).body), configuration);
}

TEST(ReconMessage, SortsFiltersAndSaysEachOnce) {
  ks::Configuration settings;
  settings.recon_filters = {"site:test", "aaa", "yminsky.merge"};
  const std::string filters = ks::recon_configuration(settings).filters;
  EXPECT_TRUE(filters.starts_with("aaa,drop:UAT,")) << filters;
  EXPECT_TRUE(filters.ends_with(",site:test,versions:34,yminsky.dedup,yminsky.merge")) << filters;
}

TEST(ReconMessage, CarriesDigests) {
  const ks::FullRequest request{.digests = {digest_of_key01}};
  const ks::ReconMessage message{.type = ReconMessageType::request_full,
                                 .body = ks::serialize(request)};
  EXPECT_EQ(ks::serialize(message), from_hex(recorded_full_request));
  EXPECT_EQ(ks::parse_full_request(message_of(recorded_full_request).body), request);
  EXPECT_EQ(ks::parse_digests(message_of(recorded_no_elements).body), ks::Digests{});
  const ks::Digests ends_in_zero{"4d6e876efd9b604dc5700bd663e8ea00"};
  EXPECT_EQ(ks::parse_digests(ks::serialize(ends_in_zero)), ends_in_zero);
}

TEST(ReconMessage, MustBeComplete) {
  const std::string request = message_of(recorded_full_request).body;
  EXPECT_THROW(ks::parse_recon_message(""), ks::MalformedData);
  EXPECT_THROW(ks::parse_full_request(request.substr(0, request.size() - 1)), ks::MalformedData);
  const std::string configuration = message_of(recorded_configuration).body;
  EXPECT_THROW(ks::parse_recon_configuration(configuration.substr(0, configuration.size() - 1)),
               ks::MalformedData);
  const std::string path_longer_than_its_octets = from_hex("00000009000000014d00000000");
  EXPECT_THROW(ks::parse_full_request(path_longer_than_its_octets), ks::MalformedData);
  const std::string element_above_all_digests =
      from_hex("000000014d6e876efd9b604dc5700bd663e8ea1901");
  EXPECT_THROW(ks::parse_digests(element_above_all_digests), ks::MalformedData);
}

TEST(ReconMessage, NamesANodeByTheFirstBitsOfDigests) {
  const auto leads = [](std::size_t bits, const char* octets) {
    return ks::TreePath{.bits = bits, .octets = from_hex(octets)}.leads_to(digest_of_key01);
  };
  // 4d 6e is 0100 1101 0110 1110.
  EXPECT_TRUE(leads(0, ""));
  EXPECT_TRUE(leads(2, "40"));
  EXPECT_FALSE(leads(2, "80"));
  EXPECT_TRUE(leads(6, "4c"));
  EXPECT_FALSE(leads(6, "48"));
  EXPECT_TRUE(leads(10, "4d40"));
  EXPECT_FALSE(leads(10, "4d80"));
}

TEST(HashQuery, IsWrittenAndReadAsHockeypuckSendsIt) {
  EXPECT_EQ(ks::serialize_hash_query({digest_of_key01}), from_hex(recorded_hash_query));
  EXPECT_EQ(ks::parse_hash_query(from_hex(recorded_hash_query)),
            std::vector<std::string>{digest_of_key01});
  EXPECT_THROW(ks::parse_hash_query(from_hex("0000000200000001ff")), ks::MalformedData);
}

TEST(HashQuery, IsAnsweredWithKeysAndALineEnd) {
  const std::vector<std::string> keys{"one", "three"};
  const std::string answer = from_hex("00000002000000036f6e65000000057468726565") + "\r\n";
  EXPECT_EQ(ks::serialize_found_keys(keys), answer);
  EXPECT_EQ(ks::parse_found_keys(answer), keys);
}

}  // namespace
}  // namespace contract
