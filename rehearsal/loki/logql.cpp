// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/logql.hpp"

#include <algorithm>
#include <cctype>

namespace rehearsal::loki {
namespace {

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Walks through the text of a query.
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

/// The matchers behind an opening brace.
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

/// A range without its opening bracket: `5m]`.
void range(Reader& reader) {
  const std::string duration = reader.name();
  static const std::regex known("([0-9]+(ms|s|m|h|d|w|y))+");
  if (!std::regex_match(duration, known) || !reader.takes("]")) {
    reader.fail("not a valid duration string: \"" + duration + "\"");
  }
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

void check_expression(std::string_view text) {
  Reader reader(text);
  int depth = 0;
  int selectors = 0;
  while (!reader.done()) {
    const char next = reader.peek();
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
    } else {
      (void)reader.take();
    }
  }
  if (depth != 0 || selectors == 0) {
    reader.fail("syntax error: unexpected $end");
  }
}

}  // namespace rehearsal::loki
