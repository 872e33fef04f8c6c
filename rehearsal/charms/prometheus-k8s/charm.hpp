// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/partner/partner.hpp"

namespace prometheus {

/// One dispatch: works out jobs and rules from the databags, answers on each relation what is wrong
/// with them, and has Prometheus run with the rest. Throws where the original fails its hook.
void dispatch(const rehearsal::partner::Dispatch& dispatch);

}  // namespace prometheus
