// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace contract {
namespace {

class Metrics : public KeyserverTest {
 protected:
  /// The value of a sample, given with its labels; empty if there is none.
  std::string sample(const std::string& name) {
    std::istringstream lines(keyserver().metrics().body);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + " ")) {
        return line.substr(name.size() + 1);
      }
    }
    return "";
  }
};

FOR_EVERY_KEYSERVER(Metrics);

TEST_P(Metrics, HaveTheNamesAndTypesOfARecordedScrape) {
  keyserver().start();
  const Answer answer = keyserver().metrics();
  EXPECT_TRUE(answer.headers.at("content-type").starts_with("text/plain; version=0.0.4"));
  std::ifstream recorded(std::string(TEST_DATA_DIR) + "/hockeypuck/metrics.txt");
  int compared = 0;
  for (std::string line; std::getline(recorded, line);) {
    if (line.starts_with("# TYPE hockeypuck_") || line.starts_with("# TYPE process_start_time")) {
      EXPECT_NE(answer.body.find(line + "\n"), std::string::npos) << line;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8);
}

TEST_P(Metrics, CountWhatHappensToKeys) {
  keyserver().settings.sections[""]["adminKeys"] = "[" + quoted(fingerprint::admin) + "]";
  keyserver().start();
  EXPECT_EQ(sample("hockeypuck_keys_added"), "0");
  add("admin.pub");
  add("key11_rsa2048");
  add("key18_ed25519_carol_unsigned");
  add("key18_ed25519_carol_signed_by_dave");
  add("key18_ed25519_carol_signed_by_dave");
  keyserver().post("/pks/delete", {{"keytext", request_text("delete_key11.keytext")},
                                   {"keysig", request_text("delete_key11.keysig")}});
  EXPECT_EQ(sample("hockeypuck_keys_added"), "3");
  EXPECT_EQ(sample("hockeypuck_keys_updated"), "1");
  EXPECT_EQ(sample("hockeypuck_keys_removed"), "1");
}

TEST_P(Metrics, MeasureRequestsByMethodAndStatus) {
  keyserver().start();
  status_of(fingerprint::key01);
  status_of(fingerprint::key01);
  const std::string labels = R"(method="GET",status_code="404")";
  const std::string name = "hockeypuck_http_request_duration_seconds";
  EXPECT_EQ(sample(name + "_count{" + labels + "}"), "2");
  EXPECT_EQ(sample(name + "_bucket{" + labels + R"(,le="+Inf"})"), "2");
  EXPECT_EQ(sample(name + "_bucket{" + labels + R"(,le="3600"})"), "2");
  EXPECT_NE(sample(name + "_bucket{" + labels + R"(,le="0.005"})"), "");
}

}  // namespace
}  // namespace contract
