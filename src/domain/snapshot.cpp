// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/snapshot.hpp"

#include <algorithm>

namespace charm {

std::vector<const Relation*> Snapshot::on(std::string_view endpoint) const {
  std::vector<const Relation*> found;
  for (const Relation& relation : relations) {
    if (relation.endpoint == endpoint) {
      found.push_back(&relation);
    }
  }
  std::ranges::sort(found, {}, &Relation::id);
  return found;
}

}  // namespace charm
