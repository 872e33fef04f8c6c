// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/layer.hpp"

#include <string>

namespace charm::pebble {

/// Returns the entries of `wanted` that the plan lacks or has otherwise, and for each log target of
/// the plan that is not wanted any more an entry that silences it: Pebble never forgets an entry,
/// and it appends to a list that is merged again, so only differences may be sent. `plan` is the
/// text of GET /v1/plan; one that cannot be read counts as empty.
[[nodiscard]] Layer difference(const std::string& plan, const Layer& wanted);

}  // namespace charm::pebble
