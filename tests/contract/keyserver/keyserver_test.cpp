// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace contract {
namespace {

const std::filesystem::path keys_folder = std::filesystem::path(TEST_DATA_DIR) / "keys";

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + path.string());
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string key_text(const std::string& name) {
  return contents(keys_folder / (name + ".asc"));
}

std::string request_text(const std::string& file) {
  return contents(keys_folder / "requests" / file);
}

std::vector<std::string> public_key_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(keys_folder)) {
    const std::string name = entry.path().stem();
    if (name.starts_with("key") && name != "key17_revocation_only") {
      names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

void KeyserverTest::SetUp() {
  if (!path_of(GetParam())) {
    GTEST_SKIP() << "there is no hockeypuck on PATH";
  }
  cluster_ = std::make_unique<test::PostgresCluster>();
  keyserver_ = std::make_unique<Keyserver>(GetParam(), *cluster_);
}

Answer KeyserverTest::add(const std::string& name) {
  Answer answer = keyserver_->post("/pks/add", {{"keytext", key_text(name)}});
  EXPECT_EQ(answer.status, 200) << name << "\n" << keyserver_->log();
  return answer;
}

Answer KeyserverTest::lookup(const std::string& operation, const std::string& search,
                             const std::string& options) {
  std::string target = "/pks/lookup?op=" + operation + "&search=" + url_encoded(search);
  if (!options.empty()) {
    target += "&options=" + options;
  }
  return keyserver_->get(target);
}

}  // namespace contract
