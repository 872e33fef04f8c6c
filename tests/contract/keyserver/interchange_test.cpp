// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/gnupg.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace contract {
namespace {

/// Each program must serve the keys that the other stored. A unit may change from the rehearsal's
/// keyserver to Hockeypuck and back with the same database.
class Interchange : public KeyserverTest {
 protected:
  void SetUp() override {
    if (!path_of(Program::hockeypuck)) {
      GTEST_SKIP() << "there is no hockeypuck on PATH";
    }
    KeyserverTest::SetUp();
  }

  static Program other(Program program) {
    return program == Program::rehearsal ? Program::hockeypuck : Program::rehearsal;
  }

  std::string rows() {
    return sql(
        "SELECT rfingerprint, md5, vfingerprint, doc FROM keys ORDER BY 1;"
        "SELECT * FROM subkeys ORDER BY rsubfp; SELECT * FROM userids ORDER BY 1, 2");
  }

  void add_all(Keyserver& server) {
    for (const std::string& name : public_key_names()) {
      EXPECT_EQ(server.post("/pks/add", {{"keytext", key_text(name)}}).status, 200) << name;
    }
  }
};

FOR_EVERY_KEYSERVER(Interchange);

TEST_P(Interchange, ServesTheKeysAndTakesTheRequestsOfTheOther) {
  Keyserver first(other(GetParam()), cluster());
  first.start();
  add_all(first);
  EXPECT_EQ(first.post("/pks/add", {{"keytext", key_text("admin.pub")}}).status, 200);
  EXPECT_EQ(first.stop(SIGTERM), 0);

  keyserver().settings.sections[""]["adminKeys"] = "[" + quoted(fingerprint::admin) + "]";
  keyserver().start();
  test::Gnupg uploaded;
  test::Gnupg downloaded;
  for (const std::string& name : public_key_names()) {
    if (!name.starts_with("key17")) {
      uploaded.import_keys(key_text(name));
    }
  }
  for (const std::string& key : uploaded.fingerprints()) {
    EXPECT_TRUE(downloaded.import_keys(lookup("get", "0x" + key).body)) << key;
  }
  EXPECT_EQ(downloaded.fingerprints(), uploaded.fingerprints());
  EXPECT_EQ(lookup("index", "müller", "mr").status, 200);
  add_all(keyserver());
  EXPECT_EQ(keyserver()
                .post("/pks/delete", {{"keytext", request_text("delete_key11.keytext")},
                                      {"keysig", request_text("delete_key11.keysig")}})
                .status,
            200);
  EXPECT_EQ(status_of(fingerprint::key11), 404);
}

TEST_P(Interchange, StoresTheSameRows) {
  keyserver().start();
  add_all(keyserver());
  const std::string own = rows();
  sql("TRUNCATE keys, subkeys, userids");
  Keyserver second(other(GetParam()), cluster());
  second.start();
  add_all(second);
  EXPECT_EQ(rows(), own);
}

}  // namespace
}  // namespace contract
