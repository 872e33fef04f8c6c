// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"
#include "exchange.hpp"

#include <algorithm>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

/// A directory may have many entries.
constexpr std::chrono::milliseconds listing_timeout = std::chrono::seconds(60);

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

}  // namespace

std::optional<std::vector<FileInfo>> Client::list(const std::string& path) const {
  const Request request{.method = "GET",
                        .target = "/v1/files?action=list&path=" + percent_encoded(path)};
  try {
    return shaped(request, exchange(*transport_, request, listing_timeout), file_infos);
  } catch (const ApiError& error) {
    if (error.kind() != "not-found" && error.status() != 404) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace charm::pebble
