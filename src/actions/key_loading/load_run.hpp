// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"
#include "load_job.hpp"

#include <chrono>
#include <string>

namespace charm::actions {

/// Uploads keys to the keyserver of this unit, which merges them with what it has. Returns why it
/// refused some, by fingerprint; it may leave out others without a word. Throws Failure when it
/// does not answer.
[[nodiscard]] std::map<std::string, std::string> upload_keys(
    ActionContext& context, const std::vector<postgres::KeyPackets>& keys);

struct LoadDoors : Doors {
  postgres::KeyDatabase& database;
  KeyLoadPlan program;  ///< hockeypuck-load on that database.
  ActionContext& context;
};

/// Pebble's word for the service that runs hockeypuck-load: it goes on when the action has ended.
/// `inactive`: it ended by itself, and the database shows the result. Empty: it was never started
/// since the container was.
[[nodiscard]] std::string load_state(const pebble::Client& pebble);

/// Its last line of log, without time and level. Empty when there is none.
[[nodiscard]] std::string last_words_of_load(const pebble::Client& pebble);

/// How far a load came.
struct LoadOutcome {
  std::string under_way;  ///< The work that remains; empty at the end.
  std::string tree;       ///< State of the prefix tree; empty when it needs no rebuild.
};

/// Goes on with a load that is kept on the storage, from wherever an earlier call left it.
class LoadRun {
 public:
  LoadRun(const LoadDoors& doors, LoadJob job);

  /// Works until all is done or the time is over. Throws Failure, after which the same load can go
  /// on.
  [[nodiscard]] LoadOutcome follow(std::chrono::sys_seconds deadline);

  [[nodiscard]] const LoadJob& job() const { return job_; }

 private:
  /// Takes the next step with the new keys. True while hockeypuck-load is at work.
  bool advance_fresh();
  void start_round();
  /// Counts, after a run of hockeypuck-load, what is stored. What is not is offered a second time,
  /// in files so small that hockeypuck-load does not give up on them; after that it is refused.
  void end_round();
  /// Uploads one file of keys that are stored already; false when none is left, or the
  /// keyserver does not serve.
  bool merge_some();
  [[nodiscard]] std::string rebuild_tree(std::chrono::sys_seconds deadline);
  [[nodiscard]] std::vector<OfferedKey> missing_keys(const LoadFile& file) const;
  void stage_again(const LoadFile& file, const std::vector<OfferedKey>& keys,
                   LoadStaging& staging) const;
  void tell_progress();
  [[nodiscard]] std::string progress() const;

  const LoadDoors& doors_;
  LoadJob job_;
  std::string told_;
  std::chrono::sys_seconds tell_next_;
};

}  // namespace charm::actions
