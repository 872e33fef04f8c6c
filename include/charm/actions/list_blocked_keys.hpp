// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `list-blocked-keys`: a page of the block list, the latest entries first, as CSV.
class ListBlockedKeys final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "list-blocked-keys"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
