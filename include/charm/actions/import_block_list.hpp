// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `import-block-list`: blocks what a file in the workload container lists, and deletes what is
/// stored of it.
class ImportBlockList final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "import-block-list"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
