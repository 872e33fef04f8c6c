// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `dump-keys`: writes every key of the database to files in the workload container, as
/// hockeypuck-dump would if it did not lose keys. The dump is complete exactly when its
/// `SHA256SUMS` is there.
class DumpKeys final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "dump-keys"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
