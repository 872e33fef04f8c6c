// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"

#include <string>
#include <string_view>

namespace charm::hockeypuck {

/// How Hockeypuck's programs reach the database, in the words of lib/pq. With `verify-full` the
/// authority's certificate must be at `ca_path`.
[[nodiscard]] std::string data_source_name(const Database& database, std::string_view ca_path);

}  // namespace charm::hockeypuck
