// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/json_text.hpp"
#include "charm/prefix_tree/tree.hpp"

#include <nlohmann/json.hpp>

namespace charm::prefix_tree {
namespace {

using Json = nlohmann::json;

constexpr const char* building = "building";
constexpr const char* requested = "requested";

/// Throws nlohmann's exceptions for what is missing or has another type.
Rebuild rebuild_of(const Json& json) {
  return {.state = json.at("state").get<std::string>() == building ? RebuildState::building
                                                                   : RebuildState::requested,
          .reason = json.at("reason"),
          .by_itself = json.at("by-itself"),
          .database = json.at("database"),
          .keys = json.at("keys"),
          .since = json.at("since")};
}

Record record_of(const Json& json) {
  return {.database = json.at("database"),
          .trusted_since = json.at("trusted-since"),
          .compared = json.at("compared"),
          .comparison = {.digests = json.at("digests"), .keys = json.at("keys")},
          .differs_since = json.at("differs-since"),
          .is_far = json.at("is-far"),
          .rebuilt = json.at("rebuilt")};
}

}  // namespace

std::string file_text(const Rebuild& rebuild) {
  return json_text({{"state", rebuild.state == RebuildState::building ? building : requested},
                    {"reason", rebuild.reason},
                    {"by-itself", rebuild.by_itself},
                    {"database", rebuild.database},
                    {"keys", rebuild.keys},
                    {"since", rebuild.since}}) +
         "\n";
}

std::string file_text(const Record& record) {
  return json_text({{"database", record.database},
                    {"trusted-since", record.trusted_since},
                    {"compared", record.compared},
                    {"digests", record.comparison.digests},
                    {"keys", record.comparison.keys},
                    {"differs-since", record.differs_since},
                    {"is-far", record.is_far},
                    {"rebuilt", record.rebuilt}}) +
         "\n";
}

Rebuild read_rebuild(std::string_view text) {
  try {
    return rebuild_of(Json::parse(text));
  } catch (const Json::exception&) {
    return {.reason = "an earlier one did not come to its end"};
  }
}

std::optional<Record> read_record(std::string_view text) {
  try {
    return record_of(Json::parse(text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace charm::prefix_tree
