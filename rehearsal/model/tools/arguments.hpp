// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::tools {

/// A tool refuses: it prints `ERROR <text>` on standard error. The exit code is 2 for a fault in
/// the arguments, and 1 for a fault at run time.
class ToolError : public std::runtime_error {
 public:
  ToolError(int exit_code, const std::string& text)
      : std::runtime_error(text), exit_code_(exit_code) {}

  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

 private:
  int exit_code_;
};

[[nodiscard]] inline ToolError usage_error(const std::string& text) {
  return {2, text};
}

[[nodiscard]] inline ToolError run_error(const std::string& text) {
  return {1, text};
}

struct Flag {
  std::string_view name;
  std::string_view short_name = {};
  bool takes_value = true;
};

/// Options and positional arguments in any order; `--` ends the options. The rules are those of
/// Juju's flag package.
class Arguments {
 public:
  /// With `flags_first` the first positional argument also ends the options. Throws ToolError (2)
  /// for an unknown option and for an option without its value.
  Arguments(const std::vector<std::string>& words, const std::vector<Flag>& flags,
            bool flags_first = false);

  [[nodiscard]] bool has(std::string_view flag) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view flag) const;
  /// Returns all values of a repeatable option.
  [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;
  /// Returns the form in which the option was written: `-r` or `--relation`.
  [[nodiscard]] std::string spelling(std::string_view flag) const;

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  /// Returns the positional argument, or an empty text.
  [[nodiscard]] std::string word(std::size_t index) const;
  /// Throws ToolError (2) if there are more positional arguments than this.
  void at_most(std::size_t count) const;

 private:
  struct Given {
    std::string spelling;
    std::vector<std::string> values;
  };

  std::map<std::string, Given, std::less<>> given_;
  std::vector<std::string> words_;
};

}  // namespace rehearsal::tools
