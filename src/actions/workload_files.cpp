// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "workload_files.hpp"

namespace charm::actions {

void with_pebble(const std::string& purpose, const std::function<void()>& work) {
  try {
    work();
  } catch (const pebble::PathError& error) {
    throw Failure(purpose + ": " + error.what());
  } catch (const pebble::ApiError& error) {
    throw Failure(purpose + ": " + error.what());
  } catch (const pebble::ConnectionError& error) {
    throw Failure(std::string("Pebble does not answer: ") + error.what());
  }
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

std::optional<std::string> find_file(const pebble::Client& pebble, const std::string& path) {
  std::map<std::string, std::string> files;
  with_pebble("cannot read " + path, [&] { files = pebble.read({path}); });
  return files.empty() ? std::nullopt : std::optional(std::move(files.begin()->second));
}

std::string read_large_file(const pebble::Client& pebble, const std::string& path) {
  std::optional<std::string> content;
  with_pebble("cannot read " + path, [&] { content = pebble.read(path, longest_key_file); });
  if (!content) {
    throw Failure("there is no file " + path + " in the hockeypuck container");
  }
  return std::move(*content);
}

std::string read_file(const pebble::Client& pebble, const std::string& path) {
  auto content = find_file(pebble, path);
  if (!content) {
    throw Failure("there is no file " + path + " in the hockeypuck container");
  }
  return std::move(*content);
}

}  // namespace charm::actions
