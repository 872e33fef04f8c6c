// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

Json storage_list(const Call& call) {
  call.arguments.at_most(1);
  const std::string name = call.arguments.word(0);
  Json ids = Json::array();
  for (const StorageInstance& storage : call.context.unit().storage) {
    if (name.empty() || storage.name == name) {
      ids.push_back(storage.id);
    }
  }
  return ids;
}

Json storage_get(const Call& call) {
  call.arguments.at_most(1);
  const std::string id = call.arguments.value("storage").value_or(call.context.event.storage_id);
  if (id.empty()) {
    throw usage_error("no storage instance specified");
  }
  const auto& stores = call.context.unit().storage;
  const auto found = std::find_if(stores.begin(), stores.end(),
                                  [&id](const StorageInstance& one) { return one.id == id; });
  if (found == stores.end()) {
    throw usage_error("invalid value \"" + id + "\" for option -s: storage not found");
  }
  const Json attributes = {{"kind", "filesystem"}, {"location", found->location}};
  const std::string key = call.arguments.word(0);
  if (!key.empty() && !attributes.contains(key)) {
    throw run_error("invalid storage attribute \"" + key + "\"");
  }
  return key.empty() ? attributes : attributes[key];
}

}  // namespace

std::vector<Tool> storage_tools() {
  return {
      {.name = "storage-list", .flags = {}, .prints_value = true, .run = storage_list},
      {.name = "storage-get",
       .flags = {{.name = "storage", .short_name = "s"}},
       .prints_value = true,
       .run = storage_get},
  };
}

}  // namespace rehearsal::tools
