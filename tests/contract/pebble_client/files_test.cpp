// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble_client/pebble_daemon.hpp"
#include "tests/support/file_text.hpp"

#include <map>
#include <vector>

namespace test {
namespace {

namespace fs = std::filesystem;
using charm::File;
using charm::pebble::ApiError;
using charm::pebble::PathError;

class PebbleFiles : public PebbleDaemon {};

std::string all_bytes(std::size_t size) {
  std::string text(size, '\0');
  unsigned state = 1;
  for (char& byte : text) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24U);
  }
  return text;
}

TEST_F(PebbleFiles, KeepTheirNamesAndContents) {
  const std::map<std::string, std::string> contents = {
      {path("plain"), "text\n"},
      {path("it's \"quoted\" \\ name"), "\r\n--\r\n"},
      {path("\xc3\xa9\xf0\x9f\x94\x91 & + % ? # ="), std::string("\0\xff", 2)},
      {path("empty"), ""},
      {path("large"), all_bytes(5'000'000)},
  };
  std::vector<File> files;
  std::vector<std::string> paths;
  for (const auto& [name, content] : contents) {
    files.push_back({.path = name, .content = content});
    paths.push_back(name);
  }
  client.write(files);
  for (const auto& [name, content] : contents) {
    EXPECT_EQ(file_text(name), content) << name;
  }
  EXPECT_TRUE(client.read(paths) == contents);
}

TEST_F(PebbleFiles, LeaveOutTheMissingOnes) {
  client.write({{.path = path("a"), .content = "x"}});
  const std::map<std::string, std::string> expected = {{path("a"), "x"}};
  EXPECT_EQ(client.read({path("missing"), path("a")}), expected);
  EXPECT_TRUE(client.read({path("missing")}).empty());
}

TEST_F(PebbleFiles, TellTheirSize) {
  client.write({{.path = path("a b"), .content = std::string(70'000, 'x')}});
  EXPECT_EQ(client.file_size(path("a b")), 70'000U);
  EXPECT_EQ(client.file_size(path("missing")), 0U);
  EXPECT_EQ(client.file_size(path("no/such/folder")), 0U);
}

TEST_F(PebbleFiles, AreReadOneByOneWhenTheyAreLarge) {
  const std::string content = all_bytes(70'000'000);
  client.write({{.path = path("large"), .content = content}});
  EXPECT_TRUE(client.read(path("large"), 70'000'000) == content);
  EXPECT_THROW(static_cast<void>(client.read(path("large"), 69'999'999)), PathError);
  EXPECT_EQ(client.read(path("missing"), 10), std::nullopt);
  EXPECT_THROW(static_cast<void>(client.read(path(""), 10)), PathError) << "a directory";
}

TEST_F(PebbleFiles, AreListedByDirectory) {
  client.write({{.path = path("d/b"), .content = "12"}, {.path = path("d/a b")}});
  client.make_directories({{.path = path("d/e")}});
  const auto infos = client.list(path("d"));
  ASSERT_TRUE(infos);
  ASSERT_EQ(infos->size(), 3U);
  EXPECT_EQ(infos->at(0).path, path("d/a b"));
  EXPECT_EQ(infos->at(0).type, "file");
  EXPECT_EQ(infos->at(1).size, 2U);
  EXPECT_FALSE(infos->at(1).last_modified.empty());
  EXPECT_EQ(infos->at(2).type, "directory");
  EXPECT_EQ(client.list(path("d/b"))->size(), 1U);
  EXPECT_FALSE(client.list(path("missing")));
}

TEST_F(PebbleFiles, GetTheirModeAndTheirDirectories) {
  client.write({{.path = path("new/deep/file"), .content = "x", .mode = 0600}});
  EXPECT_EQ(fs::status(path("new/deep/file")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  client.write({{.path = path("new/deep/file"), .content = "y", .mode = 0644}});
  EXPECT_EQ(file_text(path("new/deep/file")), "y");
}

TEST_F(PebbleFiles, TellWhichPathWasRefused) {
  client.write({{.path = path("file"), .content = "x"}});
  try {
    client.write({{.path = path("fine")}, {.path = path("file/below")}});
    FAIL() << "nothing was thrown";
  } catch (const PathError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with(path("file/below") + ": ")) << error.what();
  }
  EXPECT_THROW(static_cast<void>(client.read({path("")})), PathError) << "a directory";
}

TEST_F(PebbleFiles, RefuseARelativePath) {
  EXPECT_THROW(client.write({{.path = "relative"}}), PathError);
}

TEST_F(PebbleFiles, MakeDirectoriesOnce) {
  client.make_directories({{.path = path("tree/deep"), .mode = 0700}});
  EXPECT_EQ(fs::status(path("tree/deep")).permissions(), fs::perms::owner_all);
  client.make_directories({{.path = path("tree/deep"), .mode = 0755}});
  EXPECT_EQ(fs::status(path("tree/deep")).permissions(), fs::perms::owner_all);
}

TEST_F(PebbleFiles, AreRemovedIfTheyAreThere) {
  client.write({{.path = path("a")}, {.path = path("d/b")}, {.path = path("d/c")}});
  client.remove({path("a"), path("missing")}, false);
  client.remove({path("d"), path("missing")}, true);
  EXPECT_TRUE(fs::is_empty(path("")));
}

}  // namespace
}  // namespace test
