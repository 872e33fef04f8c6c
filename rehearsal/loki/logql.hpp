// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::loki {

using Labels = std::map<std::string, std::string>;

/// Text that is not LogQL. The message is Loki's if that is known.
class ParseError : public std::runtime_error {
 public:
  ParseError(std::size_t column, const std::string& reason);
};

/// One of `=`, `!=`, `=~` and `!~` with its operand, for a label or for the line.
struct Comparison {
  std::string operation;
  std::string operand;
  std::regex pattern = {};  ///< For the operations with `~`.

  /// Compares a label's whole value; `=~` is anchored.
  [[nodiscard]] bool matches_label(const std::string& value) const;
  /// Compares a line; `|=` and `|~` look for a part.
  [[nodiscard]] bool matches_line(const std::string& line) const;
};

/// `{label="value",…} |= "text" …`
struct LogQuery {
  std::vector<std::pair<std::string, Comparison>> matchers;
  std::vector<Comparison> filters;

  [[nodiscard]] bool takes(const Labels& labels) const;
  [[nodiscard]] bool takes(const std::string& line) const;
};

/// Reads a log query. Throws ParseError, for example for a selector that matches everything.
[[nodiscard]] LogQuery parse_log_query(std::string_view text);

/// Checks that a duration is one of Prometheus: `5m`. Throws ParseError.
void check_duration(const std::string& text);

/// Looks through any expression, which may count and compare log queries: brackets and quotes must
/// close, selectors and ranges must be right, functions must exist, and no operator may be last.
/// Throws ParseError. The types of operands go unread.
void check_expression(std::string_view text);

}  // namespace rehearsal::loki
