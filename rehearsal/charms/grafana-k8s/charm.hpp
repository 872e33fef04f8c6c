// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/partner/partner.hpp"

namespace grafana {

/// One dispatch, the action `list-dashboards` included. Throws where the original fails its hook.
void dispatch(const rehearsal::partner::Dispatch& dispatch);

}  // namespace grafana
