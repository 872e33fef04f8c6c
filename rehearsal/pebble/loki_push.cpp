// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/loki_push.hpp"

#include "rehearsal/pebble/json_body.hpp"

#include <algorithm>
#include <cctype>

namespace rehearsal::pebble {
namespace {

bool is_name_character(char character) {
  return character == '_' || std::isalnum(static_cast<unsigned char>(character)) != 0;
}

/// The variable that starts after a dollar sign and how many characters it takes.
struct Reference {
  std::string name;
  std::size_t length = 0;
};

Reference reference_at(std::string_view text) {
  if (text.starts_with('{')) {
    const std::size_t end = text.find('}');
    return end == std::string_view::npos ? Reference{"", 1}
                                         : Reference{std::string(text.substr(1, end - 1)), end + 1};
  }
  // A dollar sign and a special character are a variable that no environment sets.
  if (!text.empty() &&
      std::string_view("*#$@!?-0123456789").find(text[0]) != std::string_view::npos) {
    return {std::string(text.substr(0, 1)), 1};
  }
  const auto end = std::find_if_not(text.begin(), text.end(), is_name_character);
  const auto length = static_cast<std::size_t>(end - text.begin());
  return {std::string(text.substr(0, length)), length};
}

std::string expand(std::string_view text, const TextMap& environment) {
  std::string result;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    result += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) {
      break;
    }
    text.remove_prefix(1);
    const Reference reference = reference_at(text);
    if (reference.length == 0) {
      result += '$';
      continue;
    }
    if (const auto value = environment.find(reference.name); value != environment.end()) {
      result += value->second;
    }
    text.remove_prefix(reference.length);
  }
  return result;
}

Json values_of(const std::deque<LogEntry>& entries, const std::string& service) {
  Json values = Json::array();
  for (const LogEntry& entry : entries) {
    if (entry.service == service) {
      values.push_back({std::to_string(entry.time.time_since_epoch().count()), entry.message});
    }
  }
  return values;
}

}  // namespace

TextMap loki_labels(const TextMap& labels, const Service& service) {
  TextMap result;
  for (const auto& [name, value] : labels) {
    result[name] = expand(value, service.environment);
  }
  result["pebble_service"] = service.name;
  return result;
}

std::string loki_body(const std::deque<LogEntry>& entries,
                      const std::map<std::string, TextMap>& labels) {
  std::map<std::string, TextMap> streams;
  for (const LogEntry& entry : entries) {
    const auto found = labels.find(entry.service);
    streams[entry.service] = found == labels.end() ? TextMap{} : found->second;
  }
  Json list = Json::array();
  for (const auto& [service, stream] : streams) {
    list.push_back({{"stream", stream}, {"values", values_of(entries, service)}});
  }
  return to_text({{"streams", list}});
}

bool logs_to(const std::string& service, const LogTarget& target) {
  for (auto entry = target.services.rbegin(); entry != target.services.rend(); ++entry) {
    if (*entry == service || *entry == "all") {
      return true;
    }
    if (*entry == "-" + service || *entry == "-all") {
      return false;
    }
  }
  return false;
}

PushResult push_result(int status) {
  if (status == 200 || status == 204) {
    return PushResult::taken;
  }
  const bool refused = status >= 400 && status < 500 && status != 429;
  return refused ? PushResult::refused : PushResult::failed;
}

}  // namespace rehearsal::pebble
