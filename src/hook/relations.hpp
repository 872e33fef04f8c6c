// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"

#include <spdlog/spdlog.h>

namespace charm {

/// A relation or secret can vanish between two calls. In that case this returns nothing.
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

/// Reads the relations of all endpoints into the snapshot, which already holds all other data for
/// the handlers' choice of databags. Does not read relations that the snapshot's memory holds.
/// Returns whether one of them has a unit databag of ours, because the pod's address is published
/// there.
[[nodiscard]] bool read_relations(const juju::Context& context, const juju::HookTools& juju,
                                  Snapshot& snapshot);

}  // namespace charm
