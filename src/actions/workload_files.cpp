// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "workload_files.hpp"

#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/hockeypuck/key_load.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

bool is_in(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && path.substr(directory.size(), 1) == "/";
}

/// Returns the path of a symbolic link on the way to `path`, or an empty text.
std::string link_on(const pebble::Client& pebble, const std::string& path) {
  for (std::size_t end = hockeypuck::storage_directory.size(); end < path.size();) {
    const std::string directory = path.substr(0, end);
    end = std::min(path.find('/', end + 1), path.size());
    std::string entry = path.substr(0, end);
    const auto entries = pebble.list(directory).value_or(std::vector<pebble::FileInfo>());
    const auto found = std::ranges::find(entries, entry, &pebble::FileInfo::path);
    if (found == entries.end()) {
      break;
    }
    if (found->type == "symlink") {
      return entry;
    }
  }
  return {};
}

}  // namespace

void with_pebble(const std::string& purpose, const std::function<void()>& work) {
  try {
    work();
  } catch (const pebble::PathError& error) {
    throw Failure(purpose + ": " + error.what());
  } catch (const pebble::ApiError& error) {
    throw Failure(purpose + ": " + error.what());
  } catch (const pebble::OutOfTime& error) {
    throw Failure(purpose + ": " + error.what());
  } catch (const pebble::ConnectionError& error) {
    throw Failure(std::string("Pebble does not answer: ") + error.what());
  }
}

std::string path_to_write(const ActionContext& context, const std::string& parameter) {
  std::string path = context.parameters.text(parameter);
  path.erase(path.find_last_not_of('/') + 1);
  const auto refuse = [&](const std::string& rule) {
    throw Failure("the parameter " + parameter + " must " + rule + ": " + excerpt(path));
  };
  const std::string parts = path + "/";
  if (!is_in(path, hockeypuck::storage_directory) || parts.find("//") != std::string::npos ||
      parts.find("/./") != std::string::npos || parts.find("/../") != std::string::npos) {
    refuse("be a path below " + std::string(hockeypuck::storage_directory) + " without . and ..");
  }
  for (const std::string_view used : {hockeypuck::tree_directory, key_load::directory}) {
    if (path == used || is_in(path, used)) {
      refuse("not be in " + std::string(used) + ", which the charm uses");
    }
  }
  std::string link;
  with_pebble("cannot read " + path, [&] { link = link_on(context.doors.pebble, path); });
  if (!link.empty()) {
    refuse("have no symbolic link, and " + link + " is one");
  }
  return path;
}

void write_file(ActionContext& context, File file) {
  const std::string purpose = "cannot write " + file.path;
  step::PlaceFiles place;
  place.files.push_back(std::move(file));
  context.perform(std::move(place), purpose);
}

void remove_files(ActionContext& context, std::vector<std::string> paths,
                  const std::string& purpose) {
  context.perform(step::RemovePaths{.paths = std::move(paths)}, purpose);
}

std::optional<std::string> find_file(const pebble::Client& pebble, const std::string& path,
                                     std::size_t most_bytes) {
  std::optional<std::string> content;
  with_pebble("cannot read " + path, [&] { content = pebble.read(path, most_bytes); });
  return content;
}

std::string read_file(const pebble::Client& pebble, const std::string& path,
                      std::size_t most_bytes) {
  auto content = find_file(pebble, path, most_bytes);
  if (!content) {
    throw Failure("there is no file " + path + " in the hockeypuck container");
  }
  return std::move(*content);
}

}  // namespace charm::actions
