// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/stat.h>

namespace contract::pebble {
namespace {

class FileTransfer : public PebbleContract {};

const std::string boundary(40, 'x');

std::string part(const std::string& disposition, const std::string& content) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" +
         content + "\r\n";
}

Answer write(const AgentUnderTest& agent, const std::string& path, const std::string& content,
             Json more = Json::object()) {
  more["path"] = path;
  const Json request{{"action", "write"}, {"files", {more}}};
  return TestClient(agent.socket())
      .send({.method = "POST",
             .target = "/v1/files",
             .headers = {{"Content-Type", "multipart/form-data; boundary=\"" + boundary + "\""}},
             .body = part("name=\"request\"", request.dump()) +
                     part("name=\"files\"; filename=\"" + path + "\"", content) + "--" + boundary +
                     "--\r\n"});
}

Answer read(const AgentUnderTest& agent, const std::string& path) {
  return TestClient(agent.socket())
      .send({.target = "/v1/files?action=read&path=" + path,
             .headers = {{"Accept", "multipart/form-data"}}});
}

mode_t mode_of(const std::string& path) {
  struct stat status {};

  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST_P(FileTransfer, BringsBackLargeContentsUnchanged) {
  const AgentUnderTest agent(program());
  std::string content;
  for (int i = 0; i < 3'000'000; ++i) {
    content += static_cast<char>(i * i >> 3);
  }
  content += "\r\n--" + boundary.substr(1);
  const std::string path = (agent.folder() / "big").string();
  EXPECT_EQ(write(agent, path, content).result(), (Json::array({{{"path", path}}})));
  const Answer answer = read(agent, path);
  const std::size_t start = answer.body.find("\r\n\r\n") + 4;
  EXPECT_EQ(answer.body.substr(start, content.size()) == content, true);
  EXPECT_EQ(answer.body.compare(start + content.size(), 4, "\r\n--"), 0);
}

TEST_P(FileTransfer, ReplacesAFileWithItsModeAndLeavesNothingBeside) {
  const AgentUnderTest agent(program());
  const std::filesystem::path folder = agent.folder() / "f";
  const std::string path = (folder / "a").string();
  EXPECT_EQ(write(agent, path, "old", {{"permissions", "600"}, {"make-dirs", true}}).status, 200);
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(mode_of(folder), 0755U);
  const auto inode = [&] {
    struct stat status {};
    stat(path.c_str(), &status);
    return status.st_ino;
  };
  const auto before = inode();
  EXPECT_EQ(write(agent, path, "new").status, 200);
  EXPECT_EQ(mode_of(path), 0644U);
  EXPECT_NE(inode(), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_P(FileTransfer, WhatCannotBeWrittenLeavesNothingBehind) {
  const AgentUnderTest agent(program());
  const std::filesystem::path folder = agent.folder() / "f";
  std::filesystem::create_directories(folder / "a");
  const Json result = write(agent, (folder / "a").string(), "x").result();
  EXPECT_EQ(result[0]["error"]["kind"], "generic-file-error");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_P(FileTransfer, RemovesTreesOnlyIfAskedTo) {
  const AgentUnderTest agent(program());
  const std::filesystem::path folder = agent.folder() / "f";
  std::filesystem::create_directories(folder / "sub/sub");
  const auto remove = [&](bool recursive) {
    return agent
        .post("/v1/files", {{"action", "remove"},
                            {"paths", {{{"path", folder.string()}, {"recursive", recursive}}}}})
        .result()[0];
  };
  EXPECT_TRUE(remove(false).contains("error"));
  EXPECT_TRUE(std::filesystem::exists(folder));
  EXPECT_FALSE(remove(true).contains("error"));
  EXPECT_FALSE(std::filesystem::exists(folder));
}

RUN_AGAINST_BOTH(FileTransfer);

}  // namespace
}  // namespace contract::pebble
