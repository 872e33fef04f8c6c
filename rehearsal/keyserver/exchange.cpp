// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/exchange.hpp"

#include <algorithm>

namespace rehearsal::keyserver {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const char letter = text.front();
    if (letter != '%') {
      result += letter == '+' ? ' ' : letter;
      text.remove_prefix(1);
      continue;
    }
    const std::string digits(text.substr(1, 2));
    if (digits.size() != 2 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      return std::nullopt;
    }
    result += static_cast<char>(std::stoi(digits, nullptr, 16));
    text.remove_prefix(3);
  }
  return result;
}

std::string reason_of(int status) {
  static const std::map<int, std::string> reasons{
      {400, "Bad Request"},           {404, "Not Found"},
      {405, "Method Not Allowed"},    {422, "Unprocessable Entity"},
      {500, "Internal Server Error"}, {501, "Not Implemented"}};
  return reasons.at(status);
}

}  // namespace

std::optional<Parameters> parse_form(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) {
      return std::nullopt;
    }
    parameters.try_emplace(*name, *value);
  }
  return parameters;
}

Response error_response(int status) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .body = reason_of(status) + "\n",
          .headers = {{"X-Content-Type-Options", "nosniff"}}};
}

}  // namespace rehearsal::keyserver
