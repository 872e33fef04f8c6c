// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/unit_files.hpp"

#include "rehearsal/model/environment.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <fstream>
#include <system_error>

#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

fs::path inside(const fs::path& root, const std::string& path) {
  return root / fs::path(path).relative_path();
}

void give(const fs::path& path, uid_t user) {
  if (geteuid() == 0 && lchown(path.c_str(), user, user) != 0) {
    throw std::system_error(errno, std::generic_category(), "chown " + path.string());
  }
}

void give_all(const fs::path& directory, uid_t user) {
  give(directory, user);
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    give(entry.path(), user);
  }
}

}  // namespace

void lay_out_unit(const fs::path& root, const std::string& unit, uid_t user,
                  const UnitSource& source) {
  const fs::path charm = inside(root, charm_directory(unit));
  const fs::path tools = inside(root, tools_directory(unit));
  fs::remove_all(charm);
  fs::remove_all(tools);
  fs::create_directories(charm);
  fs::create_directories(tools);
  fs::copy(source.charm, charm, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  // The unit agent keeps there what it deployed (Juju 3.6, worker/uniter/charm).
  std::ofstream(charm / ".juju-charm") << source.charm_url << "\n";
  fs::copy_file(source.hook_tool, tools / "jujuc");
  for (const std::string& name : tools::tool_names()) {
    fs::create_symlink("jujuc", tools / name);
  }
  give_all(inside(root, agent_directory(unit)), user);
  give_all(tools, user);
}

std::string lay_out_resource(const fs::path& root, const std::string& unit, uid_t user,
                             const std::string& name, const fs::path& file) {
  const std::string path =
      agent_directory(unit) + "/resources/" + name + "/" + file.filename().string();
  const fs::path place = inside(root, path);
  fs::create_directories(place.parent_path());
  fs::copy_file(file, place, fs::copy_options::overwrite_existing);
  give_all(inside(root, agent_directory(unit) + "/resources"), user);
  return path;
}

}  // namespace rehearsal
