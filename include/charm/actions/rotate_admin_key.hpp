// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `rotate-admin-key`: puts a new key in place of the one that signs the charm's requests. The old
/// one is revoked by a later hook, once Juju has kept the new one.
class RotateAdminKey final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "rotate-admin-key"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
