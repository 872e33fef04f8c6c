// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/app/world.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace charm {

/// What a Go program that died printed last, without the call stack: of the lines that Pebble has
/// of the service, those later than a second (since 1970). Empty where there are none.
[[nodiscard]] std::string last_words(std::string_view service, std::int64_t after,
                                     const World& world);

}  // namespace charm
