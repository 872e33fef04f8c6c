// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/memory_text.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>

namespace charm {

namespace {

using Json = nlohmann::json;

/// `null` is absent.
template <typename Value>
void write(Json& json, const char* key, const std::optional<Value>& value) {
  json[key] = value ? Json(*value) : Json();
}

template <typename Value>
void read(const Json& json, const char* key, std::optional<Value>& value) {
  if (const Json& member = json.at(key); !member.is_null()) {
    value = member.get<Value>();
  }
}

Json to_json(const RememberedPlan& plan) {
  return {{"text", plan.text_digest}, {"entries", plan.entries}};
}

RememberedPlan to_plan(const Json& json) {
  return {.text_digest = json.at("text"), .entries = json.at("entries")};
}

Json to_json(const RememberedRelation& relation) {
  Json json = {
      {"id", relation.id}, {"endpoint", relation.endpoint}, {"remote-app", relation.remote_app}};
  write(json, "local-unit", relation.local_unit_data);
  write(json, "local-app", relation.local_app_data);
  return json;
}

RememberedRelation to_relation(const Json& json) {
  RememberedRelation relation{
      .id = json.at("id"), .endpoint = json.at("endpoint"), .remote_app = json.at("remote-app")};
  read(json, "local-unit", relation.local_unit_data);
  read(json, "local-app", relation.local_app_data);
  return relation;
}

Memory to_memory(const Json& json) {
  Memory memory{.address = json.at("address"),
                .read_at = std::chrono::sys_seconds(
                    std::chrono::seconds(json.at("read-at").get<std::int64_t>()))};
  for (const Json& relation : json.at("relations")) {
    memory.relations.push_back(to_relation(relation));
  }
  read(json, "open-ports", memory.open_ports);
  if (const Json& plan = json.at("plan"); !plan.is_null()) {
    memory.plan = to_plan(plan);
  }
  return memory;
}

}  // namespace

std::string memory_text(const Memory& memory) {
  Json relations = Json::array();
  for (const RememberedRelation& relation : memory.relations) {
    relations.push_back(to_json(relation));
  }
  Json json = {{"relations", std::move(relations)},
               {"address", memory.address},
               {"read-at", memory.read_at.time_since_epoch().count()}};
  write(json, "open-ports", memory.open_ports);
  json["plan"] = memory.plan ? to_json(*memory.plan) : Json();
  return json.dump();
}

std::optional<Memory> read_memory(const std::string& text) {
  try {
    return to_memory(Json::parse(text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace charm
