// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/text.hpp"
#include "charm/json/json_text.hpp"
#include "charm/pebble/client.hpp"
#include "exchange.hpp"
#include "multipart.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;
using multipart::Part;
using multipart::PartView;

/// The disk limits pushes, not Pebble, and a directory may have many entries.
constexpr std::chrono::milliseconds files_timeout = std::chrono::seconds(60);

std::string permissions(unsigned mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%03o", mode & 0777U);  // NOLINT(cert-err33-c): fits.
  return text.data();
}

/// Adds the owner, unless it is root, which means Pebble's own user. If the image does not know a
/// user, Pebble accepts its ID only together with a group.
template <typename Entry>
void set_owner(Json& json, const Entry& entry) {
  if (entry.user_id != 0 || entry.group_id != 0) {
    json["user-id"] = entry.user_id;
    json["group-id"] = entry.group_id;
  }
}

Json metadata(const File& file) {
  Json json = {{"path", file.path}, {"make-dirs", true}, {"permissions", permissions(file.mode)}};
  set_owner(json, file);
  return json;
}

/// Control characters would end the header line that contains the path.
void check_path(const std::string& path) {
  if (std::any_of(path.begin(), path.end(), [](char byte) { return byte >= 0 && byte < 0x20; })) {
    throw PathError("a path has a control character");
  }
}

/// Throws for the first path that failed, unless the error is of the allowed kind.
void check_paths(const Request& request, const Json& results, std::string_view fine = {}) {
  shaped(request, results, [fine](const Json& list) {
    for (const Json& item : list) {
      const Json error = item.value("error", Json::object());
      const auto kind = error.value("kind", std::string());
      if (!error.empty() && (fine.empty() || kind != fine)) {
        throw PathError(item.at("path").get<std::string>() + ": " +
                        error.value("message", std::string("failed")));
      }
    }
    return 0;
  });
}

std::vector<Part> parts_of(const std::vector<File>& files) {
  Json entries = Json::array();
  std::vector<Part> parts(1);
  for (const File& file : files) {
    check_path(file.path);
    entries.push_back(metadata(file));
    parts.push_back({.name = "files",
                     .quoted_file_name = multipart::quoted(file.path),
                     .content = file.content});
  }
  parts.front() = {.name = "request",
                   .quoted_file_name = {},
                   .content = json_text({{"action", "write"}, {"files", std::move(entries)}})};
  return parts;
}

/// Sends a push. If Pebble refuses it early, Pebble hangs up, and its answer may be lost.
Json push(Transport& transport, const Request& request, std::size_t count) {
  try {
    return exchange(transport, request, files_timeout);
  } catch (const OutOfTime&) {
    throw;
  } catch (const ConnectionError& error) {
    throw ConnectionError("while pushing " + std::to_string(count) + " files (" +
                          std::to_string(request.body.size()) +
                          " bytes), which Pebble may have refused early: " + error.what());
  }
}

std::vector<PartView> parts_of(const Request& request, const Response& response) {
  const auto boundary = multipart::boundary_of(response.content_type);
  if (!boundary) {
    // This is usually an error envelope, for which envelope() throws a better text.
    static_cast<void>(envelope(request, response));
    throw_misshapen(request, response.status, "the answer is not multipart/form-data");
  }
  auto parts = multipart::parse(response.body, *boundary);
  if (!parts) {
    throw_misshapen(request, response.status, "the multipart answer is not whole");
  }
  return std::move(*parts);
}

/// Returns the part that has the result for each path.
Json read_results(const Request& request, const std::vector<PartView>& parts) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [](const PartView& part) { return part.name == "response"; });
  if (found == parts.end()) {
    throw_misshapen(request, 200, "the multipart answer has no part named response");
  }
  Json json = envelope(request, {.status = 200, .body = std::string(found->content)});
  return json.value("result", Json());
}

/// The charm's files have a few kilobytes; those of an operator may be longer.
constexpr std::size_t longest_files = 16UL << 20U;

Request read_request(const std::vector<std::string>& paths) {
  Request request{.method = "GET", .target = "/v1/files?action=read"};
  request.longest_answer = longest_files;
  request.accept = "multipart/form-data";
  for (const std::string& path : paths) {
    check_path(path);
    request.target += "&path=" + percent_encoded(path);
  }
  return request;
}

std::optional<std::string_view> content_of(const std::vector<PartView>& parts,
                                           const std::string& path) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [name = multipart::quoted(path)](const PartView& part) {
                                    return part.name == "files" && part.quoted_file_name == name;
                                  });
  return found == parts.end() ? std::nullopt : std::optional(found->content);
}

