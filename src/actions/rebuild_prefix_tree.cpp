// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"

namespace charm::actions {

Results run_rebuild_prefix_tree(ActionContext& context) {
  const std::chrono::seconds wait(context.parameters.number("wait"));
  const prefix_tree::Outcome outcome = context.rebuild_tree("an action asked for it", wait);
  Results results = {{"state", outcome.rebuilt ? "rebuilt" : "rebuilding"},
                     {"keys", std::to_string(outcome.keys)},
                     {"reason", outcome.reason}};
  if (outcome.under_way) {
    results["note"] = "a rebuild was already running, so this action did not start one";
  }
  if (!outcome.rebuilt) {
    results["status"] = outcome.status;
  }
  return results;
}

}  // namespace charm::actions
