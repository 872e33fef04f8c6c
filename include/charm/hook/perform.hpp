// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/history.hpp"
#include "charm/domain/step.hpp"
#include "charm/doors/doors.hpp"

namespace charm {

/// Does one step: the only code of a hook that writes anything, to Juju, to Pebble, to PostgreSQL
/// and to the keyserver. It decides nothing. What an operator or a later hook can do something
/// about is a Refusal; throws juju::HookToolError when the unit agent fails.
[[nodiscard]] Answer perform(const Step& step, const Doors& doors);

}  // namespace charm
