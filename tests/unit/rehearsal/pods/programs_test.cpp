// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/programs.hpp"

#include "rehearsal/pods/machine.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;

void make_program(const fs::path& file) {
  std::ofstream(file) << "#!/bin/sh\n";
  chmod(file.c_str(), 0755);
}

TEST(Programs, AreTakenFromPathFirst) {
  const test::TemporaryDirectory own("own");
  make_program(own.path() / "ls");
  make_program(own.path() / "only-here");
  EXPECT_NE(rehearsal::find_program("ls", {own.path()}), own.path() / "ls");
  EXPECT_EQ(rehearsal::find_program("only-here", {own.path()}), own.path() / "only-here");
  EXPECT_EQ(rehearsal::find_program("nowhere-at-all", {own.path()}), std::nullopt);
}

TEST(Programs, MustBeExecutable) {
  const test::TemporaryDirectory own("own");
  std::ofstream(own.path() / "text") << "text";
  EXPECT_EQ(rehearsal::find_program("text", {own.path()}), std::nullopt);
}

TEST(Programs, OfAnImageAreTheFirstOnesFound) {
  const test::TemporaryDirectory own("own");
  const test::TemporaryDirectory image("image");
  make_program(own.path() / "stand-in");
  std::ofstream(image.path() / "rehearsal-image.json")
      << R"({"programs": {"/bin/a": ["no-such-thing", "stand-in"], "/bin/b": ["no-such-thing"]}})";
  const auto programs = rehearsal::image_programs(image.path(), {own.path()});
  EXPECT_EQ(programs, (std::map<std::string, fs::path>{{"/bin/a", own.path() / "stand-in"}}));
}

TEST(Programs, OfAnImageAreAllOfTheKindOfTheirLeader) {
  const test::TemporaryDirectory own("own");
  const test::TemporaryDirectory image("image");
  make_program(own.path() / "real-tool");
  make_program(own.path() / "stand-in");
  make_program(own.path() / "stand-in-tool");
  std::ofstream(image.path() / "rehearsal-image.json")
      << R"({"programs": {"/bin/a": ["real", "stand-in"], "/bin/b": ["real-tool", "stand-in-tool"],
                          "/bin/c": ["real-tool"]}, "leader": "/bin/a"})";
  const auto find = [&] { return rehearsal::image_programs(image.path(), {own.path()}); };
  EXPECT_EQ(find(), (std::map<std::string, fs::path>{{"/bin/a", own.path() / "stand-in"},
                                                     {"/bin/b", own.path() / "stand-in-tool"}}));
  make_program(own.path() / "real");
  fs::remove(own.path() / "real-tool");
  EXPECT_EQ(find(), (std::map<std::string, fs::path>{{"/bin/a", own.path() / "real"}}));
}

TEST(Programs, OfAnImageWithoutADescriptionAreNone) {
  const test::TemporaryDirectory image("image");
  EXPECT_TRUE(rehearsal::image_programs(image.path(), {}).empty());
}

TEST(Programs, OfAnImageWithABrokenDescriptionAreAnError) {
  const test::TemporaryDirectory image("image");
  std::ofstream(image.path() / "rehearsal-image.json") << "[]";
  EXPECT_THROW((void)rehearsal::image_programs(image.path(), {}), rehearsal::MachineError);
}

}  // namespace
