// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"

#include <spdlog/spdlog.h>

namespace charm {

/// A relation or secret can vanish between two calls: what is gone reads as nothing.
template <typename Read>
auto read_unless_vanished(const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const juju::HookToolError& error) {
    if (!error.vanished()) {
      throw;
    }
    spdlog::debug("{}", error.what());
    return std::nullopt;
  }
}

/// Reads the relations of all endpoints into the snapshot, which holds everything else that a
/// handler's wants depend on. What the snapshot's memory still holds for true is not read. Returns
/// whether one of them has a unit databag of ours, which is where the pod's address is published.
[[nodiscard]] bool read_relations(const juju::Context& context, const juju::HookTools& juju,
                                  Snapshot& snapshot);

}  // namespace charm
