// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/partner/partner.hpp"

namespace loki {

/// One dispatch of the charm, hook or action. Throws charm::Error, which is a failed hook.
void dispatch(const rehearsal::partner::Dispatch& dispatch);

/// Brings receiver, rules and databags to where they have to be.
void reconcile(const rehearsal::partner::Dispatch& dispatch);

/// Runs the action that the environment names.
void run_action(const rehearsal::partner::Dispatch& dispatch);

}  // namespace loki
