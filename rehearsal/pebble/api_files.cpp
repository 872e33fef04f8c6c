// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/account.hpp"
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/file_error.hpp"
#include "rehearsal/pebble/file_handle.hpp"
#include "rehearsal/pebble/file_listing.hpp"
#include "rehearsal/pebble/file_result.hpp"
#include "rehearsal/pebble/multipart.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace rehearsal::pebble {
namespace {

FileHandle open_regular(const std::string& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    throw FileError("stat", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw FileError("can only read a regular file: " + go_quoted(path));
  }
  FileHandle file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    throw FileError("open", path, errno);
  }
  return file;
}

void send_file(const std::string& path, const std::string& boundary, bool& first,
               HttpStream& client) {
  const FileHandle file = open_regular(path);
  client.write(part_head(boundary, first,
                         "form-data; name=\"files\"; filename=" + disposition_quoted(path),
                         "application/octet-stream"));
  first = false;
  std::array<char, 65536> bytes{};
  ssize_t count = 0;
  while ((count = read(file.get(), bytes.data(), bytes.size())) > 0) {
    client.write({bytes.data(), static_cast<std::size_t>(count)});
  }
  if (count < 0) {
    throw FileError("read", path, errno);
  }
}

/// The files one after the other, and last what became of each.
HttpResponse read_files(const std::vector<std::string>& paths) {
  const std::string boundary = random_boundary();
  return {.headers = {{"Content-Type", "multipart/form-data; boundary=" + boundary}},
          .stream = [paths, boundary](HttpStream& client) {
            bool first = true;
            Json results = Json::array();
            for (const std::string& path : paths) {
              results.push_back(result_of(path, [&] { send_file(path, boundary, first, client); }));
            }
            client.write(
                part_head(boundary, first, "form-data; name=\"response\"", "application/json") +
                sync_response(results).body + "\n\r\n--" + boundary + "--\r\n");
          }};
}

Json to_json(const FileInfo& info) {
  const struct stat& status = info.status;
  Json json{{"path", info.path}, {"name", info.name}, {"type", file_type(status)}};
  if (S_ISREG(status.st_mode)) {
    json["size"] = status.st_size;
  }
  std::array<char, 8> permissions{};
  std::snprintf(permissions.data(), permissions.size(), "%03o", status.st_mode & 0777U);
  const auto user = find_user(status.st_uid);
  json["permissions"] = permissions.data();
  json["last-modified"] = format_time_seconds(SystemTime(std::chrono::seconds(status.st_mtime)));
  json["user-id"] = status.st_uid;
  json["user"] = user ? user->name : "";
  json["group-id"] = status.st_gid;
  json["group"] = group_name(status.st_gid);
  return json;
}

HttpResponse list_directory(const HttpRequest& request) {
  const std::string path = request.parameter("path");
  const std::string itself = request.parameter("itself");
  if (path.empty()) {
    bad_request("must specify path");
  }
  if (!itself.empty() && itself != "true" && itself != "false") {
    bad_request("itself parameter must be \"true\" or \"false\"");
  }
  if (!path.starts_with('/')) {
    bad_request("path must be absolute, got " + go_quoted(path));
  }
  try {
    Json result = Json::array();
    for (const FileInfo& info : list_files(path, request.parameter("pattern"), itself == "true")) {
      result.push_back(to_json(info));
    }
    return sync_response(result);
  } catch (const FileError& error) {
    const std::string kind = error.kind();
    const int status = kind == "not-found" ? 404 : kind == "permission-denied" ? 403 : 400;
    throw RequestError(status, error.what(), kind);
  }
}

}  // namespace

HttpResponse get_files(const Call& call) {
  const std::string action = call.request.parameter("action");
  if (action == "list") {
    return list_directory(call.request);
  }
  if (action != "read") {
    bad_request("invalid action " + go_quoted(action));
  }
  const std::vector<std::string> paths = call.request.parameters("path");
  if (paths.empty()) {
    bad_request("must specify one or more paths");
  }
  if (call.request.header("accept") != "multipart/form-data") {
    bad_request("must accept multipart/form-data");
  }
  return read_files(paths);
}

}  // namespace rehearsal::pebble
