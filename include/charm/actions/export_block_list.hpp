// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `export-block-list`: writes the whole block list to a file in the workload container.
class ExportBlockList final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "export-block-list"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
