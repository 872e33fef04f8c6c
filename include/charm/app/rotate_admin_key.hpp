// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/app/world.hpp"
#include "charm/juju/context.hpp"

namespace charm {

/// Makes a new admin key, lets the keyserver take requests of it beside the one in use, and gives
/// it to Juju once the keyserver does. Throws actions::Failure otherwise: then the next hook
/// restores the configuration, and the key in use stays what it is.
[[nodiscard]] actions::AdminKeyRotation rotate_admin_key(const juju::Context& context,
                                                         const World& world);

}  // namespace charm
