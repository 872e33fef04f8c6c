// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/doors/doors.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Runs the action that `context` names and gives Juju its results. Whatever goes wrong, in the
/// action or before it, fails the action with a sentence and not the dispatch.
void run_action(const juju::Context& context, const Doors& doors);

}  // namespace charm
