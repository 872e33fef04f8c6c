// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/contract/pebble/test_client.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace contract::pebble {

/// One exchange of a recording of Pebble 1.32.1.
struct RecordedStep {
  /// Empty for calls that only prepare others.
  std::string name;
  /// Seconds since the recorded agent was started.
  double at = 0;
  bool over_tcp = false;
  Exchange request;
  int status = 0;
  /// What came back, as JSON where it was JSON and else as text.
  Json body;
};

struct RecordedSession {
  uid_t user = 0;
  std::vector<RecordedStep> steps;
};

/// Reads tests/data/pebble/NAME.json, with each key of `places` (such as "@ROOT@") replaced.
RecordedSession read_session(const std::string& name,
                             const std::map<std::string, std::string>& places);

}  // namespace contract::pebble
