// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/admin_key_test.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/gnupg.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace test {

namespace {

using Json = nlohmann::json;

}  // namespace

void AdminKeyTest::deploy_two_units() {
  model.deploy_all();
  model.rehearse({"scale", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
}

std::vector<std::string> AdminKeyTest::kept_keys() {
  std::vector<std::string> found;
  const Json kept = model.kept();
  for (const Json& secret : kept.at("secrets")) {
    if (secret.value("owner", "") == "hockeypuck-k8s") {
      for (const Json& numbered : secret.at("revisions")) {
        found.push_back(numbered.at(1).at("content").at("private-key"));
      }
    }
  }
  return found;
}

int AdminKeyTest::request(const std::string& private_key, const std::string& unit) {
  Gnupg gnupg;
  EXPECT_TRUE(gnupg.import_keys(private_key));
  const std::string text =
      "/pks/delete\n" + file_text(TEST_DATA_DIR "/e2e/carol_signed_by_dave.asc");
  const TemporaryDirectory files("request");
  const std::string text_file = files.path() / "text";
  const std::string signature_file = files.path() / "signature";
  std::ofstream(text_file) << text;
  std::ofstream(signature_file) << gnupg.sign(text, gnupg.fingerprints().at(0));
  return post("/pks/delete", {"keytext@" + text_file, "keysig@" + signature_file}, unit);
}

std::string AdminKeyTest::stored(const std::string& fingerprint, const std::string& unit) {
  std::istringstream lines(
      http_body("/pks/lookup?op=vindex&options=mr&search=0x" + fingerprint, unit));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("pub:")) {
      return line.ends_with(":r") ? "revoked" : "present";
    }
  }
  return "absent";
}

std::string AdminKeyTest::administrators(const std::string& unit) {
  const std::string text = configuration(unit);
  const auto begin = text.find("adminKeys");
  return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

std::string AdminKeyTest::only(const std::string& fingerprint) {
  return "adminKeys = [\"" + fingerprint + "\"]";
}

std::string AdminKeyTest::in_use() {
  return model.act("get-admin-key").result("fingerprint");
}

void AdminKeyTest::expect_blocks_keys() {
  const std::string leader = "hockeypuck-k8s/leader";
  ASSERT_TRUE(upload("alice"));
  const Task task = model.act("block-keys", {std::string("fingerprints=") + alice}, leader);
  EXPECT_EQ(task.result("deleted"), "1") << task.message;
  EXPECT_EQ(look_up(alice), 404);
  model.act("unblock-keys", {std::string("fingerprints=") + alice}, leader);
}

}  // namespace test
