// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/postgres/probe.hpp"

#include <string>

namespace charm::postgres {

/// Renders libpq's keyword/value string, every value quoted. `ca_file` may be empty.
[[nodiscard]] std::string connection_string(const Target& target, const std::string& ca_file,
                                            int timeout_seconds);

}  // namespace charm::postgres
