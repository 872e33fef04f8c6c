// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `show-peers`: with whom this keyserver reconciles, how that goes, and what to think of it.
class ShowPeers final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "show-peers"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
