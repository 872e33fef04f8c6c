// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/command_line.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <optional>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view rest) : rest_(rest) {}

  std::vector<std::string> split() {
    while (!rest_.empty()) {
      step(next());
    }
    finish_word();
    return std::move(words_);
  }

 private:
  char next() {
    const char character = rest_.front();
    rest_.remove_prefix(1);
    return character;
  }

  void step(char character) {
    switch (character) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        finish_word();
        break;
      case '\'':
        take_quoted('\'', false);
        break;
      case '"':
        take_quoted('"', true);
        break;
      case '\\':
        add(escaped("EOF found after escape character"));
        break;
      case '#':
        word_ ? add('#') : skip_comment();
        break;
      default:
        add(character);
    }
  }

  void take_quoted(char quote, bool escapes) {
    word_ = word_.value_or("");
    while (!rest_.empty()) {
      const char character = next();
      if (character == quote) {
        return;
      }
      add(escapes && character == '\\' ? escaped("EOF found when expecting closing quote")
                                       : character);
    }
    throw std::invalid_argument("EOF found when expecting closing quote");
  }

  char escaped(const char* fault) {
    if (rest_.empty()) {
      throw std::invalid_argument(fault);
    }
    return next();
  }

  void skip_comment() {
    const std::size_t end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }

  void add(char character) { word_ = word_.value_or("") + character; }

  void finish_word() {
    if (word_) {
      words_.push_back(*word_);
      word_.reset();
    }
  }

  std::string_view rest_;
  std::optional<std::string> word_;
  std::vector<std::string> words_;
};

class DefaultArguments {
 public:
  void take(const std::string& word) {
    if (inside_) {
      take_inside(word);
    } else if (closed_) {
      throw std::invalid_argument("cannot have any arguments after [ ... ] group");
    } else if (word == "[") {
      open();
    } else if (word == "]") {
      throw std::invalid_argument("cannot have ] outside of [ ... ] group");
    } else {
      arguments.push_back(word);
    }
  }

  std::vector<std::string> arguments;

 private:
  void open() {
    if (arguments.empty()) {
      throw std::invalid_argument("cannot start command with [ ... ] group");
    }
    inside_ = true;
  }

  void take_inside(const std::string& word) {
    if (word == "[") {
      throw std::invalid_argument("cannot nest [ ... ] groups");
    }
    closed_ = word == "]";
    inside_ = !closed_;
    if (inside_) {
      arguments.push_back(word);
    }
  }

  bool inside_ = false;
  bool closed_ = false;
};

}  // namespace

std::vector<std::string> split_command(std::string_view command) {
  return Splitter(command).split();
}

std::vector<std::string> service_arguments(const std::string& service, std::string_view command) {
  try {
    DefaultArguments group;
    for (const std::string& word : split_command(command)) {
      group.take(word);
    }
    return group.arguments;
  } catch (const std::invalid_argument& fault) {
    throw std::invalid_argument("cannot parse service " + go_quoted(service) +
                                " command: " + fault.what());
  }
}

}  // namespace rehearsal::pebble
