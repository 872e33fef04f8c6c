// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"

#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

namespace contract {
namespace {

using nlohmann::json;

/// A page of Hockeypuck 2.3.3 with four partners, of which the last is masked.
json recorded() {
  std::ifstream file(TEST_DATA_DIR "/hockeypuck/statistics-2.3.json");
  return json::parse(file);
}

std::set<std::string> members(const json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.insert(name);
  }
  return names;
}

class StatisticsPage : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    auto& sections = keyserver().settings.sections;
    sections["conflux.recon.partner.peer1"] = {{"httpAddr", quoted("127.0.0.1:1")},
                                               {"reconAddr", quoted("127.0.0.1:2")}};
    sections["conflux.recon.partner.proxy1"] = {{"httpAddr", quoted("traefik.example:11371")},
                                                {"reconAddr", quoted("traefik.example:11370")},
                                                {"weight", "-1"},
                                                {"mask", "true"}};
    keyserver().start();
  }

  std::string text() { return keyserver().get("/pks/lookup?op=stats&options=json").body; }

  json page() { return json::parse(text()); }
};

FOR_EVERY_KEYSERVER(StatisticsPage);

TEST_P(StatisticsPage, HasTheMembersOfARecordedOne) {
  add("key01_ed25519");
  EXPECT_EQ(members(page()), members(recorded()));
  const json peers = page().at("peers");
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(members(peers[0]), members(recorded().at("peers").at(0)));
  EXPECT_EQ(members(peers[1]), members(recorded().at("peers").at(3)));
  EXPECT_EQ(members(page().at("queryConfig")), members(recorded().at("queryConfig")));
}

TEST_P(StatisticsPage, HidesTheAddressesOfAMaskedPartner) {
  const json proxy = page().at("peers").at(1);
  EXPECT_EQ(proxy.at("Name"), "proxy1");
  EXPECT_EQ(proxy.at("httpAddr"), "t****1");
  EXPECT_EQ(proxy.at("reconAddr"), "t****0");
  EXPECT_EQ(proxy.at("masked"), true);
}

TEST_P(StatisticsPage, IsUnderstoodByTheCharm) {
  const auto read = charm::keyserver::parse_statistics(text());
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->version.empty());
  EXPECT_TRUE(read->now);
  EXPECT_EQ(read->total, 0);
  ASSERT_EQ(read->peers.size(), 2U);
  EXPECT_EQ(read->peers[0].recon_address, "127.0.0.1:2");
  EXPECT_TRUE(read->peers[1].masked);
  for (const auto& peer : read->peers) {
    EXPECT_EQ(peer.incoming, charm::keyserver::PartnerExchange{}) << peer.name;
  }
}

}  // namespace
}  // namespace contract
