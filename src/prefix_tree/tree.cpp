// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/prefix_tree/tree.hpp"

#include "charm/domain/statuses.hpp"
#include "charm/domain/utc.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace charm::prefix_tree {
namespace {

constexpr std::string_view builder = "/hockeypuck/bin/hockeypuck-pbuild";
constexpr std::int64_t few_keys = 100;
constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

/// goleveldb's messages as Hockeypuck 2.3.3 prints them; `file missing` is the whole message there.
constexpr std::array damages = {
    std::string_view("leveldb/table: corruption"),
    std::string_view("corrupted or incomplete CURRENT file"),
    std::string_view("database entry point either missing or corrupted"),
    std::string_view("leveldb: manifest corrupted"),
};
constexpr std::string_view missing_file = "file missing";

/// A time in the future has passed as well, because the clock was set back.
bool has_passed(std::int64_t since, std::int64_t duration, std::int64_t now) {
  return since > now || now - since >= duration;
}

std::string progress_of(const Rebuild& rebuild, std::int64_t now) {
  if (rebuild.state != RebuildState::building) {
    return {};
  }
  const std::int64_t minutes = std::max<std::int64_t>(0, now - rebuild.since) / 60;
  return ", " + std::to_string(rebuild.keys) + " keys, " + std::to_string(minutes) + " min so far";
}

using Json = nlohmann::json;

constexpr const char* building = "building";
constexpr const char* requested = "requested";

/// Throws nlohmann's exceptions for a missing value and for a wrong type.
Rebuild rebuild_of(const Json& json) {
  return {.state = json.at("state").get<std::string>() == building ? RebuildState::building
                                                                   : RebuildState::requested,
          .reason = json.at("reason"),
          .automatic = json.at("by-itself"),
          .database = json.at("database"),
          .keys = json.at("keys"),
          .since = json.at("since"),
          .failure = json.value("failure", "")};
}

Record record_of(const Json& json) {
  return {.database = json.at("database"),
          .trusted_since = json.at("trusted-since"),
          .compared = json.at("compared"),
          .comparison = {.digests = json.at("digests"),
                         .keys = json.at("keys"),
                         .settled = json.value("settled", 0L)},
          .differs_since = json.at("differs-since"),
          .is_far = json.at("is-far"),
          // Earlier revisions of the charm did not write these.
          .drifts_since = json.value("drifts-since", 0L),
          .drifts = json.value("drifts", false),
          .rebuilt = json.at("rebuilt")};
}

/// The difference that the number of keys may have without being far off.
std::int64_t tolerance(std::int64_t keys) {
  return std::max(few_keys, keys / 100);
}

bool was_rebuilt_today(const Record& record, std::int64_t now) {
  return record.rebuilt != 0 && !has_passed(record.rebuilt, day, now);
}

}  // namespace

Stage next_stage(const Rebuild& rebuild, std::string_view build, bool closed) {
  if (rebuild.state == RebuildState::requested) {
    return Stage::begin;
  }
  if (build == "active") {
    return Stage::wait;
  }
  // The build ended with exit code 0. If an operator stops the service, it is inactive as well, but
  // the file does not exist.
  return build == "inactive" && closed ? Stage::finish : Stage::begin;
}

bool is_tree(const std::vector<std::string>& file_names) {
  return std::any_of(file_names.begin(), file_names.end(), [](const std::string& name) {
    return name != "LOCK" && !name.starts_with("LOG");
  });
}

std::string why_not_usable(const Tree& tree, const std::optional<Record>& record,
                           const DatabaseContent& database) {
  if (!tree.exists) {
    return database.has_keys ? "it was missing" : "";
  }
  if (!tree.reconciles_with_peers) {
    return "";
  }
  if (!record) {
    return "this unit did not reconcile before";
  }
  return record->database == database.identity ? "" : "it was made for another database";
}

bool is_damage(std::string_view last_output) {
  return last_output == missing_file ||
         std::any_of(damages.begin(), damages.end(), [&](std::string_view damage) {
           return last_output.find(damage) != std::string_view::npos;
         });
}

bool is_far(const Comparison& comparison) {
  const std::int64_t keys = comparison.keys;
  const std::int64_t difference = std::abs(comparison.digests - keys);
  return difference > tolerance(keys) || difference * 2 > keys;
}