FileInfo file_info(const Json& json) {
  return {.path = json.at("path"),
          .name = json.at("name"),
          .type = json.at("type"),
          .size = json.value("size", std::uint64_t{0}),
          .last_modified = json.value("last-modified", std::string())};
}

std::vector<FileInfo> file_infos(const Json& json) {
  std::vector<FileInfo> infos;
  std::transform(json.begin(), json.end(), std::back_inserter(infos), file_info);
  std::sort(infos.begin(), infos.end(),
            [](const FileInfo& left, const FileInfo& right) { return left.name < right.name; });
  return infos;
}

/// Lists a path. Returns nothing if it does not exist.
std::optional<Json> listed(Transport& transport, const Request& request) {
  try {
    return exchange(transport, request, files_timeout);
  } catch (const ApiError& error) {
    if (error.kind() != "not-found" && error.status() != 404) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace

std::map<std::string, std::string> Client::read(const std::vector<std::string>& paths) const {
  std::map<std::string, std::string> contents;
  if (paths.empty()) {
    return contents;
  }
  const Request request = read_request(paths);
  const Response response = transport_->send(request, files_timeout);
  const std::vector<PartView> parts = parts_of(request, response);
  check_paths(request, read_results(request, parts), "not-found");
  for (const std::string& path : paths) {
    if (const auto content = content_of(parts, path)) {
      contents[path] = *content;
    }
  }
  return contents;
}

std::optional<std::string> Client::read(const std::string& path, std::size_t most_bytes) const {
  constexpr std::size_t around_the_content = 64UL << 10U;
  if (file_size(path) > most_bytes) {
    throw PathError(path + ": it has more than " + std::to_string(most_bytes >> 20U) + " MiB");
  }
  Request request = read_request({path});
  request.longest_answer = most_bytes + around_the_content;
  Response response = transport_->send(request, files_timeout);
  const std::vector<PartView> parts = parts_of(request, response);
  check_paths(request, read_results(request, parts), "not-found");
  const auto content = content_of(parts, path);
  if (!content) {
    return std::nullopt;
  }
  // Does not copy the content, which may be a quarter of the memory.
  const auto begin = static_cast<std::size_t>(content->data() - response.body.data());
  response.body.resize(begin + content->size());
  response.body.erase(0, begin);
  return std::move(response.body);
}

std::uint64_t Client::file_size(std::string_view path) const {
  const Request request{
      .method = "GET", .target = "/v1/files?action=list&itself=true&path=" + percent_encoded(path)};
  const auto result = listed(*transport_, request);
  return result
             ? shaped(request, *result,
                      [](const Json& list) { return list.at(0).value("size", std::uint64_t{0}); })
             : 0;
}

std::optional<std::vector<FileInfo>> Client::list(const std::string& path) const {
  const Request request{.method = "GET",
                        .target = "/v1/files?action=list&path=" + percent_encoded(path)};
  const auto result = listed(*transport_, request);
  return result ? std::optional(shaped(request, *result, file_infos)) : std::nullopt;
}

void Client::write(const std::vector<File>& files) const {
  if (files.empty()) {
    return;
  }
  const std::vector<Part> parts = parts_of(files);
  const std::string boundary = multipart::boundary_for(parts);
  const Request request{.method = "POST",
                        .target = "/v1/files",
                        .body = multipart::render(parts, boundary),
                        .content_type = "multipart/form-data; boundary=" + boundary};
  check_paths(request, push(*transport_, request, files.size()));
}

void Client::make_directories(const std::vector<Directory>& directories) const {
  if (directories.empty()) {
    return;
  }
  Json entries = Json::array();
  for (const Directory& directory : directories) {
    Json entry = {{"path", directory.path},
                  {"make-parents", true},
                  {"permissions", permissions(directory.mode)}};
    set_owner(entry, directory);
    entries.push_back(std::move(entry));
  }
  const auto request =
      json_request("/v1/files", {{"action", "make-dirs"}, {"dirs", std::move(entries)}});
  check_paths(request, exchange(*transport_, request, files_timeout));
}

void Client::remove(const std::vector<std::string>& paths, bool recursive) const {
  if (paths.empty()) {
    return;
  }
  Json entries = Json::array();
  for (const std::string& path : paths) {
    entries.push_back({{"path", path}, {"recursive", recursive}});
  }
  const auto request =
      json_request("/v1/files", {{"action", "remove"}, {"paths", std::move(entries)}});
  check_paths(request, exchange(*transport_, request, files_timeout), "not-found");
}

}  // namespace charm::pebble
