// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `show-status`: all that can be known of this unit, for people and as JSON. It is asked for when
/// something is broken: what cannot be had says why in its place, and the action succeeds.
class ShowStatus final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "show-status"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
