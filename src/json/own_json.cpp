// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/own_json.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <utility>

namespace charm {

nlohmann::json read_own_json(std::string_view text) {
  using Json = nlohmann::json;
  constexpr std::uint64_t greatest = 100'000'000'000;
  bool right = true;
  const auto look = [&right](int /*depth*/, Json::parse_event_t /*event*/, const Json& value) {
    right = right && (!value.is_number() ||
                      (value.is_number_unsigned() && value.get<std::uint64_t>() <= greatest));
    return true;
  };
  Json json = Json::parse(text, look, false);
  return right && !json.is_discarded() ? std::move(json) : Json();
}

}  // namespace charm
