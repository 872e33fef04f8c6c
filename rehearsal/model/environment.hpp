// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/event.hpp"
#include "rehearsal/model/model.hpp"

#include <map>
#include <string>

namespace rehearsal {

/// `/var/lib/juju/agents/unit-hk-0`, and in it `charm`, `agent.socket` and `resources`.
[[nodiscard]] std::string agent_directory(const std::string& unit);
[[nodiscard]] std::string charm_directory(const std::string& unit);
/// `/var/lib/juju/tools/unit-hk-0`
[[nodiscard]] std::string tools_directory(const std::string& unit);

/// JUJU_CONTEXT_ID of a new dispatch.
[[nodiscard]] std::string new_context_id(Model& model, const std::string& unit, const Event& event);

/// The whole environment of a dispatch: nothing else is in it (Juju 3.6, hook environment).
[[nodiscard]] std::map<std::string, std::string> dispatch_environment(
    const Model& model, const std::string& unit, const Event& event, const std::string& context_id);

}  // namespace rehearsal
