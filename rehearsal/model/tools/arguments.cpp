// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/arguments.hpp"

#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json_fwd.hpp>

#include <algorithm>

namespace rehearsal::tools {
namespace {

const Flag& find_flag(const std::vector<Flag>& flags, const std::string& spelling) {
  const std::string_view name = std::string_view(spelling).substr(spelling[1] == '-' ? 2 : 1);
  const auto found = std::find_if(flags.begin(), flags.end(), [name](const Flag& flag) {
    return flag.name == name || (!flag.short_name.empty() && flag.short_name == name);
  });
  if (found == flags.end()) {
    throw usage_error("option provided but not defined: " + spelling);
  }
  return *found;
}

std::string truth_value(const std::string& spelling, const std::string& value) {
  const std::optional<bool> truth = go_bool(value);
  if (!truth) {
    throw usage_error("invalid value \"" + value + "\" for option " + spelling +
                      ": strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
  }
  return *truth ? "true" : "false";
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-';
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, const std::vector<Flag>& flags,
                     bool flags_first) {
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    if (word == "--" || (flags_first && !is_option(word))) {
      const std::size_t rest = word == "--" ? index + 1 : index;
      words_.insert(words_.end(), words.begin() + static_cast<std::ptrdiff_t>(rest), words.end());
      return;
    }
    if (!is_option(word)) {
      words_.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string spelling = word.substr(0, equals);
    const Flag& flag = find_flag(flags, spelling);
    std::string value = "true";
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
      value = flag.takes_value ? value : truth_value(spelling, value);
    } else if (flag.takes_value) {
      if (++index == words.size()) {
        throw usage_error("option needs an argument: " + spelling);
      }
      value = words[index];
    }
    Given& given = given_[std::string(flag.name)];
    given.spelling = spelling;
    given.values.push_back(value);
  }
}

bool Arguments::has(std::string_view flag) const {
  const auto found = given_.find(flag);
  return found != given_.end() && found->second.values.back() != "false";
}

std::optional<std::string> Arguments::value(std::string_view flag) const {
  const auto found = given_.find(flag);
  return found == given_.end() ? std::nullopt : std::optional(found->second.values.back());
}

std::vector<std::string> Arguments::values(std::string_view flag) const {
  const auto found = given_.find(flag);
  return found == given_.end() ? std::vector<std::string>() : found->second.values;
}

std::string Arguments::spelling(std::string_view flag) const {
  const auto found = given_.find(flag);
  return found == given_.end() ? std::string() : found->second.spelling;
}

std::string Arguments::word(std::size_t index) const {
  return index < words_.size() ? words_[index] : std::string();
}

void Arguments::at_most(std::size_t count) const {
  if (words_.size() <= count) {
    return;
  }
  std::string list;
  for (std::size_t index = count; index < words_.size(); ++index) {
    list += (list.empty() ? "\"" : " \"") + words_[index] + "\"";
  }
  throw usage_error("unrecognized args: [" + list + "]");
}

}  // namespace rehearsal::tools
