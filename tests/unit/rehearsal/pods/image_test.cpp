// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/image.hpp"

#include "rehearsal/pods/machine.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/packed_image.hpp"
#include "tests/unit/rehearsal/pods/cluster_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using rehearsal::MachineError;
using test::Printed;

/// Returns the reason why an image is not available.
std::string refusal(const std::string& given, const fs::path& cache) {
  try {
    (void)rehearsal::provide_image(given, cache);
    return "none";
  } catch (const MachineError& error) {
    return error.what();
  }
}

class Images : public test::ClusterTest {
 protected:
  std::string pack(const test::ImageContent& content) {
    return test::pack_image(source_.path(), content);
  }

  fs::path cache() const { return source_.path() / "cache"; }

  /// Starts a pod whose workload container has this image, and returns what a shell in it prints.
  std::vector<std::string> printed_in(const fs::path& image, const std::string& command) {
    rehearsal::PodSpec spec = pod("app/0", 5);
    spec.containers[0].image = image;
    spec.storage = {{.id = "data/0",
                     .location = "/var/lib/juju/storage/data/0",
                     .container_locations = {{"workload", "/hockeypuck/data"}}}};
    cluster_->create_pod(spec);
    return workload_shell("app/0", command).out;
  }

  test::TemporaryDirectory source_{"image"};
};

TEST_F(Images, AreUnpackedOnceForEachDigest) {
  const std::string name = pack({.programs = {}, .texts = {{"/page", "first\n"}}});
  const fs::path first = rehearsal::provide_image(name, cache());
  EXPECT_EQ(test::file_text(first / "rootfs/page"), "first\n");
  std::ofstream(first / "rootfs/page") << "kept\n";
  EXPECT_EQ(rehearsal::provide_image(name, cache()), first);
  EXPECT_EQ(test::file_text(first / "rootfs/page"), "kept\n");
  fs::remove_all(source_.path() / "layout");
  pack({.programs = {}, .texts = {{"/page", "second\n"}}});
  const fs::path second = rehearsal::provide_image(name, cache());
  EXPECT_NE(second, first);
  EXPECT_EQ(test::file_text(second / "rootfs/page"), "second\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(cache()), fs::directory_iterator()), 2);
}

TEST_F(Images, MayBeDockerArchives) {
  const std::string archive = "docker-archive:" + (source_.path() / "image.tar").string();
  const std::string name = pack({.programs = {}, .texts = {{"/page", "docker\n"}}});
  ASSERT_EQ(test::run({.arguments = {"skopeo", "--insecure-policy", "copy", name,
                                     archive + ":hockeypuck:2.3.3"}})
                .status,
            0);
  EXPECT_EQ(test::file_text(rehearsal::provide_image(archive, cache()) / "rootfs/page"),
            "docker\n");
}

TEST_F(Images, ThatCannotBeHadAreRefusedInOneSentence) {
  EXPECT_EQ(refusal("/nowhere", cache()), "image folder /nowhere does not exist");
  EXPECT_EQ(refusal("./nowhere", cache()), "image folder ./nowhere does not exist");
  const std::string unknown = refusal("registry.invalid/hockeypuck:1", cache());
  EXPECT_EQ(unknown.rfind("cannot get the image registry.invalid/hockeypuck:1: ", 0), 0U)
      << unknown;
  EXPECT_NE(unknown.find("registry.invalid"), std::string::npos);
  EXPECT_EQ(unknown.find("level="), std::string::npos) << unknown;
  EXPECT_FALSE(fs::exists(cache()));
}

TEST_F(Images, NeedSkopeo) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", source_.path().c_str(), 1);
  const std::string reason = refusal("ghcr.io/hockeypuck/hockeypuck:2.3.3", cache());
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(reason,
            "image ghcr.io/hockeypuck/hockeypuck:2.3.3 needs skopeo: install skopeo and umoci, or "
            "give a folder");
}

TEST_F(Images, AreTheWholeRootOfTheirContainer) {
  const fs::path image = rehearsal::provide_image(pack({.programs = {}, .texts = {}}), cache());
  EXPECT_EQ(printed_in(image, "cat /etc/passwd; ls /bin /usr 2>&1; ls /; touch /hockeypuck/data/x"),
            (std::vector<std::string>{"root:x:0:0:root:/root:/bin/sh",
                                      "ls: cannot access '/usr': No such file or directory",
                                      "/bin:",
                                      "cat",
                                      "env",
                                      "ls",
                                      "mkdir",
                                      "rm",
                                      "sh",
                                      "sleep",
                                      "touch",
                                      "tr",
                                      "bin",
                                      "charm",
                                      "dev",
                                      "etc",
                                      "hockeypuck",
                                      "lib",
                                      "lib64",
                                      "proc",
                                      "sys",
                                      "tmp"}));
  EXPECT_EQ(charm_shell("app/0", "ls /var/lib/juju/storage/data/0").out,
            std::vector<std::string>{"x"});
}

TEST_F(Images, GivePebbleTheirEnvironmentAndFolderButNotTheirEntryPoint) {
  const fs::path image = rehearsal::provide_image(
      pack({.programs = {}, .texts = {{"/hockeypuck/page", "welcome\n"}}}), cache());
  EXPECT_EQ(printed_in(image, "tr '\\0' '\\n' < /proc/1/environ; cat /proc/1/cwd/page"),
            (std::vector<std::string>{
                "DEBIAN_FRONTEND=noninteractive", "HOME=/root", "JUJU_CONTAINER_NAME=workload",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "PEBBLE=/charm/container/pebble",
                "PEBBLE_COPY_ONCE=/var/lib/pebble/default",
                "PEBBLE_SOCKET=/charm/container/pebble.socket", "welcome"}));
  const Printed command = workload_shell("app/0", "tr '\\0' ' ' < /proc/1/cmdline");
  ASSERT_EQ(command.out.size(), 1U);
  EXPECT_NE(command.out[0].find("/charm/bin/pebble run --create-dirs"), std::string::npos);
  EXPECT_EQ(command.out[0].find("startup.sh"), std::string::npos);
  // Next to the socket, as Jubilant's tests expect.
  EXPECT_EQ(charm_shell("app/0", "ls /charm/containers/workload").out,
            (std::vector<std::string>{"pebble", "pebble.socket"}));
}

TEST_F(Images, MayBeARootWithoutADescription) {
  const std::string name = pack({.programs = {}, .texts = {{"/page", "plain\n"}}});
  EXPECT_EQ(printed_in(rehearsal::provide_image(name, cache()) / "rootfs", "cat /page"),
            std::vector<std::string>{"plain"});
}

TEST_F(Images, DoNotLeadOutOfTheirRootByALink) {
  const fs::path target = source_.path() / "of-the-machine";
  const fs::path image = rehearsal::provide_image(
      pack({.programs = {}, .texts = {}, .folders = {}, .links = {{"/hockeypuck", target}}}),
      cache());
  EXPECT_EQ(printed_in(image, "touch /hockeypuck/data/x; ls " + target.string()),
            std::vector<std::string>{"data"});
  EXPECT_FALSE(fs::exists(target));
}

TEST_F(Images, CannotShareTheMachinesProgramsAndHaveTheirOwn) {
  const fs::path folder = source_.path() / "mixed";
  fs::create_directories(folder / "bin");
  std::ofstream(folder / "rehearsal-image.json") << R"({"programs": {}})";
  EXPECT_EQ(refusal(folder, cache()),
            "the image " + folder.string() +
                " has both /bin and rehearsal-image.json: remove one of them");
}

}  // namespace
