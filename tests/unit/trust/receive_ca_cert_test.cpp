// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/certificates.hpp"
#include "tests/support/file_text.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace charm {
namespace {

constexpr int authority_relation = 16;

/// Adds a relation with an application that publishes two authorities.
void relate_authority(DispatchedUnit& unit) {
  const auto sample = nlohmann::json::parse(test::file_text(
      std::string(TEST_DATA_DIR) + "/interfaces/certificate_transfer_provider_v1.json"));
  unit.juju.relations[authority_relation] = {.endpoint = "receive-ca-cert",
                                             .remote_app = "ca",
                                             .remote_app_data = sample.at("app").get<Databag>()};
}

class ReceivedCertificates : public ::testing::Test {
 protected:
  /// The unit serves, and then receives the certificates.
  void SetUp() override {
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    starts = unit.pebble.starts("hockeypuck");
    relate_authority(unit);
    ASSERT_TRUE(unit.dispatch_relation(authority_relation, "created")) << unit.last_error;
  }

  DispatchedUnit unit;
  int starts = 0;
};

TEST_F(ReceivedCertificates, AreTrustedWithoutARestart) {
  EXPECT_NE(unit.file(trust::path).find("-----BEGIN CERTIFICATE-----"), std::string::npos);
  EXPECT_EQ(unit.status(), Status{});
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
  unit.pebble.posts.clear();
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  EXPECT_EQ(unit.pebble.posts, std::vector<std::string>{}) << "they are written once";
}

TEST_F(ReceivedCertificates, GoWithTheRelation) {
  ASSERT_TRUE(unit.dispatch_relation(authority_relation, "broken")) << unit.last_error;
  EXPECT_FALSE(unit.pebble.files.contains(std::string(trust::path)));
  EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
}

TEST_F(ReceivedCertificates, AreTrustedWhereverADispatchIsKilled) {
  bool killed = true;
  for (int touch = 0; killed; ++touch) {
    DispatchedUnit other;
    other.relate_database();
    relate_authority(other);
    killed = other.dispatch_killed_at(touch);
    ASSERT_TRUE(other.dispatch()) << other.last_error;
    EXPECT_EQ(other.file(trust::path), unit.file(trust::path)) << touch;
    EXPECT_EQ(other.status(), Status{}) << touch;
  }
}

}  // namespace
}  // namespace charm
