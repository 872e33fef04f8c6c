// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `lookup-key`: the key that the keyserver itself has under a keyword.
class LookupKey final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "lookup-key"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
