// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/recorded_session.hpp"

#include <fstream>
#include <stdexcept>

namespace contract::pebble {
namespace {

std::string decode_base64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned value = 0;
  int bits = 0;
  for (const char character : text) {
    const std::size_t digit = digits.find(character);
    if (digit == std::string::npos) {
      break;
    }
    value = (value << 6U) | static_cast<unsigned>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((value >> static_cast<unsigned>(bits)) & 0xffU);
    }
  }
  return bytes;
}

std::string in_place(std::string text, const std::map<std::string, std::string>& places) {
  for (const auto& [name, value] : places) {
    for (std::size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

using Places = std::map<std::string, std::string>;

Json in_place(const Json& value, const Places& places) {
  if (value.is_string()) {
    return in_place(value.get<std::string>(), places);
  }
  Json result = value;
  if (!result.is_structured()) {
    return result;
  }
  for (auto& item : result) {
    item = in_place(item, places);
  }
  return result;
}

/// A body as it goes over the wire.
std::string bytes_of(const Json& body, const Places& places) {
  if (body.is_null()) {
    return {};
  }
  if (body.is_string()) {
    return in_place(body.get<std::string>(), places);
  }
  if (body.is_object() && body.contains("base64")) {
    return in_place(decode_base64(body["base64"]), places);
  }
  return in_place(body, places).dump();
}

Exchange read_request(const Json& request, const Places& places) {
  const Json body = request.value("body", Json());
  Exchange exchange{.method = request["method"],
                    .target = in_place(request["path"].get<std::string>(), places),
                    .body = bytes_of(body, places)};
  const Json headers = request.value("headers", Json::object());
  for (const auto& [name, value] : headers.items()) {
    exchange.headers[name] = in_place(value.get<std::string>(), places);
  }
  const bool json = body.is_object() && !body.contains("base64");
  if (json) {
    exchange.headers.emplace("Content-Type", "application/json");
  }
  return exchange;
}

Json read_answer(const Json& body, const Places& places) {
  const bool is_text = body.is_string() || (body.is_object() && body.contains("base64"));
  return is_text ? Json(bytes_of(body, places)) : in_place(body, places);
}

}  // namespace

RecordedSession read_session(const std::string& name, const Places& places) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/pebble/" + name + ".json");
  const Json recording = Json::parse(file);
  RecordedSession session{.user = recording["uid"].get<uid_t>()};
  for (const Json& step : recording["steps"]) {
    session.steps.push_back({.name = step["name"].is_null() ? "" : step["name"].get<std::string>(),
                             .at = step["at"],
                             .over_tcp = step["transport"] == "tcp",
                             .request = read_request(step["request"], places),
                             .status = step["response"]["status"],
                             .body = read_answer(step["response"]["body"], places)});
  }
  return session;
}

}  // namespace contract::pebble
