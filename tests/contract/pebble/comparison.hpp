// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/contract/pebble/test_client.hpp"

#include <map>
#include <string>

namespace contract::pebble {

/// Ids that an agent gives out depend on what happened before, partly in an order that is not
/// defined: each id of the recording stands for one of the agent under test.
class IdBook {
 public:
  /// Whether the two can be the same: notes them together when seen first.
  bool same(const std::string& space, const std::string& recorded, const std::string& actual);

  /// A target or key with the ids of changes and notices in it exchanged.
  std::string translated(const std::string& target) const;

 private:
  std::string actual_of(const std::string& space, const std::string& recorded) const;

  std::map<std::string, std::map<std::string, std::string>> actual_by_recorded_;
};

/// What differs between a recorded answer and the one of now, with all that may differ left out:
/// times, the boot id, the version, multipart boundaries, names of temporary files, the counters
/// of checks, the wording that is Go's own. Empty if nothing does.
std::string difference(const Json& recorded, const std::string& actual, IdBook& ids);

}  // namespace contract::pebble
