// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actions/actions.hpp"
#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"
#include "load_job.hpp"

#include <chrono>
#include <string>

namespace charm::actions {

/// Uploads keys to the keyserver of this unit, which merges them with the stored ones. Returns the
/// reasons of its refusals by fingerprint. It may also drop a key silently. Throws Failure if it
/// does not answer.
[[nodiscard]] std::map<std::string, std::string> upload_keys(
    ActionContext& context, const std::vector<postgres::KeyPackets>& keys);

struct LoadDoors : Doors {
  postgres::KeyDatabase& database;
  KeyLoadPlan program;  ///< Runs hockeypuck-load on that database.
  ActionContext& context;
};

/// Returns Pebble's word for the service that runs hockeypuck-load, which continues after the
/// action. `inactive`: it ended, and the database shows the result. Empty: it was not started since
/// the container started.
[[nodiscard]] std::string load_state(const pebble::Client& pebble);

/// Returns its last log line, without time and level. Empty without output.
[[nodiscard]] std::string last_output_of_load(const pebble::Client& pebble);

/// The progress of a load.
struct LoadOutcome {
  std::string under_way;  ///< The work that remains; empty at the end.
  std::string tree;       ///< State of the prefix tree; empty if it needs no rebuild.
};

/// Continues a load on the storage from the point that earlier calls reached.
class LoadRun {
 public:
  LoadRun(const LoadDoors& doors, LoadJob job);

  /// Works until all is done or the time is over. Throws Failure; the same load can continue after
  /// that.
  [[nodiscard]] LoadOutcome follow(std::chrono::sys_seconds deadline);

  [[nodiscard]] const LoadJob& job() const { return job_; }

 private:
  /// Does the next step with the new keys. Returns true while hockeypuck-load runs.
  bool advance_fresh();
  void start_round();
  /// Counts the stored keys after a run of hockeypuck-load. The others are offered a second time,
  /// in files so small that hockeypuck-load does not give up on them. After the second run they
  /// count as refused.
  void end_round();
  /// Uploads one file of stored keys. Returns false if none is left, or if the keyserver does not
  /// serve.
  bool merge_some();
  [[nodiscard]] prefix_tree::Outcome rebuild_tree(std::chrono::sys_seconds deadline);
  [[nodiscard]] LoadOutcome finish(std::chrono::sys_seconds deadline);
  [[nodiscard]] std::vector<OfferedKey> missing_keys(const LoadFile& file) const;
  void stage_again(const LoadFile& file, const std::vector<OfferedKey>& keys,
                   LoadStaging& staging) const;
  void log_progress();
  [[nodiscard]] std::string progress() const;

  const LoadDoors& doors_;
  LoadJob job_;
  std::string last_progress_;
  ProgressTimer progress_timer_;
};

}  // namespace charm::actions
