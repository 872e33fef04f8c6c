// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/memory_text.hpp"

#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <type_traits>

using Json = nlohmann::json;

/// `null` means absent. Not for an optional JSON value, which needs no conversion.
template <typename Value>
struct nlohmann::adl_serializer<std::optional<Value>,
                                std::enable_if_t<!std::is_same_v<Value, nlohmann::json>>> {
  static void to_json(Json& json, const std::optional<Value>& value) {
    json = value ? Json(*value) : Json();
  }

  static void from_json(const Json& json, std::optional<Value>& value) {
    value = json.is_null() ? std::nullopt : std::optional(json.get<Value>());
  }
};

template <>
struct nlohmann::adl_serializer<std::chrono::sys_seconds> {
  static void to_json(Json& json, const std::chrono::sys_seconds& time) {
    json = time.time_since_epoch().count();
  }

  static void from_json(const Json& json, std::chrono::sys_seconds& time) {
    time = std::chrono::sys_seconds(std::chrono::seconds(json.get<std::int64_t>()));
  }
};

namespace charm {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RememberedPlan, text_digest, entries)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RememberedRelation, id, endpoint, remote_app, local_unit_data,
                                   local_app_data)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Memory, relations, open_ports, address, plan, has_version,
                                   uploads, leaving, read_at)

std::string memory_text(const Memory& memory) {
  return Json(memory).dump();
}

std::optional<Memory> read_memory(const std::string& text) {
  try {
    return read_own_json(text).get<Memory>();
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace charm
