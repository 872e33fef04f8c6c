// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/charms/partner/partner.hpp"

namespace nginx_ingress {

/// One dispatch of the charm.
void run(const rehearsal::partner::Dispatch& dispatch);

}  // namespace nginx_ingress
