// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/key_load.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"

#include <gtest/gtest.h>

namespace charm::key_load {
namespace {

const Database database{.host = "db",
                        .port = 5433,
                        .name = "keys",
                        .user = "me",
                        .password = "it's {{",
                        .ssl_mode = SslMode::verify_full,
                        .ca = "PEM"};

TEST(KeyLoad, ReachesTheDatabaseWithTheServersLimits) {
  Settings settings;
  settings.max_key_length = 5000;
  const KeyLoadPlan load = plan(settings, database);
  EXPECT_EQ(load.max_key_length, 5000);
  ASSERT_EQ(load.files.size(), 2U);
  EXPECT_EQ(load.files[0].mode, 0640U);
  EXPECT_EQ(load.files[0].group_id, hockeypuck::user_id);
  EXPECT_EQ(load.files[1].content, "PEM");
  const std::string& text = load.files[0].content;
  EXPECT_NE(text.find("maxKeyLength = 5000"), std::string::npos) << text;
  EXPECT_NE(text.find("password='it\\\\'s \\u007B\\u007B'"), std::string::npos) << text;
  EXPECT_NE(text.find("sslrootcert='" + load.files[1].path + "'"), std::string::npos) << text;
}

TEST(KeyLoad, NeverTouchesTheTreeOfTheKeyserver) {
  const KeyLoadPlan load = plan({}, database);
  EXPECT_EQ(load.files[0].content.find(hockeypuck::tree_directory), std::string::npos);
  for (const Directory& each : load.directories) {
    EXPECT_TRUE(each.path.starts_with(directory)) << each.path;
    EXPECT_EQ(each.user_id, hockeypuck::user_id);
  }
}

TEST(KeyLoad, IsAServiceThatEndsByItself) {
  const Service load = layer({"/a.pgp", "/b/*.pgp"}).services.at("key-load");
  EXPECT_EQ(load.command,
            "/hockeypuck/bin/hockeypuck-load -config "
            "/hockeypuck/data/key-load/hockeypuck-load.conf /a.pgp /b/*.pgp");
  EXPECT_EQ(load.startup, "disabled");
  EXPECT_EQ(load.on_success, "ignore");
  EXPECT_EQ(load.on_failure, "ignore");
  EXPECT_EQ(load.user_id, hockeypuck::user_id);
}

TEST(KeyLoad, TakesNoPathThatIsAPattern) {
  EXPECT_TRUE(is_plain_path("/hockeypuck/data/dump-1/hkp-dump_0000.pgp"));
  for (const std::string path :
       {"/a b", "/a*", "/a[1]", "/a?", "/a\\b", "/a'b", "a", "/\xc3\xa9", "/a$b"}) {
    EXPECT_FALSE(is_plain_path(path)) << path;
  }
}

}  // namespace
}  // namespace charm::key_load
