// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <string_view>
#include <utility>

namespace charm::openpgp {

/// A text that nobody may read by accident: it has no output operator, and its memory is
/// overwritten when it is destroyed.
class Secret {
 public:
  explicit Secret(Octets text) : text_(std::move(text)) {}

  /// Valid as long as this object. Whoever copies it answers for the copy.
  [[nodiscard]] std::string_view reveal() const { return text_; }

 private:
  Octets text_;
};

}  // namespace charm::openpgp
