// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "registry.hpp"

#include <array>

namespace charm {

std::span<const RelationHandler* const> handlers() noexcept {
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
#define ADDRESS(name) &name,
  static constexpr std::array all = {CHARM_HANDLERS(ADDRESS)};
#undef ADDRESS
  return all;
}

}  // namespace charm
