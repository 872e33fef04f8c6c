// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/comparison.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

namespace contract::pebble {
namespace {

const std::set<std::string>& free_keys() {
  static const std::set<std::string> keys{
      "spawn-time",    "ready-time",    "current-since", "time",    "first-occurred",
      "last-occurred", "last-repeated", "last-modified", "boot-id", "version",
      "successes",     "failures",      "occurrences"};
  return keys;
}

/// Counters that are left out while they are zero.
bool may_be_missing(const std::string& key) {
  return key == "failures";
}

std::string id_space(const Json& object, const std::string& key) {
  if (key == "change" || key == "change-id" || key == "prev-change-id") {
    return "change";
  }
  if (key == "id") {
    return object.contains("ready") ? "change" : object.contains("progress") ? "task" : "notice";
  }
  return key == "key" && object.value("type", "") == "change-update" ? "change" : "";
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// Cuts off the wording that is Go's or a YAML library's own.
void cut_after(std::string& text, const std::string& mark, char end) {
  const std::size_t at = text.find(mark);
  if (at != std::string::npos) {
    text.erase(std::min(text.find(end, at + mark.size()), text.size()));
  }
}

/// "NAME.123abc~", as temporary files are called, becomes "NAME.TEMP~".
void hide_temporary_names(std::string& text) {
  for (std::size_t tilde = text.find('~'); tilde != std::string::npos;
       tilde = text.find('~', tilde + 1)) {
    const std::size_t dot = text.rfind('.', tilde);
    const bool one_word = dot != std::string::npos && text.find_first_of(" /", dot) > tilde;
    if (one_word) {
      text.replace(dot + 1, tilde - dot - 1, "TEMP");
      tilde = dot + 5;
    }
  }
}

/// Texts with what may differ in them taken out.
std::string masked(std::string text) {
  const bool dated = text.size() > 20 && is_digit(text[0]) && text[10] == 'T' && text[19] == 'Z';
  if (dated) {
    text.erase(0, 21);
  }
  cut_after(text, "json: cannot unmarshal ", ' ');
  cut_after(text, "yaml: line ", ':');
  hide_temporary_names(text);
  if (const std::size_t at = text.find("[::1]:"); at != std::string::npos) {
    text.replace(at, 6, "127.0.0.1:");
  }
  return text;
}

/// How often a failing check was run until it was looked at is a matter of time.
Json without_repetition(const Json& log) {
  Json result = Json::array();
  std::set<std::string> seen;
  for (const Json& entry : log) {
    const std::string text = masked(entry.get<std::string>());
    if (seen.insert(text).second) {
      result.push_back(text);
    }
  }
  return result;
}

std::string unique_lines(const std::string& text) {
  std::istringstream lines(text);
  std::set<std::string> seen;
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    if (seen.insert(line).second) {
      result += masked(line) + "\n";
    }
  }
  return result;
}

class Comparer {
 public:
  explicit Comparer(IdBook& ids) : ids_(ids) {}

  std::string compare(const Json& recorded, const Json& actual, const std::string& where) {
    if (recorded.is_object() && actual.is_object()) {
      return compare_objects(recorded, actual, where);
    }
    if (recorded.is_array() && actual.is_array()) {
      return compare_arrays(recorded, actual, where);
    }
    const bool same = recorded.is_string() && actual.is_string()
                          ? masked(recorded.get<std::string>()) == masked(actual.get<std::string>())
                          : recorded == actual;
    return same ? "" : where + ": recorded " + recorded.dump() + ", now " + actual.dump() + "\n";
  }

 private:
  std::string compare_objects(const Json& recorded, const Json& actual, const std::string& where) {
    std::string differences;
    for (const auto& [key, value] : recorded.items()) {
      const std::string place = where + "/" + key;
      if (!actual.contains(key)) {
        differences += may_be_missing(key) ? "" : place + ": missing\n";
      } else {
        differences += compare_member(recorded, key, value, actual[key], place);
      }
    }
    for (const auto& [key, value] : actual.items()) {
      if (!recorded.contains(key) && !may_be_missing(key)) {
        differences += where + "/" + key + ": not recorded, now " + value.dump() + "\n";
      }
    }
    return differences;
  }

