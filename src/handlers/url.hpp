// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"

#include <optional>
#include <string_view>

namespace charm::databag {

/// Reads an absolute http or https URL without credentials. The port is the scheme's where none is
/// written; trailing slashes of the path, a query and a fragment are dropped. Returns nothing for
/// anything else.
[[nodiscard]] std::optional<ExternalUrl> parse_url(std::string_view text);

}  // namespace charm::databag
