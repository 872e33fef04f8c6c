// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "prefix_tree.hpp"

#include "charm/app/endpoint.hpp"
#include "charm/json/prefix_tree_files.hpp"
#include "tree_rebuild.hpp"

#include <spdlog/spdlog.h>

namespace charm {

namespace {

using prefix_tree::Record;

std::vector<std::string> names_in(std::string_view directory, const pebble::Client& pebble) {
  std::vector<std::string> names;
  for (const auto& entry :
       pebble.list(std::string(directory)).value_or(std::vector<pebble::FileInfo>{})) {
    names.push_back(entry.name);
  }
  return names;
}

std::optional<Record> kept_record(const pebble::Client& pebble) {
  const std::string path(prefix_tree::record_path);
  const auto files = pebble.read({path});
  const auto file = files.find(path);
  return file == files.end() ? std::nullopt : prefix_tree::read_record(file->second);
}

/// Absent where one of the two does not answer: the next hook asks again.
std::optional<Record> compared(Record record, const Plan& plan, const Database& database,
                               const World& world) {
  const postgres::Target target = target_of(database);
  try {
    // Of a keyserver that an earlier revision of the charm started.
    if (record.database.empty()) {
      record = {.database = world.prepare_database(target).identity,
                .trusted_since = plan.tree.now};
    }
    const std::int64_t keys = world.count_keys(target);
    const auto digests = world.count_digests();
    return digests ? std::optional(with_comparison(std::move(record), {*digests, keys},
                                                   plan.tree.now, plan.tree.settling))
                   : std::nullopt;
  } catch (const postgres::DatabaseError& error) {
    spdlog::info("cannot count the keys: {}", error.what());
    return std::nullopt;
  }
}

std::vector<Status> statuses_of(const std::optional<Record>& record) {
  return record && record->is_far ? std::vector{far_off(*record)} : std::vector<Status>{};
}

}  // namespace

bool make_tree_usable(const Plan& plan, const prefix_tree::DatabaseContent& database,
                      const World& world) {
  if (!plan.tree.complete) {
    return true;
  }
  const bool exists = prefix_tree::is_tree(names_in(prefix_tree::path, world.pebble));
  const auto record = kept_record(world.pebble);
  const std::string reason = why_not_usable(exists, record, database);
  if (!reason.empty()) {
    request_rebuild({.reason = reason}, world.pebble);
    return false;
  }
  if (!record || record->database != database.identity) {
    keep_record({.database = database.identity, .trusted_since = plan.tree.now}, world.pebble);
  }
  return true;
}

Verdict compare_tree(const Plan& plan, const Database& database, const Workload& workload,
                     const World& world, bool just_started) {
  if (!plan.tree.complete) {
    return std::vector<Status>{};
  }
  auto record = just_started ? kept_record(world.pebble) : workload.tree_record;
  if (!just_started && !comparison_is_due(record, plan.tree.now, plan.tree.settling)) {
    return statuses_of(record);
  }
  const auto result = compared(record.value_or(Record{}), plan, database, world);
  if (!result) {
    return statuses_of(record);
  }
  // The rebuild ends with a record of its own; one that was kept first would hold up a dispatch
  // that makes up for a killed one.
  if (may_rebuild(*result, plan.tree.now)) {
    request_rebuild({.reason = sentence(result->comparison), .by_itself = true}, world.pebble);
    return std::nullopt;
  }
  keep_record(*result, world.pebble);
  return statuses_of(result);
}

}  // namespace charm
