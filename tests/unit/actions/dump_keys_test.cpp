// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "tests/unit/actions/key_actions_test.hpp"

namespace charm::actions {
namespace {

/// Rows whose packets are one letter, in alphabetical order: a thousand with each letter.
class DumpKeysTest : public KeyActionsTest {
 protected:
  void fill(int letters) {
    sql("DELETE FROM keys; INSERT INTO keys SELECT chr(96 + n) || lpad(i::text, 39, '0'),"
        " jsonb_build_object('packet', jsonb_build_object('data',"
        "  encode(convert_to(chr(96 + n), 'UTF8'), 'base64'))),"
        " now(), now(), n || '/' || i, NULL, now(), '' FROM generate_series(1, 1000) AS i,"
        " generate_series(1, " +
        std::to_string(letters) + ") AS n");
  }

  static std::string thousand_of_each(std::string_view letters) {
    std::string text;
    for (const char letter : letters) {
      text.append(1000, letter);
    }
    return text;
  }

  Results dump(bool replace = false) { return run("dump-keys", parameters(replace)); }

  static nlohmann::json parameters(bool replace) {
    return {{"directory", "/hockeypuck/data/dump/"}, {"keys-per-file", 3000}, {"replace", replace}};
  }

  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> contents;
    for (const auto& [path, file] : pebble.files) {
      contents[path] = file.content;
    }
    return contents;
  }

  static std::string sums(const std::vector<std::string>& contents) {
    std::string text;
    for (std::size_t number = 0; number < contents.size(); ++number) {
      text += sha256(thousand_of_each(contents[number])) + "  hkp-dump-000" +
              std::to_string(number) + ".pgp\n";
    }
    return text;
  }
};

TEST_F(DumpKeysTest, WritesEveryKeyAndAListLast) {
  fill(7);
  EXPECT_EQ(dump(), (Results{{"directory", "/hockeypuck/data/dump"},
                             {"files", "3"},
                             {"keys", "7000"},
                             {"bytes", "7000"}}));
  EXPECT_EQ(files(), (std::map<std::string, std::string>{
                         {"/hockeypuck/data/dump/hkp-dump-0000.pgp", thousand_of_each("abc")},
                         {"/hockeypuck/data/dump/hkp-dump-0001.pgp", thousand_of_each("def")},
                         {"/hockeypuck/data/dump/hkp-dump-0002.pgp", thousand_of_each("g")},
                         {"/hockeypuck/data/dump/SHA256SUMS", sums({"abc", "def", "g"})}}));
  EXPECT_EQ(pebble.files["/hockeypuck/data/dump/hkp-dump-0000.pgp"].mode, 0640U);
  EXPECT_EQ(pebble.files["/hockeypuck/data/dump/hkp-dump-0000.pgp"].user_id, 584792);
}

/// Pebble's list of very many files is longer than the charm accepts.
TEST_F(DumpKeysTest, RefusesSoFewKeysInAFileThatTheFilesWouldBeTooMany) {
  fill(1);
  EXPECT_EQ(failure("dump-keys", {{"directory", "/hockeypuck/data/dump"}, {"keys-per-file", 999}}),
            "the parameter keys-per-file must be from 1000 to 100000: 999");
  EXPECT_TRUE(files().empty());
}

TEST_F(DumpKeysTest, OfNoKeysIsNoError) {
  EXPECT_EQ(dump().at("keys"), "0");
  EXPECT_EQ(files(),
            (std::map<std::string, std::string>{{"/hockeypuck/data/dump/SHA256SUMS", ""}}));
}

TEST_F(DumpKeysTest, ReplacesAnEarlierDumpOnlyWhenItIsTold) {
  fill(7);
  static_cast<void>(dump());
  const auto before = files();
  fill(4);
  EXPECT_EQ(
      failure("dump-keys", parameters(false)),
      "there is a dump of 3 files in /hockeypuck/data/dump already: give a different directory, or "
      "replace the dump with replace=true");
  EXPECT_EQ(files(), before);
  write("/hockeypuck/data/dump/notes.txt", "mine");
  EXPECT_EQ(dump(true).at("files"), "2");
  EXPECT_EQ(files(), (std::map<std::string, std::string>{
                         {"/hockeypuck/data/dump/hkp-dump-0000.pgp", thousand_of_each("abc")},
                         {"/hockeypuck/data/dump/hkp-dump-0001.pgp", thousand_of_each("d")},
                         {"/hockeypuck/data/dump/SHA256SUMS", sums({"abc", "d"})},
                         {"/hockeypuck/data/dump/notes.txt", "mine"}}));
}

TEST_F(DumpKeysTest, LeavesFilesOfOthersAlone) {
  fill(4);
  write("/hockeypuck/data/dump/hkp-dump-0000.pgp", "of hockeypuck-dump");
  EXPECT_NE(failure("dump-keys", parameters(false)).find("there is a dump of 1 files"),
            std::string::npos);
  write("/hockeypuck/data/file", "");
  EXPECT_EQ(failure("dump-keys", {{"directory", "/hockeypuck/data/file"}, {"keys-per-file", 3000}}),
            "cannot dump into /hockeypuck/data/file: it is a file");
  EXPECT_EQ(files().at("/hockeypuck/data/dump/hkp-dump-0000.pgp"), "of hockeypuck-dump");
}

TEST_F(DumpKeysTest, WritesOnlyOnTheStorage) {
  fill(1);
  pebble.links = {"/hockeypuck/data/link"};
  const std::map<std::string, std::string> rules = {
      {"/hockeypuck/bin", "be a path below /hockeypuck/data without . and .."},
      {"/hockeypuck/data", "be a path below /hockeypuck/data without . and .."},
      {"/hockeypuck/database", "be a path below /hockeypuck/data without . and .."},
      {"/hockeypuck/data/../bin", "be a path below /hockeypuck/data without . and .."},
      {"/hockeypuck/data/prefix-tree",
       "not be in /hockeypuck/data/prefix-tree, which the charm uses"},
      {"/hockeypuck/data/key-load/a", "not be in /hockeypuck/data/key-load, which the charm uses"},
      {"/hockeypuck/data/link/a", "have no symbolic link, and /hockeypuck/data/link is one"}};
  for (const auto& [directory, rule] : rules) {
    EXPECT_EQ(failure("dump-keys", {{"directory", directory}, {"keys-per-file", 3000}}),
              "the parameter directory must " + rule + ": \"" + directory + "\"");
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(DumpKeysTest, IsNeverTakenForCompleteWhenItFails) {
  fill(7);
  pebble.unwritable = {"/hockeypuck/data/dump/hkp-dump-0001.pgp"};
  EXPECT_NE(failure("dump-keys", parameters(false))
                .find("cannot write /hockeypuck/data/dump/hkp-dump-0001.pgp"),
            std::string::npos);
  EXPECT_EQ(files().count("/hockeypuck/data/dump/SHA256SUMS"), 0U);
  EXPECT_EQ(files().count("/hockeypuck/data/dump/hkp-dump-0000.pgp"), 0U) << "the disk may be full";
  EXPECT_NE(failure("load-keys", {{"files", "/hockeypuck/data/dump"}, {"wait", 1}})
                .find("is not complete"),
            std::string::npos);
  pebble.unwritable.clear();
  EXPECT_EQ(dump().at("keys"), "7000")
      << "an interrupted dump is overwritten without the parameter";
  EXPECT_EQ(files().size(), 4U);
}

}  // namespace
}  // namespace charm::actions
