// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/upload_policy.hpp"
#include "charm/postgres/probe.hpp"
#include "rehearsal/model/model.hpp"
#include "tests/unit/hook/stored_keys.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulation {

/// The disturbance of one effect: one hook tool, one request to Pebble, one call of the keyserver
/// or the database.
enum class Disturbance {
  error,        ///< It fails, and nothing was done.
  lost_answer,  ///< It was done, and it fails.
  kill_before,  ///< SIGKILL before it.
  kill_after,   ///< SIGKILL after it.
  stale,        ///< A question is answered as it was the last time.
};

[[nodiscard]] std::string_view name_of(Disturbance disturbance);

/// Disturbs the n-th effect of a dispatch, counted from 0.
struct Fault {
  Disturbance disturbance = Disturbance::error;
  int effect = 0;
};

/// Numbers for the report.
struct Figures {
  std::int64_t sequences = 0;
  std::int64_t operations = 0;
  std::int64_t events = 0;
  std::int64_t effects = 0;
  std::int64_t restarts = 0;
  std::int64_t longest_hook = 0;               ///< In seconds of the simulated clock.
  std::map<std::string, std::int64_t> kinds;   ///< Of events.
  std::map<std::string, std::int64_t> faults;  ///< That had an effect, by disturbance and door.
};

/// All events and effects in their order, as a digest. Two runs of one sequence have the same.
class Journal {
 public:
  void add(std::string_view line);

  [[nodiscard]] std::uint64_t digest() const { return digest_; }

  /// Keeps the lines as well.
  void keep_lines() { keeps_lines_ = true; }

  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;  // FNV-1a
  bool keeps_lines_ = false;
  std::string lines_;
};

/// Everything that the units of a model share.
struct World {
  rehearsal::Model model;
  std::map<std::string, charm::postgres::ProbeResult> servers;  ///< By host.
  charm::StoredKeys keys;                                       ///< In the database.
  std::size_t keys_made = 0;
  std::int64_t key_count = 0;  ///< The users' keys in the database.
  charm::UploadPolicy uploads;
  bool has_tables = false;
  bool database_fails = false;  ///< Queries fail after a probe that succeeded.
  bool has_shrunk = false;      ///< A keyserver may keep the place of a unit that is gone.
  Journal journal;
  Figures figures;
  std::optional<std::string> violation;  ///< The first broken invariant.

  void violate(const std::string& invariant) {
    if (!violation) {
      violation = invariant;
    }
  }
};

}  // namespace simulation
