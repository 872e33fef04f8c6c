// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/utc.hpp"

#include "charm/domain/text.hpp"

namespace charm {

std::string utc_text(std::chrono::sys_seconds time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return zero_padded(static_cast<int>(date.year()), 4) + "-" +
         zero_padded(static_cast<unsigned>(date.month()), 2) + "-" +
         zero_padded(static_cast<unsigned>(date.day()), 2) + "T" +
         zero_padded(clock.hours().count(), 2) + ":" + zero_padded(clock.minutes().count(), 2) +
         ":" + zero_padded(clock.seconds().count(), 2) + "Z";
}

}  // namespace charm
