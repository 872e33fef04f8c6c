// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <sstream>
#include <tuple>

namespace contract {
namespace {

using nlohmann::json;

/// A keyserver with its own database.
struct Side {
  explicit Side(Program program) : server(program, cluster) {
    server.settings.sections["conflux.recon"]["gossipIntervalSecs"] = "2";
    if (program == Program::hockeypuck) {
      // With this value, a few keys make a tree of several levels.
      server.settings.sections["conflux.recon"]["threshMult"] = "1";
    }
    server.settings.sections[""]["adminKeys"] = "[" + quoted(fingerprint::admin) + "]";
  }

  std::string digests() const {
    return cluster.psql("SELECT md5 FROM keys ORDER BY 1", Keyserver::database);
  }

  void add(const std::string& name) const {
    EXPECT_EQ(server.post("/pks/add", {{"keytext", key_text(name)}}).status, 200) << name;
  }

  bool has(const std::string& fingerprint) const {
    return server.get("/pks/lookup?op=get&search=0x" + fingerprint).status == 200;
  }

  bool logged(const std::string& words) const {
    return server.log().find(words) != std::string::npos;
  }

  /// The value of a sample, given with its labels; 0 if there is none.
  double sample(const std::string& name) const {
    std::istringstream lines(server.metrics().body);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) {
        return std::stod(line.substr(name.size() + 1));
      }
    }
    return 0;
  }

  /// The only partner in its statistics.
  json partner() const { return json::parse(server.get("/pks/stats").body).at("peers").at(0); }

  test::PostgresCluster cluster;
  Keyserver server;
};

/// Two keyservers, of the same program or not.
class Recon : public testing::TestWithParam<std::tuple<Program, Program>> {
 protected:
  void SetUp() override {
    const auto [one, other] = GetParam();
    if (!path_of(one) || !path_of(other)) {
      GTEST_SKIP() << "there is no hockeypuck on PATH";
    }
    first_ = std::make_unique<Side>(one);
    second_ = std::make_unique<Side>(other);
  }

  Side& first() { return *first_; }

  Side& second() { return *second_; }

  static void make_partner(Side& side, const Side& partner) {
    const auto local = [](std::uint16_t port) {
      return quoted("127.0.0.1:" + std::to_string(port));
    };
    side.server.settings.sections["conflux.recon.partner.other"] = {
        {"httpAddr", local(partner.server.port())},
        {"reconAddr", local(partner.server.recon_port())}};
  }

  void make_partners() {
    make_partner(first(), second());
    make_partner(second(), first());
  }

  void start() {
    first().server.start();
    second().server.start();
  }

  void expect_same_keys() {
    EXPECT_TRUE(test::eventually([this] { return first().digests() == second().digests(); }))
        << first().server.log() << second().server.log();
  }

 private:
  std::unique_ptr<Side> first_;
  std::unique_ptr<Side> second_;
};

INSTANTIATE_TEST_SUITE_P(Keyserver, Recon,
                         testing::Combine(testing::Values(Program::rehearsal, Program::hockeypuck),
                                          testing::Values(Program::rehearsal, Program::hockeypuck)),
                         [](const auto& pair) {
                           return testing::PrintToString(std::get<0>(pair.param)) +
                                  testing::PrintToString(std::get<1>(pair.param));
                         });

TEST_P(Recon, BringsAKeyToTheOtherSide) {
  make_partners();
  start();
  first().add("key01_ed25519");
  second().add("key02_ed25519_multiuid");
  for (const Side* side : {&first(), &second()}) {
    EXPECT_TRUE(test::eventually([&] {
      return side->has(fingerprint::key01) && side->has(fingerprint::key02);
    })) << side->server.log();
    EXPECT_EQ(side->sample("hockeypuck_keys_added"), 2);
    EXPECT_GE(side->sample(R"(conflux_reconciliation_items_recovered{peer="127.0.0.1"})"), 1);
  }
  expect_same_keys();
}

