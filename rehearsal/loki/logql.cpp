// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/logql.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace rehearsal::loki {
namespace {

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Reads the text of a query from front to back.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[noreturn]] void fail(const std::string& reason) const { throw ParseError(at_ + 1, reason); }

  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  char take() {
    const char next = peek();
    ++at_;
    return next;
  }

  bool takes(std::string_view token) {
    peek();
    const bool found = text_.substr(at_).starts_with(token);
    at_ += found ? token.size() : 0;
    return found;
  }

  std::string name() {
    peek();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_])) {
      ++at_;
    }
    if (start == at_) {
      fail(std::string("syntax error: unexpected ") +
           std::string(done() ? "$end" : text_.substr(at_, 1)) + ", expecting IDENTIFIER");
    }
    return std::string(text_.substr(start, at_ - start));
  }

  std::string quoted() {
    const char quote = peek();
    if (quote != '"' && quote != '`') {
      fail("syntax error: unexpected " + std::string(text_.substr(at_, 1)) + ", expecting STRING");
    }
    ++at_;
    std::string content;
    while (at_ < text_.size() && text_[at_] != quote) {
      const bool escaped = quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size();
      at_ += static_cast<std::size_t>(escaped);
      content += text_[at_++];
    }
    if (at_ >= text_.size()) {
      fail("literal not terminated");
    }
    ++at_;
    return content;
  }

  bool done() { return peek() == '\0'; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

Comparison comparison(Reader& reader, std::string operation) {
  Comparison result{.operation = std::move(operation), .operand = reader.quoted()};
  if (result.operation.ends_with('~')) {
    try {
      result.pattern = std::regex(result.operand);
    } catch (const std::regex_error& error) {
      reader.fail(std::string("error parsing regexp: ") + error.what());
    }
  }
  return result;
}

std::string operation(Reader& reader, std::initializer_list<const char*> choices) {
  for (const char* choice : choices) {
    if (reader.takes(choice)) {
      return choice;
    }
  }
  return {};
}

void check_selective(const LogQuery& query) {
  const bool selective = std::ranges::any_of(query.matchers, [](const auto& matcher) {
    return matcher.second.operation.front() == '=' && !matcher.second.matches_label("");
  });
  if (!selective) {
    throw ParseError(1,
                     "queries require at least one regexp or equality matcher that does not have "
                     "an empty-compatible value");
  }
}

/// Reads the matchers after an opening brace.
void selector(Reader& reader, LogQuery& query) {
  do {
    const std::string label = reader.name();
    const std::string chosen = operation(reader, {"=~", "!~", "!=", "="});
    if (chosen.empty()) {
      reader.fail("syntax error: unexpected STRING");
    }
    query.matchers.emplace_back(label, comparison(reader, chosen));
  } while (reader.takes(","));
  if (!reader.takes("}")) {
    reader.fail("syntax error: unexpected $end, expecting } or ,");
  }
  check_selective(query);
}

bool is_duration(const std::string& text) {
  static const std::regex known("([0-9]+(ms|s|m|h|d|w|y))+");
  return std::regex_match(text, known);
}

std::string no_duration(const std::string& text) {
  return "not a valid duration string: \"" + text + "\"";
}

/// Reads a range without its opening bracket: `5m]`.
void range(Reader& reader) {
  const std::string duration = reader.name();
  if (!is_duration(duration) || !reader.takes("]")) {
    reader.fail(no_duration(duration));
  }
}

/// The words that may come before a parenthesis.
const std::set<std::string>& words_before_parenthesis() {
  static const std::set<std::string> words{"absent_over_time",
                                           "and",
                                           "approx_topk",
                                           "avg",
                                           "avg_over_time",
                                           "bool",
                                           "bottomk",
                                           "by",
                                           "bytes",
                                           "bytes_over_time",
                                           "bytes_rate",
                                           "count",
                                           "count_over_time",
                                           "duration",
                                           "duration_seconds",
                                           "first_over_time",
                                           "group_left",
                                           "group_right",
                                           "ignoring",
                                           "ip",
                                           "label_replace",
                                           "last_over_time",
                                           "max",
                                           "max_over_time",
                                           "min",
                                           "min_over_time",
                                           "on",
                                           "or",
                                           "quantile_over_time",
                                           "rate",
                                           "rate_counter",
                                           "sort",
                                           "sort_desc",
                                           "stddev",
                                           "stddev_over_time",
                                           "stdvar",
                                           "stdvar_over_time",
                                           "sum",
                                           "sum_over_time",
                                           "topk",
                                           "unless",
                                           "vector",
                                           "without"};
  return words;
}

void word(Reader& reader) {
  const std::string name = reader.name();
  const bool starts_as_name = std::isdigit(static_cast<unsigned char>(name.front())) == 0;
  if (starts_as_name && reader.peek() == '(' && words_before_parenthesis().count(name) == 0) {
    reader.fail("syntax error: unexpected IDENTIFIER");
  }
}

bool is_operator(char letter) {
  return std::string_view("<>=!+-*/%^|~").find(letter) != std::string_view::npos;
}

void close(Reader& reader, int& depth) {
  if (--depth < 0) {
    reader.fail("syntax error: unexpected )");
  }
}

}  // namespace

