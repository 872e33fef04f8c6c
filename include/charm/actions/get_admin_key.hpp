// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `get-admin-key`: the public part of the key that signs the charm's requests.
class GetAdminKey final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "get-admin-key"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
