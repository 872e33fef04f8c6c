// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/json_body.hpp"

#include "rehearsal/pebble/request_error.hpp"

#include <cctype>
#include <sstream>

#include <strings.h>

namespace rehearsal::pebble {
namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// What a Go program says of the byte at which a JSON text goes wrong.
std::string syntax_error(std::string_view text, std::size_t position) {
  if (position > text.size()) {
    return "unexpected EOF";
  }
  const std::size_t index = position == 0 ? 0 : position - 1;
  const std::string_view before = text.substr(0, index);
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  const bool in_object = last != std::string_view::npos && before[last] == '{';
  return std::string("invalid character '") + text[index] + "' looking for beginning of " +
         (in_object ? "object key string" : "value");
}

Json parse_first_value(std::string_view text, const std::string& prefix) {
  if (is_blank(text)) {
    bad_request(prefix + ": EOF");
  }
  std::istringstream stream{std::string(text)};
  Json value;
  try {
    stream >> value;
  } catch (const Json::parse_error& error) {
    bad_request(prefix + ": " + syntax_error(text, error.byte));
  }
  return value;
}

void replace_all(std::string& text, char character, std::string_view escape) {
  for (std::size_t at = text.find(character); at != std::string::npos;
       at = text.find(character, at + escape.size())) {
    text.replace(at, 1, escape);
  }
}

}  // namespace

std::string to_plain_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_text(const Json& value) {
  // These three characters occur in JSON inside strings only.
  std::string text = to_plain_text(value);
  replace_all(text, '&', "\\u0026");
  replace_all(text, '<', "\\u003c");
  replace_all(text, '>', "\\u003e");
  return text;
}

JsonBody::JsonBody(std::string_view text, std::string prefix)
    : value_(parse_first_value(text, prefix)), prefix_(std::move(prefix)) {
  if (!value_.is_object() && !value_.is_null()) {
    bad_request(prefix_ + ": json: cannot unmarshal " + value_.type_name() +
                " into Go value of type struct");
  }
}

JsonBody::JsonBody(Member /*tag*/, Json value, std::string prefix)
    : value_(std::move(value)), prefix_(std::move(prefix)) {}

void JsonBody::refuse(const Json& value, const std::string& wanted) const {
  bad_request(prefix_ + ": json: cannot unmarshal " + value.type_name() +
              " into Go value of type " + wanted);
}

const Json& JsonBody::member(std::string_view key) const {
  static const Json absent;
  const Json* found = &absent;
  if (value_.is_object()) {
    for (const auto& [name, value] : value_.items()) {
      found = equal_ignoring_case(name, key) ? &value : found;
    }
  }
  return *found;
}

std::string JsonBody::text(std::string_view key) const {
  const Json& value = member(key);
  if (value.is_null()) {
    return {};
  }
  if (!value.is_string()) {
    refuse(value, "string");
  }
  return value.get<std::string>();
}

bool JsonBody::flag(std::string_view key) const {
  const Json& value = member(key);
  if (value.is_null()) {
    return false;
  }
  if (!value.is_boolean()) {
    refuse(value, "bool");
  }
  return value.get<bool>();
}

std::optional<long> JsonBody::integer(std::string_view key) const {
  const Json& value = member(key);
  if (value.is_null()) {
    return std::nullopt;
  }
  if (!value.is_number_integer()) {
    refuse(value, "int");
  }
  return value.get<long>();
}

std::vector<std::string> JsonBody::texts(std::string_view key) const {
  const Json& value = member(key);
  if (!value.is_null() && !value.is_array()) {
    refuse(value, "[]string");
  }
  std::vector<std::string> result;
  for (const Json& item : value) {
    if (!item.is_string()) {
      refuse(item, "string");
    }
    result.push_back(item.get<std::string>());
  }
  return result;
}

std::vector<JsonBody> JsonBody::objects(std::string_view key) const {
  const Json& value = member(key);
  if (!value.is_null() && !value.is_array()) {
    refuse(value, "[]struct");
  }
  std::vector<JsonBody> result;
  for (const Json& item : value) {
    if (!item.is_object()) {
      refuse(item, "struct");
    }
    result.push_back(JsonBody(Member{}, item, prefix_));
  }
  return result;
}

}  // namespace rehearsal::pebble
