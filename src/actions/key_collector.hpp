// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key_sorting.hpp"
#include "load_job.hpp"
#include "load_staging.hpp"

#include <string>
#include <vector>

namespace charm::actions {

/// Collects the keys that are to be offered: in memory while they are few, then in files on the
/// storage.
class KeyCollector {
 public:
  struct Held {
    OfferedKey key;
    std::string packets;
    bool known = false;  ///< Stored already, or met before.
  };

  explicit KeyCollector(const ActionContext& context);

  void take(const SortedKeys& keys);
  /// The same for a file that holds nothing else, and that hockeypuck-load can read where it is.
  void take_original(const std::string& path, const SortedKeys& keys);

  /// Whether so few were taken that the keyserver can be given all of them.
  [[nodiscard]] bool is_small() const { return small_; }

  /// While they are few.
  [[nodiscard]] const std::vector<Held>& held() const { return held_; }

  /// Writes all to the storage; the job lacks identity and counts.
  [[nodiscard]] LoadJob stage();

 private:
  void begin_staging();
  void stage_some(const OfferedKey& key, std::string_view packets, bool known);

  const ActionContext& context_;
  bool small_ = true;
  std::size_t octets_ = 0;
  std::vector<Held> held_;
  LoadStaging fresh_;
  LoadStaging known_;
};

}  // namespace charm::actions
