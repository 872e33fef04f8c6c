// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/http_message.hpp"

#include <algorithm>
#include <cctype>

namespace rehearsal::pebble {
namespace {

void split(std::string_view text, char separator,
           const std::function<void(std::string_view)>& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) {
      take(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

int hexadecimal(char digit) {
  if (std::isdigit(static_cast<unsigned char>(digit)) != 0) {
    return digit - '0';
  }
  const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(digit)));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string HttpRequest::parameter(const std::string& name) const {
  // Values of one name keep their order.
  const auto found = query.lower_bound(name);
  return found == query.end() || found->first != name ? "" : found->second;
}

std::vector<std::string> HttpRequest::parameters(const std::string& name) const {
  std::vector<std::string> values;
  for (auto [entry, end] = query.equal_range(name); entry != end; ++entry) {
    values.push_back(entry->second);
  }
  return values;
}

std::vector<std::string> HttpRequest::list(const std::string& name) const {
  std::vector<std::string> values;
  for (const std::string& value : parameters(name)) {
    split(value, ',', [&](std::string_view item) { values.emplace_back(item); });
  }
  return values;
}

std::string HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string reason_phrase(int status) {
  static const std::map<int, std::string> phrases{
      {200, "OK"},          {202, "Accepted"},           {301, "Moved Permanently"},
      {400, "Bad Request"}, {401, "Unauthorized"},       {403, "Forbidden"},
      {404, "Not Found"},   {405, "Method Not Allowed"}, {500, "Internal Server Error"},
      {502, "Bad Gateway"}, {504, "Gateway Timeout"}};
  const auto found = phrases.find(status);
  return found == phrases.end() ? "" : found->second;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hexadecimal(text[i + 1]) >= 0 &&
                        hexadecimal(text[i + 2]) >= 0;
    if (escape) {
      decoded += static_cast<char>(hexadecimal(text[i + 1]) * 16 + hexadecimal(text[i + 2]));
      i += 2;
    } else {
      decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

void set_target(HttpRequest& request, std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  target.remove_prefix(std::min(question + 1, target.size()));
  split(target, '&', [&](std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    request.query.emplace(percent_decoded(pair.substr(0, equals), true),
                          percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true));
  });
}

}  // namespace rehearsal::pebble
