// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"
#include "charm/pebble/client.hpp"

namespace charm {

/// Adds what Pebble's plan lacks, if there is anything. Where a layer of somebody else lies above
/// ours and says otherwise, ours goes on top of it: each hook would find the difference again, and
/// restart the service in vain.
void put_in_plan(const Layer& difference, const pebble::Client& pebble);

}  // namespace charm
