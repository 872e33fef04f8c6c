// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/list_blocked_keys.hpp"

#include "charm/domain/block_list.hpp"
#include "results.hpp"

namespace charm::actions {

Results ListBlockedKeys::run(const ActionContext& context) const {
  const auto database = context.open_database();
  const postgres::BlockListPage page =
      database->block_list(context.parameters.text("filter"), context.parameters.number("limit"),
                           context.parameters.number("offset"));
  std::string keys(block_list_header);
  std::int64_t shown = 0;
  for (const BlockedKey& entry : page.entries) {
    const std::string line = "\n" + block_list_line(entry);
    if (keys.size() + line.size() > longest_result) {
      break;
    }
    keys += line;
    ++shown;
  }
  const std::int64_t left = page.total - context.parameters.number("offset") - shown;
  Results results = {
      {"total", std::to_string(page.total)}, {"shown", std::to_string(shown)}, {"keys", keys}};
  if (left > 0) {
    results["more"] =
        std::to_string(left) + " further entries: raise limit or offset, or run export-block-list";
  }
  return results;
}

}  // namespace charm::actions
