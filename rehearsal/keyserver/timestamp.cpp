// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/timestamp.hpp"

#include <array>
#include <ctime>

namespace rehearsal::keyserver {

std::string utc_timestamp(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

std::string utc_timestamp() {
  return utc_timestamp(std::time(nullptr));
}

}  // namespace rehearsal::keyserver
