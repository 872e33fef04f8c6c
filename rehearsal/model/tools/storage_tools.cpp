// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

/// Returns the storage that the unit knows: that of an earlier or the current storage-attached.
std::vector<StorageInstance> attached_storage(const Call& call) {
  const Unit& unit = call.context.unit();
  std::vector<StorageInstance> known = unit.storage;
  std::erase_if(known, [&](const StorageInstance& storage) {
    return unit.attached.count(storage.id) == 0 && call.context.event.storage_id != storage.id;
  });
  return known;
}

Json storage_list(const Call& call) {
  call.arguments.at_most(1);
  const std::string name = call.arguments.word(0);
  Json ids = Json::array();
  for (const StorageInstance& storage : attached_storage(call)) {
    if (name.empty() || storage.name == name) {
      ids.push_back(storage.id);
    }
  }
  return ids;
}

Json storage_get(const Call& call) {
  const std::string id = call.arguments.value("s").value_or(call.context.event.storage_id);
  if (id.empty()) {
    throw usage_error("no storage instance specified");
  }
  call.arguments.at_most(1);
  const std::string key = call.arguments.word(0);
  for (const StorageInstance& storage : attached_storage(call)) {
    if (storage.id == id) {
      const Json attributes = {{"kind", "filesystem"}, {"location", storage.location}};
      if (!key.empty() && !attributes.contains(key)) {
        throw run_error("invalid storage attribute \"" + key + "\"");
      }
      return key.empty() ? attributes : attributes[key];
    }
  }
  throw usage_error("invalid value \"" + id + "\" for option -s: storage not found");
}

}  // namespace

std::vector<Tool> storage_tools() {
  return {
      {.name = "storage-list", .flags = {}, .prints_value = true, .run = storage_list},
      {.name = "storage-get", .flags = {{.name = "s"}}, .prints_value = true, .run = storage_get},
  };
}

}  // namespace rehearsal::tools
