// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `rebuild-prefix-tree`: what the charm does by itself with a tree that is missing, damaged or far
/// from the database, by hand.
class RebuildPrefixTree final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "rebuild-prefix-tree"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
