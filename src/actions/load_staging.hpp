// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load_job.hpp"

#include <span>
#include <string>

namespace charm::actions {

/// Collects keys into files of the right size for a load, and writes them where the load keeps what
/// it needs.
class LoadStaging {
 public:
  /// Files are called `<kind>-0000.pgp`; none gets more keys than this.
  LoadStaging(const ActionContext& context, std::string kind, std::size_t most_keys);

  void add(const OfferedKey& key, std::string_view packets);
  /// A file of somebody else's that can be loaded just as it is.
  void add_original(const std::string& path, const std::vector<OfferedKey>& keys);
  /// Writes what is left, and returns all files.
  [[nodiscard]] std::vector<LoadFile> finish();

 private:
  void write(const std::string& original);

  const ActionContext& context_;
  std::string kind_;
  std::size_t most_keys_;
  std::string packets_;
  std::vector<OfferedKey> keys_;
  std::vector<LoadFile> files_;
};

/// Removes all that belongs to a load. Throws Failure.
void remove_load(const ActionContext& context);

}  // namespace charm::actions
