// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `unblock-keys`: takes keys off the block list, so that they may be uploaded again.
class UnblockKeys final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "unblock-keys"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
