// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "promtail_offer.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>

namespace loki {
namespace {

using nlohmann::json;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw charm::Error("there is no " + path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

json entry(const Promtail& promtail, const std::string& url, const std::string& name) {
  return {{"filename", name},
          {"zipsha", charm::sha256(promtail.archive)},
          {"binsha", charm::sha256(promtail.binary)},
          {"url", url}};
}

}  // namespace

Promtail read_promtail(const std::string& charm_folder) {
  return {.binary = content_of(charm_folder + "/promtail"),
          .archive = content_of(charm_folder + "/promtail.gz")};
}

std::string promtail_offer(const Promtail& promtail, const std::string& base_url,
                           const std::string& kind) {
  if (kind == "absent") {
    return {};
  }
  const Promtail other{.binary = "another program", .archive = "another file"};
  const Promtail& told = kind == "wrong-digest" ? other : promtail;
  const std::string url =
      base_url + "/files/" + (kind == "missing" ? "no-such-file.gz" : archive_name);
  const json arm = entry(told, url, "promtail-static-arm64");
  return json{
      {"amd64", entry(told, url, "promtail-static-amd64")}, {"arm64", arm}, {"aarch64", arm}}
      .dump();
}

}  // namespace loki
