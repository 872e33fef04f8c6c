// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The files part of Pebble's API.
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/refusal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

/// One part of a multipart/form-data body.
struct Part {
  std::string name;
  std::string file_name;
  std::string_view content;
};

/// Returns a parameter of a header line such as Content-Disposition, without its backslashes.
std::string header_parameter(std::string_view header, const std::string& name) {
  const std::size_t at = header.find(name + "=");
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view rest = header.substr(at + name.size() + 1);
  if (!rest.starts_with('"')) {
    return std::string(rest.substr(0, rest.find_first_of("; \r\n")));
  }
  std::string value;
  for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\') {
      ++i;
    }
    value += rest.substr(i, 1);
  }
  return value;
}

std::vector<Part> parts_of(std::string_view body, const std::string& boundary) {
  const std::string delimiter = "\r\n--" + boundary;
  const std::string first = delimiter.substr(2);
  std::vector<Part> parts;
  if (!body.starts_with(first)) {
    bad_request("cannot read request metadata: there is no part");
  }
  body.remove_prefix(first.size());
  while (body.starts_with("\r\n")) {
    const std::size_t head = body.find("\r\n\r\n");
    const std::size_t end = body.find(delimiter, head == std::string_view::npos ? 0 : head + 2);
    if (head == std::string_view::npos || end == std::string_view::npos) {
      bad_request("cannot read file part " + std::to_string(parts.size()) + ": unexpected EOF");
    }
    const std::string_view header = body.substr(0, head);
    parts.push_back({header_parameter(header, " name"), header_parameter(header, "filename"),
                     body.substr(head + 4, std::max(end, head + 4) - head - 4)});
    body.remove_prefix(end + delimiter.size());
  }
  return parts;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char character : text) {
    result += character == '"' || character == '\\' ? "\\" : "";
    result += character;
  }
  return result;
}

std::string random_boundary() {
  std::random_device random;
  std::string boundary;
  while (boundary.size() < 40) {
    boundary += std::to_string(random());
  }
  return boundary;
}

void require_absolute(const std::string& path) {
  if (!path.starts_with('/')) {
    throw FileError("generic-file-error", "paths must be absolute, got " + in_quotes(path));
  }
}

/// Runs the action for one path, and returns its entry of the result.
template <typename Action>
Json result_of(const std::string& path, Action action) {
  Json result{{"path", path}};
  try {
    require_absolute(path);
    action();
  } catch (const FileError& error) {
    result["error"] = {{"message", error.what()}, {"kind", error.kind}};
  }
  return result;
}

/// Returns the files one after the other, and then the result for each.
ApiAnswer read_files(FileSystem& files, const std::vector<std::string>& paths) {
  const std::string boundary = random_boundary();
  std::string body;
  Json results = Json::array();
  for (const std::string& path : paths) {
    results.push_back(result_of(path, [&] {
      const std::string content = files.read(path);
      body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" +
              escaped(path) + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content +
              "\r\n";
    }));
  }
  body += "--" + boundary +
          "\r\nContent-Disposition: form-data; name=\"response\"\r\n"
          "Content-Type: application/json\r\n\r\n" +
          sync_answer(results).body + "\r\n--" + boundary + "--\r\n";
  return {.body = std::move(body), .content_type = "multipart/form-data; boundary=" + boundary};
}

Json json_of(const FileInfo& info) {
  std::array<char, 8> permissions{};
  std::snprintf(permissions.data(), permissions.size(), "%03o", info.mode & 0777U);
  Json json{{"path", info.path},
            {"name", info.path == "/" ? "/" : info.path.substr(info.path.rfind('/') + 1)},
            {"type", info.type},
            {"permissions", permissions.data()},
            {"last-modified", info.last_modified},
            {"user-id", info.user},
            {"group-id", info.group}};
  if (info.type == "file") {
    json["size"] = info.size;
  }
  return json;
}

ApiAnswer list_files(FileSystem& files, const Call& call) {
  const std::string path = call.parameter("path");
  if (!path.starts_with('/')) {
    bad_request("path must be absolute, got " + in_quotes(path));
  }
  try {
    Json result = Json::array();
    for (const FileInfo& info : files.list(path, call.parameter("itself") == "true")) {
      result.push_back(json_of(info));
    }
    return sync_answer(result);
  } catch (const FileError& error) {
    throw Refusal(error.kind == "not-found" ? 404 : 400, error.what(), error.kind);
  }
}

ApiAnswer get_files(FileSystem& files, const Call& call) {
  static const std::vector<std::string> known{"action", "path", "itself"};
  for (const auto& [name, value] : call.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      not_supported("the parameter " + in_quotes(name) + " of GET /v1/files");
    }
  }
  const std::string action = call.parameter("action");
  if (action == "list") {
    return list_files(files, call);
  }
  if (action != "read") {
    not_supported("the action " + in_quotes(action) + " of GET /v1/files");
  }
  if (call.request.accept != "multipart/form-data") {
    bad_request("must accept multipart/form-data");
  }
  return read_files(files, call.parameters("path"));
}

