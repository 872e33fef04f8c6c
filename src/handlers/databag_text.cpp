// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databag_text.hpp"

#include "charm/domain/text.hpp"
#include "charm/domain/turn.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <tuple>

namespace charm::databag {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Cuts between two characters.
std::string_view shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  std::size_t end = limit;
  while (end > 0 && is_continuation(text[end])) {
    --end;
  }
  return text.substr(0, end);
}

/// Splits Juju's form `application/number`; a text without a number sorts as number 0.
std::tuple<std::string_view, std::uint64_t, std::string_view> sort_key(std::string_view name) {
  const auto slash = std::min(name.find('/'), name.size());
  const auto digits = name.substr(std::min(slash + 1, name.size()));
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return {name.substr(0, slash), number, name};
}

}  // namespace

std::string text_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string dump_json(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string_view value_of(const Databag& bag, std::string_view key) {
  const auto found = bag.find(std::string(key));
  return found == bag.end() ? std::string_view() : std::string_view(found->second);
}

std::string warning(const Relation& relation, std::string_view key, std::string_view problem) {
  std::string text = "relation " + std::to_string(relation.id) + " (" + relation.endpoint + "), ";
  return text.append(key).append(": ").append(problem);
}

std::string printable(std::string_view text, std::size_t limit) {
  return single_line(shortened(text, limit), std::string::npos);
}

nlohmann::json hkp_health_check(const std::vector<std::string>& other_units) {
  if (other_units.empty()) {
    return nullptr;
  }
  const std::string interval = std::to_string(health_check_interval.count()) + "s";
  return {{"path", "/pks/health"}, {"interval", interval}, {"timeout", "1s"}};
}

bool precedes(std::string_view left, std::string_view right) {
  return sort_key(left) < sort_key(right);
}

}  // namespace charm::databag
