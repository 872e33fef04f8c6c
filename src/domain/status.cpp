// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/status.hpp"

#include <algorithm>

namespace charm {

Status aggregate(std::span<const Status> statuses) {
  const auto most_urgent = std::ranges::max_element(statuses, {}, &Status::kind);
  return most_urgent == statuses.end() ? Status{} : *most_urgent;
}

std::string_view to_string(StatusKind kind) {
  switch (kind) {
    case StatusKind::waiting:
      return "waiting";
    case StatusKind::maintenance:
      return "maintenance";
    case StatusKind::blocked:
      return "blocked";
    case StatusKind::active:
      break;
  }
  return "active";
}

}  // namespace charm
