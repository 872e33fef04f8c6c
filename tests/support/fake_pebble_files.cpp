// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/pebble/multipart.hpp"
#include "tests/support/fake_pebble.hpp"
#include "tests/support/fake_pebble_answers.hpp"

#include <algorithm>

namespace test {
namespace {

using charm::pebble::Request;
using charm::pebble::Response;
using charm::pebble::multipart::Part;
using charm::pebble::multipart::PartView;
using Json = nlohmann::json;

Json path_error(const std::string& path, const std::string& kind, const std::string& message) {
  return {{"path", path}, {"error", {{"kind", kind}, {"message", message}}}};
}

Json not_found(const std::string& path) {
  return path_error(path, "not-found", "stat " + path + ": no such file or directory");
}

unsigned mode_of(const Json& entry, const char* preset) {
  const std::string text = entry.value("permissions", preset);
  if (text.size() != 3 || text.find_first_not_of("01234567") != std::string::npos) {
    throw PebbleRefusal{400, "invalid permissions \"" + text + "\""};
  }
  return static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

std::vector<PartView> parts_of(const Request& request) {
  const auto boundary = charm::pebble::multipart::boundary_of(request.content_type);
  if (!boundary || boundary->size() < 32) {
    throw PebbleRefusal{400, "invalid boundary"};
  }
  auto parts = charm::pebble::multipart::parse(request.body, *boundary);
  if (!parts || parts->empty() || parts->front().name != "request") {
    throw PebbleRefusal{400, "cannot read request metadata"};
  }
  return std::move(*parts);
}

}  // namespace

/// What becomes of an attempt to change something at this path.
Json FakePebble::file_result(const std::string& path) const {
  if (!path.starts_with('/')) {
    return path_error(path, "generic-file-error", "paths must be absolute, got \"" + path + "\"");
  }
  if (unwritable.count(path) != 0) {
    return path_error(path, "permission-denied", "open " + path + ": permission denied");
  }
  return {{"path", path}};
}

Response FakePebble::read_files(const std::string& target) const {
  std::vector<Part> parts;
  Json results = Json::array();
  for (const std::string& path : query_values(target, "path")) {
    const auto file = files.find(path);
    if (file == files.end()) {
      results.push_back(not_found(path));
      continue;
    }
    results.push_back({{"path", path}});
    parts.push_back({"files", charm::pebble::multipart::quoted(path), file->second.content});
  }
  const Json envelope = {
      {"type", "sync"}, {"status-code", 200}, {"status", "OK"}, {"result", results}};
  parts.push_back({"response", "", envelope.dump()});
  const std::string boundary = charm::pebble::multipart::boundary_for(parts);
  return {.status = 200,
          .body = charm::pebble::multipart::render(parts, boundary),
          .content_type = "multipart/form-data; boundary=" + boundary};
}

/// GET /v1/files?action=list. A directory is there while a file is below it.
Json FakePebble::list_files(const std::string& path, bool itself) const {
  const auto info = [](const std::string& name, const charm::File& file) {
    return Json{{"path", name},
                {"name", name.substr(name.rfind('/') + 1)},
                {"type", "file"},
                {"size", file.content.size()},
                {"last-modified", "2026-11-27T08:00:00Z"}};
  };
  if (const auto file = files.find(path); file != files.end()) {
    return Json::array({info(path, file->second)});
  }
  Json infos = Json::array();
  bool exists = directories.contains(path);
  for (const auto& [name, file] : files) {
    const bool below = name.starts_with(path + "/");
    exists = exists || below;
    if (below && !itself && name.find('/', path.size() + 1) == std::string::npos) {
      infos.push_back(info(name, file));
    }
  }
  if (!exists) {
    throw PebbleRefusal{404, "stat " + path + ": no such file or directory", "not-found"};
  }
  return infos;
}

Json FakePebble::write_files(const Request& request) {
  const std::vector<PartView> parts = parts_of(request);
  const Json body = Json::parse(parts.front().content);
  Json results = Json::array();
  for (const Json& entry : body.at("files")) {
    const std::string path = entry.at("path");
    const auto part =
        std::find_if(parts.begin(), parts.end(),
                     [name = charm::pebble::multipart::quoted(path)](const PartView& p) {
                       return p.name == "files" && p.quoted_file_name == name;
                     });
    if (part == parts.end()) {
      throw PebbleRefusal{400, "no metadata for path"};
    }
    results.push_back(file_result(path));
    if (!results.back().contains("error")) {
      const std::string parent = path.substr(0, path.rfind('/'));
      directories.try_emplace(parent, charm::Directory{.path = parent});
      files[path] = {.path = path,
                     .content = std::string(part->content),
                     .mode = mode_of(entry, "644"),
                     .user_id = entry.value("user-id", 0),
                     .group_id = entry.value("group-id", 0)};
    }
  }
  return results;
}

/// A directory that is there already stays as it is.
Json FakePebble::change_files(const Json& body) {
  Json results = Json::array();
  for (const Json& entry : body.value("dirs", Json::array())) {
    const std::string path = entry.at("path");
    results.push_back(file_result(path));
    if (!results.back().contains("error")) {
      directories.try_emplace(path, charm::Directory{.path = path,
                                                     .mode = mode_of(entry, "755"),
                                                     .user_id = entry.value("user-id", 0),
                                                     .group_id = entry.value("group-id", 0)});
    }
  }
  for (const Json& entry : body.value("paths", Json::array())) {
    const std::string path = entry.at("path");
    const bool recursive = entry.value("recursive", false);
    const auto inside = [&](const auto& item) {
      return item.first == path || (recursive && item.first.starts_with(path + "/"));
    };
    const auto gone = std::erase_if(files, inside) + std::erase_if(directories, inside);
    results.push_back(gone == 0 && !recursive ? not_found(path) : file_result(path));
  }
  return results;
}

}  // namespace test