  std::string compare_member(const Json& object, const std::string& key, const Json& recorded,
                             const Json& actual, const std::string& place) {
    if (key == "last-repeated") {
      ids_.same("time", recorded, actual);
    }
    if (free_keys().contains(key)) {
      return "";
    }
    if (key == "log") {
      return compare(without_repetition(recorded), without_repetition(actual), place);
    }
    if (key == "err") {
      return compare(unique_lines(recorded), unique_lines(actual), place);
    }
    const std::string space = id_space(object, key);
    if (!space.empty() && recorded.is_string() && actual.is_string()) {
      const bool same = ids_.same(space, recorded, actual);
      return same ? "" : place + ": recorded " + recorded.dump() + ", now " + actual.dump() + "\n";
    }
    return compare(recorded, actual, place);
  }

  std::string compare_arrays(const Json& recorded, const Json& actual, const std::string& where) {
    if (recorded.size() != actual.size()) {
      return where + ": recorded " + recorded.dump() + ", now " + actual.dump() + "\n";
    }
    std::string differences;
    for (std::size_t i = 0; i < recorded.size(); ++i) {
      differences += compare(recorded[i], actual[i], where + "/" + std::to_string(i));
    }
    return differences;
  }

  IdBook& ids_;
};

/// A multipart body with its random boundary exchanged for a fixed one.
std::string with_fixed_boundary(const std::string& body) {
  if (!body.starts_with("--")) {
    return body;
  }
  const std::string boundary = body.substr(2, body.find("\r\n") - 2);
  std::string result = body;
  for (std::size_t at = result.find(boundary); at != std::string::npos;
       at = result.find(boundary, at)) {
    result.replace(at, boundary.size(), "B");
  }
  return result;
}

bool is_log_output(const std::string& text) {
  return text.starts_with("{\"time\"");
}

Json log_lines(const std::string& text) {
  std::istringstream lines(text);
  Json result = Json::array();
  for (std::string line; std::getline(lines, line);) {
    result.push_back(Json::parse(line));
  }
  return result;
}

}  // namespace

bool IdBook::same(const std::string& space, const std::string& recorded,
                  const std::string& actual) {
  const auto [known, is_new] = actual_by_recorded_[space].emplace(recorded, actual);
  return is_new || known->second == actual;
}

std::string IdBook::actual_of(const std::string& space, const std::string& recorded) const {
  const auto ids = actual_by_recorded_.find(space);
  if (ids == actual_by_recorded_.end()) {
    return recorded;
  }
  const auto found = ids->second.find(recorded);
  return found == ids->second.end() ? recorded : found->second;
}

std::string IdBook::translated(const std::string& target) const {
  static const std::vector<std::pair<std::string, std::string>> places{
      {"after=", "time"},
      {"/v1/changes/", "change"},
      {"/v1/notices/", "notice"},
      {"types=change-update&keys=", "change"}};
  for (const auto& [mark, space] : places) {
    const std::size_t at = target.find(mark);
    if (at != std::string::npos) {
      const std::size_t start = at + mark.size();
      const std::size_t end = std::min(target.find_first_of("/?&", start), target.size());
      return target.substr(0, start) + actual_of(space, target.substr(start, end - start)) +
             target.substr(end);
    }
  }
  return target;
}

std::string difference(const Json& recorded, const std::string& actual, IdBook& ids) {
  if (!recorded.is_string()) {
    return Comparer(ids).compare(recorded, Json::parse(actual, nullptr, false), "");
  }
  const std::string text = recorded.get<std::string>();
  if (is_log_output(text)) {
    return Comparer(ids).compare(log_lines(text), log_lines(actual), "");
  }
  const std::string before = masked(with_fixed_boundary(text));
  const std::string after = masked(with_fixed_boundary(actual));
  return before == after ? "" : "recorded:\n" + before + "\nnow:\n" + after + "\n";
}

}  // namespace contract::pebble
