// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"
#include "tests/support/fake_pebble.hpp"

#include <gtest/gtest.h>

namespace charm::pebble {
namespace {

using Contents = std::map<std::string, std::string>;

class FilesTest : public testing::Test {
 protected:
  test::FakePebble pebble;
  Client client{pebble};
};

TEST_F(FilesTest, WritesFilesWithModeAndOwner) {
  const File config{
      .path = "/etc/h.conf", .content = "a\r\nb", .mode = 0640, .user_id = 584792, .group_id = 7};
  const File plain{.path = "/plain"};
  client.write({config, plain});
  EXPECT_EQ(pebble.files,
            (std::map<std::string, File>{{"/etc/h.conf", config}, {"/plain", plain}}));
}

TEST_F(FilesTest, ReadsBackAwkwardNamesAndContents) {
  const Contents contents = {{"/a \"quoted\" \\ name", "x"},
                             {"/\xc3\xa9 & + % ? #", std::string("\0\xff--\r\n", 6)},
                             {"/empty", ""}};
  std::vector<std::string> paths = {"/missing"};
  for (const auto& [path, content] : contents) {
    client.write({{.path = path, .content = content}});
    paths.push_back(path);
  }
  EXPECT_EQ(client.read(paths), contents);
}

TEST_F(FilesTest, ReadsOneLargeFileOrSaysThatItIsTooLarge) {
  const std::string content(3U << 20U, 'x');
  client.write({{.path = "/large", .content = content}});
  EXPECT_EQ(client.read("/large", 3U << 20U), content);
  EXPECT_EQ(client.read("/missing", 1), std::nullopt);
  try {
    static_cast<void>(client.read("/large", 2U << 20U));
    FAIL() << "nothing was thrown";
  } catch (const PathError& error) {
    EXPECT_STREQ(error.what(), "/large: it has more than 2 MiB");
  }
}

TEST_F(FilesTest, ListsADirectoryByName) {
  client.write({{.path = "/d/b", .content = "12"}, {.path = "/d/a"}, {.path = "/d/e/f"}});
  const auto infos = client.list("/d");
  ASSERT_TRUE(infos);
  ASSERT_EQ(infos->size(), 2U);
  EXPECT_EQ(infos->at(0).name, "a");
  EXPECT_EQ(infos->at(1).path, "/d/b");
  EXPECT_EQ(infos->at(1).size, 2U);
  EXPECT_EQ(client.list("/d/b")->at(0).path, "/d/b");
  EXPECT_FALSE(client.list("/missing"));
}

TEST_F(FilesTest, AsksNothingOfPebbleForNoFiles) {
  pebble.down = true;
  client.write({});
  client.make_directories({});
  client.remove({}, true);
  EXPECT_EQ(client.read({}), Contents());
}

TEST_F(FilesTest, NamesTheFirstPathThatWasRefused) {
  pebble.unwritable = {"/b"};
  try {
    client.write({{.path = "/a"}, {.path = "/b"}, {.path = "/c"}});
    FAIL() << "nothing was thrown";
  } catch (const PathError& error) {
    EXPECT_STREQ(error.what(), "/b: open /b: permission denied");
  }
}

TEST_F(FilesTest, RefusesAPathThatWouldEndItsHeader) {
  EXPECT_THROW(client.write({{.path = "/a\r\nX: y"}}), PathError);
  EXPECT_TRUE(pebble.files.empty());
}

TEST_F(FilesTest, MakesDirectoriesAndLeavesThoseThatExist) {
  const Directory tree{.path = "/data/tree", .mode = 0700, .user_id = 5, .group_id = 6};
  client.make_directories({tree});
  client.make_directories({{.path = "/data/tree", .mode = 0777}});
  EXPECT_EQ(pebble.directories, (std::map<std::string, Directory>{{"/data/tree", tree}}));
}

TEST_F(FilesTest, RemovesWhatThereIs) {
  client.write({{.path = "/a"}, {.path = "/d/b"}, {.path = "/d/c"}});
  client.remove({"/a", "/missing"}, false);
  client.remove({"/d", "/missing"}, true);
  EXPECT_TRUE(pebble.files.empty());
}

TEST_F(FilesTest, SaysThatALostPushMayHaveBeenRefused) {
  pebble.down = true;
  try {
    client.write({{.path = "/a", .content = std::string(1000, 'x')}});
    FAIL() << "nothing was thrown";
  } catch (const ConnectionError& error) {
    EXPECT_NE(std::string(error.what()).find("while pushing 1 files"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("xxxx"), std::string::npos);
  }
}

}  // namespace
}  // namespace charm::pebble
