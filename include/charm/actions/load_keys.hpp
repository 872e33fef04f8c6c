// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

namespace charm::actions {

/// `load-keys`: brings the keys of files, or of what URLs lead to, into the database. Nothing is
/// stored unless every file can be read. What became of the keys is read from the database; the
/// words and exit codes of Hockeypuck's programs do not count.
class LoadKeys final : public Action {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "load-keys"; }

  [[nodiscard]] Results run(const ActionContext& context) const override;
};

}  // namespace charm::actions
