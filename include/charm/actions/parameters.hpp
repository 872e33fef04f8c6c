// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace charm::actions {

/// The parameters of one call, as `action-get` prints them. Juju has checked them against
/// actions.yaml and filled in its defaults, so that what has the wrong type is a fault of the
/// charm.
class Parameters {
 public:
  /// Takes one JSON object. Throws Error when it is none, or nests.
  explicit Parameters(std::string_view json);

  /// Each returns its parameter, or an empty one when it was not given. Throws Error when it has
  /// another type.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::int64_t number(const std::string& name) const;
  [[nodiscard]] bool flag(const std::string& name) const;

 private:
  std::map<std::string, std::variant<bool, std::int64_t, std::string>> values_;
};

}  // namespace charm::actions