TEST_P(Recon, IsInTheMetricsAndTheStatistics) {
  make_partners();
  start();
  for (const Side* side : {&first(), &second()}) {
    const std::string event = "conflux_reconciliation_event_time_seconds";
    for (const std::string labels : {R"({event="initiate",peer="127.0.0.1",role="client"})",
                                     R"({event="success",peer="127.0.0.1",role="client"})",
                                     R"({event="initiate",peer="127.0.0.1",role="server"})",
                                     R"({event="success",peer="127.0.0.1",role="server"})"}) {
      EXPECT_TRUE(test::eventually([&] { return side->sample(event + labels) > 1e9; })) << labels;
    }
    EXPECT_GT(side->sample(R"(conflux_reconciliation_success{peer="127.0.0.1"})"), 0);
    const std::string seconds = "conflux_reconciliation_duration_seconds";
    EXPECT_GT(side->sample(seconds + R"(_bucket{peer="127.0.0.1",result="success",le="1000"})"), 0);
    const json partner = side->partner();
    EXPECT_EQ(partner.at("LastOutgoingError"), "%!q(<nil>)");
    EXPECT_NE(partner.at("LastOutgoingRecon"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(partner.at("LastIncomingRecon"), "0001-01-01T00:00:00Z")
        << "a visitor from a loopback address is not the partner";
    EXPECT_EQ(partner.at("ReconStatus"), "OK");
  }
}

TEST_P(Recon, GoesBothWaysWhenOneSideVisits) {
  make_partner(first(), second());
  start();
  first().add("key01_ed25519");
  second().add("key02_ed25519_multiuid");
  EXPECT_TRUE(test::eventually([&] {
    return first().has(fingerprint::key02) && second().has(fingerprint::key01);
  })) << first().server.log()
      << second().server.log();
}

TEST_P(Recon, DoesNotVisitAPartnerOfNegativeWeight) {
  make_partner(first(), second());
  first().server.settings.sections["conflux.recon.partner.other"]["weight"] = "-1";
  first().server.settings.sections["conflux.recon"]["reconAddr"] = quoted("none");
  start();
  EXPECT_TRUE(test::eventually([&] { return first().logged("for next gossip attempt"); }));
  EXPECT_FALSE(first().logged("initiating recon"));
}

TEST_P(Recon, BringsManyKeys) {
  start();
  for (const std::string& name : public_key_names()) {
    (name < "key05" ? first() : second()).add(name);
  }
  EXPECT_NE(first().digests(), second().digests());
  for (Side* side : {&first(), &second()}) {
    EXPECT_EQ(side->server.stop(15), 0);
  }
  make_partners();
  start();
  expect_same_keys();
}

TEST_P(Recon, MergesWhatEitherSideKnowsOfAKey) {
  make_partners();
  start();
  first().add("key18_ed25519_carol_unsigned");
  second().add("key18_ed25519_carol_signed_by_dave");
  const std::string merged = second().digests();
  expect_same_keys();
  EXPECT_EQ(first().digests(), merged);
}

TEST_P(Recon, BringsADeletedKeyBack) {
  make_partners();
  start();
  first().add("admin.pub");
  first().add("key11_rsa2048");
  expect_same_keys();
  EXPECT_EQ(first().sample("hockeypuck_keys_added"), 2);
  EXPECT_EQ(first()
                .server
                .post("/pks/delete", {{"keytext", request_text("delete_key11.keytext")},
                                      {"keysig", request_text("delete_key11.keysig")}})
                .status,
            200);
  EXPECT_TRUE(test::eventually([&] { return first().sample("hockeypuck_keys_added") == 3; }));
  EXPECT_TRUE(first().has(fingerprint::key11));
}

TEST_P(Recon, FetchesARefusedKeyOnce) {
  make_partners();
  start();
  first().cluster.psql(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;"
      "CREATE TRIGGER refuse BEFORE INSERT ON keys FOR EACH ROW EXECUTE FUNCTION refuse()",
      Keyserver::database);
  second().add("key01_ed25519");
  EXPECT_TRUE(test::eventually([&] {
    return first().logged("recovering 0 instead of 1 due to seenCache(1)");
  })) << first().server.log();
  EXPECT_EQ(first().digests(), "");
}

TEST_P(Recon, OffersWhatIsInTheTreeAndNotWhatIsInTheDatabase) {
  start();
  first().add("key01_ed25519");
  first().add("key02_ed25519_multiuid");
  EXPECT_EQ(first().server.stop(15), 0);
  EXPECT_EQ(second().server.stop(15), 0);
  std::filesystem::remove_all(first().server.tree());
  make_partners();
  start();
  first().add("key11_rsa2048");
  EXPECT_TRUE(test::eventually([&] { return second().has(fingerprint::key11); }))
      << second().server.log();
  EXPECT_FALSE(second().has(fingerprint::key01));
  EXPECT_EQ(first().server.total(), 1);
}

TEST_P(Recon, BringsBackToTheTreeWhatThePartnerHasToo) {
  start();
  first().add("key01_ed25519");
  second().add("key01_ed25519");
  EXPECT_EQ(first().server.stop(15), 0);
  EXPECT_EQ(second().server.stop(15), 0);
  std::filesystem::remove_all(first().server.tree());
  make_partners();
  start();
  EXPECT_TRUE(test::eventually([&] { return first().server.total() == 1; }))
      << first().server.log();
  EXPECT_EQ(first().sample("hockeypuck_keys_added"), 0);
}

TEST_P(Recon, TakesOutOfTheTreeWhatThePartnerAskedForInVain) {
  start();
  first().add("key01_ed25519");
  EXPECT_EQ(first().server.stop(15), 0);
  EXPECT_EQ(second().server.stop(15), 0);
  first().cluster.psql("TRUNCATE keys, subkeys, userids", Keyserver::database);
  make_partners();
  start();
  EXPECT_EQ(first().server.total(), 1);
  EXPECT_TRUE(test::eventually([&] { return first().server.total() == 0; }))
      << first().server.log();
  EXPECT_EQ(first().sample("hockeypuck_keys_removed_jitter"), 1);
}

}  // namespace
}  // namespace contract
