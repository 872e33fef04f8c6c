// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "results.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

constexpr std::size_t longest_key = 80;

char key_character(char byte) {
  if (byte >= 'A' && byte <= 'Z') {
    return static_cast<char>(byte - 'A' + 'a');
  }
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ? byte : '-';
}

}  // namespace

std::string result_key(std::string_view typed) {
  std::string key(typed.substr(0, longest_key));
  std::transform(key.begin(), key.end(), key.begin(), key_character);
  key.erase(key.find_last_not_of('-') + 1);
  key.erase(0, key.find_first_not_of('-'));
  return key.empty() ? "unreadable" : key;
}

}  // namespace charm::actions
