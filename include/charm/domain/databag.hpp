// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace charm {

using Databag = std::map<std::string, std::string>;
using ConfigValue = std::variant<bool, std::int64_t, double, std::string>;

/// One of the two databags of each side of a relation: the application's or the unit's.
enum class Scope { app, unit };

/// Our whole databag on one relation. Keys of ours that it does not name are deleted.
struct Publication {
  int relation = 0;
  Scope scope = Scope::app;
  Databag data;

  bool operator==(const Publication&) const = default;
};

}  // namespace charm
