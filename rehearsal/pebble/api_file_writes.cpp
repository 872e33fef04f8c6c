// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/account.hpp"
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/file_result.hpp"
#include "rehearsal/pebble/file_writing.hpp"
#include "rehearsal/pebble/multipart.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <map>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t shortest_boundary = 32;
constexpr mode_t default_file_permissions = 0644;
constexpr mode_t default_directory_permissions = 0755;

std::optional<Account> owner_in(const JsonBody& item) {
  try {
    return find_account(item.integer("user-id"), item.integer("group-id"), item.text("user"),
                        item.text("group"));
  } catch (const std::invalid_argument& error) {
    throw FileError(std::string("cannot look up user and group: ") + error.what());
  }
}

void write_item(const JsonBody& item, std::string_view content) {
  const std::string path = item.text("path");
  const std::optional<Account> owner = owner_in(item);
  if (item.flag("make-dirs")) {
    const std::string parent = path.substr(0, path.rfind('/'));
    try {
      make_directory(parent.empty() ? "/" : parent, {default_directory_permissions, owner}, true);
    } catch (const FileError& error) {
      throw FileError(std::string("cannot create directory: ") + error.what(), error.error);
    }
  }
  const mode_t permissions = parse_permissions(item.text("permissions"), default_file_permissions);
  write_file(path, content, {permissions, owner});
}

std::vector<JsonBody> read_metadata(MultipartReader& parts) {
  std::optional<Part> part;
  try {
    part = parts.next();
  } catch (const std::invalid_argument& error) {
    bad_request(std::string("cannot read request metadata: ") + error.what());
  }
  const std::string name = part ? part->name : "";
  if (name != "request") {
    bad_request("metadata field name must be \"request\", got " + go_quoted(name));
  }
  const JsonBody body(part->content, "cannot decode request metadata");
  if (body.text("action") != "write") {
    bad_request("multipart action must be \"write\", got " + go_quoted(body.text("action")));
  }
  std::vector<JsonBody> files = body.objects("files");
  if (files.empty()) {
    bad_request("must specify one or more files");
  }
  return files;
}

std::optional<Part> next_file(MultipartReader& parts, int number) {
  try {
    return parts.next();
  } catch (const std::invalid_argument& error) {
    bad_request("cannot read file part " + std::to_string(number) + ": " + error.what());
  }
}

HttpResponse write_files(const std::string& body, const std::string& boundary) {
  MultipartReader parts(body, boundary);
  const std::vector<JsonBody> items = read_metadata(parts);
  std::map<std::string, const JsonBody*> by_path;
  for (const JsonBody& item : items) {
    by_path[item.text("path")] = &item;
  }
  std::map<std::string, Json> written;
  for (int number = 0; const auto part = next_file(parts, number); ++number) {
    if (part->name != "files") {
      bad_request("field name must be \"files\", got " + go_quoted(part->name));
    }
    const auto item = by_path.find(part->filename);
    if (item == by_path.end()) {
      bad_request("no metadata for path " + go_quoted(part->filename));
    }
    // What ends too early leaves the file as it was; the next part then tells of it.
    if (part->complete) {
      written[part->filename] =
          result_of(part->filename, [&] { write_item(*item->second, part->content); });
    }
  }
  Json results = Json::array();
  for (const JsonBody& item : items) {
    const std::string path = item.text("path");
    const auto result = written.find(path);
    results.push_back(
        result != written.end()
            ? result->second
            : entry_for(path, FileError("no file content for path " + go_quoted(path))));
  }
  return sync_response(results);
}

HttpResponse make_directories(const JsonBody& body) {
  Json results = Json::array();
  for (const JsonBody& item : body.objects("dirs")) {
    const std::string path = item.text("path");
    results.push_back(result_of(path, [&] {
      const mode_t permissions =
          parse_permissions(item.text("permissions"), default_directory_permissions);
      make_directory(path, {permissions, owner_in(item)}, item.flag("make-parents"));
    }));
  }
  return sync_response(results);
}

HttpResponse remove_paths(const JsonBody& body) {
  Json results = Json::array();
  for (const JsonBody& item : body.objects("paths")) {
    const std::string path = item.text("path");
    results.push_back(result_of(path, [&] { remove_path(path, item.flag("recursive")); }));
  }
  return sync_response(results);
}

HttpResponse act_on_files(const std::string& text) {
  const JsonBody body(text, "cannot decode request body");
  const std::string action = body.text("action");
  if (action == "make-dirs") {
    return make_directories(body);
  }
  if (action == "remove") {
    return remove_paths(body);
  }
  if (action == "write") {
    bad_request("must use multipart with \"write\" action");
  }
  bad_request("invalid action " + go_quoted(action));
}

}  // namespace

HttpResponse post_files(const Call& call) {
  const std::string content_type = call.request.header("content-type");
  const auto media = parse_media_value(content_type);
  if (!media) {
    bad_request("invalid Content-Type " + go_quoted(content_type));
  }
  if (media->type == "multipart/form-data") {
    const auto boundary = media->parameters.find("boundary");
    const std::string value = boundary == media->parameters.end() ? "" : boundary->second;
    if (value.size() < shortest_boundary) {
      bad_request("invalid boundary " + go_quoted(value));
    }
    return write_files(call.request.body, value);
  }
  if (media->type != "application/json") {
    bad_request("invalid media type " + go_quoted(media->type));
  }
  return act_on_files(call.request.body);
}

}  // namespace rehearsal::pebble