ParseError::ParseError(std::size_t column, const std::string& reason)
    : std::runtime_error("parse error at line 1, col " + std::to_string(column) + ": " + reason) {}

bool Comparison::matches_label(const std::string& value) const {
  const bool equal = operation.ends_with('~') ? std::regex_match(value, pattern) : value == operand;
  return equal != operation.starts_with('!');
}

bool Comparison::matches_line(const std::string& line) const {
  const bool found = operation.ends_with('~') ? std::regex_search(line, pattern)
                                              : line.find(operand) != std::string::npos;
  return found != operation.starts_with('!');
}

bool LogQuery::takes(const Labels& labels) const {
  return std::ranges::all_of(matchers, [&labels](const auto& matcher) {
    const auto label = labels.find(matcher.first);
    return matcher.second.matches_label(label == labels.end() ? "" : label->second);
  });
}

bool LogQuery::takes(const std::string& line) const {
  return std::ranges::all_of(
      filters, [&line](const Comparison& filter) { return filter.matches_line(line); });
}

LogQuery parse_log_query(std::string_view text) {
  Reader reader(text);
  LogQuery query;
  if (!reader.takes("{")) {
    reader.fail("syntax error: unexpected IDENTIFIER");
  }
  selector(reader, query);
  while (!reader.done()) {
    const std::string chosen = operation(reader, {"|=", "|~", "!=", "!~"});
    if (chosen.empty()) {
      reader.fail("syntax error: unexpected " + std::string(1, reader.peek()));
    }
    query.filters.push_back(comparison(reader, chosen));
  }
  return query;
}

void check_duration(const std::string& text) {
  if (text != "0" && !is_duration(text)) {
    throw ParseError(1, no_duration(text));
  }
}

void check_expression(std::string_view text) {
  Reader reader(text);
  int depth = 0;
  int selectors = 0;
  char last = '\0';
  while (!reader.done()) {
    const char next = reader.peek();
    last = next;
    LogQuery query;
    if (next == '"' || next == '`') {
      (void)reader.quoted();
    } else if (reader.takes("{")) {
      selector(reader, query);
      ++selectors;
    } else if (reader.takes("[")) {
      range(reader);
    } else if (reader.takes("(")) {
      ++depth;
    } else if (reader.takes(")")) {
      close(reader, depth);
    } else if (next == '}' || next == ']') {
      reader.fail(std::string("syntax error: unexpected ") + next);
    } else if (is_name_letter(next)) {
      word(reader);
    } else {
      (void)reader.take();
    }
  }
  if (depth != 0 || selectors == 0 || is_operator(last)) {
    reader.fail("syntax error: unexpected $end");
  }
}

}  // namespace rehearsal::loki
