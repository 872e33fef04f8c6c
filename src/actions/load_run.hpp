// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key_load_service.hpp"
#include "load_job.hpp"

#include <chrono>

namespace charm::actions {

/// How far a load came.
struct LoadOutcome {
  LoadJob job;
  std::string under_way;  ///< What is still being done; empty when all is.
  std::string tree;       ///< What became of the prefix tree; empty where nothing had to.
};

/// Goes on with a load that is kept on the storage, from wherever an earlier call left it.
class LoadRun {
 public:
  LoadRun(const ActionContext& context, postgres::KeyDatabase& database, LoadJob job);

  /// Works until all is done or the time is over. Throws Failure, after which the same load can be
  /// gone on with.
  [[nodiscard]] LoadOutcome follow(std::chrono::steady_clock::time_point deadline);

  [[nodiscard]] const LoadJob& job() const { return job_; }

 private:
  /// What there is to do about new keys: true while hockeypuck-load is at work.
  bool advance_fresh();
  void start_round();
  void end_round();
  /// Uploads one file of keys that are stored already; false when none is left, or nobody serves.
  bool merge_some();
  [[nodiscard]] std::string rebuild_tree(std::chrono::steady_clock::time_point deadline);
  void tell_progress();
  [[nodiscard]] std::string progress() const;
  void save() const;

  const ActionContext& context_;
  postgres::KeyDatabase& database_;
  LoadJob job_;
  KeyLoadService service_;
  std::string told_;
  std::chrono::steady_clock::time_point tell_next_;
};

}  // namespace charm::actions
