// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/actions/key_actions_test.hpp"

namespace charm::actions {
namespace {

class BlockKeysTest : public KeyActionsTest {
 protected:
  BlockKeysTest() {
    pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  }

  /// Statements of an upload that began before and ends this many seconds later.
  [[nodiscard]] static std::string upload(const std::string& fingerprint,
                                          const std::string& seconds) {
    return "BEGIN; INSERT INTO keys SELECT reverse('" + fingerprint +
           "'), '{\"packet\": {\"data\": \"xgQEa2V5\"}}', now(), now(), '', NULL, now(), '';"
           "SELECT pg_sleep(" +
           seconds + "); COMMIT";
  }

  const std::string key = postgres::made_up_fingerprint(1);
  const nlohmann::json parameters = {{"fingerprints", key}};
};

TEST_F(BlockKeysTest, DeletesWhatAnEarlierUploadStoresAfterwards) {
  const auto earlier = run_beside(upload(key, "3"));
  const Results results = run("block-keys", parameters);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "0");
  EXPECT_EQ(results.at("deleted"), "1");
  EXPECT_EQ(results.at(key), "Deleted and blocked successfully.");
}

TEST_F(BlockKeysTest, SaysWhenAnEarlierUploadDoesNotEnd) {
  const auto earlier = run_beside(upload(key, "60"));
  pause = [] {};
  EXPECT_NE(failure("block-keys", parameters).find("is still under way"), std::string::npos);
  EXPECT_EQ(shown.at("blocked"), "1");
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "1");
}

}  // namespace
}  // namespace charm::actions