unsigned mode_in(const Json& item, unsigned preset) {
  if (!item.contains("permissions")) {
    return preset;
  }
  const std::string text = item.at("permissions");
  if (text.size() != 3 || text.find_first_not_of("01234567") != std::string::npos) {
    throw FileError("generic-file-error",
                    "permissions must be a 3-digit octal string, got " + in_quotes(text));
  }
  return static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

/// Pebble accepts a user that the image does not know only together with a group. This stand-in
/// requires a group for every user.
FileAttributes attributes_in(const Json& item, unsigned preset) {
  FileAttributes attributes{.mode = mode_in(item, preset)};
  if (item.contains("user-id") != item.contains("group-id")) {
    not_supported("only one of user-id and group-id");
  }
  if (item.contains("user-id")) {
    attributes.user = item.at("user-id").get<uid_t>();
    attributes.group = item.at("group-id").get<gid_t>();
  }
  return attributes;
}

void require_known(const Json& item, const std::vector<std::string>& known) {
  static_cast<void>(body_of(item.dump(), known));
}

void write_file(FileSystem& files, const Json& item, std::string_view content) {
  constexpr unsigned directory_mode = 0755;
  constexpr unsigned file_mode = 0644;
  const std::string path = item.at("path");
  const FileAttributes attributes = attributes_in(item, file_mode);
  if (item.value("make-dirs", false) && path.rfind('/') > 0) {
    FileAttributes of_directory = attributes;
    of_directory.mode = directory_mode;
    files.make_directory(path.substr(0, path.rfind('/')), of_directory, true);
  }
  files.write(path, content, attributes);
}

ApiAnswer write_files(FileSystem& files, const ApiRequest& request) {
  constexpr std::size_t shortest_boundary = 32;
  const std::string boundary = header_parameter(request.content_type, "boundary");
  if (boundary.size() < shortest_boundary) {
    bad_request("invalid boundary " + in_quotes(boundary));
  }
  const std::vector<Part> parts = parts_of(request.body, boundary);
  if (parts.empty() || parts.front().name != "request") {
    bad_request("metadata field name must be \"request\"");
  }
  const Json body = body_of(std::string(parts.front().content), {"action", "files"});
  if (body.value("action", "") != "write") {
    bad_request("multipart action must be \"write\"");
  }
  Json results = Json::array();
  for (const Json& item : body.at("files")) {
    require_known(item, {"path", "make-dirs", "permissions", "user-id", "group-id"});
    const std::string path = item.at("path");
    const auto part = std::find_if(parts.begin() + 1, parts.end(), [&path](const Part& candidate) {
      return candidate.name == "files" && candidate.file_name == path;
    });
    results.push_back(result_of(path, [&] {
      if (part == parts.end()) {
        throw FileError("generic-file-error", "no file content for path " + in_quotes(path));
      }
      write_file(files, item, part->content);
    }));
  }
  return sync_answer(results);
}

ApiAnswer make_directories(FileSystem& files, const Json& items) {
  constexpr unsigned directory_mode = 0755;
  Json results = Json::array();
  for (const Json& item : items) {
    require_known(item, {"path", "make-parents", "permissions", "user-id", "group-id"});
    const std::string path = item.at("path");
    results.push_back(result_of(path, [&] {
      files.make_directory(path, attributes_in(item, directory_mode),
                           item.value("make-parents", false));
    }));
  }
  return sync_answer(results);
}

ApiAnswer remove_paths(FileSystem& files, const Json& items) {
  Json results = Json::array();
  for (const Json& item : items) {
    require_known(item, {"path", "recursive"});
    const std::string path = item.at("path");
    results.push_back(result_of(path, [&] { files.remove(path, item.value("recursive", false)); }));
  }
  return sync_answer(results);
}

}  // namespace

ApiAnswer answer_files(FileSystem& files, const Call& call) {
  if (call.request.method == "GET") {
    return get_files(files, call);
  }
  if (call.request.method != "POST") {
    not_supported(call.request.method + " " + call.path);
  }
  if (call.request.content_type.starts_with("multipart/form-data")) {
    return write_files(files, call.request);
  }
  const Json body = body_of(call.request.body, {"action", "dirs", "paths"});
  const std::string action = body.value("action", "");
  if (action == "make-dirs") {
    return make_directories(files, body.value("dirs", Json::array()));
  }
  if (action == "remove") {
    return remove_paths(files, body.value("paths", Json::array()));
  }
  not_supported("the action " + in_quotes(action) + " of POST /v1/files");
}

}  // namespace rehearsal::pebble
