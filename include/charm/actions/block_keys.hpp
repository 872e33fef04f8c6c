// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `block-keys`: puts keys on the block list, then deletes those that are stored. A key on the list
/// is refused by the database, whoever brings it; the keyserver need not restart. Killed anywhere
/// and run again, it ends the same.
class BlockKeys final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "block-keys"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
