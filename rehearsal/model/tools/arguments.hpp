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

/// A tool refuses: `ERROR <text>` on standard error, and the exit code. 2 is a fault in the
/// arguments, 1 one in running.
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

/// Options and positional arguments, in any order; `--` ends the options. As Juju's flag package
/// reads them.
class Arguments {
 public:
  /// With `flags_first` the first positional argument ends the options, too. Throws ToolError (2)
  /// for an unknown option or one without its value.
  Arguments(const std::vector<std::string>& words, const std::vector<Flag>& flags,
            bool flags_first = false);

  [[nodiscard]] bool has(std::string_view flag) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view flag) const;
  /// All values of an option that may be given more than once.
  [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;
  /// How the option was written: `-r` or `--relation`.
  [[nodiscard]] std::string spelling(std::string_view flag) const;

  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  /// The positional argument, or empty.
  [[nodiscard]] std::string word(std::size_t index) const;
  /// Throws ToolError (2) when there are more positional arguments than this.
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
