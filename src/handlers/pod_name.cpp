// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "pod_name.hpp"

#include <algorithm>

namespace charm::databag {

std::string pod_name(std::string_view unit, std::string_view model) {
  std::string pod(unit);
  std::ranges::replace(pod, '/', '-');
  const auto app = unit.substr(0, unit.find('/'));
  return pod.append(".")
      .append(app)
      .append("-endpoints.")
      .append(model)
      .append(".svc.cluster.local");
}

}  // namespace charm::databag
