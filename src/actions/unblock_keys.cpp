// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/unblock_keys.hpp"

#include "charm/domain/fingerprints.hpp"
#include "results.hpp"

#include <algorithm>

namespace charm::actions {

Results UnblockKeys::run(const ActionContext& context) const {
  const TypedFingerprints typed = typed_fingerprints(context.parameters.text("fingerprints"));
  if (typed.fingerprints.empty()) {
    throw Failure(
        "the parameter fingerprints has no full fingerprint: 40 or 64 hexadecimal digits");
  }
  const auto database = context.open_database();
  const std::vector<std::string> unblocked = database->unblock(typed.fingerprints);
  Results results = {{"unblocked", std::to_string(unblocked.size())},
                     {"not-blocked", std::to_string(typed.fingerprints.size() - unblocked.size())},
                     {"invalid", std::to_string(typed.malformed.size())}};
  if (typed.fingerprints.size() > most_told) {
    return results;
  }
  for (const std::string& fingerprint : typed.fingerprints) {
    const bool was = std::binary_search(unblocked.begin(), unblocked.end(), fingerprint);
    results[fingerprint] = was ? "Unblocked." : "It was not blocked.";
  }
  for (const std::string& item : typed.malformed) {
    results[result_key(item)] = "Invalid fingerprint format.";
  }
  return results;
}

}  // namespace charm::actions
