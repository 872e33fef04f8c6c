// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::pebble {

/// The answers keep Pebble's order of keys.
using Json = nlohmann::ordered_json;

/// Compact JSON with `<`, `>` and `&` escaped, as Pebble's answers have it. Bytes that are not
/// UTF-8 become U+FFFD.
std::string to_text(const Json& value);

/// Compact JSON without those escapes: log lines and what is pushed to Loki.
std::string to_plain_text(const Json& value);

/// The first JSON value of a request body, read as leniently as Pebble reads it: keys match
/// without regard to case, unknown keys are ignored, null is as good as absent, and whatever
/// follows the value is ignored. A member of another type than asked for is refused with 400.
class JsonBody {
 public:
  /// `prefix` starts the message of a refusal, such as "cannot decode request body".
  JsonBody(std::string_view text, std::string prefix);

  std::string text(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::optional<long> integer(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::vector<JsonBody> objects(std::string_view key) const;
  /// The member as it is, or null.
  const Json& member(std::string_view key) const;

 private:
  struct Member {};

  JsonBody(Member /*tag*/, Json value, std::string prefix);

  [[noreturn]] void refuse(const Json& value, const std::string& wanted) const;

  Json value_;
  std::string prefix_;
};

}  // namespace rehearsal::pebble
