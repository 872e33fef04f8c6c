// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/fake_juju.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace test {

/// A tool's refusal: what ends it with this exit code and `ERROR text` on standard error.
struct Refusal {
  int exit_code;
  std::string text;
};

/// A command line, taken apart by the rules of Juju's flag package: options and positional
/// arguments may alternate, `--` ends the options, a lone `-` is positional.
struct FakeJuju::Arguments {
  std::string tool;
  std::map<std::string, std::string> options;  ///< By name with dashes; switches are `true`.
  std::vector<std::string> positional;
  std::string input;

  [[nodiscard]] bool has(const std::string& option) const { return options.count(option) != 0; }

  /// The value of one of two spellings of an option, or "".
  [[nodiscard]] std::string value(const std::string& name, const std::string& other = {}) const;
  /// Refuses more positional arguments than the tool takes.
  void at_most(std::size_t count) const;
};

/// Which options each tool has; a true one takes a value.
using OptionTable = std::map<std::string, std::map<std::string, bool>>;
[[nodiscard]] const OptionTable& option_table();

/// JSON as Go prints it: with `<`, `>` and `&` escaped, and a newline.
[[nodiscard]] std::string printed(const nlohmann::json& json);

/// The bag after the changes; an empty value deletes its key.
[[nodiscard]] charm::Databag merged(charm::Databag bag, const charm::Databag& changes);

}  // namespace test
