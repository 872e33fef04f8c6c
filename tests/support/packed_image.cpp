// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packed_image.hpp"

#include "rehearsal/pods/programs.hpp"
#include "tests/support/child_process.hpp"

#include <fstream>
#include <stdexcept>
#include <vector>

namespace test {
namespace {

namespace fs = std::filesystem;

fs::path inside(const fs::path& root, const std::string& path) {
  const fs::path file = root / fs::path(path).relative_path();
  fs::create_directories(file.parent_path());
  return file;
}

void copy_program(const fs::path& root, const std::string& path, const fs::path& program) {
  fs::copy_file(program, inside(root, path), fs::copy_options::overwrite_existing);
  for (const fs::path& library : rehearsal::libraries_of(program)) {
    fs::copy_file(library, inside(root, library.string()), fs::copy_options::overwrite_existing);
  }
}

void fill(const fs::path& root, const ImageContent& content) {
  for (const char* name : {"sh", "cat", "ls", "tr", "touch", "sleep", "env", "mkdir", "rm"}) {
    copy_program(root, std::string("/bin/") + name, fs::path("/bin") / name);
  }
  for (const auto& [path, program] : content.programs) {
    copy_program(root, path, program);
  }
  fs::create_directories(root / "tmp");
  fs::permissions(root / "tmp", fs::perms::all | fs::perms::sticky_bit);
  std::ofstream(inside(root, "/etc/passwd")) << "root:x:0:0:root:/root:/bin/sh\n";
  std::ofstream(inside(root, "/etc/group")) << "root:x:0:\n";
  for (const auto& [path, text] : content.texts) {
    std::ofstream(inside(root, path)) << text;
  }
  for (const auto& [path, folder] : content.folders) {
    fs::copy(folder, inside(root, path), fs::copy_options::recursive);
  }
  for (const auto& [path, target] : content.links) {
    fs::create_symlink(target, inside(root, path));
  }
}

void umoci(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"umoci"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const CommandResult result = run({.arguments = command});
  if (result.status != 0) {
    throw std::runtime_error("umoci " + arguments.front() + ": " + result.error);
  }
}

}  // namespace

std::string pack_image(const fs::path& folder, const ImageContent& content) {
  const std::string layout = (folder / "layout").string();
  const std::string image = layout + ":2.3.3";
  const fs::path bundle = folder / "bundle";
  umoci({"init", "--layout", layout});
  umoci({"new", "--image", image});
  umoci({"unpack", "--image", image, bundle.string()});
  fill(bundle / "rootfs", content);
  umoci({"repack", "--image", image, bundle.string()});
  umoci({"config", "--image", image, "--config.env", "DEBIAN_FRONTEND=noninteractive",
         "--config.env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "--config.workingdir", "/hockeypuck",
         "--config.entrypoint", "/hockeypuck/bin/startup.sh", "--config.user", "0:0"});
  fs::remove_all(bundle);
  return "oci:" + image;
}

}  // namespace test
