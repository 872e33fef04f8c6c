// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/unpack.hpp"

#include "rehearsal/model/charm.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::commands {
namespace {

namespace fs = std::filesystem;

void unzip(const fs::path& file, const fs::path& directory) {
  std::string program = "unzip";
  std::string options = "-qqo";
  std::string source = file.string();
  std::string into = "-d";
  std::string target = directory.string();
  std::array<char*, 6> argv{program.data(), options.data(), source.data(),
                            into.data(),    target.data(),  nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "unzip", nullptr, nullptr, argv.data(), environ) != 0) {
    throw UserError("cannot unpack " + source + ": install unzip, or deploy the unpacked folder");
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw UserError("cannot unpack " + source + ": it is no charm file");
  }
}

}  // namespace

CharmFolder::CharmFolder(const fs::path& source)
    : source_(fs::weakly_canonical(fs::absolute(source))), path_(source_) {
  if (!fs::exists(source_)) {
    throw UserError("no charm was found at \"" + source.string() + "\"");
  }
  if (fs::is_directory(source_)) {
    return;
  }
  std::string directory = (fs::temp_directory_path() / "rehearse-charm-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) {
    throw UserError("cannot make " + directory);
  }
  path_ = directory;
  try {
    unzip(source_, path_);
  } catch (const UserError&) {
    fs::remove_all(path_);
    throw;
  }
}

CharmFolder::~CharmFolder() {
  if (path_ != source_) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace rehearsal::commands
