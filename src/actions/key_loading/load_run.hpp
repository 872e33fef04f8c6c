// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"
#include "load_job.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace charm::actions {

/// The doors and the database of one load.
struct LoadDoors {
  const pebble::Client& pebble;
  const Keyserver& keyserver;
  const juju::HookTools& juju;
  postgres::KeyDatabase& database;
  KeyLoadPlan program;  ///< hockeypuck-load on that database.
  ActionContext& context;
};

/// hockeypuck-load as a service of Pebble's: it goes on when the action has ended.
enum class LoadService {
  unknown,  ///< Never started since the container was.
  active,
  ended,   ///< By itself; the database shows the result.
  failed,  ///< With an error, before its end.
};

[[nodiscard]] LoadService load_service(const pebble::Client& pebble);

/// Its last line of log, without time and level. Empty when there is none.
[[nodiscard]] std::string last_words_of_load(const pebble::Client& pebble);

/// How far a load came.
struct LoadOutcome {
  LoadJob job;
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