bool drifts(const Comparison& comparison) {
  return comparison.digests < comparison.settled || comparison.digests > comparison.keys;
}

bool comparison_is_due(const std::optional<Record>& record, std::int64_t now,
                       std::chrono::seconds settling) {
  if (!record) {
    return true;
  }
  const bool is_suspected = record->differs_since != 0 && !record->is_far;
  return has_passed(record->compared, is_suspected ? settling.count() : hour, now);
}

Record with_comparison(Record record, const Comparison& comparison, std::int64_t now,
                       std::chrono::seconds settling) {
  // During a bulk load on another unit, or a flood, no tree can keep up.
  const bool grows = comparison.keys - record.comparison.keys > tolerance(comparison.keys);
  record.compared = now;
  record.comparison = comparison;
  const auto follow = [&](bool differs, std::int64_t& since, bool& confirmed) {
    if (!differs || grows || since == 0 || since > now) {
      since = differs ? now : 0;
      confirmed = false;
    } else {
      confirmed = confirmed || now - since >= settling.count();
    }
  };
  follow(is_far(comparison), record.differs_since, record.is_far);
  follow(drifts(comparison), record.drifts_since, record.drifts);
  return record;
}

bool may_rebuild(const Record& record, std::int64_t now) {
  return record.is_far && !was_rebuilt_today(record, now);
}

bool may_repair(const Record& record, std::int64_t now) {
  return record.drifts && !was_rebuilt_today(record, now);
}

bool is_turn(const Turn& turn, std::int64_t now) {
  constexpr std::int64_t length = 6 * hour;
  return static_cast<std::size_t>(now / length) % turn.units == turn.unit;
}

bool is_after(std::string_view time, std::int64_t second) {
  constexpr std::size_t length = std::string_view("2026-01-02T03:04:05").size();
  return time.substr(0, length) >
         utc_text(std::chrono::sys_seconds(std::chrono::seconds(second))).substr(0, length);
}

std::string sentence(const Comparison& comparison) {
  return "it has " + std::to_string(comparison.digests) + " digests for " +
         std::to_string(comparison.keys) + " keys";
}

std::string why(const Rebuild& rebuild) {
  return rebuild.failure.empty() ? rebuild.reason : "the last build failed: " + rebuild.failure;
}

Status progress(const Rebuild& rebuild, std::int64_t now) {
  return statuses::rebuilding(why(rebuild), progress_of(rebuild, now));
}

Status far_off(const Record& record) {
  return statuses::drifted_tree(sentence(record.comparison));
}

Layer build_layer() {
  return {.services = {{std::string(service),
                        {.summary = "Rebuilds Hockeypuck's prefix tree from the database",
                         .command = std::string(builder) + " -config " +
                                    std::string(hockeypuck::config_path),
                         .startup = "disabled",
                         .working_dir = std::string(hockeypuck::tree_directory),
                         .on_success = "ignore",
                         .on_failure = "ignore",
                         .user_id = hockeypuck::user_id,
                         .group_id = hockeypuck::user_id}}}};
}

std::string file_text(const Rebuild& rebuild) {
  return json_text({{"state", rebuild.state == RebuildState::building ? building : requested},
                    {"reason", rebuild.reason},
                    {"by-itself", rebuild.automatic},
                    {"database", rebuild.database},
                    {"keys", rebuild.keys},
                    {"since", rebuild.since},
                    {"failure", rebuild.failure}}) +
         "\n";
}

std::string file_text(const Record& record) {
  return json_text({{"database", record.database},
                    {"trusted-since", record.trusted_since},
                    {"compared", record.compared},
                    {"digests", record.comparison.digests},
                    {"keys", record.comparison.keys},
                    {"settled", record.comparison.settled},
                    {"differs-since", record.differs_since},
                    {"is-far", record.is_far},
                    {"drifts-since", record.drifts_since},
                    {"drifts", record.drifts},
                    {"rebuilt", record.rebuilt}}) +
         "\n";
}

Rebuild read_rebuild(std::string_view text) {
  try {
    return rebuild_of(read_own_json(text));
  } catch (const Json::exception&) {
    return {.reason = "an earlier one did not come to its end"};
  }
}

std::optional<Record> read_record(std::string_view text) {
  try {
    return record_of(read_own_json(text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace charm::prefix_tree
